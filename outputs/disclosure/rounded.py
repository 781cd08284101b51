"""The policy "rounded": what may be published of a survey, by the thresholds that it fixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from outputs.disclosure.layout import frame, lay_out, percentage
from outputs.disclosure.protected import (
    CONFIDENTIAL,
    LOW,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    Figure,
    ProtectedCell,
    ProtectedTable,
)
from questionnaire.engine.model import Table

MINIMUM_BASE = 50  # below it one person moves a percentage too far: by 25 points at a base of 20


@dataclass(frozen=True)
class Rounded:
    """Counts to the nearest `round_to`; nothing at all of fewer than `minimum_responses`."""

    minimum_responses: int
    round_to: int

    @property
    def words(self) -> str:
        """The policy in a sentence."""
        return (
            f"Rounded: counts are given to the nearest {self.round_to}, and nothing is given of fewer than "
            f"{self.minimum_responses} responses."
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What holds for every table."""
        return (
            f"Counts are rounded to the nearest {self.round_to}, each by itself, so they may not add up to the same "
            "total in every table.",
            "Bases are the sums of the rounded counts in them.",
            f"Percentages are whole numbers taken from the rounded counts, where the base is {MINIMUM_BASE} or more. "
            "They may not add up to 100.",
        )

    @property
    def notes_on_groups(self) -> tuple[str, ...]:
        """What holds where results are broken down, this being the policy with the threshold of groups."""
        return (
            f"Groups are shown of {self.minimum_responses} responses or more, as many of them substantive in every "
            "table; smaller ones are put together.",
        )

    @property
    def symbols(self) -> dict[str, str]:
        """Each symbol that may stand for a number, with its meaning."""
        return {
            CONFIDENTIAL: "confidential: withheld to protect the people who answered",
            LOW: f"low: between 0 and {self.round_to // 2} people, or the percentage of so few",
            NOT_APPLICABLE: "not applicable: the category stands outside this base",
            NOT_AVAILABLE: f"not available: the base is less than {MINIMUM_BASE}",
        }

    def responses(self, exact: int) -> Figure:
        """The number of responses that a release may print."""
        if exact < self.minimum_responses:
            return Figure(None, CONFIDENTIAL)
        return Figure(Decimal(self._rounded(exact)))

    def protect(
        self, table: Table, breakdown: str, group: str, counts: Mapping[str, int], exact: int
    ) -> ProtectedTable:
        """The table of a group of `exact` responses, as it may be published. `counts` has every category's code."""
        if exact < self.minimum_responses:
            return _withheld(table, breakdown, group)
        # Bases and percentages come from the rounded counts alone: from the exact ones they would undo the rounding.
        rounded = {code: self._rounded(count) for code, count in counts.items()}
        return lay_out(table, breakdown, group, rounded, count=_count, percent=_percent)

    def _rounded(self, count: int) -> int:
        """To the nearest multiple; with 5, 0, 1 and 2 alike become 0, which is printed as low."""
        return (count + self.round_to // 2) // self.round_to * self.round_to


def _withheld(table: Table, breakdown: str, group: str) -> ProtectedTable:
    nothing = Figure(None, CONFIDENTIAL)
    cells = tuple(
        ProtectedCell(category.code, category.label, category.base, nothing, nothing, nothing)
        for category in table.categories
    )
    return frame(table, breakdown, group, cells)


def _count(rounded: int) -> Figure:
    return Figure(Decimal(rounded)) if rounded else Figure(None, LOW)


def _percent(rounded: int, base: int) -> Figure:
    if not rounded:
        return Figure(None, LOW)
    return Figure(percentage(rounded, base, decimals=0)) if base >= MINIMUM_BASE else Figure(None, NOT_AVAILABLE)
