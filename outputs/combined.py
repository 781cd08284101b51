"""Decides what can be said of several categories together: their share, and on which side of a mark it lies.

Everything is worked out from the figures that the release prints, so it tells no more than they do.
"""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from outputs.disclosure.layout import percentage
from outputs.disclosure.protected import (
    BOTTOM,
    CONFIDENTIAL,
    LOW,
    NOT_AVAILABLE,
    TOP,
    Figure,
    ProtectedCell,
    ProtectedTable,
)
from outputs.disclosure.ranges import share_range
from outputs.disclosure.rounded import BOTTOM_SHARE, MINIMUM_BASE, SURE_BASE, TOP_SHARE
from outputs.releases import Published

_IN_BASE = {"known": {"known"}, "asked": {"known", "asked"}}


def share_of(release: Published, table: ProtectedTable, codes: Collection[str], base: str = "known") -> Figure:
    """The share of these categories in a base ("known" or "asked"), in per cent; coded as the release codes shares.

    One category has the figure that is printed. Where the table has no such category, nothing is available.
    """
    part, rest = _sides(table, codes, base)
    if len(part) < len(codes):
        return Figure(None, NOT_AVAILABLE)
    if len(part) == 1:
        return getattr(part[0], f"percent_{base}")
    if _withheld(part, rest):
        return Figure(None, CONFIDENTIAL)
    people, others = _people(part), _people(rest)
    total = sum(people) + sum(others)
    if release.is_exact:
        return Figure(percentage(sum(people), total, decimals=1)) if total else Figure(None, NOT_AVAILABLE)
    if not sum(people):
        return Figure(None, LOW)
    if total < MINIMUM_BASE:
        return Figure(None, NOT_AVAILABLE)
    share = percentage(sum(people), total, decimals=0)
    if share >= TOP_SHARE:
        return Figure(None, TOP)
    if share <= BOTTOM_SHARE:
        return Figure(None, BOTTOM)
    if total >= SURE_BASE:
        return Figure(share)
    least, most = share_range(people, others, release.within)
    return Figure(share, low=Decimal(floor(least * 100)), high=Decimal(ceil(most * 100)))


def is_at_least(release: Published, table: ProtectedTable, codes: Collection[str], mark: Decimal) -> bool | None:
    """Whether the share of those known is `mark` per cent or more; None where some counts that rounding allows differ.

    None as well where a count is withheld, or where the table has no such category.
    """
    return _compared(release, table, codes, lambda share: share >= Fraction(mark) / 100)


def is_at_most(release: Published, table: ProtectedTable, codes: Collection[str], mark: Decimal) -> bool | None:
    """As `is_at_least`, of `mark` per cent or less."""
    return _compared(release, table, codes, lambda share: share <= Fraction(mark) / 100)


def _compared(release: Published, table: ProtectedTable, codes: Collection[str], holds) -> bool | None:
    part, rest = _sides(table, codes, "known")
    if len(part) < len(codes) or _withheld(part, rest):
        return None
    least, most = share_range(_people(part), _people(rest), release.within)
    return holds(least) if holds(least) == holds(most) else None


def _sides(table: ProtectedTable, codes: Collection[str], base: str) -> tuple[list[ProtectedCell], list[ProtectedCell]]:
    """The cells of the base that are among `codes`, and the others."""
    cells = [cell for cell in table.cells if cell.base in _IN_BASE[base]]
    return [cell for cell in cells if cell.code in codes], [cell for cell in cells if cell.code not in codes]


def _withheld(*sides: list[ProtectedCell]) -> bool:
    return any(cell.count.value is None and cell.count.status != LOW for side in sides for cell in side)


def _people(cells: list[ProtectedCell]) -> list[int]:
    """Counts as they are printed; 0 where "low" stands."""
    return [int(cell.count.value or 0) for cell in cells]
