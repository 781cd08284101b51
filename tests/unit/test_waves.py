"""Waves side by side: which differences are claimed, by hand-worked cases, and where the series is broken."""

from copy import deepcopy

import pytest

from outputs.beside import change
from outputs.wave_breaks import break_of_breakdown, breaks, breaks_of_table
from outputs.waves import Waves
from tests.hand_made_release import FACTS, GRADE, GRADES, JUNIOR, SENIOR, made, table


def changed(before, here, *, within=2, within_before=2) -> str:
    """How the share of the first category has changed, between tables with these counts."""
    then, now = (
        made(each, rounding={"method": "nearest", "to": 5, "within": by})
        for each, by in ((before, within_before), (here, within))
    )
    return change((then, before, "blue"), (now, here, "blue"))


def counts(blue: int, red: int, unknown: int = 0, **others):
    return table({"blue": blue, "red": red}, unknown, **others)


@pytest.mark.parametrize(
    ("before", "here", "expected"),
    [
        # 60 of 100 is 58 to 62 in 100; 55 of 100 is 53 to 57: the ranges do not meet.
        ((55, 45), (60, 40), "higher"),
        ((60, 40), (55, 45), "lower"),
        # 30 of 50 is 28 to 32 in 50, that is 56 to 64 per cent: it holds all of 58 to 62.
        ((30, 20), (60, 40), "no clear difference"),
        ((60, 40), (60, 40), "no clear difference"),
        # Printed as low: at most 2 of 50. 5 of 50 is at least 3 of 50.
        ((5, 45), (0, 50), "lower"),
        ((0, 50), (5, 45), "higher"),
        # At most 2 of 20 against at least 3 of 50.
        ((0, 20), (5, 45), "no clear difference"),
        # Nobody need be in either base.
        ((0, 0), (60, 40), "no clear difference"),
    ],
)
def test_change_is_claimed_only_where_it_survives_rounding(before, here, expected):
    assert changed(counts(*before), counts(*here)) == expected


def test_change_between_ranges_that_just_meet_is_not_claimed():
    # 40 of 100 within 2 is at most 42; 44 of 100 within 2 is at least 42.
    assert changed(counts(40, 60), counts(44, 56)) == "no clear difference"
    assert changed(counts(40, 60), counts(45, 55)) == "higher"


def test_change_takes_each_release_by_its_own_rounding():
    assert changed(counts(55, 45), counts(60, 40), within_before=4) == "no clear difference"
    assert changed(counts(55, 45), counts(60, 40), within=0, within_before=4) == "higher"


def test_change_of_exact_counts_is_any_difference():
    exact = {"within": 0, "within_before": 0}
    assert changed(counts(600, 400), counts(610, 390), **exact) == "higher"
    assert changed(counts(600, 400), counts(60, 40), **exact) == "no clear difference"


def test_change_that_is_certain_but_reads_the_same_is_not_claimed():
    # Of 20,000, 25.00 and 25.35 per cent: the ranges do not meet, and both are printed as 25.
    assert changed(counts(5000, 15000), counts(5070, 14930)) == "no clear difference"


def test_change_does_not_depend_on_who_is_outside_base_known():
    assert changed(counts(55, 45, 500), counts(60, 40, 5)) == "higher"


@pytest.mark.parametrize("symbol", ["[c]", "[x]"])
def test_change_of_what_is_withheld_in_either_wave_is_its_symbol(symbol):
    assert changed(counts(55, 45, status=symbol), counts(60, 40)) == symbol
    assert changed(counts(55, 45), counts(60, 40, status=symbol)) == symbol


# ------------------------------------------------------------------------------------------------------------- tables


def beside(*tables, **facts):
    """What stands side by side of the newest wave's table (the last) and the earlier ones', oldest first."""
    *earlier, newest = (made(each, survey=f"wave-{place}", **facts) for place, each in enumerate(tables, 1))
    return Waves(newest, tuple(reversed(earlier))).everyone(tables[-1])


def test_waves_stand_in_the_order_of_time_with_the_change_since_the_last():
    found = beside(counts(5, 95), counts(55, 45, 20), counts(60, 40, 30))
    assert [(str(wave), mark) for wave, mark in found.waves] == [
        ("Wave-1, release 1", ""),
        ("Wave-2, release 1", ""),
        ("Wave-3, release 1", ""),
    ]
    assert [(row.label, [str(figure) for figure in row.figures], row.change) for row in found.rows] == [
        ("Blue", ["5", "55", "60"], "higher"),
        ("Red", ["95", "45", "40"], "lower"),
    ]
    assert [(row.label, [str(figure) for figure in row.figures]) for row in found.bases] == [
        ("Base asked", ["100", "120", "130"]),
        ("Base known", ["100", "100", "100"]),
    ]
    assert found.width == 5


def test_sentence_names_what_is_clearly_different_and_on_how_many_it_stands():
    assert beside(counts(55, 45, 20), counts(60, 40, 30)).sentence == (
        "Compared with Wave-1, release 1, higher: “Blue”; lower: “Red”. "
        "The category is known of 100 of 130 asked; before, of 100 of 120."
    )


def test_sentence_without_a_clear_difference_says_so():
    assert beside(counts(30, 20), counts(60, 40)).sentence == (
        "No clear difference from Wave-1, release 1. The category is known of 100 of 100 asked; before, of 50 of 50."
    )


def test_sentence_where_figures_are_withheld_claims_nothing():
    assert beside(counts(30, 20, status="[c]"), counts(60, 40)).sentence == (
        "Too little is shown to compare this with Wave-1, release 1."
    )


def test_table_that_no_earlier_wave_has_stands_alone():
    found = beside(table({"blue": 5, "green": 5}), counts(60, 40))
    assert ([row.change for row in found.rows], found.before, found.sentence, found.width) == (["", ""], None, "", 2)


def test_wave_that_is_not_like_the_newest_is_marked_and_no_difference_is_claimed():
    then, now = made(counts(5, 95), survey="then", access="open_link"), made(counts(60, 40), survey="now")
    found = Waves(now, (then,)).everyone(now.tables[0])
    assert [mark for _wave, mark in found.waves] == ["[b]", ""]
    assert [row.change for row in found.rows] == ["[b]", "[b]"]
    assert found.sentence == "[b] Break in the series: no difference from Then, release 1 is claimed."


def test_tables_that_only_count_what_was_imputed_are_not_compared():
    release = made(counts(60, 40), counts(5, 95, id="imputed", imputed_of="colour"))
    assert [each.id for each in Waves(release, ()).tables] == ["colour"]


# ------------------------------------------------------------------------------------------------------------- breaks


def test_waves_that_tell_the_same_of_themselves_have_no_break():
    assert breaks(made(survey="now"), made(survey="then", headcount=900, headcount_date="2025-01-01")) == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"organisation": "Other"}, "another organisation: Other there, Made-up Office here"),
        (
            {"standard": "gss_seb/2030-01"},
            "another standard or version: gss_seb/2030-01 there, gss_seb/2023-07 here",
        ),
        (
            {"access": "open_link"},
            "other people could answer: anyone with the link there, invited people only here",
        ),
        (
            {"collections": [{**FACTS["collections"][0], "mode": "Paper"}]},
            "asked in other ways: Paper there, Online here",
        ),
        ({"headcount": None}, "people in scope: not stated there, stated here"),
        (
            {"headcount_date": None},
            "the day on which people in scope were counted: not stated there, stated here",
        ),
    ],
)
def test_break_is_told_with_its_reason(facts, reason):
    assert breaks(made(), made(**facts)) == [reason]


def test_other_imputation_breaks_the_tables_that_have_imputed_answers_only():
    imputed = counts(5, 95, id="imputed", imputed_of="colour")
    other = {"imputation": "strict", "settings": [{"title": "", "choice": "Do not impute", "meaning": ""}]}
    here = made(counts(60, 40), counts(1, 2, id="shape"), imputed)
    there = made(counts(60, 40), counts(1, 2, id="shape"), imputed, **other)
    reasons = [breaks_of_table(here, there, each) for each in here.tables[:2]]
    assert reasons == [["unknown answers were treated in another way: “Do not impute” there, “Impute” here"], []]
    assert breaks(here, there) == []


def test_table_with_other_categories_or_none_is_told():
    here, there = made(counts(60, 40)), made(table({"blue": 60, "green": 40}))
    assert breaks_of_table(here, there, here.tables[0]) == ["its categories are others, so it is left out"]
    assert breaks_of_table(here, made(), here.tables[0]) == ["it has no such table"]


def grades(**changed) -> dict:
    return {**deepcopy(GRADE), **changed}


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ([grades()], ""),
        ([], "it shows nothing by this breakdown"),
        ([grades(groups=[])], "it shows nothing by this breakdown"),
        ([grades(title="Level")], "this breakdown is called “Level” there"),
        ([grades(groups=GRADES[:1])], "its groups are others, or were put together in another way"),
        (
            [grades(groups=[GRADES[0], {**GRADES[1], "members": ["Senior"]}])],
            "its groups are others, or were put together in another way",
        ),
        (
            [grades(groups=[GRADES[0], {**GRADES[1], "code": "top"}])],
            "its groups are others, or were put together in another way",
        ),
        ([grades(groups=[GRADES[0], {**GRADES[1], "headcount": 3}])], ""),
    ],
)
def test_breakdown_is_compared_only_where_its_groups_agree(there, reason):
    assert break_of_breakdown(made(breakdowns=[GRADE]), made(breakdowns=there), "grade") == reason


def by_grade(junior: int, senior: int, **facts):
    parts = [counts(60, 40), *(counts(n, 100 - n, where=where) for n, where in ((junior, JUNIOR), (senior, SENIOR)))]
    return made(*parts, **{"breakdowns": [GRADE], **facts})


def test_groups_are_compared_each_with_itself():
    now, then = by_grade(30, 60, survey="now"), by_grade(40, 60, survey="then")
    (found,) = Waves(now, (then,)).broken_down(now.tables[0])
    assert [(each.title, [row.change for row in each.rows]) for each in found.groups] == [
        ("Junior", ["lower", "higher"]),
        ("Senior", ["no clear difference", "no clear difference"]),
    ]
    assert found.breaks == ()


def test_wave_with_other_groups_is_left_out_with_the_reason_and_the_one_before_it_is_compared():
    now, then = by_grade(30, 60, survey="now"), by_grade(40, 60, survey="then", breakdowns=[grades(title="Level")])
    long_ago = by_grade(50, 60, survey="long-ago")
    (found,) = Waves(now, (then, long_ago)).broken_down(now.tables[0])
    assert found.breaks == ("[b] Then, release 1: this breakdown is called “Level” there.",)
    assert [str(wave) for wave, _mark in found.groups[0].waves] == ["Long-ago, release 1", "Now, release 1"]
    assert found.groups[0].rows[0].change == "lower"


def test_breakdown_of_which_no_wave_has_the_groups_shows_none():
    now, then = by_grade(30, 60, survey="now"), made(counts(60, 40), survey="then")
    (found,) = Waves(now, (then,)).broken_down(now.tables[0])
    assert (found.groups, found.breaks) == ((), ("[b] Then, release 1: it shows nothing by this breakdown.",))
