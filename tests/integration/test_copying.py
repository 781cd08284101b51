"""Copies of surveys: what the next wave takes over, what it leaves behind, and what is refused."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.utils import timezone

from questionnaire.fieldwork import copying, surveys
from questionnaire.models import AuditEntry, Breakdown, Group, Survey, TwoWay
from tests.integration.test_surveys_admin import LIST, page_of, signed_in, told

SETTINGS = {
    "kind": "anonymous",
    "title": "Where we come from",
    "organisation": "An office",
    "purpose": "To see who works here.",
    "contact": "people@example.org",
    "signed_name": "A. Head",
    "signed_role": "Head of people",
    "promises": "Not used against you.",
    "controller": "The controller",
    "lawful_basis": "Legitimate interests",
    "data_protection_contact": "dpo@example.org",
    "complaints_contact": "complaints@example.org",
    "host": "A host",
    "address_source": "The staff directory",
    "mail_provider": "A mail provider",
    "backup_days": 35,
    "time_zone": "Europe/Paris",
    "headcount": 4000,
    "kiosk": True,
    "minimum_responses": 30,
    "access": "invited",
    "custody": "owner",
    "unopened_days": 30,
    "policy": "exact",
    "imputation": "strict",
}
NOT_TAKEN_OVER = {
    "opens_at": timezone.now() - timedelta(days=1),
    "closes_at": datetime(2050, 5, 3, 17, 0, tzinfo=ZoneInfo("Europe/London")),
    "headcount_date": date(2026, 1, 1),
    "counts_until": date(2050, 1, 1),
    "listed": True,
}


@pytest.fixture
def old(make_survey) -> Survey:
    """A draft with every setting, a tree of groups, grades, and the two crossed."""
    survey = make_survey(opened=False, **SETTINGS, **NOT_TAKEN_OVER)
    place = Breakdown.objects.create(survey=survey, code="place", title="Place", shape="tree", position=1)
    grade = Breakdown.objects.create(survey=survey, code="grade", title="Grade", shape="order", special_category=True)
    north = Group.objects.create(breakdown=place, code="north", title="North", headcount=10, position=1)
    Group.objects.create(breakdown=place, code="york", title="York", headcount=20, parent=north, position=0)
    Group.objects.create(breakdown=grade, code="senior", title="Senior", headcount=30)
    TwoWay.objects.create(survey=survey, first=place, second=grade)
    return survey


def structure(survey: Survey) -> list:
    """The survey's breakdowns and groups, as they read."""
    return [
        (
            *(each.code, each.title, each.shape, each.special_category, each.position),
            list(each.groups.values_list("code", "title", "headcount", "parent__code", "position")),
        )
        for each in survey.breakdowns.all()
    ]


def test_copy_takes_over_every_setting(old):
    copying.copy("staff", "staff-2", actor="someone")
    assert Survey.objects.values(*SETTINGS).get(slug="staff-2") == SETTINGS


def test_copy_has_a_field_for_every_field_of_a_survey_but_those_left_behind():
    fields = {field.name for field in Survey._meta.concrete_fields}
    assert fields - copying.LEFT_BEHIND == {"id", "standard", "origin", *SETTINGS}


def test_copy_takes_over_breakdowns_groups_and_two_way_tables(old):
    new = copying.copy("staff", "staff-2", actor="someone")
    assert structure(new) == structure(old)
    assert list(new.two_ways.values_list("first__code", "second__code")) == [("place", "grade")]


def test_copy_shares_no_breakdown_or_group_with_the_old_survey(old):
    new = copying.copy("staff", "staff-2", actor="someone")
    assert set(new.two_ways.values_list("first__survey", "second__survey")) == {(new.pk, new.pk)}
    parents = Group.objects.filter(breakdown__survey=new).exclude(parent=None).values_list("parent__breakdown__survey")
    assert list(parents) == [(new.pk,)]


def test_copy_is_a_draft_without_key_times_or_invitations(old):
    copying.copy("staff", "staff-2", actor="someone")
    empty = ("public_key", "opened_at", "stopped_at", "purged_at", "invited")
    times = ("opens_at", "closes_at", "headcount_date", "counts_until")
    new = Survey.objects.values("state", "listed", "previous__slug", *empty, *times).get(slug="staff-2")
    expected = {"state": "draft", "listed": False, "previous__slug": "staff", **dict.fromkeys((*empty, *times))}
    assert new == expected


def test_copy_of_an_open_survey_is_a_draft_that_can_be_opened(survey):
    copying.copy("staff", "staff-2", actor="someone")
    assert surveys.open_survey("staff-2", actor="someone").public_key != bytes(survey.public_key)


def test_copy_leaves_the_old_survey_as_it_was(old):
    before = Survey.objects.filter(pk=old.pk).values().get(), structure(old)
    copying.copy("staff", "staff-2", actor="someone")
    assert (Survey.objects.filter(pk=old.pk).values().get(), structure(old)) == before


def test_copy_is_recorded_on_the_new_survey(old):
    copying.copy("staff", "staff-2", actor="someone")
    entry = AuditEntry.objects.exclude(actor="test").values("actor", "action", "survey", "detail").get()
    assert entry == {
        "actor": "someone",
        "action": "copied",
        "survey": "staff-2",
        "detail": {"copied_from": "staff"},
    }


REFUSED = {
    "taken": ("staff", "staff", "There is a survey “staff” already: choose another short name."),
    "bad": ("staff", "Not Good", "Use small letters, digits and single hyphens only."),
    "empty": ("staff", "", "This field cannot be blank."),
    "unknown": ("nothing", "staff-2", "There is no survey “nothing”."),
}


@pytest.mark.parametrize(("slug", "new", "why"), REFUSED.values(), ids=REFUSED)
def test_copy_that_cannot_be_is_refused_and_makes_nothing(old, slug, new, why):
    with pytest.raises(surveys.Refused, match=why):
        copying.copy(slug, new, actor="someone")
    assert (Survey.objects.count(), Breakdown.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("slug", "taken", "suggested"),
    [
        ("staff", [], "staff-2"),
        ("staff", ["staff-2", "staff-3"], "staff-4"),
        ("staff-2", [], "staff-3"),
        ("staff-2029", [], "staff-2030"),
        ("staff-2023-07", [], "staff-2023-07-2"),
        ("a" * 40, [], "a" * 38 + "-2"),
    ],
)
def test_name_suggested_for_a_copy_counts_up(make_survey, slug, taken, suggested):
    for each in [slug, *taken]:
        make_survey(each, opened=False)
    assert copying.suggestion(slug) == suggested


@pytest.fixture
def keeper(db):
    return signed_in("view_survey", "add_survey", "change_survey")


def test_page_of_a_survey_leads_to_the_form_that_copies_it(keeper, old):
    page = BeautifulSoup(keeper.get(page_of(old)).content, "html.parser")
    assert page.find("a", string="Copy into the next wave")["href"] == page_of(old, "copy")


def test_form_that_copies_suggests_a_name(keeper, old):
    page = BeautifulSoup(keeper.get(page_of(old, "copy")).content, "html.parser")
    assert page.select_one("input[name=slug]")["value"] == "staff-2"


def test_form_that_copies_is_opened_without_copying(keeper, old):
    keeper.get(page_of(old, "copy"))
    assert Survey.objects.count() == 1


def test_form_that_copies_leads_to_the_new_draft(keeper, old):
    response = keeper.post(page_of(old, "copy"), {"slug": "next"}, follow=True)
    new = Survey.objects.get(slug="next")
    assert response.redirect_chain == [(page_of(new), 302)]
    assert told(response) == ["“Where we come from” is copied into the draft “next”. Set its times before you open it."]
    assert AuditEntry.objects.filter(action="copied").values_list("actor", "survey").get() == ("someone", "next")


@pytest.mark.parametrize(
    ("slug", "why"), [("staff", REFUSED["taken"][2]), ("Not Good", REFUSED["bad"][2]), ("", "This field is required.")]
)
def test_form_that_copies_says_what_is_wrong_with_the_name(keeper, old, slug, why):
    response = keeper.post(page_of(old, "copy"), {"slug": slug})
    page = BeautifulSoup(response.content, "html.parser")
    assert (response.status_code, why in page.select_one(".errorlist").get_text()) == (200, True)
    assert Survey.objects.count() == 1


@pytest.mark.parametrize("permission", ["view_survey", "add_survey"])
def test_form_that_copies_is_refused_to_whoever_may_not_both_view_and_add(old, permission):
    client = signed_in(permission)
    statuses = [client.get(page_of(old, "copy")).status_code, client.post(page_of(old, "copy")).status_code]
    assert statuses == [403, 403]


def test_form_that_copies_an_unknown_survey_is_not_there(keeper):
    assert keeper.get(f"{LIST}12345/copy/").status_code == 404


def test_copy_command_makes_a_draft_and_says_so(old, capsys):
    call_command("copy_survey", "staff", "staff-2")
    assert capsys.readouterr().out == "staff-2: draft, /s/staff-2/\n"
    assert Survey.objects.get(slug="staff-2").previous == old


def test_copy_command_that_is_refused_says_why(old):
    with pytest.raises(CommandError, match="There is no survey “nothing”"):
        call_command("copy_survey", "nothing", "staff-2")
