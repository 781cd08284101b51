"""Merges groups that are too small to be shown into larger ones; the same merging serves every table. Plain Python.

Closing merges before it stores anything, so that no group of one ever is; before opening it tells what would be shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OTHERS = "other-groups-combined"
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


@dataclass
class _Pile:
    """Groups that are put together, and how many are in them."""

    groups: list[Size]

    def holds(self, minimum: int) -> bool:
        return self.responses >= minimum and sum(group.substantive for group in self.groups) >= minimum

    @property
    def responses(self) -> int:
        return sum(group.responses for group in self.groups)


def merge(groups: Sequence[Size], shape: str, minimum: int) -> list[Merged]:
    """The groups to show, each of at least `minimum` responses and substantive answers; together they hold every group.

    `shape` is "flat" (small ones become one group of others), "order" (neighbours join) or "tree" (small ones join
    what they are part of). [] where only one group would be left: that is the whole organisation.
    """
    order = {group.code: position for position, group in enumerate(groups)}
    merged = {"flat": _flat, "order": _neighbours, "tree": _tree}[shape](groups, minimum)
    if len(merged) < 2:
        return []
    members = [tuple(sorted(each.members, key=order.__getitem__)) for each in merged]
    whole = [Merged(each.code, each.title, of) for each, of in zip(merged, members, strict=True)]
    return sorted(whole, key=lambda each: (each.code == OTHERS, order[each.members[0]]))


def _flat(groups: Sequence[Size], minimum: int) -> list[Merged]:
    return _with_others([_Pile([group]) for group in groups], [], minimum)


def _with_others(piles: Iterable[_Pile], others: list[Size], minimum: int) -> list[Merged]:
    """Each pile that holds by itself, and one of all the rest, which takes the smallest ones in until it holds too."""
    holding = []
    rest = _Pile(list(others))
    for pile in piles:
        if pile.holds(minimum):
            holding.append(pile)
        else:
            rest.groups += pile.groups
    holding.sort(key=lambda pile: pile.responses, reverse=True)
    while rest.groups and not rest.holds(minimum) and holding:
        rest.groups += holding.pop().groups
    shown = [_named(pile) for pile in holding]
    return [*shown, Merged(OTHERS, OTHERS_TITLE, _codes(rest))] if rest.groups else shown


def _neighbours(groups: Sequence[Size], minimum: int) -> list[Merged]:
    """As many runs of neighbours as hold; what is left at the end joins the run before it."""
    runs: list[_Pile] = []
    run = _Pile([])
    for group in groups:
        run.groups.append(group)
        if run.holds(minimum):
            runs.append(run)
            run = _Pile([])
    if run.groups and runs:
        runs[-1].groups += run.groups
    elif run.groups:
        runs.append(run)
    return [_named(run) for run in runs]


def _named(pile: _Pile) -> Merged:
    """A run of neighbours is named by its ends."""
    first, last = pile.groups[0], pile.groups[-1]
    if first is last:
        return Merged(first.code, first.title, (first.code,))
    return Merged(f"{first.code}-to-{last.code}", f"{first.title} to {last.title}", _codes(pile))


def _tree(groups: Sequence[Size], minimum: int) -> list[Merged]:
    """From the leaves up: what does not hold joins the rest of what it is part of, at the top the other groups."""
    below: dict[str, list[Size]] = {}
    for group in groups:
        below.setdefault(group.parent, []).append(group)
    shown: list[tuple[_Pile, Merged]] = []

    def settle(group: Size) -> list[Size]:
        """Show what holds at or below this group; return what does not."""
        children = below.get(group.code, [])
        left = _Pile([group, *(small for child in children for small in settle(child))])
        whole = len(left.groups) == 1 + _descendants(group.code, below)
        if not left.holds(minimum):
            return left.groups
        if whole:
            merged = Merged(group.code, group.title, _codes(left))
        else:
            merged = Merged(f"rest-of-{group.code}", f"Rest of {group.title}", _codes(left))
        shown.append((left, merged))
        return []

    rest = _Pile([small for top in below.get("", []) for small in settle(top)])
    shown.sort(key=lambda each: each[0].responses, reverse=True)
    while rest.groups and not rest.holds(minimum) and shown:
        rest.groups += shown.pop()[0].groups
    others = [Merged(OTHERS, OTHERS_TITLE, _codes(rest))] if rest.groups else []
    return [*(merged for _pile, merged in shown), *others]


def _descendants(code: str, below: dict[str, list[Size]]) -> int:
    return sum(1 + _descendants(child.code, below) for child in below.get(code, []))


def _codes(pile: _Pile) -> tuple[str, ...]:
    return tuple(group.code for group in pile.groups)
