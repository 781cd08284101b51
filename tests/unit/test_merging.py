"""Merging small groups: every group is in one that is shown, none that is shown is too small, and it never varies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.merging import OTHERS, OTHERS_TITLE, Merged, Size, merge

SHAPES = ("flat", "order", "tree")


def sizes(*each: tuple) -> list[Size]:
    """Groups a, b, c … from (responses), (responses, substantive) or (responses, substantive, parent)."""
    return [
        Size(code, code.upper(), numbers[0], numbers[1] if len(numbers) > 1 else numbers[0], *numbers[2:])
        for code, numbers in zip("abcdefghij", each, strict=False)
    ]


def within(**parents: tuple[int, str]) -> list[Size]:
    """Groups of a tree: name=(responses, parent)."""
    return [Size(code, code.upper(), n, n, parent) for code, (n, parent) in parents.items()]


def shown(groups: list[Size], shape: str, minimum: int = 20) -> list[tuple[str, str, str]]:
    """(code, title, members joined) of each merged group."""
    return [(each.code, each.title, "+".join(each.members)) for each in merge(groups, shape, minimum)]


@st.composite
def breakdowns(draw) -> list[Size]:
    """Groups in any number and of any size, each part of any other, of itself, of none or of what does not exist."""
    codes = [f"g{number}" for number in range(draw(st.integers(0, 12)))]
    groups = []
    for code in codes:
        responses = draw(st.integers(0, 60))
        substantive = draw(st.integers(0, responses))
        parent = draw(st.sampled_from(["", "", "nowhere", *codes]))
        groups.append(Size(code, code.upper(), responses, substantive, parent))
    return groups


@pytest.mark.parametrize("shape", SHAPES)
def test_groups_that_are_large_enough_stay_as_they_are(shape):
    assert shown(sizes((20,), (25,), (30,)), shape) == [("a", "A", "a"), ("b", "B", "b"), ("c", "C", "c")]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("groups", [[], sizes((100,)), sizes((19,), (19,)), sizes((100,), (19,))])
def test_nothing_is_shown_where_one_group_or_none_is_left(groups, shape):
    assert merge(groups, shape, 20) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_too_few_substantive_answers_are_too_few(shape):
    assert merge(sizes((30, 19), (30, 30)), shape, 20) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_others_with_too_few_substantive_answers_take_in_more(shape):
    groups = sizes((40,), (30,), (25, 19), (25, 0))
    assert [members for _code, _title, members in shown(groups, shape)] == ["a", "b+c+d"]


def test_flat_small_groups_become_one_group_of_others_at_the_end():
    assert shown(sizes((12,), (40,), (11,), (30,)), "flat") == [
        ("b", "B", "b"),
        ("d", "D", "d"),
        (OTHERS, OTHERS_TITLE, "a+c"),
    ]


def test_flat_others_that_are_too_few_take_in_the_smallest_group():
    assert shown(sizes((5,), (40,), (25,), (30,)), "flat") == [
        ("b", "B", "b"),
        ("d", "D", "d"),
        (OTHERS, OTHERS_TITLE, "a+c"),
    ]


def test_flat_of_groups_alike_the_last_is_taken_in():
    assert shown(sizes((30,), (30,), (5,)), "flat") == [("a", "A", "a"), (OTHERS, OTHERS_TITLE, "b+c")]


def test_flat_group_in_which_nobody_answered_is_put_with_others():
    assert shown(sizes((30,), (0,), (40,)), "flat") == [("c", "C", "c"), (OTHERS, OTHERS_TITLE, "a+b")]


def test_order_small_group_joins_the_next():
    assert shown(sizes((5,), (30,), (30,)), "order") == [("a_to_b", "A to B", "a+b"), ("c", "C", "c")]


def test_order_small_groups_at_the_end_join_the_run_before_them():
    assert shown(sizes((30,), (30,), (5,), (4,)), "order") == [("a", "A", "a"), ("b_to_d", "B to D", "b+c+d")]


def test_order_small_groups_side_by_side_join_each_other():
    assert shown(sizes((10,), (10,), (10,), (10,)), "order") == [
        ("a_to_b", "A to B", "a+b"),
        ("c_to_d", "C to D", "c+d"),
    ]


def test_tree_small_team_joins_the_rest_of_its_department():
    groups = within(a=(25, ""), team=(5, "a"), large=(30, "a"), b=(30, ""))
    assert shown(groups, "tree") == [
        ("rest_of_a", "Rest of A", "a+team"),
        ("large", "LARGE", "large"),
        ("b", "B", "b"),
    ]


def test_tree_small_team_takes_in_the_smallest_of_its_department_and_of_no_other():
    groups = within(a=(0, ""), team=(5, "a"), large=(30, "a"), larger=(31, "a"), b=(20, ""))
    assert shown(groups, "tree") == [
        ("rest_of_a", "Rest of A", "a+team+large"),
        ("larger", "LARGER", "larger"),
        ("b", "B", "b"),
    ]


def test_tree_department_of_which_no_team_is_large_enough_is_shown_whole():
    groups = within(a=(0, ""), one=(12, "a"), two=(12, "a"), b=(30, ""))
    assert shown(groups, "tree") == [("a", "A", "a+one+two"), ("b", "B", "b")]


def test_tree_department_without_people_of_its_own_costs_no_team():
    groups = within(a=(0, ""), one=(20, "a"), two=(20, "a"), b=(0, ""), three=(20, "b"))
    assert shown(groups, "tree") == [("one", "ONE", "a+one"), ("two", "TWO", "two"), ("three", "THREE", "b+three")]


def test_tree_team_in_which_nobody_answered_joins_another_of_its_department():
    groups = within(a=(0, ""), one=(20, "a"), two=(0, "a"), b=(20, ""))
    assert shown(groups, "tree") == [("a", "A", "a+one+two"), ("b", "B", "b")]


def test_tree_small_departments_are_the_other_groups_combined():
    groups = within(a=(30, ""), b=(30, ""), c=(12, ""), d=(5, ""), team=(5, "d"))
    assert shown(groups, "tree") == [("a", "A", "a"), ("b", "B", "b"), (OTHERS, OTHERS_TITLE, "c+d+team")]


def test_tree_joins_up_through_every_level():
    groups = within(top=(0, ""), middle=(3, "top"), low=(4, "middle"), other=(15, "top"), b=(20, ""))
    assert shown(groups, "tree") == [("top", "TOP", "top+middle+low+other"), ("b", "B", "b")]


@pytest.mark.parametrize(
    ("shape", "code", "groups"),
    [
        ("flat", "other-groups-combined", [30, 12, 40, 11]),
        ("order", "a-to-b", [12, 12, 30]),
        ("tree", "rest-of-a", [30, 30]),
    ],
)
def test_no_group_can_have_the_name_of_a_merged_one(shape, code, groups):
    named = [Size(code, "Named so", 30, 30), *sizes(*((n,) for n in groups))]
    codes = [each.code for each in merge(named, shape, 20)]
    assert (codes.count(code), len(set(codes))) == (1, len(codes))


@pytest.mark.parametrize("shape", SHAPES)
@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_every_group_is_in_exactly_one_merged_group(shape, groups, minimum):
    merged = merge(groups, shape, minimum)
    members = sorted(code for each in merged for code in each.members)
    assert members == (sorted(group.code for group in groups) if merged else [])


@pytest.mark.parametrize("shape", SHAPES)
@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_no_merged_group_is_below_the_minimum(shape, groups, minimum):
    by_code = {group.code: group for group in groups}
    for each in merge(groups, shape, minimum):
        assert sum(by_code[code].responses for code in each.members) >= minimum
        assert sum(by_code[code].substantive for code in each.members) >= minimum


@pytest.mark.parametrize("shape", SHAPES)
@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_merged_groups_are_several_or_none_and_have_names_of_their_own(shape, groups, minimum):
    merged = merge(groups, shape, minimum)
    assert len({each.code for each in merged}) == len(merged) != 1


@pytest.mark.parametrize("shape", SHAPES)
@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_merging_is_the_same_every_time_and_members_are_in_order(shape, groups, minimum):
    merged = merge(groups, shape, minimum)
    order = [group.code for group in groups]
    assert merge(list(groups), shape, minimum) == merged
    assert [list(each.members) for each in merged] == [sorted(each.members, key=order.index) for each in merged]


@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_order_joins_neighbours_only(groups, minimum):
    merged = merge(groups, "order", minimum)
    assert [code for each in merged for code in each.members] == ([group.code for group in groups] if merged else [])


@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_flat_shows_every_large_group_but_one_at_most(groups, minimum):
    merged = merge(groups, "flat", minimum)
    large = {group.code for group in groups if group.responses >= minimum <= group.substantive}
    alone = {each.code for each in merged if each.code != OTHERS}
    assert not merged or (alone <= large and len(large - alone) <= 1)


@given(groups=breakdowns(), minimum=st.integers(1, 40))
def test_tree_shows_each_group_under_its_own_name_or_that_of_something_above_it(groups, minimum):
    """Or with the other groups, or as a part of the rest; nothing is ever put under a strange department's name."""
    parents = {group.code: group.parent for group in groups}

    def above(code: str) -> set[str]:
        found: set[str] = set()
        while code in parents and code not in found:
            found.add(code)
            code = parents[code]
        return found

    containers = set(parents.values())
    for each in merge(groups, "tree", minimum):
        named = each.code.removeprefix("rest_of_")
        strange = {code for code in each.members if named not in above(code)} - containers
        assert each.code == OTHERS or strange == set()


def test_merged_group_keeps_its_members_in_the_breakdowns_order():
    groups = [Size("z", "Z", 5, 5), Size("m", "M", 50, 50), Size("a", "A", 50, 50), Size("b", "B", 19, 19)]
    assert merge(groups, "flat", 20)[-1] == Merged(OTHERS, OTHERS_TITLE, ("z", "b"))
