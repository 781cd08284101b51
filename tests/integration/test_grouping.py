"""Closing a survey of invited people keeps counts by group, equal to a count by hand, and of no small group."""

import pytest

from questionnaire.fieldwork import closing, surveys, tally
from questionnaire.fieldwork.grouping import would_show
from questionnaire.models import AnswerPattern, GroupCount, Invitation, MergedGroup, SealedResponse
from tests.conftest import STANDARD
from tests.grouped_survey import DEPARTMENT, GRADE, PEOPLE, answer, closed_with_groups, declare
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

TABLES = [
    "school-type",
    "free-school-meals",
    "nssec-5",
    "nssec-5-imputed",
    "nssec-3",
    "nssec-3-imputed",
    "parental-qualification",
]
IS_EMPLOYEE = dict(
    zip(TABLES, ["state", "no", *["managerial_professional", "not_imputed"] * 2, "degree"], strict=True),
)
HAD_BURSARY = dict(
    zip(TABLES, ["independent_bursary", "not_asked", *["not_working", "not_imputed"] * 2, "unknown"], strict=True),
)


def merged(breakdown: str) -> list[tuple[str, str, list[str]]]:
    rows = MergedGroup.objects.filter(breakdown=breakdown)
    return list(rows.values_list("code", "title", "members"))


def counted(breakdown: str) -> dict[tuple[str, str, str], int]:
    rows = GroupCount.objects.filter(breakdown=breakdown)
    return {(row.group, row.table, row.category): row.n for row in rows}


def by_hand(**groups: tuple[int, int]) -> dict[tuple[str, str, str], int]:
    """The counts of groups, each of so many employees and so many who had a bursary."""
    counts: dict[tuple[str, str, str], int] = {}
    for group, numbers in groups.items():
        for falls, n in zip((IS_EMPLOYEE, HAD_BURSARY), numbers, strict=True):
            for table, category in falls.items():
                if n:
                    counts[group, table, category] = counts.get((group, table, category), 0) + n
    return counts


def test_closing_joins_small_groups_of_an_order_with_their_neighbours():
    closed_with_groups()
    assert merged("grade") == [("aa", "Assistant", ["aa"]), ("eo_to_g7", "Executive to Grade 7", ["eo", "g7"])]
    assert counted("grade") == by_hand(aa=(13, 3), eo_to_g7=(21, 6))


def test_closing_combines_small_groups_side_by_side_with_the_smallest_other():
    closed_with_groups()
    assert merged("department") == [
        ("it", "Computing", ["it"]),
        ("other_groups", "Other groups combined", ["hr", "legal"]),
    ]
    assert counted("department") == by_hand(it=(15, 6), other_groups=(18, 3))


def test_closing_counts_a_two_way_table_chosen_before():
    closed_with_groups()
    others = {f"{grade}_and_{department}" for grade in GRADE[1] for department in DEPARTMENT[1]} - {"aa_and_hr"}
    kept = merged("grade_by_department")
    assert [(code, title) for code, title, _members in kept] == [
        ("aa_and_hr", "Assistant, Personnel"),
        ("other_groups", "Other groups combined"),
    ]
    assert [set(members) for _code, _title, members in kept] == [{"aa_and_hr"}, others]
    assert counted("grade_by_department") == by_hand(aa_and_hr=(12, 3), other_groups=(21, 6))


def test_closing_joins_small_teams_with_what_they_are_part_of():
    teams = (
        "tree",
        {
            "north": ("North", 0),
            "north-one": ("North 1", 800, "north"),
            "north-two": ("North 2", 200, "north"),
            "south": ("South", 1000),
        },
    )
    people = [(EMPLOYEE, {"team": "north-one"}, 12), (EMPLOYEE, {"team": "north-two"}, 3)]
    closed_with_groups([*people, (EMPLOYEE, {"team": "south"}, 10)], {"team": teams}, two_way=())
    assert merged("team") == [
        ("north", "North", ["north", "north-one", "north-two"]),
        ("south", "South", ["south"]),
    ]
    assert counted("team") == by_hand(north=(15, 0), south=(10, 0))


def test_closing_counts_everyone_in_the_organisation_and_only_those_in_groups_by_group():
    uninvited = (EMPLOYEE, None, 2)
    unknown = (BURSARY, {"grade": "g9", "department": ""}, 1)
    closed_with_groups([*PEOPLE, uninvited, unknown])
    assert {row.answers["school_type"]: row.n for row in AnswerPattern.objects.all()} == {
        "state": 36,
        "independent_bursary": 10,
    }
    assert counted("grade") == by_hand(aa=(13, 3), eo_to_g7=(21, 6))


def test_closing_leaves_no_invitation_and_tells_how_many_there_were():
    survey = closed_with_groups()
    assert (Invitation.objects.count(), SealedResponse.objects.count(), survey.invited) == (0, 0, 43)


def test_closing_exact_keeps_every_group_as_it_is():
    closed_with_groups(policy="exact")
    assert merged("grade") == [("aa", "Assistant", ["aa"]), ("eo", "Executive", ["eo"]), ("g7", "Grade 7", ["g7"])]
    assert counted("grade") == by_hand(aa=(13, 3), eo=(19, 0), g7=(2, 6))
    assert counted("department") == by_hand(hr=(16, 3), it=(15, 6), legal=(2, 0))
    assert len(merged("grade_by_department")) == 9
    assert counted("grade_by_department") == by_hand(
        aa_and_hr=(12, 3), eo_and_hr=(4, 0), eo_and_it=(15, 0), g7_and_it=(0, 6), g7_and_legal=(2, 0)
    )


def test_closing_stores_no_group_below_the_threshold():
    survey = closed_with_groups()
    totals: dict[tuple[str, str, str], int] = {}
    for row in GroupCount.objects.all():
        totals[row.breakdown, row.group, row.table] = totals.get((row.breakdown, row.group, row.table), 0) + row.n
    assert survey.group_minimum == 10
    assert min(totals.values()) >= 10


def test_closing_with_few_in_scope_asks_for_more_in_each_group():
    groups = {"one": ("One", 100), "two": ("Two", 100)}
    people = [(EMPLOYEE, {"site": "one"}, 19), (EMPLOYEE, {"site": "two"}, 25)]
    closed_with_groups(people, {"site": ("flat", groups)}, two_way=(), headcount=200)
    assert (merged("site"), counted("site")) == ([], {})


def test_closing_with_one_large_group_alone_stores_no_group():
    people = [(EMPLOYEE, {"grade": "aa"}, 40), (EMPLOYEE, {"grade": "eo"}, 9)]
    closed_with_groups(people, {"grade": GRADE}, two_way=())
    assert (merged("grade"), counted("grade")) == ([], {})


def test_closing_without_answers_stores_no_group():
    closed_with_groups([])
    assert (MergedGroup.objects.count(), GroupCount.objects.count()) == (0, 0)


def test_closing_counts_no_group_of_who_withdrew_or_did_not_answer():
    survey = surveys.create(
        actor="test", slug="staff", title="Staff survey", standard=STANDARD, access="invited", headcount=2000
    )
    declare(survey, {"grade": GRADE})
    survey = surveys.open_survey("staff", actor="test")
    answer(survey, [(EMPLOYEE, {"grade": "aa"}, 12), (EMPLOYEE, {"grade": "eo"}, 13)])
    withdrawn = SealedResponse.objects.first()
    SealedResponse.objects.filter(pk=withdrawn.pk).update(sealed=b"")
    Invitation.objects.create(survey=survey, digest=b"n" * 32, groups={"grade": "aa"})
    closing.close("staff", actor="test")
    assert counted("grade") == by_hand(aa=(11, 0), eo_to_g7=(13, 0))


def test_closing_tells_crossed_groups_with_names_alike_apart():
    breakdowns = {
        "x": ("flat", {"a": ("A", 1000), "a-and-b": ("A and B", 1000)}),
        "y": ("flat", {"c": ("C", 1000), "b-and-c": ("B and C", 1000)}),
    }
    people = [(EMPLOYEE, {"x": "a", "y": "b-and-c"}, 11), (EMPLOYEE, {"x": "a-and-b", "y": "c"}, 12)]
    closed_with_groups(people, breakdowns, two_way=("x", "y"), policy="exact")
    assert counted("x_by_y") == by_hand(**{"a_and_b-and-c": (11, 0), "a-and-b_and_c": (12, 0)})


def test_closing_in_another_order_of_arrival_leaves_the_same_rows():
    remains = []
    for people in (PEOPLE, PEOPLE[::-1]):
        survey = closed_with_groups(people, slug=f"order-{len(remains)}")
        rows = GroupCount.objects.filter(survey=survey).order_by("id")
        remains.append(list(rows.values_list("breakdown", "group", "table", "category", "n")))
    assert remains[0] == remains[1]


def test_counts_of_groups_are_written_in_canonical_order():
    closed_with_groups()
    for breakdown in ("grade", "department", "grade_by_department"):
        rows = GroupCount.objects.filter(breakdown=breakdown).order_by("id")
        written = list(rows.values_list("group", "table", "category"))
        assert written == sorted(written)


def test_each_pattern_is_derived_once_however_many_gave_it(monkeypatch):
    derived = []
    real = tally.derive
    monkeypatch.setattr(tally, "derive", lambda *args: derived.append(args) or real(*args))
    closed_with_groups()
    assert len(derived) == 2


def test_would_show_merges_as_if_two_in_three_answered():
    survey = surveys.create(
        actor="test", slug="staff", title="Staff survey", standard=STANDARD, access="invited", headcount=500
    )
    groups = {"aa": ("Assistant", 300), "eo": ("Executive", 186), "g7": ("Grade 7", 14)}
    declare(survey, {"grade": ("order", groups), "site": ("flat", {"one": ("One", 486), "two": ("Two", 14)})})
    assert [(grouping.code, [each.code for each in shown]) for grouping, shown in would_show(survey)] == [
        ("grade", ["aa", "eo_to_g7"]),
        ("site", []),
    ]
