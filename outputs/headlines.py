"""Decides what the headline of a chart says: what is clear whatever the rounding hides, and who is not in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from outputs.broken_down import BrokenDown
from outputs.disclosure.protected import ProtectedCell, ProtectedTable
from outputs.rates import not_known
from outputs.releases import Published
from outputs.shares import Spread, compared, counted, in_words, known_cells, spread
from outputs.words import together

ABOVE, BELOW, UNCLEAR = "above everyone’s", "below everyone’s", "no clear difference"


@dataclass(frozen=True)
class Headline:
    """`claim` is the headline, `unknown` says which share it leaves out, `cautions` what not to conclude."""

    claim: str
    unknown: str
    cautions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.claim} {self.unknown}".strip()


def of_table(release: Published, table: ProtectedTable) -> Headline:
    """Which category is the largest of everyone’s, where one clearly is."""
    known = known_cells(table)
    counts = [counted(cell) for cell in known]
    if None in counts:
        return Headline("Withheld to protect the people who answered.", "")
    unknown, cautions = _left_out(release, [table]), tuple(_cautions(release, [table]))
    if all(spread(table, cell, release.within) is None for cell in known):
        return Headline("So few answers are known that no share is given.", unknown, cautions)
    first = max(range(len(known)), key=lambda place: counts[place])
    rivals = [
        place
        for place in range(len(known))
        if place != first and counts[place] + release.within >= counts[first] - release.within
    ]
    if rivals:
        which = together([f"“{known[place].label}” ({_share(known[place])})" for place in sorted([first, *rivals])])
        claim = f"No clear difference between the largest categories: {which}."
    else:
        claim = (
            f"“{known[first].label}” is the largest category: {_share(known[first])} of those whose answer is known."
        )
    return Headline(claim, unknown, cautions)


def of_groups(release: Published, broken_down: BrokenDown) -> Headline:
    """The widest difference between two groups that is clear, in the share of one category."""
    found = max(_differences(release, broken_down), key=lambda difference: difference.gap, default=None)
    cautions = tuple(_cautions(release, broken_down.groups))
    if found:
        (_place, label), higher, lower = found.category, found.higher, found.lower
        one, other = (_share(group.cells[found.category[0]]) for group in (higher, lower))
        claim = f"“{label}” is a larger share in {higher.group} ({one}) than in {lower.group} ({other})."
        return Headline(claim, _left_out(release, [higher, lower]), cautions)
    if _comparable(release, broken_down) < 2:
        claim = "Too few groups have shares that can be compared."
    else:
        claim = f"No clear difference by {broken_down.title}."
    return Headline(claim, _left_out(release, [release.table(broken_down.groups[0].id)]), cautions)


def standing(release: Published, part: ProtectedTable, cell: ProtectedCell) -> str:
    """Whether a group’s share is clearly above or below everyone’s; blank where either is not shown."""
    everyone = release.table(part.id)
    theirs = spread(part, cell, release.within)
    ours = spread(everyone, next(each for each in everyone.cells if each.code == cell.code), release.within)
    if theirs is None or ours is None:
        return ""
    return {1: ABOVE, -1: BELOW, 0: UNCLEAR}[compared(theirs, ours)]


@dataclass(frozen=True)
class _Difference:
    """A category (its place in the table, its label) whose share is clearly larger in one group than in another."""

    category: tuple[int, str]
    higher: ProtectedTable
    lower: ProtectedTable
    gap: Fraction


def _differences(release: Published, broken_down: BrokenDown) -> Iterator[_Difference]:
    for place, cell in enumerate(broken_down.groups[0].cells):
        if cell.base != "known":
            continue
        found: list[tuple[Spread, ProtectedTable]] = [
            (share, group)
            for group in broken_down.groups
            if (share := spread(group, group.cells[place], release.within)) is not None
        ]
        if found:
            higher = max(found, key=lambda each: each[0].low)
            lower = min(found, key=lambda each: each[0].high)
            if compared(higher[0], lower[0]) == 1:
                yield _Difference((place, cell.label), higher[1], lower[1], higher[0].low - lower[0].high)


def _comparable(release: Published, broken_down: BrokenDown) -> int:
    return sum(
        any(spread(group, cell, release.within) is not None for cell in known_cells(group))
        for group in broken_down.groups
    )


def _share(cell: ProtectedCell) -> str:
    return in_words(cell.percent_known)


def _left_out(release: Published, tables: Sequence[ProtectedTable]) -> str:
    """Which share of those asked is outside the base known, and what it consists of."""
    outside = [f"“{cell.label}”" for cell in tables[0].cells if cell.base == "asked"]
    if not outside:
        return ""
    shares = [in_words(not_known(release, table)) for table in tables]
    if len(tables) > 1:
        shares = [f"{share} in {table.group}" for share, table in zip(shares, tables, strict=True)]
    return f"Left out, as a share of those asked: {together(shares)} ({together(outside)})."


def _cautions(release: Published, tables: Sequence[ProtectedTable]) -> Iterator[str]:
    """A group is small where a range stands beside its percentages, or where they are not given at all."""
    ranged = [table.group for table in tables if any(cell.percent_known.between for cell in table.cells)]
    if ranged:
        yield (
            f"Few people: {together(ranged)}. One person more or less moves a percentage there by a point or more, and "
            "the range beside it is as much as rounding alone may hide. Conclude nothing from a difference that is not "
            "in a headline, nor from a change since another survey."
        )
    unseen = [
        table.group
        for table in tables
        if all(spread(table, cell, release.within) is None for cell in known_cells(table))
    ]
    if unseen:
        yield f"No share is given of {together(unseen)}. That says nothing about them, except that they are few."
