"""Decides what may be said of a share: its words, and a difference where every count allowed by rounding has it."""

from fractions import Fraction
from typing import NamedTuple

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
)
from outputs.disclosure.ranges import share_range
from outputs.disclosure.rounded import BOTTOM_SHARE, TOP_SHARE

_WORDS = {
    CONFIDENTIAL: "confidential",
    NOT_APPLICABLE: "not applicable",
    NOT_AVAILABLE: "not available",
    LOW: "low, few or nobody",
    TOP: f"{TOP_SHARE} per cent or more",
    BOTTOM: f"{BOTTOM_SHARE} per cent or less",
}
_SAYS_NOTHING = {CONFIDENTIAL, NOT_APPLICABLE, NOT_AVAILABLE}


class Spread(NamedTuple):
    """Between what a share of the base known can lie, from 0 to 1."""

    low: Fraction
    high: Fraction


def in_words(share: Figure) -> str:
    """“41 per cent”, “52 per cent, between 47 and 57”, or what its symbol says and nothing beyond."""
    if share.value is None:
        return _WORDS[share.status]
    return f"{share} per cent" + (f", between {share.low} and {share.high}" if share.between else "")


def counted(cell: ProtectedCell) -> int | None:
    """The count as it is printed, 0 where it is low; None where it is withheld."""
    if cell.count.status == LOW:
        return 0
    return None if cell.count.value is None else int(cell.count.value)


def known_cells(table: ProtectedTable) -> list[ProtectedCell]:
    """The categories that make up the base known."""
    return [cell for cell in table.cells if cell.base == "known"]


def spread(table: ProtectedTable, cell: ProtectedCell, within: int) -> Spread | None:
    """Between what the cell's share of the base known can lie; None where a share of that base is withheld.

    Of a coded share no more is used than its symbol says.
    """
    known = known_cells(table)
    part, rest = counted(cell), [counted(other) for other in known if other is not cell]
    if part is None or None in rest or any(each.percent_known.status in _SAYS_NOTHING for each in known):
        return None
    low, high = share_range([part], rest, within)
    if cell.percent_known.status == TOP:
        return Spread(min(low, Fraction(TOP_SHARE, 100)), Fraction(1))
    if cell.percent_known.status == BOTTOM:
        return Spread(Fraction(0), max(high, Fraction(BOTTOM_SHARE, 100)))
    return Spread(low, high)


def compared(one: Spread, other: Spread) -> int:
    """1 where `one` is higher and -1 where it is lower for every count that the rounding allows; else 0."""
    return (one.low > other.high) - (one.high < other.low)
