"""Headlines claim what survives every count that the rounding allows, and nothing else: cases worked out by hand."""

from fractions import Fraction

import pytest

from outputs import headlines
from outputs.shares import Spread, compared, in_words, spread
from questionnaire.engine.model import Category
from tests.unit.published import published, table

TWO = table(categories=[Category("yes", "Yes", "known"), Category("no", "No", "known")])


def of_groups(release):
    return headlines.of_groups(release, release.broken_down(release.tables[0])[0])


def standings(release) -> list[list[str]]:
    (broken_down,) = release.broken_down(release.tables[0])
    return [[headlines.standing(release, group, cell) for cell in group.cells[:2]] for group in broken_down.groups]


# Printed 60 and 40 of 100: the share of 60 lies from 58 in 58 + 42 to 62 in 62 + 38.
def test_spread_is_all_that_rounded_counts_allow():
    (everyone,) = published([60, 40], of=TWO).tables
    assert spread(everyone, everyone.cells[0], 2) == Spread(Fraction(58, 100), Fraction(62, 100))


def test_spread_of_exact_counts_is_one_number():
    (everyone,) = published([61, 39], of=TWO, exact=True).tables
    assert spread(everyone, everyone.cells[0], 0) == Spread(Fraction(61, 100), Fraction(61, 100))


# Printed 195 and 5 of 200: 193 in 193 + 7 is 96.5 per cent, but the symbol says 95 or more.
def test_spread_of_a_coded_share_is_what_its_symbol_says():
    (everyone,) = published([195, 5], of=TWO).tables
    assert [spread(everyone, cell, 2) for cell in everyone.cells] == [
        Spread(Fraction(95, 100), Fraction(1)),
        Spread(Fraction(0), Fraction(5, 100)),
    ]


@pytest.mark.parametrize(
    "counts", [[5, 4], [20, 20], [2, 40]], ids=["withheld", "base below fifty", "low in a base below fifty"]
)
def test_spread_of_a_share_that_is_not_shown_is_none(counts):
    (everyone,) = published(counts, of=TWO).tables
    assert spread(everyone, everyone.cells[0], 2) is None


def test_spreads_that_touch_are_not_different():
    half = Fraction(1, 2)
    assert compared(Spread(half, Fraction(1)), Spread(Fraction(0), half)) == 0
    assert compared(Spread(half, Fraction(1)), Spread(Fraction(0), half - Fraction(1, 1000))) == 1
    assert compared(Spread(Fraction(0), half), Spread(half + Fraction(1, 1000), Fraction(1))) == -1


# Printed 105 and 100: 103 is the least of the one, 102 the most of the other. Printed 100 and 100: neither.
def test_headline_names_the_largest_category_where_it_is_the_largest_for_every_count():
    release = published([105, 100, 50, 45])
    assert headlines.of_table(release, release.tables[0]) == headlines.Headline(
        "“High” is the largest category: 41 per cent of those whose answer is known.",
        "Left out, as a share of those asked: 15 per cent, between 14 and 16 (“Unknown”).",
    )


def test_headline_names_no_largest_category_where_rounding_may_hide_another():
    release = published([100, 100, 50, 0])
    assert headlines.of_table(release, release.tables[0]).claim == (
        "No clear difference between the largest categories: “High” (40 per cent) and “Middle” (40 per cent)."
    )


def test_headline_under_a_rounding_that_moves_counts_further_claims_less():
    release = published([105, 100, 50, 45], rounding={"method": "controlled", "to": 5, "within": 4})
    assert headlines.of_table(release, release.tables[0]).claim == (
        "No clear difference between the largest categories: “High” (41 per cent) and “Middle” (39 per cent)."
    )


def test_headline_of_a_withheld_table_says_so_and_no_more():
    release = published([5, 4, 0, 0])
    assert str(headlines.of_table(release, release.tables[0])) == "Withheld to protect the people who answered."


def test_headline_of_a_base_below_fifty_gives_no_share():
    release = published([20, 10, 10, 0])
    found = headlines.of_table(release, release.tables[0])
    assert found.claim == "So few answers are known that no share is given."
    assert found.cautions == ("No share is given of All. That says nothing about them, except that they are few.",)


def test_headline_of_a_coded_share_says_what_the_symbol_says():
    release = published([995, 5, 5, 0])
    assert headlines.of_table(release, release.tables[0]).claim == (
        "“High” is the largest category: 95 per cent or more of those whose answer is known."
    )


# A of 200: 110 is at least 108 in 200, 54 %; B of 200: 100 at most 102 in 200, 51 %. With 105, 103 in 200 is still more
# than 102 in 200. Both at 100: no difference.
@pytest.mark.parametrize(("yes", "percent"), [(110, 55), (105, 53)])
def test_headline_by_group_claims_a_difference_that_survives_every_count(yes, percent):
    release = published({"All": [yes + 100, 300 - yes], "A": [yes, 200 - yes], "B": [100, 100]}, of=TWO)
    assert of_groups(release).claim == f"“Yes” is a larger share in A ({percent} per cent) than in B (50 per cent)."


# 105 and 100 again, but counts may be moved by 4: 101 in 200 against 104 in 200.
@pytest.mark.parametrize(
    ("yes", "facts"), [(100, {}), (105, {"rounding": {"method": "controlled", "to": 5, "within": 4}})]
)
def test_headline_by_group_claims_no_difference_that_rounding_may_have_made(yes, facts):
    release = published({"All": [yes + 100, 300 - yes], "A": [yes, 200 - yes], "B": [100, 100]}, of=TWO, **facts)
    assert of_groups(release).claim == "No clear difference by Grade."


# Printed 35 of 60 is 33 to 37 of 60; 30 of 60 is 28 to 32 of 60: clear. And the ranges stand beside small percentages.
def test_headline_by_group_of_few_people_gives_the_range_and_says_what_not_to_conclude():
    release = published({"All": [65, 55], "A": [35, 25], "B": [30, 30]}, of=TWO)
    found = of_groups(release)
    assert found.claim == (
        "“Yes” is a larger share in A (58 per cent, between 55 and 62) than in B (50 per cent, between 46 and 54)."
    )
    assert [caution.split(".")[0] for caution in found.cautions] == ["Few people: A and B"]


def test_headline_by_group_names_the_share_that_is_left_out_in_both_groups():
    release = published({"All": [300, 60, 40, 100], "A": [180, 10, 10, 50], "B": [120, 50, 30, 50]})
    assert of_groups(release).unknown == (
        "Left out, as a share of those asked: 20 per cent, between 18 and 22 in A and "
        "20 per cent, between 18 and 22 in B (“Unknown”)."
    )


def test_headline_by_group_takes_the_widest_clear_difference():
    release = published({"All": [220, 130, 50, 0], "A": [120, 60, 20, 0], "B": [100, 70, 30, 0]})
    assert of_groups(release).claim == "“High” is a larger share in A (60 per cent) than in B (50 per cent)."


def test_headline_by_group_of_one_group_that_is_shown_compares_nothing():
    release = published({"All": [120, 100], "A": [105, 95], "B": [15, 5]}, of=TWO)
    found = of_groups(release)
    assert found.claim == "Too few groups have shares that can be compared."
    assert found.cautions == ("No share is given of B. That says nothing about them, except that they are few.",)


# Everyone 500 of 1000 is 49.8 to 50.2 %; A 110 of 200 is 54 to 56; B 100 of 200 is 49 to 51; C 90 of 200 is 44 to 46.
def test_standing_beside_everyone_is_told_only_where_it_is_clear():
    groups = {"A": [110, 90], "B": [100, 100], "C": [90, 110], "D": [20, 20]}
    release = published({"All": [500, 500]} | groups, of=TWO)
    above, below, unclear = headlines.ABOVE, headlines.BELOW, headlines.UNCLEAR
    assert standings(release) == [[above, below], [unclear, unclear], [below, above], ["", ""]]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([60, 140], ["30 per cent", "70 per cent"]),
        ([30, 30], ["50 per cent, between 46 and 54"] * 2),
        ([195, 5], ["95 per cent or more", "5 per cent or less"]),
        ([198, 2], ["95 per cent or more", "low, few or nobody"]),
        ([20, 20], ["not available", "not available"]),
        ([4, 4], ["confidential", "confidential"]),
    ],
)
def test_share_in_words_is_the_number_or_what_its_symbol_says(counts, words):
    (everyone,) = published(counts, of=TWO).tables
    assert [in_words(cell.percent_known) for cell in everyone.cells] == words
