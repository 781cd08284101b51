"""Attacks a rounded release with all that a reader may know, and tells what becomes certain about anybody.

The attacker knows the rules, how many people are in every row, the answers of up to `truth.knows` of them, and what
earlier releases printed with how many came and went. First intervals are propagated over the whole system, then what
stays narrow is settled exactly by linear programming.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from outputs.disclosure.narrow import Polytope
from outputs.disclosure.rounding import Rounding
from outputs.disclosure.system import Bounds, System
from outputs.disclosure.truth import Truth

NARROW = 2  # so many more counts that fit are few enough to look closer


@dataclass(frozen=True)
class Found:
    """What an attacker finds out: of which row (its place), which cell, and what.

    "exact": a small count is known exactly. "certain": all whose answers the attacker did not know are known to be in
    this category. "mover": the same of those who came or went since an earlier release.
    """

    what: Literal["exact", "certain", "mover"]
    row: int
    cell: int


def printed(truth: Truth, rounding: Rounding) -> Bounds:
    """What the printed counts say of the cells of every row by the rules alone. Rows by cells."""
    shown = np.array([row.shown for row in truth.rows])[:, None]
    people = np.array(truth.people)[:, None]
    least = np.where(shown, np.maximum(rounding.counts - rounding.within, 0), 0)
    return Bounds(least, np.where(shown, np.minimum(rounding.counts + rounding.within, people), people))


def attack(truth: Truth, rounding: Rounding) -> Iterator[Found]:
    """What someone can find out; nothing if nobody can find out anything.

    The easiest comes first, and what is harder to find is not looked for where something easier was found.
    """
    attacker = _Attacker(truth, printed(truth, rounding))
    for way in (
        attacker.small_counts_by_intervals,
        attacker.certain_answers,
        attacker.movers,
        attacker.small_counts_by_solving,
    ):
        found = list(way())
        yield from found
        if found:
            return


class _Attacker:
    def __init__(self, truth: Truth, bounds: Bounds) -> None:
        self.truth, self.counts = truth, truth.counts
        self.system, start, self.turnover = _with_earlier(truth, bounds)
        self.bounds = self.system.narrowed(start)
        rows, cells = self.counts.shape
        self.width = (self.bounds.most - self.bounds.least)[:rows, :cells]
        self.small = (self.counts >= 1) & (self.counts < truth.small)

    @cached_property
    def polytope(self) -> Polytope:
        return Polytope(self.system, self.bounds)

    def small_counts_by_intervals(self) -> Iterator[Found]:
        """Small counts of which only one number is left."""
        for row, cell in np.argwhere(self.small & (self.width == 0)):
            yield Found("exact", int(row), int(cell))

    def small_counts_by_solving(self) -> Iterator[Found]:
        """Small counts of which few numbers are left, but only one fits."""
        narrow = self.small & (self.width >= 1) & (self.width <= NARROW)
        if narrow.any():
            for row, cell in np.argwhere(self.polytope.only_values(self.counts, narrow)):
                yield Found("exact", int(row), int(cell))

    def certain_answers(self) -> Iterator[Found]:
        """Categories that hold everybody in a row but people whose answers one attacker may know.

        If these few people are all outside it, they know of everybody else as soon as the least that the category can
        hold is what it does hold. A row of so few that they may be all of it has nobody left to find out about.
        """
        outside = np.array(self.truth.people)[:, None] - self.counts
        at_risk = (outside <= self.truth.knows) & (self.counts >= 1) & self.truth.telling[None, :]
        cases = {(int(row), int(cell)): int(self.counts[row, cell]) for row, cell in np.argwhere(at_risk)}
        if cases:
            for row, cell in self.polytope.never_less(cases, {each: self._known(*each) for each in cases}):
                yield Found("certain", row, cell)

    def _known(self, row: int, cell: int) -> dict[int, int]:
        """The other categories of the same table with the people in them, whom the attacker knows."""
        table = self.truth.shape.cells[cell][0]
        others = (each for each in self.truth.shape.tables[table] if each != cell)
        return {each: int(self.counts[row, each]) for each in others if self.counts[row, each]}

    def movers(self) -> Iterator[Found]:
        """Those who came or went, if all but so few as one attacker may know surely have the same answer."""
        unsure: dict[tuple[int, int], int] = {}
        rows: dict[int, int] = {}
        for row, place, people in self.turnover:
            enough, rows[place] = max(1, people - _KNOWN_MOVERS), row
            for cell in map(int, np.flatnonzero(self.truth.telling)):
                least = self.bounds.least[place, cell]
                if least >= enough:
                    yield Found("mover", row, cell)
                elif enough - least <= NARROW and self.bounds.most[place, cell] >= enough:
                    unsure[place, cell] = enough
        if unsure:
            for place, cell in self.polytope.always_reached(unsure):
                yield Found("mover", rows[place], cell)


_KNOWN_MOVERS = 2  # a colleague and oneself


def _with_earlier(truth: Truth, bounds: Bounds) -> tuple[System, Bounds, Sequence[tuple[int, int, int]]]:
    """The system with four more rows for each earlier release of a row: its people then, who stayed, left and joined.

    Also the bounds to start from, and of each row of people who came or went: of which row, where it is, how many.
    """
    people, sums, turnover = list(truth.people), list(truth.sums), []
    told = [(place, bounds.least[place], bounds.most[place]) for place in range(len(truth.rows))]
    for earlier in truth.earlier:
        then, stayed, left, joined = range(len(people), len(people) + 4)
        before = truth.rows[earlier.row].people - earlier.joined + earlier.left
        people += [before, before - earlier.left, earlier.left, earlier.joined]
        sums += [((then,), (stayed, left)), ((earlier.row,), (stayed, joined))]
        turnover += [(earlier.row, place, n) for place, n in ((left, earlier.left), (joined, earlier.joined)) if n]
        told.append((then, earlier.least, earlier.most))
    system = System(truth.shape, people, sums)
    start = system.anything()
    for place, least, most in told:
        start.least[place, : len(least)] = np.maximum(start.least[place, : len(least)], least)
        start.most[place, : len(most)] = np.minimum(start.most[place, : len(most)], most)
    return system, start, turnover
