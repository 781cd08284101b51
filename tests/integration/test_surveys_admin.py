"""Surveys in the admin: drafts are made, edited, opened and thrown away; what is open is only looked at."""

import threading
import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client

from questionnaire.models import AuditEntry, ImportedFile, Survey
from tests.conftest import STANDARD, move, ready

pytestmark = pytest.mark.slow  # many, though none of them takes long

LIST = "/admin/questionnaire/survey/"
FORM = {
    "title": "Staff survey",
    "slug": "staff",
    "organisation": "Made-up Office",
    "purpose": "To test.",
    "contact": "tests@office.example",
    "standard": STANDARD,
    "origin": "web",
    "policy": "rounded",
    "imputation": "standard",
    "minimum_responses": 10,
    "kind": "anonymous",
    "access": "open_link",
    "custody": "service",
    "time_zone": "Europe/London",
    "unopened_days": 90,
}
# What opening fixes, each with another value.
FIXED = {
    "title": "Another title",
    "slug": "another",
    "organisation": "Another Office",
    "purpose": "Another purpose.",
    "signed_name": "Another name",
    "signed_role": "Another role",
    "promises": "Another promise",
    "controller": "Another controller",
    "lawful_basis": "Another basis",
    "address_source": "Another source",
    "standard": "gss_seb/1999-01",
    "origin": "imported",
    "policy": "exact",
    "imputation": "strict",
    "kiosk": "on",
    "kind": "linked",
    "access": "invited",
    "custody": "owner",
    "time_zone": "Europe/Paris",
    "unopened_days": "30",
    "headcount": "12",
    "headcount_date": "2020-01-01",
    "state": "draft",
}
MENDED = {
    "contact": "mended@office.example",
    "data_protection_contact": "officer@office.example",
    "complaints_contact": "complaints@office.example",
    "host": "Made-up Host, in the United Kingdom",
    "mail_provider": "Made-up Mail",
    "backup_days": 30,
    "listed": True,
    "minimum_responses": 30,
    "opens_at": datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    "closes_at": datetime(2050, 7, 5, 16, 0, tzinfo=UTC),
    "counts_until": date(2051, 1, 5),
}


def signed_in(*permissions: str, name: str = "someone", **fields: bool) -> Client:
    """A browser in which this staff account is signed in."""
    user = User.objects.create_user(name, **{"is_staff": True, **fields})
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def keeper(db) -> Client:
    """Someone who may do whatever can be done with surveys."""
    return signed_in(*(f"{action}_survey" for action in ("view", "add", "change", "delete")))


def typed(fields: dict[str, object]) -> dict[str, object]:
    """Fields as they are typed: times on the clock of London."""
    london = ZoneInfo("Europe/London")
    return {
        name: f"{value.astimezone(london):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value
        for name, value in fields.items()
    }


def page_of(survey: Survey, page: str = "change") -> str:
    return f"{LIST}{survey.pk}/{page}/"


def stored(survey: Survey) -> dict[str, object]:
    """Every field of the survey as the database has it."""
    return Survey.objects.filter(pk=survey.pk).values().get()


def recorded() -> list[tuple[str, str, str]]:
    """Who did what to which survey, but for what the fixtures did."""
    return list(AuditEntry.objects.exclude(actor="test").values_list("actor", "action", "survey"))


def press_open(client: Client, survey: Survey):
    return client.post(page_of(survey, "opening"), follow=True)


def told(response) -> list[str]:
    """The messages on the page."""
    return [item.get_text() for item in BeautifulSoup(response.content, "html.parser").select(".messagelist li")]


# ------------------------------------------------------------------------------------------------------------ drafts


def test_draft_is_created_as_it_was_filled_in(keeper):
    assert keeper.post(f"{LIST}add/", FORM).url == LIST
    survey = Survey.objects.values(*FORM, "state", "public_key", "listed").get()
    assert survey == {**FORM, "state": "draft", "public_key": None, "listed": False}


def test_draft_is_changed_as_it_was_filled_in(keeper, make_survey):
    survey = make_survey(opened=False)
    changed = {**FORM, "title": "Another title", "slug": "another", "policy": "exact", "imputation": "strict"}
    assert keeper.post(page_of(survey), changed).url == LIST
    assert Survey.objects.values(*changed).get() == changed


def test_form_offers_the_standards_that_are_installed_and_their_imputations(keeper):
    form = BeautifulSoup(keeper.get(f"{LIST}add/").content, "html.parser")
    offered = {
        name: [option["value"] for option in form.select(f"select[name={name}] option")]
        for name in ("standard", "imputation", "policy", "origin")
    }
    assert offered == {
        "standard": [STANDARD],
        "imputation": ["standard", "strict"],
        "policy": ["rounded", "exact"],
        "origin": ["web", "imported"],
    }


def test_state_that_is_posted_changes_nothing(keeper, make_survey):
    survey = make_survey(opened=False)
    keeper.post(page_of(survey), {**FORM, "state": "closed", "public_key": "00" * 32})
    assert (stored(survey)["state"], stored(survey)["public_key"]) == ("draft", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", ""),
        ("slug", "Staff Survey"),
        ("slug", "../admin"),
        ("slug", "-"),
        ("slug", "taken"),
        ("slug", "s" * 41),
        ("slug", "staff\0"),
        ("title", ""),
        ("title", "t" * 121),
        ("title", "zero\0byte"),
        ("organisation", "o" * 121),
        ("purpose", "p" * 2001),
        ("contact", "c" * 201),
        ("standard", ""),
        ("standard", "gss_seb/1999-01"),
        ("standard", "../../etc/passwd"),
        ("origin", "nonsense"),
        ("policy", "nonsense"),
        ("policy", ""),
        ("imputation", "guess"),
        ("imputation", ""),
        ("minimum_responses", "9"),
        ("minimum_responses", "-10"),
        ("minimum_responses", "9" * 9),
        ("minimum_responses", "ten"),
        ("backup_days", "-1"),
        ("closes_at", "never"),
        ("closes_at", "2027-03-28T01:30"),  # the hour that London leaps over
        ("closes_at", "2027-10-31T01:30"),  # the hour that London has twice
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", ""),
        ("access", "nonsense"),
        ("custody", "nonsense"),
        ("headcount", "-1"),
        ("headcount", "9" * 12),
        ("headcount_date", "yesterday"),
        ("unopened_days", "0"),
        ("unopened_days", ""),
        ("counts_until", "2027-02-30"),
    ],
)
@pytest.mark.parametrize("page", ["add", "change"])
def test_field_that_is_wrong_is_told_in_the_form_and_nothing_is_stored(keeper, make_survey, page, field, value):
    make_survey("taken", opened=False)
    draft = make_survey("draft", opened=False)
    before = list(Survey.objects.values())
    response = keeper.post(f"{LIST}add/" if page == "add" else page_of(draft), {**FORM, field: value})
    assert (response.status_code, list(response.context["errors"]) != []) == (200, True)
    assert list(Survey.objects.values()) == before


def test_form_that_is_far_too_long_is_refused(keeper):
    assert keeper.post(f"{LIST}add/", {**FORM, "purpose": "p" * 100_000}).status_code == 413
    assert Survey.objects.count() == 0


def test_form_that_is_empty_is_told_so(keeper):
    assert (keeper.post(f"{LIST}add/", {}).status_code, Survey.objects.count()) == (200, 0)


@pytest.mark.parametrize("place", ["x", "0", "99999999999999999999", "1'--", "%00"])
def test_survey_that_is_none_leads_back_to_the_staff_page(keeper, place):
    assert keeper.get(f"{LIST}{place}/change/").url == "/admin/"


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%27--", "state__exact=nonsense", "o=99", "p=x", "public_key=1", "answerpattern__n=1", "e=1"]
)
def test_list_with_a_query_of_junk_is_no_fault(keeper, make_survey, query):
    make_survey()
    assert keeper.get(f"{LIST}?{query}").status_code in (200, 302, 400)


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}?state__exact=%00",
        f"{LIST}?q=%00",
        "/admin/questionnaire/auditentry/?survey=%00",
        "/admin/questionnaire/auditentry/?survey__in=%00,a",
        "/admin/questionnaire/auditentry/?action__gt=%00",
        "/admin/?%00",
    ],
)
def test_query_with_a_nul_is_answered_in_plain_words(db, address):
    response = signed_in(is_superuser=True).get(address)
    assert (response.status_code, response.templates[0].name) == (400, "400.html")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("survey=staff", 200),
        ("survey__exact=staff", 200),
        ("survey__in=staff,a", 400),
        ("survey__startswith=s", 400),
        ("action__gt=a", 400),
        ("actor=a", 400),
    ],
)
def test_list_is_narrowed_by_what_its_filters_offer_and_nothing_else(db, query, status):
    client = signed_in(is_superuser=True)
    assert client.get(f"/admin/questionnaire/auditentry/?{query}").status_code == status


def test_markup_in_a_title_is_shown_as_text(keeper, make_survey):
    make_survey(opened=False, title="<script>alert(1)</script>")
    assert b"<script>alert" not in keeper.get(LIST).content


# ------------------------------------------------------------------------------------------------------------ opening


def test_button_opens_a_draft_with_a_key_of_its_own(keeper, make_survey, settings):
    survey = make_survey(opened=False, **ready())
    assert told(press_open(keeper, survey)) == ["“Staff survey” is open."]
    survey.refresh_from_db()
    assert (survey.state, survey.opened_at is not None) == ("open", True)
    assert [key.stem for key in settings.KEY_STORE.iterdir()] == [bytes(survey.public_key).hex()]


def test_button_on_an_open_survey_says_so_and_keeps_its_key(keeper, survey):
    before = stored(survey)
    assert told(press_open(keeper, survey)) == ["“staff” is open: only a draft can be opened."]
    assert stored(survey) == before


def test_button_on_a_survey_of_imports_is_refused(keeper, make_survey):
    survey = make_survey(opened=False, origin="imported", **ready())
    (message,) = told(press_open(keeper, survey))
    assert (message.split(":")[0], stored(survey)["state"]) == ("“staff” holds answers collected earlier", "draft")


def test_button_without_the_permission_to_change_opens_nothing(make_survey):
    survey = make_survey(opened=False, **ready())
    assert press_open(signed_in("view_survey", "add_survey", "delete_survey"), survey).status_code == 403
    assert stored(survey)["state"] == "draft"


# ------------------------------------------------------------------------------------------------------ what is open


@pytest.mark.parametrize("state", ["open", "stopped", "closed", "released"])
@pytest.mark.parametrize("field", FIXED)
def test_field_that_opening_fixes_cannot_be_changed_afterwards(keeper, survey, state, field):
    move(survey, state)
    before = stored(survey)
    assert keeper.post(page_of(survey), {"minimum_responses": 10, field: FIXED[field]}).url == LIST
    assert stored(survey) == before


def test_contacts_can_be_mended_while_it_is_open_and_nothing_else_with_them(keeper, survey):
    before = stored(survey)
    mended = {field: value for field, value in MENDED.items() if field != "opens_at"}
    keeper.post(page_of(survey), {**FORM, **FIXED, **typed(mended)})
    assert stored(survey) == {**before, **mended}


@pytest.mark.parametrize(
    ("stands", "posted", "error"),
    [
        ({}, {"opens_at": "2050-01-05T09:00"}, "It takes answers already: this time is not changed any more."),
        ({}, {"closes_at": "2026-01-05T09:00"}, "This time has passed. To end the survey now, use Close."),
        (
            {"closes_at": datetime(2026, 1, 5, tzinfo=UTC)},
            {"closes_at": "2050-01-05T09:00"},
            "The survey has ended: this time is not changed any more.",
        ),
        (
            {"counts_until": date(2050, 5, 3)},
            {"counts_until": "2050-05-04"},
            "Respondents were told 3 May 2050: it can only be earlier.",
        ),
    ],
    ids=["opened", "past", "ended", "longer"],
)
def test_time_of_an_open_survey_that_is_not_to_be_changed_is_told_in_the_form(
    keeper, make_survey, stands, posted, error
):
    survey = make_survey(**stands)
    before = stored(survey)
    page = keeper.post(page_of(survey), {**FORM, **posted})
    found = [each.get_text() for each in BeautifulSoup(page.content, "html.parser").select(".errorlist li")]
    assert (found, stored(survey)) == ([error], before)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("time", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_time_that_no_survey_means_is_told_in_the_form(keeper, make_survey, zone, time):
    survey = make_survey(opened=False)
    page = keeper.post(page_of(survey), {**FORM, "time_zone": zone, "opens_at": time})
    assert ("Choose a time between the years 2000 and 2200." in page.content.decode(), stored(survey)["opens_at"]) == (
        True,
        None,
    )


def test_page_of_an_open_survey_shows_no_key(keeper, survey):
    page = keeper.get(page_of(survey)).content.decode()
    assert (bytes(survey.public_key).hex() in page, "public_key" in page) == (False, False)


@pytest.mark.parametrize("state", ["open", "stopped", "closed", "released"])
def test_survey_that_has_asked_anyone_cannot_be_deleted(keeper, survey, state):
    move(survey, state)
    assert keeper.post(page_of(survey, "delete"), {"post": "yes"}).status_code == 403
    assert Survey.objects.count() == 1


@pytest.mark.parametrize("action", ["delete_selected", "no_such_action"])
def test_action_that_is_not_offered_does_nothing(keeper, survey, make_survey, action):
    make_survey("draft", opened=False)
    ids = list(Survey.objects.values_list("pk", flat=True))
    keeper.post(LIST, {"action": action, "_selected_action": ids, "post": "yes"})
    assert Survey.objects.count() == 2


def test_draft_can_be_deleted(keeper, make_survey):
    survey = make_survey(opened=False)
    assert keeper.post(page_of(survey, "delete"), {"post": "yes"}).url == LIST
    assert Survey.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("before", "meanwhile", "posted", "afterwards"),
    [
        ("open", {"state": "stopped"}, {"contact": "mended@office.example"}, {"state": "stopped"}),
        (
            "draft",
            {"state": "open", "public_key": b"k" * 32},
            {"policy": "exact"},
            {"state": "open", "public_key": b"k" * 32, "policy": "rounded"},
        ),
    ],
    ids=["stopped", "opened"],
)
def test_survey_that_is_moved_while_its_form_is_saved_stays_moved(make_survey, before, meanwhile, posted, afterwards):
    """Closing holds the survey's row for as long as it opens seals: whoever presses Save then has to wait."""
    survey = make_survey(opened=before == "open")
    client = signed_in("view_survey", "change_survey")
    other = connection.copy()
    sets = ", ".join(f"{column} = %s" for column in meanwhile)
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"UPDATE questionnaire_survey SET {sets} WHERE id = %s", [*meanwhile.values(), survey.pk])  # noqa: S608
        saving = threading.Thread(target=post_and_hang_up, args=(client, page_of(survey), {**FORM, **posted}))
        saving.start()
        end = time.monotonic() + 20
        while not waiting_for_a_lock() and time.monotonic() < end:
            time.sleep(0.01)
        cursor.execute("COMMIT")
    saving.join()
    other.close()
    found = stored(survey)
    assert {name: bytes(found[name]) if name == "public_key" else found[name] for name in afterwards} == afterwards


def post_and_hang_up(client: Client, page: str, form: dict[str, str]) -> None:
    """Post from a thread, and give back the thread's own database connection."""
    client.post(page, form)
    connection.close()


def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


# ------------------------------------------------------------------------------------------------------------- audit


def test_whoever_creates_changes_opens_or_deletes_is_recorded(keeper):
    keeper.post(f"{LIST}add/", FORM)
    survey = Survey.objects.get()
    keeper.post(page_of(survey), {**FORM, "policy": "exact", "contact": ""})
    Survey.objects.update(**ready())
    press_open(keeper, survey)
    keeper.post(f"{LIST}add/", {**FORM, "slug": "other"})
    keeper.post(page_of(Survey.objects.get(slug="other"), "delete"), {"post": "yes"})
    assert recorded() == [
        ("someone", "created", "staff"),
        ("someone", "changed", "staff"),
        ("someone", "opened", "staff"),
        ("someone", "created", "other"),
        ("someone", "deleted", "other"),
    ]


def test_record_of_a_change_names_the_fields_and_the_policy(keeper, make_survey):
    survey = make_survey(opened=False)
    keeper.post(page_of(survey), {**FORM, "policy": "exact"})
    detail = AuditEntry.objects.get(action="changed").detail
    assert {**detail, "fields": sorted(detail["fields"])} == {
        "fields": ["contact", "organisation", "policy", "purpose"],
        "policy": "exact",
    }


def test_refusal_is_not_recorded(keeper, survey):
    press_open(keeper, survey)
    keeper.post(f"{LIST}add/", {**FORM, "slug": "Our Staff"})
    keeper.post(page_of(survey, "delete"), {"post": "yes"})
    assert recorded() == []


@pytest.mark.parametrize("model", ["auditentry", "importedfile"])
def test_records_can_be_read_and_never_written_even_by_a_superuser(make_survey, model):
    survey = make_survey(opened=False, origin="imported")
    ImportedFile.objects.create(
        survey=survey, digest="d", mode="paper", collected_from="2026-01-05", collected_to="2026-01-30", responses=3
    )
    kind = {"auditentry": AuditEntry, "importedfile": ImportedFile}[model]
    place = f"/admin/questionnaire/{model}/"
    row = f"{place}{kind.objects.first().pk}"
    client = signed_in(is_superuser=True)
    before = list(kind.objects.values())
    assert [client.get(page).status_code for page in (place, f"{row}/change/")] == [200, 200]
    attempts = [
        client.post(f"{place}add/", {}),
        client.post(f"{row}/change/", {"actor": "nobody", "mode": "online"}),
        client.post(f"{row}/delete/", {"post": "yes"}),
    ]
    client.post(place, {"action": "delete_selected", "_selected_action": [kind.objects.first().pk], "post": "yes"})
    assert ([attempt.status_code for attempt in attempts], list(kind.objects.values())) == ([403, 403, 403], before)


# ------------------------------------------------------------------------------------------------------- permissions

MAY = {
    "view": {"list": 200, "add": 403, "change": 200, "save": 403, "delete": 403},
    "add": {"list": 403, "add": 200, "change": 403, "save": 403, "delete": 403},
    "change": {"list": 200, "add": 403, "change": 200, "save": 302, "delete": 403},
    "delete": {"list": 403, "add": 403, "change": 403, "save": 403, "delete": 200},
    "": {"list": 403, "add": 403, "change": 403, "save": 403, "delete": 403},
}


def visits(client: Client, survey: Survey) -> dict[str, object]:
    """What each page of a draft answers."""
    return {
        "list": client.get(LIST),
        "add": client.get(f"{LIST}add/"),
        "change": client.get(page_of(survey)),
        "save": client.post(page_of(survey), FORM),
        "delete": client.get(page_of(survey, "delete")),
    }


@pytest.mark.parametrize("permission", MAY)
def test_staff_may_do_what_their_permission_says(make_survey, permission):
    survey = make_survey(opened=False)
    client = signed_in(*([f"{permission}_survey"] if permission else []))
    assert {page: response.status_code for page, response in visits(client, survey).items()} == MAY[permission]


@pytest.mark.parametrize("who", ["nobody", "not staff", "not active"])
def test_whoever_is_not_staff_is_led_to_sign_in(make_survey, who):
    survey = make_survey(opened=False)
    client = {
        "nobody": Client,
        "not staff": lambda: signed_in(is_staff=False, is_superuser=True),
        "not active": lambda: signed_in(is_active=False, is_superuser=True),
    }[who]()
    places = {response["Location"].split("?")[0] for response in visits(client, survey).values()}
    assert places == {"/admin/login/"}


def test_pages_of_surveys_are_kept_nowhere(keeper, survey):
    pages = [LIST, f"{LIST}add/", page_of(survey), page_of(survey, "history")]
    assert {keeper.get(page)["Cache-Control"] for page in pages} == {"no-store, private"}
