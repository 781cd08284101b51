"""Linear programming settles what intervals leave open, as trying everything does."""

import numpy as np
from hypothesis import given, settings

from outputs.disclosure.narrow import Polytope
from outputs.disclosure.system import System
from tests.unit.small_systems import ANY, systems, tried


@settings(max_examples=25, deadline=None)
@given(systems(ANY, most=2))
def test_least_is_the_least_that_fits(example):
    system, bounds, _truth = example
    polytope, fitting = Polytope(system, system.narrowed(bounds)), tried(system, bounds)
    found = [[polytope.least(row, column, {}) for column in range(len(ANY.cells))] for row in range(3)]
    least = fitting.min(axis=0)[:, : len(ANY.cells)]
    assert np.array_equal(found, least)


@settings(max_examples=25, deadline=None)
@given(systems(ANY, most=2))
def test_only_values_are_the_counts_that_are_the_same_in_all_that_fits_and_no_others(example):
    system, bounds, truth = example
    cells = len(ANY.cells)
    fitting = tried(system, bounds)[:, :, :cells]
    fixed = fitting.min(axis=0) == fitting.max(axis=0)
    wanted = np.ones(cells, dtype=bool)
    polytope = Polytope(system, system.narrowed(bounds))
    found = [set(map(int, polytope.only_values(row, truth[row, :cells], wanted))) for row in range(3)]
    assert found == [set(np.flatnonzero(line).tolist()) for line in fixed]


def test_least_with_known_people_of_the_same_row():
    system = System(ANY, [5], [])
    bounds = system.anything()
    bounds.most[0, 3] = 2
    bounds.most[0, 4] = 0
    polytope = Polytope(system, bounds)
    # 5 people in p, q and r; at most 2 in q and none in r: so 3 in p at least; who knows 1 in q knows no more of p.
    assert [polytope.least(0, 2, {}), polytope.least(0, 2, {3: 1}), polytope.least(0, 3, {3: 1})] == [3, 3, 1]


def test_known_people_are_forgotten_afterwards():
    system = System(ANY, [5], [])
    polytope = Polytope(system, system.anything())
    assert [polytope.least(0, 2, {2: 4}), polytope.least(0, 2, {})] == [4, 0]


def test_pinned_by_several_equations_at_once_is_found():
    # Intervals see nothing: x is 1 to 2 in both parts and 2 in all, so it is 1 in each.
    system = System(ANY, [6, 3, 3], [((0,), (1, 2))])
    bounds = system.anything()
    bounds.least[0, 0] = bounds.most[0, 0] = 2
    bounds.least[1:, 0] = 1
    truth = np.array([[2, 4, 6, 0, 0], [1, 2, 3, 0, 0], [1, 2, 3, 0, 0]])
    polytope = Polytope(system, bounds)
    found = [set(map(int, polytope.only_values(row, truth[row], np.ones(5, dtype=bool)))) for row in range(3)]
    assert found == [{0, 1}] * 3
