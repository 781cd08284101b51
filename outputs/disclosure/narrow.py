"""How little and how much a count can be, exactly, by linear programming: for what intervals leave narrow."""

from collections.abc import Mapping
from math import ceil

import highspy
import numpy as np

from outputs.disclosure.system import Bounds, System

_PUSHES = 8
_SLIP = 1e-6  # of the solver's floating point; counts are whole numbers


class Polytope:
    """All counts that fit a system and its bounds. Made once, asked many times.

    Tables that do not hang together have nothing in common but how many people there are, which is known: so each block
    of them has a solver of its own, which is many times faster.
    """

    def __init__(self, system: System, bounds: Bounds) -> None:
        self._width, self._bounds = bounds.least.shape[1], bounds
        self._block = np.zeros(self._width, dtype=np.int64)  # of each column
        for number, columns in enumerate(system.shape.blocks):
            self._block[list(columns)] = number
        places = np.tile(self._block, len(bounds.least))
        self._place_in = np.zeros(bounds.least.size, dtype=np.int64)  # of each count, in its block
        self._blocks = [np.flatnonzero(places == number) for number in range(len(system.shape.blocks))]
        for block in self._blocks:
            self._place_in[block] = np.arange(len(block))
        of_equation = places[system.index[system.start]]
        self._solvers = [self._solver(system, number, of_equation == number) for number in range(len(self._blocks))]

    def _solver(self, system: System, number: int, equations: np.ndarray) -> highspy.Highs:
        block, entries = self._blocks[number], equations[system.equation]
        sizes = np.bincount(system.equation, minlength=len(equations))[equations]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(block), int(equations.sum())
        model.col_cost_ = np.zeros(len(block))
        model.col_lower_ = self._bounds.least.ravel()[block].astype(float)
        model.col_upper_ = self._bounds.most.ravel()[block].astype(float)
        model.row_lower_ = model.row_upper_ = system.constant[equations].astype(float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        model.a_matrix_.index_ = self._place_in[system.index[entries]].astype(np.int32)
        model.a_matrix_.value_ = system.sign[entries].astype(float)
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1)):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        return solver

    def least(self, row: int, column: int, known: dict[int, int] | None = None) -> int:
        """The least that this count can be, where counts of the same row are `known` to be at least so many."""
        known = known or {}
        for each, least in known.items():
            self._bound(row, each, max(least, self._bounds.least[row, each]))
        found = self._solve({row * self._width + column: 1.0})[row, column]
        for each in known:
            self._bound(row, each, self._bounds.least[row, each])
        return ceil(found - _SLIP)

    def only_values(self, truth: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """Of the `wanted` counts, those that can have no other value than the true one. bool, rows by columns.

        `truth` has the true counts of as many rows and columns as `wanted`. Each solution that moves a count by one
        clears it; first many are pushed at once, at random, and only what is then left is asked one by one.
        """
        left = wanted.copy()
        generator = np.random.default_rng(0)
        for _push in range(_PUSHES):
            if not left.any():
                return left
            costs = {self._place(*each): float(generator.choice([-1, 1])) for each in np.argwhere(left)}
            left &= self._unmoved(costs, truth)
        for each in np.argwhere(left):
            for sign in (1.0, -1.0):
                if left[tuple(each)]:
                    left &= self._unmoved({self._place(*each): sign}, truth)
        return left

    def never_less(
        self, counts: Mapping[tuple[int, int], int], known: Mapping[tuple[int, int], Mapping[int, int]]
    ) -> list[tuple[int, int]]:
        """Of the counts (row, column), those that are so many whatever fits, where others in the row are known.

        `known` says of how many people in other columns of the row one knows. First all is taken to be known at once:
        what is still open then is open to each.
        """
        left = dict(counts)
        for row, column in counts:
            for each, least in known[row, column].items():
                self._bound(row, each, max(least, self._bounds.least[row, each]))
        generator = np.random.default_rng(0)
        for _push in range(_PUSHES):
            self._drop_less(left, {self._place(*each): float(generator.integers(1, 9)) for each in left})
        for row, column in counts:
            for each in known[row, column]:
                self._bound(row, each, self._bounds.least[row, each])
        return [each for each, count in left.items() if self.least(*each, known[each]) >= count]

    def always_reached(self, wanted: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
        """Of the counts (row, column) -> so many, those that can never be less. As above: first many at once."""
        left = dict(wanted)
        generator = np.random.default_rng(0)
        for _push in range(_PUSHES):
            self._drop_less(left, {self._place(*each): float(generator.integers(1, 9)) for each in left})
        found = []
        while left:
            each = next(iter(left))
            self._drop_less(left, {self._place(*each): 1.0})
            if left.pop(each, None) is not None:
                found.append(each)
        return found

    def _drop_less(self, left: dict[tuple[int, int], int], costs: dict[int, float]) -> None:
        if left:
            counts = self._solve(costs)
            for each in [each for each, enough in left.items() if counts[each] < enough - 1 + _SLIP]:
                del left[each]

    def _unmoved(self, costs: dict[int, float], truth: np.ndarray) -> np.ndarray:
        found = self._solve(costs)[: truth.shape[0], : truth.shape[1]]
        return ~(np.abs(found - truth) >= 1 - _SLIP)  # of blocks that were not asked nothing is known

    def _place(self, row: int, column: int) -> int:
        return int(row) * self._width + int(column)

    def _bound(self, row: int, column: int, least: int) -> None:
        place = self._place_in[self._place(row, column)]
        self._solvers[self._block[column]].changeColBounds(
            int(place), float(least), float(self._bounds.most[row, column])
        )

    def _solve(self, costs: dict[int, float]) -> np.ndarray:
        """The counts for which the costs add up to least; NaN in blocks of tables where nothing has a cost.

        Raises ArithmeticError where the solver fails.
        """
        found = np.full(self._bounds.least.size, np.nan)
        for number, solver in enumerate(self._solvers):
            own = {
                int(self._place_in[place]): cost
                for place, cost in costs.items()
                if self._block[place % self._width] == number
            }
            if not own:
                continue
            for place, cost in own.items():
                solver.changeColCost(place, cost)
            solver.run()
            status = solver.getModelStatus()
            if status != highspy.HighsModelStatus.kOptimal:
                raise ArithmeticError(f"the solver ended with {solver.modelStatusToString(status)}")
            for place in own:
                solver.changeColCost(place, 0.0)
            found[self._blocks[number]] = solver.getSolution().col_value
        return found.reshape(self._bounds.least.shape)
