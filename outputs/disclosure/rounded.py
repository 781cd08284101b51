"""The policy "rounded": how rounded counts are printed, by the thresholds that the survey fixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import ceil, floor

from outputs.disclosure.layout import frame, lay_out, percentage
from outputs.disclosure.protected import (
    BOTTOM,
    CONFIDENTIAL,
    LOW,
    NOT_APPLICABLE,
    NOT_AVAILABLE,
    TOP,
    Figure,
    ProtectedCell,
    ProtectedTable,
    Where,
)
from outputs.disclosure.ranges import share_range
from questionnaire.engine.model import Table

MINIMUM_BASE = 50  # below it one person moves a percentage too far: by 25 points at a base of 20
SURE_BASE = 100  # from here on what rounding moves is within three points, and no range is printed
TOP_SHARE, BOTTOM_SHARE = 95, 5  # per cent: beyond them nearly everybody, or nearly nobody, would be told of

# Each way of rounding in words; `to` is the multiple.
_METHODS = {
    "nearest": ("counts are given to the nearest {to}", "Counts are rounded to the nearest {to}, each by itself"),
    "nearest_and_left": (
        "counts are given to the nearest {to}",
        "Counts are rounded to the nearest {to}, each by itself, but for how many were not imputed, which is what the "
        "imputed leave of all responses and can lie twice as far from the true count",
    ),
    "controlled": (
        "counts are given to one of the two neighbouring multiples of {to}",
        "Counts are rounded to one of the two neighbouring multiples of {to}, all together, so that sums add up "
        "wherever they can",
    ),
    "random": (
        "counts are given to one of the two neighbouring multiples of {to}",
        "Counts are rounded to one of the two neighbouring multiples of {to} at random, each by itself",
    ),
}


@dataclass(frozen=True)
class Rounded:
    """Counts to a multiple of `round_to`, by the `method`; nothing at all of fewer than `minimum_responses`."""

    minimum_responses: int
    round_to: int
    method: str = "nearest"

    @property
    def within(self) -> int:
        """How far a printed count can lie from the true one."""
        return self.round_to // 2 if self.method.startswith("nearest") else self.round_to - 1

    def _within(self, table: Table) -> int:
        """The same for any count of a table, one that is left over from the others included."""
        left = self.method == "nearest_and_left" and not all(category.telling for category in table.categories)
        return self.within * 2 if left else self.within

    @property
    def rounding(self) -> dict[str, str | int]:
        """What a reader needs to know between what a printed count can lie."""
        return {"method": self.method, "to": self.round_to, "within": self.within}

    @property
    def words(self) -> str:
        """The policy in a sentence."""
        how = _METHODS[self.method][0].format(to=self.round_to)
        return f"Rounded: {how}, and nothing is given of fewer than {self.minimum_responses} responses."

    @property
    def notes(self) -> tuple[str, ...]:
        """What holds for every table."""
        return (
            f"{_METHODS[self.method][1].format(to=self.round_to)}; a true count lies at most {self.within} from the "
            "printed one. So counts may not add up to the same total in every table.",
            "Bases are the sums of the rounded counts in them.",
            f"Percentages are whole numbers taken from the rounded counts, where the base is {MINIMUM_BASE} or more. "
            "They may not add up to 100.",
            f"Where the base is below {SURE_BASE}, the range in which the true percentage lies stands beside it.",
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
            LOW: f"low: between 0 and {self.within} people, or the percentage of so few",
            TOP: f"{TOP_SHARE} per cent or more",
            BOTTOM: f"{BOTTOM_SHARE} per cent or less",
            NOT_APPLICABLE: "not applicable: the category stands outside this base",
            NOT_AVAILABLE: f"not available: the base is less than {MINIMUM_BASE}",
        }

    def responses(self, exact: int) -> Figure:
        """The number of responses that a release may print: to the nearest multiple."""
        if exact < self.minimum_responses:
            return Figure(None, CONFIDENTIAL)
        return Figure(Decimal((exact + self.round_to // 2) // self.round_to * self.round_to))

    def protect(self, table: Table, where: Where, rounded: Mapping[str, int], shown: bool) -> ProtectedTable:
        """The table as it may be published. `rounded` has the rounded count of every category's code.

        Bases and percentages come from the rounded counts alone: from the exact ones they would undo the rounding.
        """
        if not shown:
            return _withheld(table, where)
        return lay_out(table, where, rounded, count=_count, percent=partial(self._percent, self._within(table)))

    def _percent(self, within: int, rounded: int, others: list[int]) -> Figure:
        base = rounded + sum(others)
        if not rounded:
            return Figure(None, LOW)
        if base < MINIMUM_BASE:
            return Figure(None, NOT_AVAILABLE)
        share = percentage(rounded, base, decimals=0)
        if share >= TOP_SHARE:
            return Figure(None, TOP)
        if share <= BOTTOM_SHARE:
            return Figure(None, BOTTOM)
        if base >= SURE_BASE:
            return Figure(share)
        least, most = share_range([rounded], others, within)
        return Figure(share, low=Decimal(floor(least * 100)), high=Decimal(ceil(most * 100)))


def _withheld(table: Table, where: Where) -> ProtectedTable:
    nothing = Figure(None, CONFIDENTIAL)
    cells = tuple(
        ProtectedCell(category.code, category.label, category.base, nothing, nothing, nothing)
        for category in table.categories
    )
    return frame(table, where, cells)


def _count(rounded: int) -> Figure:
    return Figure(Decimal(rounded)) if rounded else Figure(None, LOW)
