"""What is said of several categories together, from printed figures alone. Expected values were worked out by hand."""

from decimal import Decimal

import pytest

from outputs.combined import is_at_least, is_at_most, share_of
from tests.printed_release import printed_release, printed_table

rounded, exact = printed_release(), printed_release(policy="exact", within=0)


def share(counts, *codes, of=rounded, base="known") -> tuple[str, str]:
    """The share as it is printed, and the range beside it."""
    found = share_of(of, printed_table(counts), codes, base)
    return str(found), found.between


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        ({"a": 30, "b": 30, "c": 140}, ("30", "")),
        ({"a": 20, "b": 10, "c": 50}, ("38", "33 to 42")),  # 26 of 78 to 34 of 82
        ({"a": 10, "b": 10, "c": 20}, ("[x]", "")),  # a base of 40
        ({"a": 0, "b": 0, "c": 200}, ("[low]", "")),
        ({"a": 5, "b": 5, "c": 190}, ("[5-]", "")),
        ({"a": 100, "b": 90, "c": 10}, ("[95+]", "")),
        ({"a": "[c]", "b": 30, "c": 140}, ("[c]", "")),
        ({"a": 30, "b": 30, "c": "[c]"}, ("[c]", "")),
        ({"a": 30, "c": 140}, ("[x]", "")),  # a standard that no longer has the category
    ],
)
def test_share_of_two_categories_is_coded_as_the_release_codes_shares(counts, printed):
    assert share(counts, "a", "b") == printed


def test_share_of_one_category_is_the_printed_one():
    counts = {"a": 30, "b": 30, "unknown": 140}
    assert [share(counts, "a", base=base)[0] for base in ("known", "asked")] == ["known", "asked"]


def test_share_of_base_asked_counts_who_did_not_say():
    counts = {"a": 30, "b": 30, "c": 40, "unknown": 100}
    assert [share(counts, "a", "b", base=base)[0] for base in ("known", "asked")] == ["60", "30"]


def test_share_in_an_exact_release_has_one_decimal_and_is_coded_by_nothing():
    assert share({"a": 1, "b": 1, "c": 31}, "a", "b", of=exact) == ("6.1", "")
    assert share({"a": 1, "b": 2, "c": 997}, "a", "b", of=exact) == ("0.3", "")


def test_share_of_nobody_in_an_exact_release_is_not_available():
    assert share({"a": 0, "b": 0, "c": 0}, "a", "b", of=exact) == ("[x]", "")


# 200 of 500 printed, each count within 2: the true share lies between 198 of 500 (39.6) and 202 of 500 (40.4).
@pytest.mark.parametrize(
    ("mark", "at_least", "at_most"),
    [
        ("39.5", True, False),
        ("39.6", True, None),
        ("40", None, None),
        ("40.4", None, True),
        ("40.5", False, True),
    ],
)
def test_mark_is_decided_only_where_every_count_that_rounding_allows_agrees(mark, at_least, at_most):
    table = printed_table({"a": 200, "b": 300})
    assert is_at_least(rounded, table, ["a"], Decimal(mark)) is at_least
    assert is_at_most(rounded, table, ["a"], Decimal(mark)) is at_most


def test_mark_is_decided_to_the_person_in_an_exact_release():
    table = printed_table({"a": 200, "b": 300})
    assert [is_at_least(exact, table, ["a"], Decimal(mark)) for mark in ("40", "40.01")] == [True, False]


@pytest.mark.parametrize("counts", [{"a": "[c]", "b": "[c]"}, {"b": 100, "c": 100}])
def test_mark_cannot_be_decided_of_what_is_withheld_or_not_there(counts):
    assert is_at_least(rounded, printed_table(counts), ["a"], Decimal(40)) is None


def test_low_count_may_be_two():
    table = printed_table({"a": 0, "b": 100})
    # 0 to 2 of up to 102: 2 of 100 at most.
    marks = (Decimal("0"), Decimal("1"), Decimal("2.1"))
    assert [is_at_least(rounded, table, ["a"], mark) for mark in marks] == [True, None, False]
