"""Two groups put together where the attack on a release shows that they must be."""

import pytest

from outputs.further_merging import merged_further
from questionnaire.merging import OTHERS, OTHERS_TITLE
from questionnaire.selectors import CountedBreakdown, CountedGroup

SIZES = {"a": 30, "b": 12, "c": 40, "d": 11, OTHERS: 15}


def breakdown(shape: str, *codes: str, **parents: str) -> CountedBreakdown:
    """Groups by these codes; one that was merged has the codes of its members before a colon."""
    groups = []
    for each in codes:
        code, _colon, members = each.partition(":")
        parts = tuple(members.split("+")) if members else (code,)
        groups.append(
            CountedGroup(
                code,
                code.upper(),
                tuple(part.upper() for part in parts),
                parts,
                tuple((part,) for part in parts),
                100,
                {("t", "x"): SIZES.get(code, 10)},
            )
        )
    names = {part: part.upper() for group in groups for part in group.codes} | {each: each.upper() for each in parents}
    names |= {above: above.upper() for above in parents.values()}
    return CountedBreakdown("of", "Of", shape, ("of",), names, parents, tuple(groups))


def merged(of: CountedBreakdown, code: str, **sizes: int) -> list[tuple[str, str, str]]:
    """(code, title, members) of each group afterwards."""
    found = merged_further(of, code, {group.code: 10 for group in of.groups} | SIZES | sizes)
    return [(group.code, group.title, "+".join(group.codes)) for group in found.groups]


def test_order_joins_the_smaller_neighbour():
    assert merged(breakdown("order", "a", "b", "c", "d"), "b") == [
        ("a_to_b", "A to B", "a+b"),
        ("c", "C", "c"),
        ("d", "D", "d"),
    ]


def test_order_at_the_end_joins_its_only_neighbour():
    assert merged(breakdown("order", "a", "b", "c", "d"), "d")[-1] == ("c_to_d", "C to D", "c+d")


def test_order_joins_runs():
    assert merged(breakdown("order", "a_to_b:a+b", "c", "d"), "a_to_b")[0] == ("a_to_c", "A to C", "a+b+c")


def test_flat_joins_the_smallest_as_other_groups():
    assert merged(breakdown("flat", "a", "b", "c", "d"), "a") == [
        (OTHERS, OTHERS_TITLE, "a+d"),
        ("b", "B", "b"),
        ("c", "C", "c"),
    ]


def test_flat_joins_the_other_groups_where_there_are_any():
    of = breakdown("flat", "a", "c", f"{OTHERS}:x+y")
    assert merged(of, "a") == [(OTHERS, OTHERS_TITLE, "a+x+y"), ("c", "C", "c")]


def test_tree_joins_the_smallest_of_the_same_department():
    of = breakdown("tree", "a", "b", "c", "d", a="top", b="top", c="top", d="else")
    assert merged(of, "a") == [("rest_of_top", "Rest of TOP", "a+b"), ("c", "C", "c"), ("d", "D", "d")]


def test_tree_group_alone_in_its_department_joins_the_others():
    of = breakdown("tree", "a", "b", f"{OTHERS}:x+y", a="top", b="else")
    assert merged(of, "a") == [(OTHERS, OTHERS_TITLE, "a+x+y"), ("b", "B", "b")]


def test_tree_names_the_lowest_that_holds_all_members():
    # The rest of department a (a and its team) joins department z, beside it in top: not the rest of a.
    of = breakdown("tree", "rest_of_a:a+team", "z", "c", team="a", a="top", z="top", c="else")
    assert merged(of, "rest_of_a")[0] == ("rest_of_top", "Rest of TOP", "a+team+z")


def test_tree_department_is_its_own_rest():
    of = breakdown("tree", "a", "one", "c", "z", one="a", two="a", z="else")
    assert merged(breakdown("tree", "rest_of_a:a+two", "one", "c", "z", one="a", two="a"), "one")[0] == (
        "rest_of_a",
        "Rest of A",
        "a+two+one",
    )
    assert merged(of, "one", c=5)[1][0] == OTHERS


def test_name_that_a_third_group_has_is_not_taken():
    of = breakdown("tree", "a", "b", "rest_of_top:x+y", "c", a="top", b="top", x="top", y="top")
    assert merged(of, "a", rest_of_top=99)[0] == ("a_and_b", "A and B", "a+b")


@pytest.mark.parametrize("shape", ["flat", "order", "tree"])
def test_nothing_is_left_where_only_two_are(shape):
    assert merged(breakdown(shape, "a", "b"), "a") == []


def test_counts_headcounts_and_members_are_added():
    of = breakdown("flat", "a", "b", "c")
    together = merged_further(of, "a", SIZES).groups[0]
    assert (dict(together.counts), together.headcount, together.members, together.crossed) == (
        {("t", "x"): 42},
        200,
        ("A", "B"),
        (("a",), ("b",)),
    )
