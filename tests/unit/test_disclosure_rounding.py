"""Three ways of rounding: how far each goes, what adds up, and that only the key decides what is left to chance."""

import numpy as np
import pytest

from outputs.disclosure.rounding import METHODS, at_random, controlled, nearest, nearest_and_left, nearest_multiples
from outputs.disclosure.system import System
from tests.made_up_truth import cell, mixed, truth

NORTH, SOUTH = [*mixed("state", 17), *mixed("independent", 9)], [*mixed("state", 31), *mixed("outside_uk", 6)]
WEST = [*mixed("state_selective", 8), *mixed("dont_know", 6)]
PEOPLE = truth([*NORTH, *SOUTH, *WEST], {"north": NORTH, "south": SOUTH, "west": WEST})
ONCE = np.zeros(len(PEOPLE.rows), dtype=np.int64)  # no row is drawn again
KEYS = [bytes([place]) * 32 for place in range(6)]
NAMES = [method.__name__ for method in METHODS]


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
@pytest.mark.parametrize("key", KEYS[:3])
def test_every_count_is_a_multiple_within_what_is_said(method, key):
    rounding = method(PEOPLE, key, ONCE)
    told = np.ones_like(PEOPLE.telling) if rounding.left is None else ~rounding.left
    assert (rounding.counts % 5 == 0).all()
    assert np.abs(rounding.counts - PEOPLE.counts)[:, told].max() <= rounding.within


@pytest.mark.parametrize(("method", "within"), [(nearest, 2), (nearest_and_left, 2), (controlled, 4), (at_random, 4)])
def test_method_says_how_far_it_goes(method, within):
    assert method(PEOPLE, KEYS[0], ONCE).within == within


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_multiples_stay_as_they_are(method):
    multiples = PEOPLE.counts % 5 == 0
    rounding = method(PEOPLE, KEYS[0], ONCE)
    if rounding.left is not None:
        multiples = multiples & ~rounding.left[None, :]
    assert (multiples.any(), np.array_equal(rounding.counts[multiples], PEOPLE.counts[multiples])) == (True, True)


@pytest.mark.parametrize("method", METHODS, ids=NAMES)
def test_same_key_rounds_the_same(method):
    assert np.array_equal(method(PEOPLE, KEYS[0], ONCE).counts, method(PEOPLE, KEYS[0], ONCE).counts)


@pytest.mark.parametrize("method", [controlled, at_random])
def test_another_key_rounds_otherwise(method):
    assert len({method(PEOPLE, key, ONCE).counts.tobytes() for key in KEYS}) > 1


def test_nearest_needs_no_key():
    assert len({nearest(PEOPLE, key, ONCE).counts.tobytes() for key in KEYS}) == 1


@pytest.mark.parametrize("key", KEYS)
def test_controlled_keeps_every_sum_of_printed_counts(key):
    rounding = controlled(PEOPLE, key, ONCE)
    system = System(PEOPLE.shape, PEOPLE.people, PEOPLE.sums)
    width, cells = PEOPLE.shape.width, len(PEOPLE.shape.cells)
    counts = np.zeros((len(PEOPLE.rows), width), dtype=np.int64)
    counts[:, :cells] = rounding.counts
    sums = np.bincount(system.equation, weights=system.sign * counts.ravel()[system.index])
    of_cells = np.bincount(system.equation, weights=system.index % width >= cells) == 0
    of_people = np.arange(len(system.constant)) < len(PEOPLE.rows) * len(PEOPLE.shape.whole)
    assert set(sums[of_cells & ~of_people]) == {0}


@pytest.mark.parametrize("key", KEYS)
def test_controlled_gives_every_table_of_a_row_the_same_total(key):
    counts = controlled(PEOPLE, key, ONCE).counts
    totals = [{int(line[list(cells)].sum()) for cells in PEOPLE.shape.tables.values()} for line in counts]
    assert [len(each) for each in totals] == [1] * len(PEOPLE.rows)


def test_random_is_right_in_the_mean_over_keys():
    keys = [place.to_bytes(32) for place in range(400)]
    mean = np.mean([at_random(PEOPLE, key, ONCE).counts for key in keys], axis=0)
    assert np.abs(mean - PEOPLE.counts).max() < 0.5  # four standard errors of at most 2.5 over the root of 400


def test_random_goes_to_the_nearer_multiple_more_often():
    place = cell("school-type", "state")
    assert PEOPLE.rows[1].counts[place] == 17
    up = [at_random(PEOPLE, number.to_bytes(32), ONCE).counts[1, place] == 20 for number in range(400)]
    assert 0.3 < np.mean(up) < 0.5


def test_nearest_rounds_halves_of_an_even_multiple_up():
    assert nearest_multiples(np.array([4, 5, 6, 15]), 10).tolist() == [0, 10, 10, 20]


def test_what_is_left_of_a_table_of_two_follows_from_the_rest_and_all_people():
    place, rest = cell("nssec-5-imputed", "imputed"), cell("nssec-5-imputed", "not_imputed")
    counts = nearest_and_left(PEOPLE, b"", ONCE).counts
    assert (counts[:, place] + counts[:, rest]).tolist() == nearest_multiples(np.array(PEOPLE.people), 5).tolist()
    assert np.abs(counts - PEOPLE.counts).max() <= 4


@pytest.mark.parametrize("method", [controlled, at_random])
def test_row_that_is_drawn_again_is_rounded_otherwise_sooner_or_later(method):
    draws = [np.where(np.arange(len(ONCE)) == 2, draw, ONCE) for draw in range(20)]
    assert len({method(PEOPLE, KEYS[0], each).counts[2].tobytes() for each in draws}) > 1


def test_rows_that_are_not_drawn_again_stay_as_they_were():
    again = ONCE.copy()
    again[2] = 1
    first, second = at_random(PEOPLE, KEYS[0], ONCE).counts, at_random(PEOPLE, KEYS[0], again).counts
    assert np.array_equal(np.delete(first, 2, axis=0), np.delete(second, 2, axis=0))
