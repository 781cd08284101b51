"""What a protected table is: the only form in which numbers are stored, shown or exported."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, NamedTuple

# Symbols of what is withheld; a blank status means that the number stands beside it.
CONFIDENTIAL = "[c]"
NOT_APPLICABLE = "[z]"
NOT_AVAILABLE = "[x]"
LOW = "[low]"
TOP = "[95+]"
BOTTOM = "[5-]"


class Where(NamedTuple):
    """Whose table it is: a group of a breakdown, by code and by title."""

    breakdown: str
    group_code: str
    group: str


ORGANISATION = "organisation"  # stands for the breakdown where a table is of everyone who answered
EVERYONE = Where(ORGANISATION, "all", "All")

# The three figures of a cell, in the order in which they are printed.
FIGURES = ("count", "percent_asked", "percent_known")


@dataclass(frozen=True)
class Figure:
    """One number or, where it is withheld, None and the symbol that says why.

    `low` and `high` say between what the true share can lie, where the base is so small that a reader must know.
    """

    value: Decimal | None
    status: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    def __str__(self) -> str:
        """As a person reads it: with thousands apart, or the symbol."""
        return self.status if self.value is None else f"{self.value:,}"

    @property
    def between(self) -> str:
        """The range in words, blank where none is given."""
        return "" if self.low is None else f"{self.low} to {self.high}"

    def to_json(self) -> dict[str, str | None]:
        """Numbers as text, so that 12.0 stays 12.0; a range only where there is one."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        kept = {name: str(number) for name, number in numbers.items() if number is not None}
        return {"value": None, "status": self.status} | kept

    @classmethod
    def from_json(cls, stored: Mapping[str, str | None]) -> "Figure":
        numbers = (stored.get(name) for name in ("value", "low", "high"))
        value, low, high = (None if number is None else Decimal(number) for number in numbers)
        return cls(value, stored["status"], low, high)


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
    """One table of one group, every category in the standard's order. A base is None where it is withheld.

    A group is known by `group_code` within its breakdown; `group` is its title.
    """

    id: str
    title: str
    universe: str
    notes: tuple[str, ...]
    imputed_of: str
    breakdown: str
    group_code: str
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
