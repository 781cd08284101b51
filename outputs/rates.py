"""Decides what is said of how many answered: response and declaration rates, from published numbers alone.

A rate is a whole percentage, never 0 or 100: beyond the ends it is coded as any share is. A release of exact counts has
one decimal and no coding.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from outputs.disclosure.layout import percentage
from outputs.disclosure.protected import BOTTOM, CONFIDENTIAL, NOT_AVAILABLE, ORGANISATION, TOP, Figure, ProtectedTable
from outputs.disclosure.ranges import share_range
from outputs.disclosure.rounded import BOTTOM_SHARE, MINIMUM_BASE, TOP_SHARE
from outputs.releases import Published
from outputs.shares import counted


@dataclass(frozen=True)
class Rate:
    """`people` out of `base`: of a group, a table or everyone, whose name is `title`. `rate` is in per cent."""

    title: str
    people: Figure
    base: Figure
    rate: Figure


def response_rate(release: Published) -> Rate | None:
    """Of everyone: the rounded responses out of the headcount. None where the survey has no headcount."""
    headcount = release.facts["headcount"]
    if not headcount:
        return None
    return _of_headcount(release, "All", release.responses, release.within, headcount)


def response_rates(release: Published, breakdown: str) -> list[Rate]:
    """Of each group that is shown and of which the headcount is known, in the breakdown's order.

    A two-way table's groups have none: how many people are in them is not known.
    """
    headcounts = {
        group["code"]: group["headcount"]
        for each in release.breakdowns
        if each["code"] == breakdown and not each["two_way"]
        for group in each["groups"]
    }
    table = counted_in(release)
    return [
        _of_headcount(release, part.group, part.bases[0], release.within * len(part.cells), headcounts[part.group_code])
        for part in (release.parts_of(table) if table else ())
        if part.breakdown == breakdown and headcounts.get(part.group_code)
    ]


def declaration_rate(release: Published, table: ProtectedTable) -> Rate:
    """Of one table, of everyone or of a group: the base known out of the base asked."""
    asked, known = table.bases
    rate = _share_of_asked(release, table, "known")
    return Rate(table.title if table.breakdown == ORGANISATION else table.group, known, asked, rate)


def not_known(release: Published, table: ProtectedTable) -> Figure:
    """The percentage of the base asked that is outside the base known: unknown, refused or not applicable."""
    return _share_of_asked(release, table, "asked")


def declaration_rates(release: Published) -> Iterator[Rate]:
    """Of every table of everyone, but for those that count what was imputed."""
    return (declaration_rate(release, table) for table in release.tables if not table.imputed_of)


def _share_of_asked(release: Published, table: ProtectedTable, base: str) -> Figure:
    counts = [(cell.base == base, counted(cell)) for cell in table.cells if cell.base != "neither"]
    if any(count is None for _inside, count in counts):
        return Figure(None, CONFIDENTIAL)
    part = [count for inside, count in counts if inside]
    rest = [count for inside, count in counts if not inside]
    return _rate(release, sum(part), sum(part) + sum(rest), share_range(part, rest, release.within))


def _of_headcount(release: Published, title: str, people: Figure, within: int, headcount: int) -> Rate:
    rate = Figure(None, CONFIDENTIAL)
    if people.value is not None:
        count = int(people.value)
        ends = Fraction(max(0, count - within), headcount), min(Fraction(1), Fraction(count + within, headcount))
        rate = _rate(release, count, headcount, ends)
    return Rate(title, people, Figure(Decimal(headcount)), rate)


def _rate(release: Published, part: int, base: int, ends: Sequence[Fraction]) -> Figure:
    if not base or (base < MINIMUM_BASE and not release.is_exact):
        return Figure(None, NOT_AVAILABLE)
    if release.is_exact:
        return Figure(percentage(part, base, decimals=1))
    share = percentage(part, base, decimals=0)
    if share >= TOP_SHARE:
        return Figure(None, TOP)
    if share <= BOTTOM_SHARE:
        return Figure(None, BOTTOM)
    return Figure(share, low=Decimal(floor(ends[0] * 100)), high=Decimal(ceil(ends[1] * 100)))


def counted_in(release: Published) -> ProtectedTable | None:
    """The table in which everyone who answered is in the base, with the fewest counts and so the least rounding."""
    whole = [table for table in release.tables if all(cell.base != "neither" for cell in table.cells)]
    return min(whole, key=lambda table: len(table.cells), default=None)
