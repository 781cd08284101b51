"""What a protected table is: the only form in which numbers are stored, shown or exported."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

# Symbols of what is withheld; a blank status means that the number stands beside it.
CONFIDENTIAL = "[c]"
NOT_APPLICABLE = "[z]"
NOT_AVAILABLE = "[x]"
LOW = "[low]"

# The three figures of a cell, in the order in which they are printed.
FIGURES = ("count", "percent_asked", "percent_known")


@dataclass(frozen=True)
class Figure:
    """One number or, where it is withheld, None and the symbol that says why."""

    value: Decimal | None
    status: str = ""

    def __str__(self) -> str:
        """As a person reads it: with thousands apart, or the symbol."""
        return self.status if self.value is None else f"{self.value:,}"

    def to_json(self) -> dict[str, str | None]:
        """The number as text, so that 12.0 stays 12.0."""
        return {"value": None if self.value is None else str(self.value), "status": self.status}

    @classmethod
    def from_json(cls, stored: Mapping[str, str | None]) -> "Figure":
        return cls(None if stored["value"] is None else Decimal(stored["value"]), stored["status"])


@dataclass(frozen=True)
class ProtectedCell:
    """One category: its count, and its share of both bases in per cent."""

    code: str
    label: str
    base: str
    count: Figure
    percent_asked: Figure
    percent_known: Figure


@dataclass(frozen=True)
class ProtectedTable:
    """One table of one group, every category in the standard's order. A base is None where it is withheld."""

    id: str
    title: str
    universe: str
    notes: tuple[str, ...]
    imputed_of: str
    breakdown: str
    group: str
    cells: tuple[ProtectedCell, ...]
    base_asked: int | None
    base_known: int | None

    @property
    def bases(self) -> tuple[Figure, Figure]:
        """Both bases as figures, in the order of the percentages."""
        return _base(self.base_asked), _base(self.base_known)

    def to_json(self) -> dict[str, Any]:
        cells = [{**asdict(cell), **{name: getattr(cell, name).to_json() for name in FIGURES}} for cell in self.cells]
        return {**asdict(self), "notes": list(self.notes), "cells": cells}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ProtectedTable":
        cells = tuple(
            ProtectedCell(**{**cell, **{name: Figure.from_json(cell[name]) for name in FIGURES}})
            for cell in stored["cells"]
        )
        return cls(**{**stored, "notes": tuple(stored["notes"]), "cells": cells})


def _base(people: int | None) -> Figure:
    return Figure(None, CONFIDENTIAL) if people is None else Figure(Decimal(people))
