"""Decides how far a closer look at a row goes: over the whole system where that is small, else over the row by itself.

A row by itself keeps the bounds that follow for it from the whole. Where it is one of many, what is left out is next to
nothing: each of the others can make up for what any of them does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from outputs.disclosure.narrow import Polytope
from outputs.disclosure.shapes import Shape
from outputs.disclosure.system import Bounds, Sum, System

WHOLE = 60  # rows: up to here programs over the whole system take milliseconds


@dataclass(frozen=True, eq=False)
class Closeup:
    """A system with its bounds, and at which places in it the `rows` of the whole are."""

    system: System
    bounds: Bounds
    rows: tuple[int, ...]

    @cached_property
    def polytope(self) -> Polytope:
        return Polytope(self.system, self.bounds)

    def least(self, place: int, column: int, known: Mapping[int, int]) -> int:
        """The least that a count can be by intervals, where counts of its row are known to be at least so many."""
        if not known:
            return int(self.bounds.least[place, column])
        bounds = self.bounds.copy()
        for each, n in known.items():
            bounds.least[place, each] = max(bounds.least[place, each], n)
        return int(self.system.narrowed(bounds).least[place, column])

    def place(self, row: int) -> int:
        return self.rows.index(row)


class Closeups:
    """The closer looks at the rows of a system. The sums in `turnover` link a row with its people before."""

    def __init__(self, shape: Shape, people: list[int], system: System, bounds: Bounds, turnover: list[Sum]) -> None:
        self._shape, self._people, self._bounds, self._turnover = shape, people, bounds, turnover
        self._whole = Closeup(system, bounds, tuple(range(len(people)))) if len(people) <= WHOLE else None

    def of(self, row: int) -> Closeup:
        """A closer look at a row, which is one of those that a survey counts."""
        if self._whole is not None:
            return self._whole
        linked = [(whole, parts) for whole, parts in self._turnover if row in whole or self._is_before(whole, row)]
        rows = tuple(dict.fromkeys([row, *(each for whole, parts in linked for each in (*whole, *parts))]))
        place = {each: at for at, each in enumerate(rows)}
        sums = [(tuple(place[each] for each in whole), tuple(place[each] for each in parts)) for whole, parts in linked]
        system = System(self._shape, [self._people[each] for each in rows], sums)
        chosen = np.array(rows)
        return Closeup(system, Bounds(self._bounds.least[chosen], self._bounds.most[chosen]), rows)

    def _is_before(self, whole: tuple[int, ...], row: int) -> bool:
        """Whether these are the people of the row at an earlier release: some of them stayed in it."""
        stayed = {parts[0] for here, parts in self._turnover if row in here}
        return any(parts[0] in stayed for here, parts in self._turnover if here == whole)
