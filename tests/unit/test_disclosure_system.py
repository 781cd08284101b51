"""What follows from the bounds of a linked system, against everything that fits."""

import numpy as np
import pytest
from hypothesis import given, settings

from outputs.disclosure.system import Contradiction, System
from tests.unit.small_systems import ANY, SOME, systems, tried


@pytest.mark.parametrize("shape", [ANY, SOME], ids=["any pairs", "some pairs"])
def test_intervals_hold_everything_that_fits_and_never_widen(shape):
    @settings(max_examples=40, deadline=None)
    @given(systems(shape, most=2))
    def check(example):
        system, bounds, _truth = example
        narrowed, fitting = system.narrowed(bounds), tried(system, bounds)
        assert (narrowed.least <= fitting.min(axis=0)).all()
        assert (narrowed.most >= fitting.max(axis=0)).all()
        assert (narrowed.least >= bounds.least).all()
        assert (narrowed.most <= bounds.most).all()

    check()


def test_two_categories_follow_from_each_other_and_from_the_people():
    system = System(ANY, [10], [])
    bounds = system.anything()
    bounds.least[0, 0] = 4
    bounds.most[0, 0] = 6
    narrowed = system.narrowed(bounds)
    assert (narrowed.least[0, 1], narrowed.most[0, 1]) == (4, 6)


def test_part_follows_from_the_whole_and_the_other_part():
    system = System(ANY, [10, 6, 4], [((0,), (1, 2))])
    bounds = system.anything()
    bounds.least[0, 2] = bounds.most[0, 2] = 7
    bounds.least[1, 2] = bounds.most[1, 2] = 5
    narrowed = system.narrowed(bounds)
    assert (narrowed.least[2, 2], narrowed.most[2, 2]) == (2, 2)


def test_people_in_no_profile_are_in_no_cell():
    system = System(SOME, [3], [])
    bounds = system.anything()
    bounds.most[0, 0] = 0  # nobody is x, so nobody can be p
    assert system.narrowed(bounds).most[0, 2] == 0


def test_bounds_that_nothing_fits_are_a_contradiction():
    system = System(ANY, [3], [])
    bounds = system.anything()
    bounds.least[0, :2] = 2
    with pytest.raises(Contradiction):
        system.narrowed(bounds)


def test_narrowing_leaves_what_it_was_given_alone():
    system = System(ANY, [3], [])
    bounds = system.anything()
    before = bounds.copy()
    bounds.least[0, 0] = before.least[0, 0] = 3
    system.narrowed(bounds)
    assert np.array_equal(bounds.most, before.most)
