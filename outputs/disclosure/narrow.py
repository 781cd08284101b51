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

    def least(self, row: int, column: int, known: Mapping[int, int]) -> int:
        """The least that this count can be, where counts of the same row are `known` to be at least so many."""
        for each, least in known.items():
            self._bound(row, each, max(least, self._bounds.least[row, each]))
        found = self._solve({self._place(row, column): 1.0})[row, column]
        for each in known:
            self._bound(row, each, self._bounds.least[row, each])
        return ceil(found - _SLIP)

    def only_values(self, row: int, truth: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """Of the `wanted` cells of a row, the places of those that can have no other value than the true one.

        Each solution that moves a count by one clears it; first many are pushed at once, at random, and only what is
        then left is asked one by one. `truth` and `wanted` (bool) have one entry for each cell.
        """
        left = wanted.copy()
        generator = np.random.default_rng(0)
        for _push in range(_PUSHES):
            if left.any():
                self._clear(left, row, truth, {cell: generator.choice([-1.0, 1.0]) for cell in np.flatnonzero(left)})
        for cell in np.flatnonzero(left):
            for sign in (1.0, -1.0):
                if left[cell]:
                    self._clear(left, row, truth, {cell: sign})
        return np.flatnonzero(left)

    def _clear(self, left: np.ndarray, row: int, truth: np.ndarray, costs: Mapping[int, float]) -> None:
        found = self._solve({self._place(row, cell): cost for cell, cost in costs.items()})
        left &= ~(np.abs(found[row, : len(truth)] - truth) >= 1 - _SLIP)  # NaN, where nothing was asked, clears nothing

    def _place(self, row: int, column: int) -> int:
        return int(row) * self._width + int(column)

    def _bound(self, row: int, column: int, least: int) -> None:
        place = self._place_in[self._place(row, column)]
        self._solvers[self._block[column]].changeColBounds(
            int(place), float(least), float(self._bounds.most[row, column])
        )

    def _solve(self, costs: Mapping[int, float]) -> np.ndarray:
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
