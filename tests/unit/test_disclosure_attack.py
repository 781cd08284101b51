"""What an attacker finds out, worked out by hand."""

import numpy as np
import pytest

from outputs.disclosure.attack import Found, attack, printed
from outputs.disclosure.rounding import Rounding, controlled, nearest
from tests.counted_survey import ROUTINE_SUPERVISOR_UNKNOWN, SUPERVISING_PROFESSIONAL
from tests.made_up_truth import before, cell, mixed, truth

STATE, SELECTIVE = cell("school-type", "state"), cell("school-type", "state_selective")
FORTY = [*mixed("state", 20), *mixed("state_selective", 20)]


def found(of, rounding=None) -> set[Found]:
    return set(attack(of, rounding or nearest(of, b"", np.zeros(0))))


def of_schools(of) -> set[Found]:
    return {each for each in found(of) if of.shape.cells[each.cell][0] == "school-type"}


def alike(n: int):
    return truth([(SUPERVISING_PROFESSIONAL, n)])


# ------------------------------------------------------------------------------------------- everybody in one category


def test_thirteen_alike_round_up_to_fifteen_which_gives_them_away():
    of = alike(13)
    everybody = np.flatnonzero((of.rows[0].counts == 13) & of.telling)
    assert found(of) == {Found("certain", 0, int(place)) for place in everybody}
    assert len(everybody) == 5  # of seven tables, the two of imputed have a category that tells of nobody


@pytest.mark.parametrize("n", [12, 15, 16, 17])
def test_alike_that_may_be_one_fewer_give_nobody_away(n):
    # 12 go to 10, so 12 is the most; 15 to 17 may be 13 to 16. But 16 go to 15, of whom 17 may be: and 13 at least.
    assert found(alike(n)) == set()


def test_thirteen_alike_hold_where_either_neighbour_may_be_meant():
    of = alike(13)
    assert found(of, controlled(of, b"", np.zeros(len(of.rows), dtype=np.int64))) == set()


# ------------------------------------------------------------------------------------------------ known to a colleague


@pytest.mark.parametrize(("knows", "certain"), [(1, set()), (2, {Found("certain", 0, STATE)})])
def test_group_with_two_others_is_given_away_to_whoever_knows_both(knows, certain):
    # Thirteen and two of fifteen: thirteen go to 15, so 13 is the least; who knows the two knows all the others.
    of = truth([*mixed("state", 13), *mixed("state_selective", 2)], knows=knows)
    assert of_schools(of) == certain


def test_three_others_are_printed_as_five_and_give_nobody_away():
    of = truth([*mixed("state", 11), *mixed("state_selective", 3)], knows=5)
    assert of_schools(of) == set()


def test_row_in_which_nothing_is_printed_follows_from_the_others():
    # 23 of all go to 25, so 23 at least; 12 of north go to 10, so 12 at most: 11 of the other 11.
    north, rest = [*mixed("state", 12), *mixed("state_selective", 20)], [(SUPERVISING_PROFESSIONAL, 11)]
    of = truth([*north, *rest], {"north": north})
    assert [(each.where.group, each.shown, each.people) for each in of.rows] == [
        ("All", True, 43),
        ("north", True, 32),
        ("", False, 11),
    ]
    assert Found("certain", 2, STATE) in found(of)


# ------------------------------------------------------------------------------------------------------- known exactly


def test_three_of_sixteen_are_pinned_between_their_table_and_the_people():
    # Imputed 3 goes to 5, so 3 at least; not imputed 13 goes to 15, so 13 at least: of 16, exactly 3 and 13.
    of = truth([*mixed("state", 13), (ROUTINE_SUPERVISOR_UNKNOWN, 3)])
    assert Found("exact", 0, cell("nssec-5-imputed", "imputed")) in found(of)


def test_count_that_is_not_small_may_be_known():
    of = truth([*mixed("state", 13), (ROUTINE_SUPERVISOR_UNKNOWN, 3)], small=3)
    assert Found("exact", 0, cell("nssec-5-imputed", "imputed")) not in found(of)


def test_that_nobody_of_a_small_group_was_imputed_is_no_small_count():
    # 13 that were not imputed go to 15, so all 13 were not: that tells of nobody.
    of = truth([*mixed("state", 7), *mixed("state_selective", 6)], knows=1, small=20)
    assert found(of) == set()


def test_forty_mixed_people_give_nothing_away():
    assert found(truth(FORTY)) == set()


# ------------------------------------------------------------------------------------------------------------ two waves


def test_leaver_whose_category_drops_by_more_than_rounding_can_is_certain():
    # Then 23, printed as 25: 23 at least. Now 22, printed as 20: 22 at most. One left, nobody joined.
    then, now = (
        [*mixed("state", 23), *mixed("state_selective", 20)],
        [*mixed("state", 22), *mixed("state_selective", 20)],
    )
    of = truth(now, earlier=[before(then, joined=0, left=1)])
    assert Found("mover", 0, STATE) in found(of)


def test_leaver_whose_category_is_printed_the_same_is_not_found_out():
    then, now = (
        [*mixed("state", 22), *mixed("state_selective", 20)],
        [*mixed("state", 21), *mixed("state_selective", 20)],
    )
    of = truth(now, earlier=[before(then, joined=0, left=1)])
    assert {each for each in of_schools(of) if each.what == "mover"} == set()


def test_joiner_is_found_out_as_a_leaver_is():
    then, now = (
        [*mixed("state", 22), *mixed("state_selective", 20)],
        [*mixed("state", 23), *mixed("state_selective", 20)],
    )
    of = truth(now, earlier=[before(then, joined=1, left=0)])
    assert Found("mover", 0, STATE) in found(of)


def test_one_of_three_leavers_who_is_certain_is_found_out():
    # Whoever knows the other two knows of the third: 23 and now 20, printed as 25 and 20; 1 at least of the three.
    then, now = (
        [*mixed("state", 23), *mixed("state_selective", 20)],
        [*mixed("state", 22), *mixed("state_selective", 18)],
    )
    of = truth(now, earlier=[before(then, joined=0, left=3)])
    assert Found("mover", 0, STATE) in found(of)


def test_leavers_of_a_group_of_which_nearly_all_are_alike_tell_no_more_than_the_group_did():
    # 58 of 60 then, printed as 60: of nine who left, seven at least were in it, whatever is printed now.
    then = [*mixed("state", 58), *mixed("state_selective", 2)]
    now = [*mixed("state", 49), *mixed("state_selective", 2)]
    of = truth(now, knows=1, earlier=[before(then, joined=0, left=9)])
    assert {each for each in of_schools(of) if each.what == "mover"} == set()


def test_earlier_release_makes_a_small_count_exact():
    # Nobody came or went; then 8 was printed as 5 to 7, now 7 is.
    now = [*mixed("state", 30), *mixed("state_selective", 3)]
    earlier = before(now, joined=0, left=0)
    earlier.most[SELECTIVE] = 3
    assert Found("exact", 0, SELECTIVE) in found(truth(now, earlier=[earlier]))


def test_what_is_printed_of_a_row_that_is_not_shown_is_nothing():
    of = truth(FORTY, {"north": [*mixed("state", 15), *mixed("state_selective", 10)]})
    told = printed(of, Rounding("nearest", nearest(of, b"", np.zeros(0)).counts, 2))
    assert (told.least[2].max(), set(told.most[2].tolist())) == (0, {15})
