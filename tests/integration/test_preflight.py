"""What is said before a survey opens: each finding where there is reason for it, and only there."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from questionnaire.fieldwork import breakdowns, grouping, preflight
from questionnaire.fieldwork.preflight import TOLD, Finding
from questionnaire.fieldwork.surveys import Refused, open_survey
from questionnaire.models import AuditEntry, Invitation, Survey
from questionnaire.staff.opening import place
from tests.conftest import STANDARD, ready

GRADES = {
    "breakdown": [
        {
            "id": "grade",
            "title": "Grade",
            "shape": "order",
            "group": [
                {"id": "junior", "title": "Junior", "headcount": 500},
                {"id": "senior", "title": "Senior", "headcount": 90},
                {"id": "chief", "title": "Chief", "headcount": 10},
            ],
        }
    ]
}


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def draft(make_survey):
    """Makes a draft to which nothing is missing but what is given here."""

    def make(**fields) -> Survey:
        return make_survey(opened=False, **ready(**fields))

    return make


def missing(survey: Survey) -> list[str]:
    return [finding.field_or_page for finding in preflight.required(survey)]


def advice_at(survey: Survey, field_or_page: str) -> list[str]:
    return [
        finding.sentence
        for finding in preflight.findings(survey)
        if not finding.required and finding.field_or_page == field_or_page
    ]


def test_nothing_is_required_of_a_survey_that_says_everything(draft):
    assert missing(draft()) == []


def test_nothing_but_what_is_unwise_is_said_of_a_survey_that_says_everything(draft):
    survey = draft(
        backup_days=30,
        counts_until=day(400),
        promises="None is used against you.",
        mail_provider="Made-up Mail",
    )
    assert [finding.field_or_page for finding in preflight.findings(survey)] == [
        "access",
        "preview",
        survey.definition.url,
        survey.definition.url,
    ]


@pytest.mark.parametrize("field", TOLD)
def test_what_respondents_are_told_is_required(draft, field):
    survey = draft(**{field: " "})
    assert missing(survey) == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closes_at", lambda: None),
        ("closes_at", lambda: in_days(-1)),
        ("headcount", lambda: None),
        ("headcount_date", lambda: None),
        ("headcount_date", lambda: day(2)),
        ("counts_until", lambda: day(30)),
    ],
    ids=["no closing", "closed before", "no headcount", "no date", "a date to come", "counts gone at closing"],
)
def test_setting_without_which_nothing_opens_is_required(draft, field, value):
    assert missing(draft(**{field: value()})) == [field]


def test_fault_of_a_breakdown_is_required_in_its_own_words(draft):
    survey = draft(access="invited")
    breakdowns.declare(survey, GRADES)
    survey.headcount = 700
    assert preflight.required(survey) == [
        Finding(True, "The groups of “Grade” have 600 people together; in scope are 700.", "breakdowns"),
        Finding(True, "Only invited people may answer, and nobody is invited yet.", "invitations"),
    ]


def wide(code: str, groups: int) -> dict:
    """A breakdown of so many groups of 60 people or fewer."""
    each = [{"id": f"g{n}", "title": f"Group {n}", "headcount": 6000 // groups} for n in range(groups)]
    each[0]["headcount"] += 6000 % groups
    return {"id": code, "title": code.capitalize(), "group": each}


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (133, []),
        (134, ["“Team by Post” has 20,100 pairs of groups; a two-way table may have 20,000."]),
    ],
)
def test_two_way_table_of_too_many_pairs_is_a_fault(draft, second, said):
    survey = draft(access="invited", headcount=6000)
    two_way = [{"first": "team", "second": "post"}]
    breakdowns.declare(survey, {"breakdown": [wide("team", 150), wide("post", second)], "two_way": two_way})
    assert [str(fault) for fault in breakdowns.faults(survey)] == said


def test_two_way_table_of_too_many_pairs_is_not_worked_out(draft, monkeypatch):
    survey = draft(access="invited", headcount=6000)
    two_way = [{"first": "team", "second": "post"}]
    breakdowns.declare(survey, {"breakdown": [wide("team", 150), wide("post", 134)], "two_way": two_way})
    monkeypatch.setattr(grouping, "groupings", lambda survey: pytest.fail("worked out"))
    assert advice_at(survey, "breakdowns") == []


def test_two_breakdowns_crossed_in_both_orders_are_a_fault(draft):
    survey = draft(access="invited", headcount=6000)
    both = [{"first": "team", "second": "post"}, {"first": "post", "second": "team"}]
    breakdowns.declare(survey, {"breakdown": [wide("team", 2), wide("post", 3)], "two_way": both})
    assert [str(fault) for fault in breakdowns.faults(survey)] == [
        "“Post” and “Team” are crossed twice: choose one order."
    ]


def invite(survey: Survey, number: int, **groups: str) -> None:
    Invitation.objects.bulk_create(
        Invitation(survey=survey, digest=bytes([each]) * 32, groups=groups) for each in range(number)
    )


def test_survey_of_the_invited_needs_someone_invited(draft):
    survey = draft(access="invited")
    assert missing(survey) == ["invitations"]
    invite(survey, 3)
    assert missing(survey) == []


def test_more_people_invited_than_in_scope_are_a_fault_of_the_headcount(draft):
    survey = draft(access="invited", headcount=2)
    invite(survey, 3)
    assert preflight.required(survey) == [
        Finding(True, "3 people are invited, which is more than the 2 in scope.", "headcount")
    ]


def test_standard_that_is_not_installed_is_required_and_nothing_is_advised(draft):
    survey = draft()
    survey.standard = "gss_seb/1999-01"
    assert [finding.field_or_page for finding in preflight.findings(survey)] == ["standard"]


@pytest.mark.parametrize(
    ("field", "fields", "sentence"),
    [
        (
            "closes_at",
            {"closes_at": lambda: in_days(5)},
            "It closes in less than a week: people who are away miss it.",
        ),
        (
            "closes_at",
            {"opens_at": lambda: in_days(25)},
            "It closes in less than a week: people who are away miss it.",
        ),
        (
            "closes_at",
            {"closes_at": lambda: in_days(100)},
            "It stays open for more than three months: the people in scope change, and answers wait unseen.",
        ),
        (
            "counts_until",
            {},
            "No day is set on which the counts are destroyed: they are kept until someone does.",
        ),
        ("backup_days", {}, "It is not stated for how long backups are kept, so respondents are not told."),
        (
            "unopened_days",
            {"unopened_days": lambda: 45, "custody": lambda: "owner"},
            "Without the key the answers are lost for good; unopened, they are destroyed 45 days after the end.",
        ),
        (
            "headcount_date",
            {"headcount_date": lambda: day(-366)},
            "The people in scope were counted more than twelve months ago.",
        ),
        (
            "headcount",
            {"headcount": lambda: 14},
            "If two in three of 14 people answer, nothing is shown: results need 10 responses.",
        ),
        (
            "access",
            {},
            "Anyone with the link can answer, more than once: results are of the whole organisation only.",
        ),
        ("kiosk", {}, "If people without a work e-mail will answer on devices that they share, say so here."),
        (
            "policy",
            {"policy": lambda: "exact"},
            "Respondents are told that results are exact and that your office does its own disclosure control.",
        ),
        ("promises", {}, "People answer who trust: promise that no answer is used against anyone."),
        ("preview", {}, "Look at the survey as respondents will see it."),
    ],
)
def test_what_is_unwise_is_said(draft, field, fields, sentence):
    survey = draft(**{name: value() for name, value in fields.items()})
    assert advice_at(survey, field) == [sentence]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("closes_at", {"closes_at": lambda: in_days(8)}),
        ("closes_at", {"closes_at": lambda: in_days(91)}),
        ("counts_until", {"counts_until": lambda: day(60)}),
        ("backup_days", {"backup_days": lambda: 30}),
        ("headcount_date", {"headcount_date": lambda: day(-364)}),
        ("headcount", {"headcount": lambda: 15}),
        ("access", {"access": lambda: "invited"}),
        ("kiosk", {"kiosk": lambda: True}),
        ("kiosk", {"mail_provider": lambda: "Made-up Mail"}),
        ("policy", {}),
        ("promises", {"promises": lambda: "None is used against you."}),
    ],
)
def test_what_is_wise_is_not_spoken_of(draft, field, fields):
    assert advice_at(draft(**{name: value() for name, value in fields.items()}), field) == []


def test_words_on_the_standard_are_those_of_its_data(draft):
    survey = draft()
    standard = survey.definition
    assert advice_at(survey, standard.url) == [
        f"Tell the {standard.owner} that you use “{standard.title}”, at {standard.contact}.",
        standard.placement,
    ]


def test_groups_that_could_never_be_shown_are_told_with_what_is_shown_instead(draft):
    survey = draft(access="invited")
    breakdowns.declare(survey, GRADES)
    assert advice_at(survey, "breakdowns") == [
        "Of “Grade”, these could never be shown by themselves if two in three people answer: “Senior”, “Chief”; "
        "shown instead: “Senior to Chief”."
    ]


def test_group_of_a_tree_that_is_shown_with_its_parts_is_not_called_small(draft):
    survey = draft(access="invited")
    groups = [*two(560, 30), {"id": "unit", "title": "Unit", "headcount": 10, "parent": "junior"}]
    declare_tree = {"breakdown": [{**GRADES["breakdown"][0], "shape": "tree", "group": groups}]}
    breakdowns.declare(survey, declare_tree)
    assert advice_at(survey, "breakdowns") == [
        "Of “Grade”, these could never be shown by themselves if two in three people answer: “Unit”; "
        "shown instead: “Junior”."
    ]


def test_groups_that_are_large_enough_are_not_spoken_of(draft):
    survey = draft(access="invited")
    breakdowns.declare(survey, {"breakdown": [{**GRADES["breakdown"][0], "group": two(300, 300)}]})
    assert advice_at(survey, "breakdowns") == []


def test_breakdown_of_which_nothing_could_be_shown_is_told(draft):
    survey = draft(access="invited", headcount=40)
    breakdowns.declare(survey, {"breakdown": [{**GRADES["breakdown"][0], "group": two(35, 5)}]})
    assert advice_at(survey, "breakdowns") == [
        "Nothing of “Grade” would be shown if two in three people answer: its groups are too small."
    ]


def test_many_small_groups_are_named_up_to_a_number(draft):
    survey = draft(access="invited", headcount=1020)
    groups = [{"id": "large", "title": "Large", "headcount": 1000}]
    groups += [{"id": f"g{n}", "title": f"Small {n}", "headcount": 2} for n in range(10)]
    breakdowns.declare(survey, {"breakdown": [{"id": "team", "title": "Team", "group": groups}]})
    (sentence,) = advice_at(survey, "breakdowns")
    assert "“Small 7” and 2 more; shown instead" in sentence


def two(first: int, second: int) -> list[dict]:
    return [
        {"id": "junior", "title": "Junior", "headcount": first},
        {"id": "senior", "title": "Senior", "headcount": second},
    ]


def test_invited_people_who_are_in_no_group_are_counted(draft):
    survey = draft(access="invited")
    breakdowns.declare(survey, GRADES)
    Invitation.objects.create(survey=survey, digest=b"a" * 32, groups={"grade": "junior"})
    Invitation.objects.create(survey=survey, digest=b"b" * 32, groups={"grade": "intern"})
    Invitation.objects.create(survey=survey, digest=b"c" * 32)
    assert advice_at(survey, "invitations") == [
        "2 of the invited are in no group of “Grade”, and will be counted in none."
    ]


@pytest.mark.parametrize("code", ["1", "2024"])
def test_invited_people_are_found_in_a_breakdown_whose_name_is_a_number(draft, code):
    survey = draft(access="invited")
    breakdowns.declare(survey, {"breakdown": [{**GRADES["breakdown"][0], "id": code}]})
    invite(survey, 3, **{code: "junior"})
    Invitation.objects.create(survey=survey, digest=b"z" * 32, groups={code: "intern"})
    assert advice_at(survey, "invitations") == [
        "1 of the invited are in no group of “Grade”, and will be counted in none."
    ]


def test_sentences_are_sentences_and_each_has_a_place(draft):
    survey = draft(**dict.fromkeys(TOLD, ""), closes_at=None, headcount=None, access="invited", policy="exact")
    found = preflight.findings(survey)
    assert [each.sentence for each in found if not each.sentence.endswith(".")] == []
    assert [each.required for each in found] == sorted((each.required for each in found), reverse=True)
    assert all(address and words for address, words in (place(survey, each.field_or_page) for each in found))


def test_place_of_a_setting_is_its_field(draft):
    survey = draft()
    change = reverse("admin:questionnaire_survey_change", args=[survey.pk])
    assert place(survey, "closes_at") == (f"{change}#id_closes_at", "Closes at")
    assert place(survey, "breakdowns")[0] == reverse("admin:questionnaire_survey_breakdowns", args=[survey.pk])
    assert place(survey, "invitations")[0] == reverse("admin:questionnaire_survey_invitations", args=[survey.pk])
    assert place(survey, "preview") == ("/admin/preview/staff/", "Preview")
    assert place(survey, "https://example.org/") == ("https://example.org/", "The standard")


# --------------------------------------------------------------------------------------------------- what comes of it


def test_opening_strictly_is_refused_with_every_sentence_that_is_required(draft):
    survey = draft(host="", closes_at=None)
    with pytest.raises(Refused) as refused:
        open_survey("staff", actor="test", strictly=True)
    assert str(refused.value).splitlines() == [finding.sentence for finding in preflight.required(survey)]
    assert (Survey.objects.get().state, len(preflight.required(survey))) == ("draft", 2)


def test_opening_otherwise_is_done_and_what_is_not_mended_is_recorded(draft):
    draft(host="", closes_at=None)
    assert open_survey("staff", actor="test").state == "open"
    detail = AuditEntry.objects.get(action="opened").detail
    assert detail == {"custody": "service", "not_stated": ["host"], "not_mended": ["closes_at"]}


def test_command_warns_of_what_is_not_stated_and_of_what_else_is_missing(draft, capsys):
    draft(host="", closes_at=None)
    call_command("open_survey", "staff")
    told = capsys.readouterr()
    assert told.out == "staff: open, /s/staff/\n"
    assert told.err == (
        "Warning: host: respondents will read “not stated”.\n"
        "Warning: closes_at: No time is set at which the survey closes.\n"
    )


def test_command_that_creates_and_opens_warns_alike(db, capsys):
    call_command("create_survey", "staff", "--open", "--standard", STANDARD)
    assert [line.split(":")[1].split(",")[0] for line in capsys.readouterr().err.splitlines()] == [
        " organisation",
        " closes_at",
        " headcount",
        " headcount_date",
    ]
    assert AuditEntry.objects.get(action="opened").detail["not_mended"] == ["closes_at", "headcount", "headcount_date"]


def test_command_that_only_creates_warns_of_what_is_not_stated_alone(db, capsys):
    call_command("create_survey", "staff", "--standard", STANDARD)
    assert capsys.readouterr().err == f"Warning: {', '.join(TOLD)}: respondents will read “not stated”.\n"
