"""Merges groups that are too small to be shown into larger ones; the same merging serves every table. Plain Python.

Closing merges before it stores anything, so that no group of one ever is; before opening it tells what would be shown.
Codes made here have an underscore, which the short name of a group never has: so none is taken already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from questionnaire.engine.model import Table

OTHERS = "other_groups"
OTHERS_TITLE = "Other groups combined"


@dataclass(frozen=True)
class Size:
    """A group and how many are in it, without the groups within it. `substantive` of them answered every table.

    `parent` is the code of the group that it is part of, in a breakdown that is a tree.
    """

    code: str
    title: str
    responses: int
    substantive: int
    parent: str = ""


@dataclass(frozen=True)
class Merged:
    """Groups that are shown as one: `members` are codes, in the breakdown's order."""

    code: str
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Of the groups of a breakdown before any were merged, by code: titles, and what each is part of."""

    titles: Mapping[str, str]
    parents: Mapping[str, str]


def answered(tables: Iterable[Table], counts: Mapping[tuple[str, str], int]) -> tuple[int, int]:
    """How many are in a group, and how many of them gave a substantive answer in the table where fewest did.

    `counts` says how many fall into each category of each table: (table, category) -> people.
    """
    totals = [
        [
            sum(counts.get((table.id, category.code), 0) for category in table.categories if category.base in bases)
            for bases in ({"known", "asked", "neither"}, {"known"})
        ]
        for table in tables
        if not table.imputed_of
    ]
    return totals[0][0], min(known for _all, known in totals)


def join(
    groups: Sequence[Merged], code: str, shape: str, sizes: Mapping[str, int], names: Names
) -> tuple[Merged, tuple[str, str]] | None:
    """The group of this code put together with one more, and the codes of the two; None where only two are left.

    With the smaller of its neighbours where there is an order; in a tree with the smallest that is part of the same;
    else with the other groups, or the smallest. `sizes` are people by code of group, `names` tell of its members.
    """
    if len(groups) <= 2:
        return None
    places = {group.code: place for place, group in enumerate(groups)}
    one = groups[places[code]]
    rest = [group for group in groups if group is not one]
    above = {names.parents.get(member, "") for member in one.members} - {""}
    near = [group for group in rest if abs(places[group.code] - places[code]) == 1]
    beside = [group for group in rest if above & {names.parents.get(member, "") for member in group.members}]
    others = [group for group in rest if group.code == OTHERS]
    candidates = {"order": near, "tree": beside}.get(shape) or others or rest
    other = min(candidates, key=lambda group: sizes[group.code])
    first, second = sorted((one, other), key=lambda group: places[group.code])
    members = (*first.members, *second.members)
    if shape == "order":
        ends = members[0], members[-1]
        named = f"{ends[0]}_to_{ends[1]}", f"{names.titles[ends[0]]} to {names.titles[ends[1]]}"
    elif candidates is beside and (parent := _holding(members, above, names)):
        named = f"rest_of_{parent}", f"Rest of {names.titles[parent]}"
    else:
        named = OTHERS, OTHERS_TITLE
    if named[0] in {group.code for group in rest if group is not other}:  # taken by a third: told by its members
        named = "_and_".join(members), " and ".join(names.titles[member] for member in members)
    return Merged(*named, members), (one.code, other.code)


def _holding(members: Sequence[str], near: Iterable[str], names: Names) -> str:
    """What all the members are or are part of: the lowest of `near` and of what is above it; blank where nothing is."""

    def up(code: str) -> list[str]:
        chain = [code]
        while (above := names.parents.get(chain[-1], "")) and above not in chain:
            chain.append(above)
        return chain

    chains = [up(member) for member in members]
    candidates = dict.fromkeys(code for one in near for code in up(one))
    holding = [code for code in candidates if all(code in chain for chain in chains)]
    return max(holding, key=lambda code: len(up(code)), default="")


class _Pile:
    """Groups that are put together, how many are in them, and the name under which they are shown."""

    def __init__(self, groups: Iterable[Size] = (), code: str = "", title: str = "") -> None:
        self.groups: list[Size] = []
        self.responses = self.substantive = 0
        self.code, self.title = code, title
        self.add(groups)

    def add(self, groups: Iterable[Size]) -> None:
        for group in groups:
            self.groups.append(group)
            self.responses += group.responses
            self.substantive += group.substantive

    def holds(self, minimum: int) -> bool:
        return self.responses >= minimum and self.substantive >= minimum

    def take_smallest(self, shown: list["_Pile"], minimum: int) -> None:
        """Unless this holds, take in the smallest of what is shown (the last of equals), which holds by itself."""
        if shown and not self.holds(minimum):
            smallest = min(reversed(shown), key=lambda pile: pile.responses)
            shown.remove(smallest)
            self.add(smallest.groups)


def merge(groups: Sequence[Size], shape: str, minimum: int) -> list[Merged]:
    """The groups to show, each of at least `minimum` responses and substantive answers; together they hold every group.

    `shape` is "flat" (small ones become one group of others), "order" (neighbours join) or "tree" (small ones join
    what they are part of). [] where only one group would be left: that is the whole organisation.
    """
    order = {group.code: position for position, group in enumerate(groups)}
    piles = {"flat": _flat, "order": _neighbours, "tree": _tree}[shape](groups, minimum)
    if len(piles) < 2:
        return []
    merged = [
        Merged(pile.code, pile.title, tuple(sorted((group.code for group in pile.groups), key=order.__getitem__)))
        for pile in piles
    ]
    return sorted(merged, key=lambda each: (each.code == OTHERS, order[each.members[0]]))


def _flat(groups: Sequence[Size], minimum: int) -> list[_Pile]:
    shown: list[_Pile] = []
    small: list[Size] = []
    for group in groups:
        alone = _Pile([group], group.code, group.title)
        if alone.holds(minimum):
            shown.append(alone)
        else:
            small.append(group)
    return _with_others(shown, small, minimum)


def _with_others(shown: list[_Pile], small: list[Size], minimum: int) -> list[_Pile]:
    """What is shown, and one pile of all the small ones, with the smallest of what is shown unless it holds."""
    if not small:
        return shown
    others = _Pile(small, OTHERS, OTHERS_TITLE)
    others.take_smallest(shown, minimum)
    return [*shown, others]


def _neighbours(groups: Sequence[Size], minimum: int) -> list[_Pile]:
    """As many runs of neighbours as hold; what is left at the end joins the run before it."""
    runs: list[_Pile] = []
    run = _Pile()
    for group in groups:
        run.add([group])
        if run.holds(minimum):
            runs.append(run)
            run = _Pile()
    if run.groups and runs:
        runs[-1].add(run.groups)
    for run in runs:
        first, last = run.groups[0], run.groups[-1]
        run.code, run.title = first.code, first.title
        if first is not last:
            run.code, run.title = f"{first.code}_to_{last.code}", f"{first.title} to {last.title}"
    return runs


def _tree(groups: Sequence[Size], minimum: int) -> list[_Pile]:
    """From the leaves up: what does not hold joins what it is part of, at the top the other groups."""
    codes = {group.code for group in groups}
    below: dict[str, list[Size]] = {}
    for group in groups:
        below.setdefault(group.parent if group.parent in codes else "", []).append(group)
    small: list[Size] = []
    shown: list[_Pile] = []
    for top in below.get("", []):
        piles, left = _settled(top, below, minimum)
        shown += piles
        small += left
    # Groups that are part of each other in a ring are reached from nowhere.
    reached = {group.code for group in small} | {group.code for pile in shown for group in pile.groups}
    return _with_others(shown, [*small, *(group for group in groups if group.code not in reached)], minimum)


def _settled(group: Size, below: dict[str, list[Size]], minimum: int) -> tuple[list[_Pile], list[Size]]:
    """What is shown of a group and of those within it, and what does not hold and goes up."""
    shown: list[_Pile] = []
    small: list[Size] = []
    for child in below.get(group.code, []):
        piles, left = _settled(child, below, minimum)
        shown += piles
        small += left
    rest = _Pile([group, *small])
    if not rest.responses and shown and all(each.code in below for each in rest.groups):
        # Nobody is left but in the groups within: a department of which every team is shown.
        shown[0].add(rest.groups)
        return shown, []
    rest.take_smallest(shown, minimum)
    if not rest.holds(minimum):
        return shown, rest.groups
    rest.code, rest.title = (
        (group.code, group.title) if not shown else (f"rest_of_{group.code}", f"Rest of {group.title}")
    )
    return [*shown, rest], []
