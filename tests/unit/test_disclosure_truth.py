"""How rows add up: groups to everybody, crossings to the groups of both breakdowns, and whoever is in none of them."""

import numpy as np

from outputs.disclosure.protected import EVERYONE, Where
from outputs.disclosure.truth import Atoms, Row, by_cell, linked
from outputs.earlier_releases import Before, gone, matching
from tests.made_up_truth import mixed, row, shaped

GRADES, SITES, BOTH = "grade", "site", "grade_by_site"


def line(people: int, breakdown: str = "", of: tuple[str, ...] = (), *groups: tuple[str, ...]) -> tuple[Row, Atoms]:
    """A row of so many people, all in the one category there is; of everybody where no group is named."""
    where = Where(breakdown, "_".join("".join(group) for group in groups), "") if of else EVERYONE
    return Row(where, np.array([people]), people), Atoms(of, frozenset(groups or {()}))


def grade(people: int, *codes: str):
    return line(people, GRADES, (GRADES,), *((code,) for code in codes))


def site(people: int, *codes: str):
    return line(people, SITES, (SITES,), *((code,) for code in codes))


def both(people: int, *pairs: tuple[str, str]):
    return line(people, BOTH, (GRADES, SITES), *pairs)


def adds_up(rows, sums) -> bool:
    return all(
        sum(rows[place].counts for place in whole) == sum(rows[place].counts for place in parts)
        and sum(rows[place].people for place in whole) == sum(rows[place].people for place in parts)
        for whole, parts in sums
    )


def test_groups_that_hold_everybody_add_up_to_everybody():
    rows, sums = linked([line(30), grade(12, "a"), grade(18, "b")])
    assert (len(rows), sums, adds_up(rows, sums)) == (3, (((0,), (1, 2)),), True)


def test_people_in_no_group_are_a_row_of_which_nothing_is_shown():
    rows, sums = linked([line(30), grade(12, "a"), grade(11, "b")])
    assert sums == (((0,), (1, 2, 3)),)
    assert [(each.people, int(each.counts[0]), each.shown) for each in rows[3:]] == [(7, 7, False)]


def test_each_breakdown_adds_up_by_itself():
    _rows, sums = linked([line(30), grade(12, "a"), grade(18, "b"), site(10, "n"), site(20, "s")])
    assert sums == (((0,), (1, 2)), ((0,), (3, 4)))


def test_crossing_adds_up_to_the_groups_of_both_breakdowns():
    rows, sums = linked(
        [
            line(40),
            grade(18, "a"),
            grade(22, "b"),
            site(20, "n"),
            site(20, "s"),
            both(10, ("a", "n")),
            both(8, ("a", "s")),
            both(10, ("b", "n")),
            both(12, ("b", "s")),
        ]
    )
    assert set(sums) == {
        ((0,), (1, 2)),
        ((0,), (3, 4)),
        ((1,), (5, 6)),
        ((2,), (7, 8)),
        ((3,), (5, 7)),
        ((4,), (6, 8)),
    }
    assert adds_up(rows, sums)


def test_crossing_group_that_lies_in_two_groups_adds_up_to_both_together():
    _rows, sums = linked(
        [
            line(40),
            grade(10, "a"),
            grade(18, "b"),
            grade(12, "c"),
            both(9, ("a", "n")),
            both(19, ("a", "s"), ("b", "n"), ("b", "s")),
            both(12, ("c", "n"), ("c", "s")),
        ]
    )
    assert set(sums) == {((0,), (1, 2, 3)), ((1, 2), (4, 5)), ((3,), (6,))}


def test_crossing_with_people_of_one_breakdown_only_has_a_rest_in_each_group():
    rows, sums = linked([line(40), grade(18, "a"), grade(22, "b"), both(10, ("a", "n")), both(22, ("b", "n"))])
    assert set(sums) == {((0,), (1, 2)), ((1,), (3, 5)), ((2,), (4,))}
    assert (rows[5].people, rows[5].shown, adds_up(rows, sums)) == (8, False, True)


def test_crossing_without_its_breakdowns_adds_up_to_everybody():
    _rows, sums = linked([line(40), both(10, ("a", "n")), both(30, ("b", "n"))])
    assert sums == (((0,), (1, 2)),)


def test_counts_of_a_row_by_cell():
    found = by_cell(shaped(), row(mixed("state", 7)).counts)
    assert (found["school-type", "state"], sum(found.values())) == (7, 7 * len(shaped().tables))


# ------------------------------------------------------------------------------------------- what was printed before


def then(people: int) -> Before:
    return Before(np.array([people]), people, np.array([people - 2]), np.array([people + 2]))


def matched(before, rows) -> list[tuple[tuple[int, ...], int]]:
    """Places and the people of what was printed of them before."""
    return sorted((places, each.people) for places, each in matching(before, rows))


NOW = [line(40), grade(12, "a"), grade(18, "b"), grade(10, "c")]
EVERYBODY = ("organisation", frozenset({()}))


def made(*codes: str):
    return GRADES, frozenset((code,) for code in codes)


def test_rows_of_the_same_groups_are_laid_beside_each_other():
    before = {EVERYBODY: then(41), made("a"): then(13), made("b"): then(18)}
    assert matched(before, NOW) == [((0,), 41), ((1,), 13), ((2,), 18)]


def test_groups_that_were_one_then_are_laid_together():
    assert matched({made("a", "b"): then(31), made("c"): then(10)}, NOW) == [((1, 2), 31), ((3,), 10)]


def test_groups_that_are_one_now_are_laid_beside_all_they_were():
    rows = [line(40), grade(30, "a", "b"), grade(10, "c")]
    (places, before), *others = matching({made("a"): then(13), made("b"): then(18)}, rows)
    assert (places, before.people, before.least.tolist(), before.most.tolist(), others) == ((1,), 31, [27], [35], [])


def test_groups_put_together_otherwise_are_laid_beside_each_other_as_a_whole():
    rows = [line(40), grade(12, "a"), grade(28, "b", "c")]
    assert matched({made("a", "b"): then(31), made("c"): then(10)}, rows) == [((1, 2), 41)]


def test_row_of_which_a_part_is_missing_then_or_now_is_not_compared():
    assert matched({made("a", "d"): then(20)}, NOW) == []


def test_row_that_is_not_shown_is_not_compared():
    hidden = (Row(Where(GRADES, "a", ""), np.array([12]), 12, shown=False), NOW[1][1])
    assert matched({made("a"): then(13)}, [line(40), hidden]) == []


def test_fewest_who_can_have_gone_is_what_the_table_with_most_moves_tells():
    before, now = row([*mixed("state", 9), *mixed("outside_uk", 3)]), row([*mixed("state", 6), *mixed("outside_uk", 6)])
    assert (gone(before.counts, now.counts, shaped()), gone(before.counts, before.counts, shaped())) == (3, 0)


def test_compared_row_tells_who_came_and_went():
    now, before = row(mixed("state", 20)), row(mixed("state", 22))
    same = Before(before.counts, 22, before.counts, before.counts).compared(0, now, shaped())
    assert (same.left, same.joined) == (2, 0)
