"""Four ways to round the counts of a release, from the plainest to the least predictable. Each says how far it goes.

All give multiples of `round_to`; a count that is one already stays as it is under the last two. `draws` says of each
row how often it is drawn again: a row that can be attacked gets another draw, and the others keep theirs.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from outputs.disclosure.system import System
from outputs.disclosure.truth import Truth


class Unsolved(Exception):
    """The solver did not find a rounding."""


@dataclass(frozen=True, eq=False)
class Rounding:
    """Rounded counts, rows by cells, each at most `within` from the true one. `method` names how.

    `left` are the cells that follow from the others and from how many people there are, and so tell nothing more.
    """

    method: str
    counts: np.ndarray
    within: int
    left: np.ndarray | None = None  # bool, one a cell


def nearest(truth: Truth, key: bytes, draws: np.ndarray) -> Rounding:
    """Each count by itself to the nearest multiple, halves up: with 5, 0 to 2 become 0. The key is not used."""
    return Rounding("nearest", nearest_multiples(truth.counts, truth.round_to), truth.round_to // 2)


def nearest_and_left(truth: Truth, key: bytes, draws: np.ndarray) -> Rounding:
    """As `nearest`, but a category that is no fact about a person is given as what the others leave of all people.

    In a table of two categories the one that is such a fact would otherwise follow from both and from all people.
    """
    plain = nearest(truth, key, draws)
    counts, people = plain.counts.copy(), nearest_multiples(np.array(truth.people), truth.round_to)
    for cells in map(list, truth.shape.tables.values()):
        free = [cell for cell in cells if not truth.telling[cell]]
        if len(free) == 1:
            others = counts[:, cells].sum(axis=1) - counts[:, free[0]]
            counts[:, free[0]] = np.maximum(people - others, 0)
    return Rounding("nearest_and_left", counts, plain.within, ~truth.telling)


def nearest_multiples(counts: np.ndarray, to: int) -> np.ndarray:
    return (counts + to // 2) // to * to


def controlled(truth: Truth, key: bytes, draws: np.ndarray) -> Rounding:
    """Every count to one of its two neighbouring multiples, all chosen together so that sums stay sums where they can.

    Which of the two is chosen cannot be foretold without the key, as near to the true count as the sums allow.
    Raises Unsolved.
    """
    to, width = truth.round_to, truth.shape.width
    system = System(truth.shape, truth.people, truth.sums)
    down = truth.counts // to
    open_ = (truth.counts % to != 0).astype(float)
    people = np.array(truth.people)
    # Columns: a choice for each cell of each row, then for the people of each row, then how far each sum is missed.
    # A sum within a row over profiles is not one of printed figures: only sums over cells are kept.
    cells = len(truth.shape.cells)
    place = np.full(len(truth.rows) * width, -1)
    place.reshape(-1, width)[:, :cells] = np.arange(down.size).reshape(down.shape)
    of_printed = np.ones(len(system.constant), dtype=bool)
    of_printed[system.equation[place[system.index] < 0]] = False
    number = np.cumsum(of_printed) - 1
    kept = of_printed[system.equation]
    row, column, value = number[system.equation[kept]], place[system.index[kept]], system.sign[kept]
    rows_of_people = np.repeat(np.arange(len(people)), len(truth.shape.whole))
    totals = np.flatnonzero(of_printed[: len(rows_of_people)])
    row = np.concatenate([row, number[totals]])
    column = np.concatenate([column, down.size + rows_of_people[totals]])
    value = np.concatenate([value, np.full(len(totals), -1)])
    base = np.concatenate([down.ravel(), people // to])
    missing = -np.bincount(row, weights=value * base[column], minlength=number[-1] + 1)
    # Factors by which each way of rounding is made dearer or cheaper: enough to turn any single choice.
    of_row = np.concatenate([np.repeat(draws, truth.counts.shape[1]), draws])
    noise = 0.35 + 1.3 * _drawn(key, of_row), 0.35 + 1.3 * _drawn(key, of_row, 1)
    part = np.concatenate([(truth.counts % to).ravel(), people % to]) / to
    cost = (1 - part) * noise[0] - part * noise[1]
    upper = np.concatenate([open_.ravel(), (people % to != 0).astype(float)])
    chosen = _solve(cost, upper, (row, column, value.astype(float)), missing)
    return Rounding("controlled", (down + chosen[: down.size].reshape(down.shape)) * to, to - 1)


def at_random(truth: Truth, key: bytes, draws: np.ndarray) -> Rounding:
    """Each count by itself to one of its two neighbouring multiples, the nearer the likelier, as the key has it.

    So the mean over many keys is the true count.
    """
    to = truth.round_to
    down, rest = np.divmod(truth.counts, to)
    up = _drawn(key, np.broadcast_to(draws[:, None], rest.shape)) < rest / to
    return Rounding("random", (down + up) * to, to - 1)


METHODS: tuple[Callable[[Truth, bytes, np.ndarray], Rounding], ...] = (nearest, nearest_and_left, controlled, at_random)


def _drawn(key: bytes, draws: np.ndarray, which: int = 0) -> np.ndarray:
    """Numbers from 0 to 1, of each the draw that is asked for: where that stays the same, so does the number."""
    found = np.zeros(draws.shape)
    for draw in np.unique(draws):
        seed = int.from_bytes(hashlib.sha256(key + bytes([which, draw])).digest())
        found = np.where(draws == draw, np.random.default_rng(seed).random(draws.shape), found)
    return found


_TO_MISS_A_SUM = 50.0  # dearer than any choice, so a sum is missed only where no choice keeps it
_SECONDS = 60.0


def _solve(
    cost: np.ndarray, upper: np.ndarray, entries: tuple[np.ndarray, np.ndarray, np.ndarray], missing: np.ndarray
) -> np.ndarray:
    """0 or 1 for each choice: the cheapest for which every sum adds up, or misses by as little as can be."""
    choices, sums = len(cost), len(missing)
    row, column, value = entries
    slack = np.arange(sums)
    row = np.concatenate([row, slack, slack])
    column = np.concatenate([column, choices + slack, choices + sums + slack])
    value = np.concatenate([value, np.ones(sums), -np.ones(sums)])
    order = np.lexsort((column, row))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = choices + 2 * sums, sums
    model.col_cost_ = np.concatenate([cost, np.full(2 * sums, _TO_MISS_A_SUM)])
    model.col_lower_ = np.zeros(choices + 2 * sums)
    model.col_upper_ = np.concatenate([upper, np.full(2 * sums, highspy.kHighsInf)])
    model.row_lower_ = model.row_upper_ = missing.astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=sums))]).astype(np.int32)
    model.a_matrix_.index_ = column[order].astype(np.int32)
    model.a_matrix_.value_ = value[order]
    model.integrality_ = [highspy.HighsVarType.kInteger] * choices + [highspy.HighsVarType.kContinuous] * (2 * sums)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", _SECONDS)
    solver.setOptionValue("mip_rel_gap", 0.01)
    solver.passModel(model)
    solver.run()
    if solver.getInfo().primal_solution_status != 2:  # a feasible point was found, if not proven the best
        raise Unsolved(solver.modelStatusToString(solver.getModelStatus()))
    return np.rint(np.array(solver.getSolution().col_value)[:choices]).astype(np.int64)
