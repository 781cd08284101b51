"""Releases of surveys as they are stored: attacked first, safe beside what was released before, and never rebuilt."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from outputs.disclosure import audit
from outputs.models import Release, ReleaseBasis
from outputs.release_job import Refused, build_release
from questionnaire import linked
from questionnaire.models import AnswerPattern, AuditEntry, Invitation, LinkedResponse, Survey
from tests.conftest import regardless_of_the_rules
from tests.counted_survey import NOT_WORKING, closed_survey
from tests.grouped_survey import GRADE, closed_with_groups
from tests.integration.test_wizard import BURSARY, EMPLOYEE
from tests.made_up_truth import mixed

pytestmark = pytest.mark.django_db

FORTY = [*mixed("state", 23), *mixed("state_selective", 20)]
THIRTEEN_ALIKE = [(NOT_WORKING, 13)]


def counts(release: Release, breakdown: str = "organisation") -> dict[tuple[str, str, str], str]:
    """(group, table, category) -> what is printed of it."""
    return {
        (table["group"], table["id"], cell["code"]): cell["count"]["value"] or cell["count"]["status"]
        for table in release.tables
        for cell in table["cells"]
        if table["breakdown"] == breakdown
    }


def found(release: Release) -> list[tuple[str, str]]:
    return [(tried["method"], tried["found"]) for tried in release.audit["tried"]]


# ------------------------------------------------------------------------------------------------- what is stored


def test_report_of_a_release_that_held_at_once():
    closed_survey()
    built = build_release("staff", actor="test")
    assert built.audit == {
        "passed": True,
        "method": "nearest",
        "rows": 1,
        "cells": 32,
        "knows": 10,
        "small": 20,
        "tried": [{"method": "nearest", "found": ""}],
        "joined": [],
        "waves": [],
    }


def test_release_that_the_nearest_multiple_would_give_away_is_rounded_otherwise_and_says_so():
    closed_survey(THIRTEEN_ALIKE)
    built = build_release("staff", actor="test")
    assert built.facts["rounding"] == {"method": "controlled", "to": 5, "within": 4}
    assert "one of the two neighbouring multiples of 5" in built.facts["words"]["policy"]
    assert found(built) == [("nearest", "exact"), ("nearest_and_left", "exact"), ("controlled", "")]
    assert built.audit["tried"][0] | {"table": "", "category": ""} == {
        "method": "nearest",
        "found": "exact",
        "breakdown": "organisation",
        "group": "All",
        "table": "",
        "category": "",
    }


def test_group_that_nothing_protects_is_put_together_with_its_neighbour(monkeypatch):
    """With the plainest rounding alone, 13 alike cannot be shown by themselves."""
    monkeypatch.setattr(audit, "ATTEMPTS", (1, 0, 0, 0))
    people = [(EMPLOYEE, {"grade": "aa"}, 13)]
    for grade, school in (("eo", "state_selective"), ("g7", "dont_know")):
        others = [*mixed("state", 20), *mixed(school, 20)]
        people += [(answers, {"grade": grade}, n) for answers, n in others]
    closed_with_groups(people, {"grade": GRADE}, two_way=())
    built = build_release("staff", actor="test")
    assert [group["members"] for group in built.facts["breakdowns"][0]["groups"]] == [
        ["Assistant", "Executive"],
        ["Grade 7"],
    ]
    assert (built.audit["joined"], built.audit["tried"][-1]["found"]) == (["Grade: Assistant"], "")
    assert {group for group, _table, _code in counts(built, "grade")} == {"Assistant to Executive", "Grade 7"}


def test_exact_release_is_not_attacked():
    closed_survey(policy="exact")
    assert build_release("staff", actor="test").audit == {}


@pytest.fixture
def told_exactly():
    """The second wave of the same people whose counts an earlier release has told as they are."""
    first = closed_survey(FORTY, slug="first", policy="exact")
    build_release("first", actor="test")
    with regardless_of_the_rules():
        Survey.objects.filter(pk=first.pk).update(policy="rounded")
    return closed_survey(FORTY, previous=first)


def test_release_that_nothing_protects_is_refused_in_words(told_exactly):
    with pytest.raises(Refused) as refused:
        build_release("staff", actor="test")
    assert str(refused.value) == (
        "staff cannot be released: however its counts are rounded, someone who knows a few of the people could work "
        "out what others answered."
    )


def test_command_refuses_a_release_that_nothing_protects_and_leaves_nothing(told_exactly):
    entries = AuditEntry.objects.count()
    with pytest.raises(CommandError, match="staff cannot be released"):
        call_command("build_release", "staff")
    told_exactly.refresh_from_db()
    assert (told_exactly.state, Release.objects.count(), ReleaseBasis.objects.count()) == ("closed", 1, 1)
    assert AuditEntry.objects.count() == entries


# ---------------------------------------------------------------------------------------------------------- waves


def two_waves(then, now, **fields) -> Release:
    first = closed_survey(then, slug="first")
    assert found(build_release("first", actor="test")) == [("nearest", "")]
    closed_survey(now, previous=first, **fields)
    return build_release("staff", actor="test")


def test_leaver_whom_two_waves_would_give_away_is_protected():
    # 23 of state schools were printed as 25; 22 would be printed as 20, so whoever left went to a state school.
    second = two_waves(FORTY, [*mixed("state", 22), *mixed("state_selective", 20)])
    assert found(second)[0] == ("nearest", "mover")
    assert (second.facts["rounding"]["method"] == "nearest", second.audit["passed"]) == (False, True)
    assert second.audit["waves"] == ["first, release 1: attacked together, 1 rows are of the same groups."]


def test_wave_in_which_nobody_came_or_went_is_printed_as_before():
    second = two_waves(FORTY, FORTY)
    assert found(second) == [("nearest", "")]
    assert counts(second) == counts(Release.objects.get(survey__slug="first"))


def test_earlier_wave_with_another_policy_is_named_and_not_attacked_together():
    first = closed_survey(FORTY, slug="first", policy="exact")
    build_release("first", actor="test")
    closed_survey(FORTY, previous=first)
    assert build_release("staff", actor="test").audit["waves"] == [
        "first: not attacked together, since its standard or its policy is another."
    ]


def test_groups_that_were_put_together_in_the_wave_before_are_attacked_as_one():
    def wave(eo: int, g7: int):
        return [
            (answers, {"grade": grade}, n)
            for grade, people in (("aa", 30), ("eo", eo), ("g7", g7))
            for answers, n in mixed("state", people)
        ]

    first = closed_with_groups(wave(30, 6), {"grade": GRADE}, two_way=(), slug="first")
    build_release("first", actor="test")
    second = closed_with_groups(wave(30, 30), {"grade": GRADE}, two_way=())
    with regardless_of_the_rules():
        Survey.objects.filter(pk=second.pk).update(previous=first)
    built = build_release("staff", actor="test")
    assert [group["title"] for group in built.facts["breakdowns"][0]["groups"]] == ["Assistant", "Executive", "Grade 7"]
    # Everybody, Assistant, and Executive with Grade 7 as they were together.
    assert built.audit["waves"] == ["first, release 1: attacked together, 3 rows are of the same groups."]


# --------------------------------------------------------------------------------------- the same survey once more


def linked_survey(people) -> Survey:
    survey = closed_with_groups(people, {"grade": GRADE}, two_way=(), kind="linked")
    build_release("staff", actor="test")
    return survey


MANY = [
    *((answers, {"grade": "aa"}, n) for answers, n in mixed("state", 60)),
    *((answers, {"grade": "eo"}, n) for answers, n in mixed("state_selective", 60)),
    *((answers, {"grade": "g7"}, n) for answers, n in [*mixed("state", 30), *mixed("outside_uk", 30)]),
]


def turn(survey: Survey, grade: str, n: int) -> None:
    """`n` people of a grade change all their answers."""
    rows = LinkedResponse.objects.filter(survey=survey, invitation__groups__grade=grade).exclude(answers=BURSARY)
    for digest in rows.order_by("pk").values_list("invitation__digest", flat=True)[:n]:
        assert linked.change(survey.pk, bytes(digest), number=2**40, mode="online", answers=BURSARY)


def test_row_with_nine_changes_keeps_its_figures():
    survey = linked_survey(MANY)
    first = Release.objects.get()
    turn(survey, "aa", 9)
    assert build_release("staff", actor="test").pk == first.pk


def test_row_with_ten_changes_has_new_figures_and_the_others_keep_theirs():
    survey = linked_survey(MANY)
    before = counts(Release.objects.get(), "grade")
    turn(survey, "aa", 10)
    second = build_release("staff", actor="test")
    after = counts(second, "grade")
    changed = {group for group, table, code in after if after[group, table, code] != before[group, table, code]}
    assert (second.number, changed) == (2, {"Assistant"})
    assert [each[:2] for each in second.facts["rounding"]["stayed"]] == [["grade", "eo"], ["grade", "g7"]]


def test_changes_add_up_against_what_was_printed_and_not_since_the_last_try():
    survey = linked_survey(MANY)
    for _time in range(2):
        turn(survey, "eo", 6)
        second = build_release("staff", actor="test")
    assert second.number == 2


def test_nothing_changed_is_the_same_release():
    linked_survey(MANY)
    assert (build_release("staff", actor="test").number, Release.objects.count()) == (1, 1)


def test_one_withdrawal_shows_in_no_figure():
    survey = linked_survey(MANY)
    first = Release.objects.get()
    digest = Invitation.objects.filter(survey=survey).order_by("pk").first().digest
    assert linked.withdraw(survey.pk, bytes(digest))
    assert build_release("staff", actor="test").pk == first.pk


def test_anonymous_survey_with_another_title_keeps_its_figures_however_they_were_rounded():
    """Two roundings of the same counts would give them away."""
    closed_survey(THIRTEEN_ALIKE)
    first = build_release("staff", actor="test")
    with regardless_of_the_rules():
        Survey.objects.update(title="Another title")
    second = build_release("staff", actor="test")
    assert (first.facts["rounding"]["method"], second.number, second.facts["title"]) == (
        "controlled",
        2,
        "Another title",
    )
    assert counts(second) == counts(first)
    assert second.facts["rounding"] == {
        "method": "controlled",
        "to": 5,
        "within": 4,
        "stayed": [["organisation", "all", "controlled", 4]],
    }


def test_raised_threshold_withholds_a_row_though_every_other_stays():
    people = [(answers, {"grade": "aa"}, n) for answers, n in [*mixed("state", 9), *mixed("state_selective", 9)]]
    people += [(answers, {"grade": "eo"}, n) for answers, n in [*mixed("state", 40), *mixed("state_selective", 40)]]
    survey = closed_with_groups(people, {"grade": GRADE}, two_way=())
    first = build_release("staff", actor="test")
    Survey.objects.filter(pk=survey.pk).update(minimum_responses=20)
    second = build_release("staff", actor="test")
    before, after = counts(first, "grade"), counts(second, "grade")
    withheld = {group for group, table, code in after if after[group, table, code] == "[c]"}
    assert (second.number, len(withheld), counts(second)) == (2, 1, counts(first))
    assert {key: value for key, value in after.items() if key[0] not in withheld} == {
        key: value for key, value in before.items() if key[0] not in withheld
    }


def test_secret_key_has_no_say_in_a_release(settings):
    closed_survey(THIRTEEN_ALIKE)
    first = build_release("staff", actor="test")
    settings.SECRET_KEY = "another-" * 8
    assert build_release("staff", actor="test").pk == first.pk


# ------------------------------------------------------------------------------------------------ what is destroyed


def test_basis_goes_with_the_counts():
    survey = linked_survey(MANY)
    assert len(ReleaseBasis.objects.get().counts) == 4
    Survey.objects.filter(pk=survey.pk).update(state="purged", purged_at=timezone.now())
    assert ReleaseBasis.objects.count() == 0


def test_basis_of_an_anonymous_survey_keeps_no_counts():
    closed_survey()
    build_release("staff", actor="test")
    assert ReleaseBasis.objects.get().counts == []


def test_earlier_wave_whose_counts_are_destroyed_is_named():
    first = closed_survey(FORTY, slug="first")
    build_release("first", actor="test")
    AnswerPattern.objects.filter(survey=first).delete()
    closed_survey(FORTY, previous=first)
    assert build_release("staff", actor="test").audit["waves"] == [
        "first, release 1: not attacked together, since its counts have been destroyed."
    ]
