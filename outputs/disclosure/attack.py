"""Attacks a rounded release with all that a reader may know, and tells what becomes certain about anybody.

The attacker knows the rules, how many people are in every row, the answers of up to `truth.knows` of them, and what
earlier releases printed with how many came and went. First intervals are propagated over the whole system, then what
stays narrow is settled exactly by linear programming.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from outputs.disclosure.closeup import Closeups
from outputs.disclosure.rounding import Rounding
from outputs.disclosure.system import Bounds, Sum, System
from outputs.disclosure.truth import Truth

NARROW = 2  # so many more counts that fit are few enough to look closer


@dataclass(frozen=True)
class Found:
    """What an attacker finds out: of which row (its place), which cell, and what.

    "exact": a small count is known exactly. "certain": all whose answers the attacker did not know are known to be in
    this category. "mover": the same of those who came or went since an earlier release. "unsettled": the attack came to
    no end, so that nothing is known (row and cell are the first).
    """

    what: Literal["exact", "certain", "mover", "unsettled"]
    row: int
    cell: int


def printed(truth: Truth, rounding: Rounding) -> Bounds:
    """What the printed counts say of the cells of every row by the rules alone. Rows by cells."""
    shown = np.array([row.shown for row in truth.rows])[:, None]
    if rounding.left is not None:
        shown = shown & ~rounding.left[None, :]
    people = np.array(truth.people)[:, None]
    least = np.where(shown, np.maximum(rounding.counts - rounding.within, 0), 0)
    return Bounds(least, np.where(shown, np.minimum(rounding.counts + rounding.within, people), people))


def attack(truth: Truth, rounding: Rounding) -> Iterator[Found]:
    """What someone can find out, the easiest first; nothing if nobody can find out anything."""
    attacker = _Attacker(truth, printed(truth, rounding))
    yield from attacker.small_counts_by_intervals()
    yield from attacker.certain_answers()
    yield from attacker.movers()
    yield from attacker.small_counts_by_solving()


class _Attacker:
    def __init__(self, truth: Truth, bounds: Bounds) -> None:
        self.truth, self.counts, self.printed = truth, truth.counts, bounds
        people, told, sums, self.turnover = _with_earlier(truth, bounds)
        system = System(truth.shape, people, [*truth.sums, *sums])
        self.bounds = system.narrowed(_from_what_is_told(system, told))
        self.closeups = Closeups(truth.shape, people, system, self.bounds, sums)
        rows, cells = self.counts.shape
        self.width = (self.bounds.most - self.bounds.least)[:rows, :cells]
        # Everybody in a category that is no fact about a person is not a small count: that nobody was imputed, say.
        about_people = truth.telling[None, :] | (self.counts < np.array(truth.people)[:, None])
        self.small = (self.counts >= 1) & (self.counts < truth.small) & about_people

    def small_counts_by_intervals(self) -> Iterator[Found]:
        """Small counts of which only one number is left."""
        for row, cell in np.argwhere(self.small & (self.width == 0)):
            yield Found("exact", int(row), int(cell))

    def small_counts_by_solving(self) -> Iterator[Found]:
        """Small counts of which few numbers are left, but only one fits."""
        narrow = self.small & (self.width >= 1) & (self.width <= NARROW)
        for row in map(int, np.flatnonzero(narrow.any(axis=1))):
            closeup = self.closeups.of(row)
            for cell in closeup.polytope.only_values(closeup.place(row), self.counts[row], narrow[row]):
                yield Found("exact", row, int(cell))

    def certain_answers(self) -> Iterator[Found]:
        """Categories that hold everybody in a row but people whose answers one attacker may know.

        If these few people are all outside it, they know of everybody else as soon as the least that the category can
        hold is what it does hold. A row of so few that they may be all of it has nobody left to find out about.
        """
        outside = np.array(self.truth.people)[:, None] - self.counts
        at_risk = (outside <= self.truth.knows) & (self.counts >= 1) & self.truth.telling[None, :]
        for row in map(int, np.flatnonzero(at_risk.any(axis=1))):
            closeup = self.closeups.of(row)
            place = closeup.place(row)
            for cell in map(int, np.flatnonzero(at_risk[row])):
                count, known = self.counts[row, cell], self._known(row, cell)
                least = closeup.least(place, cell, known)
                if least == count or (count - least <= NARROW and closeup.polytope.least(place, cell, known) == count):
                    yield Found("certain", row, cell)

    def _known(self, row: int, cell: int) -> dict[int, int]:
        """The other categories of the same table with the people in them, whom the attacker knows."""
        table = self.truth.shape.cells[cell][0]
        others = (each for each in self.truth.shape.tables[table] if each != cell)
        return {each: int(self.counts[row, each]) for each in others if self.counts[row, each]}

    def movers(self) -> Iterator[Found]:
        """Those who came or went, if all but so few as one attacker may know surely have the same answer.

        Unless one release by itself tells as much, of a group of which nearly all have that answer: that is judged by
        what may be told of a group.
        """
        for (row, place, people), alone in zip(self.turnover, self._told_alone(), strict=True):
            enough = max(1, people - _KNOWN_MOVERS)
            least, most = self.bounds.least[place], self.bounds.most[place]
            may_be = self.truth.telling & (most[: len(alone)] >= enough) & (alone < enough)
            for cell in map(int, np.flatnonzero(may_be)):
                if least[cell] < enough and enough - least[cell] <= NARROW:
                    closeup = self.closeups.of(row)
                    found = closeup.polytope.least(closeup.place(place), cell, {})
                else:
                    found = least[cell]
                if found >= enough:
                    yield Found("mover", row, cell)

    def _told_alone(self) -> list[np.ndarray]:
        """The least of those who came or went that follows from the one release that they were in, by cells."""
        if not self.truth.earlier:
            return []
        earlier, cells = self.truth.earlier, len(self.truth.telling)
        before = [self.truth.rows[each.row].people - each.joined + each.left for each in earlier]
        then = _least_alone(System(self.truth.shape, before, []), [(each.least, each.most) for each in earlier])
        system = System(self.truth.shape, self.truth.people, self.truth.sums)
        now = _least_alone(system, list(zip(self.printed.least, self.printed.most, strict=True)))
        found = []
        for place, each in enumerate(earlier):
            if each.left:
                found.append(then[place, :cells] - (before[place] - each.left))
            if each.joined:
                found.append(now[each.row, :cells] - (self.truth.rows[each.row].people - each.joined))
        return found


_KNOWN_MOVERS = 2  # a colleague and oneself


_Told = list[tuple[int, np.ndarray, np.ndarray]]  # of a row, the least and the most of each cell


def _with_earlier(truth: Truth, bounds: Bounds) -> tuple[list[int], _Told, list[Sum], list[tuple[int, int, int]]]:
    """Four more rows for each earlier release of a row: its people then, who stayed, left and joined.

    Returns the people of every row, what is told of rows, the sums that link the new ones, and of each row of people
    who came or went: of which row, where it is, how many.
    """
    people, sums, turnover = list(truth.people), [], []
    told: _Told = [(place, bounds.least[place], bounds.most[place]) for place in range(len(truth.rows))]
    for earlier in truth.earlier:
        then, stayed, left, joined = range(len(people), len(people) + 4)
        before = truth.rows[earlier.row].people - earlier.joined + earlier.left
        people += [before, before - earlier.left, earlier.left, earlier.joined]
        sums += [((then,), (stayed, left)), ((earlier.row,), (stayed, joined))]
        turnover += [(earlier.row, place, n) for place, n in ((left, earlier.left), (joined, earlier.joined)) if n]
        told.append((then, earlier.least, earlier.most))
    return people, told, sums, turnover


def _from_what_is_told(system: System, told: _Told) -> Bounds:
    start = system.anything()
    for place, least, most in told:
        start.least[place, : len(least)] = np.maximum(start.least[place, : len(least)], least)
        start.most[place, : len(most)] = np.minimum(start.most[place, : len(most)], most)
    return start


def _least_alone(system: System, told: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The least of every count of every row, from the least and the most that is told of each and nothing else."""
    return system.narrowed(_from_what_is_told(system, [(place, *each) for place, each in enumerate(told)])).least
