"""The policy "rounded": what may be published of a survey. All its thresholds stand here and nowhere else."""

from collections.abc import Mapping
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

MINIMUM_RESPONSES = 10  # below it a release says nothing but that
ROUND_TO = 5
MINIMUM_BASE = 50  # below it one person moves a percentage too far: by 25 points at a base of 20

WORDS = (
    f"Rounded: counts are given to the nearest {ROUND_TO}, and nothing is given of fewer than "
    f"{MINIMUM_RESPONSES} responses."
)
NOTES = (
    f"Counts are rounded to the nearest {ROUND_TO}, each by itself, so they may not add up to the same total in "
    "every table.",
    "Bases are the sums of the rounded counts in them.",
    f"Percentages are whole numbers taken from the rounded counts, where the base is {MINIMUM_BASE} or more. They may "
    "not add up to 100.",
)
SYMBOLS = {
    CONFIDENTIAL: "confidential: withheld to protect the people who answered",
    LOW: f"low: between 0 and {ROUND_TO // 2} people, or the percentage of so few",
    NOT_APPLICABLE: "not applicable: the category stands outside this base",
    NOT_AVAILABLE: f"not available: the base is less than {MINIMUM_BASE}",
}


def responses(exact: int) -> Figure:
    """The number of responses that a release may print."""
    return Figure(None, CONFIDENTIAL) if exact < MINIMUM_RESPONSES else Figure(Decimal(_rounded(exact)))


def protect(table: Table, breakdown: str, group: str, counts: Mapping[str, int], exact: int) -> ProtectedTable:
    """The table of a group of `exact` responses, as it may be published. `counts` has every category's code."""
    if exact < MINIMUM_RESPONSES:
        return _withheld(table, breakdown, group)
    # Bases and percentages come from the rounded counts alone: from the exact ones they would undo the rounding.
    rounded = {code: _rounded(count) for code, count in counts.items()}
    return lay_out(table, breakdown, group, rounded, count=_count, percent=_percent)


def _withheld(table: Table, breakdown: str, group: str) -> ProtectedTable:
    nothing = Figure(None, CONFIDENTIAL)
    cells = tuple(
        ProtectedCell(category.code, category.label, category.base, nothing, nothing, nothing)
        for category in table.categories
    )
    return frame(table, breakdown, group, cells)


def _rounded(count: int) -> int:
    """To the nearest multiple; 0, 1 and 2 alike become 0, which is printed as low."""
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def _count(rounded: int) -> Figure:
    return Figure(Decimal(rounded)) if rounded else Figure(None, LOW)


def _percent(rounded: int, base: int) -> Figure:
    if not rounded:
        return Figure(None, LOW)
    return Figure(percentage(rounded, base, decimals=0)) if base >= MINIMUM_BASE else Figure(None, NOT_AVAILABLE)
