"""Withdrawing releases: what they and their successors then say, who may do it, and that it stays as it was written."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from outputs.exports.files import named
from outputs.exports.release_files import release_files
from outputs.models import Withdrawal
from outputs.release_job import build_release
from outputs.releases import release, releases
from outputs.withdrawals import AlreadyWithdrawn, withdraw
from questionnaire.models import AuditEntry, Survey
from tests.counted_survey import closed_survey

pytestmark = pytest.mark.django_db

PAGE = "/admin/outputs/staff/1/withdraw/"


def client_of(*permissions: str) -> Client:
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions, content_type__app_label="outputs"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner() -> Client:
    return client_of("view_release", "add_withdrawal")


@pytest.fixture
def built():
    closed_survey()
    build_release("staff", actor="test")


def built_again() -> None:
    """Another release, which is possible because a setting has changed."""
    Survey.objects.update(minimum_responses=20)
    build_release("staff", actor="test")


def today() -> str:
    day = timezone.localdate()
    return f"{day.day} {day:%B %Y}"


def words(element) -> str:
    return " ".join(element.get_text().split())


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def notes(number: int, file: str = "tables.csv-metadata.json") -> list[str]:
    content = json.loads(named(release_files(release("staff", number)), file).content())
    return [note["rdfs:comment"] for note in content["notes"]]


def first_words(client: Client, page: str) -> list[str]:
    return [words(each) for each in soup(client.get(page)).select("h1 ~ p.release-standing")]


def test_release_that_stands_says_nothing_of_it(built):
    assert (str(release("staff")), release("staff").standing.sentences) == ("Staff survey, release 1", [])


def test_withdrawn_release_says_when_why_and_that_nothing_replaces_it(built):
    withdraw("staff", 1, actor="someone", reason="The wrong file was imported")
    said = (
        f"This release was withdrawn on {today()}, because: The wrong file was imported. "
        "Do not use its figures: nothing replaces them yet."
    )
    assert (str(release("staff")), release("staff").standing.sentences) == (
        "Staff survey, release 1 (withdrawn)",
        [said],
    )
    assert notes(1)[0] == notes(1, "nssec-5.csv-metadata.json")[0] == said


def test_successor_of_a_withdrawn_release_is_revised_and_named_in_it(built):
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    built_again()
    said = f"[r] Revised: this release replaces release 1. Release 1 was withdrawn on {today()}, because: Wrong."
    assert (str(release("staff")), notes(2)[0]) == ("Staff survey, release 2 [r]", said)
    assert notes(1)[0] == (
        f"This release was withdrawn on {today()}, because: Wrong. Do not use its figures: use release 2 instead."
    )


def test_release_after_a_revised_one_is_not_revised(built):
    built_again()
    Survey.objects.update(minimum_responses=30)
    build_release("staff", actor="test")
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    assert [(each.number, each.standing.mark) for each in releases()] == [(3, ""), (2, " [r]"), (1, " (withdrawn)")]


def test_release_that_replaces_two_names_both(built):
    built_again()
    for number in (1, 2):
        withdraw("staff", number, actor="someone", reason=f"Wrong {number}.")
    Survey.objects.update(minimum_responses=30)
    build_release("staff", actor="test")
    assert release("staff").standing.sentences == [
        "[r] Revised: this release replaces release 1 and release 2. "
        f"Release 1 was withdrawn on {today()}, because: Wrong 1. "
        f"Release 2 was withdrawn on {today()}, because: Wrong 2."
    ]


def test_withdrawn_release_of_which_nothing_changed_stays_the_last(built):
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    again = build_release("staff", actor="test")
    assert (again.number, again.is_new, release("staff").number) == (1, False, 1)


def test_figures_and_files_of_a_withdrawn_release_stay_as_they_were(built):
    before = {file.name: file.content() for file in release_files(release("staff"))}
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    after = {file.name: file.content() for file in release_files(release("staff"))}
    changed = {name for name in before if before[name] != after[name]}
    assert (list(before) == list(after), changed) == (
        True,
        {name for name in before if not name.endswith((".csv", ".sps"))},
    )


@pytest.mark.parametrize(
    "page", ["/admin/outputs/staff/1/", "/admin/outputs/staff/1/files/", "/admin/outputs/staff/1/nssec-5/", PAGE]
)
def test_page_of_a_withdrawn_release_says_so_below_its_heading(page, built, owner):
    withdraw("staff", 1, actor="someone", reason="Wrong, <b>very</b>.")
    assert first_words(owner, page) == release("staff").standing.sentences


def test_page_of_a_revised_release_says_so_in_its_heading_and_below(built, owner):
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    built_again()
    assert words(soup(owner.get("/admin/outputs/staff/2/")).h1) == "Staff survey, release 2 [r]"
    assert first_words(owner, "/admin/outputs/staff/2/") == release("staff").standing.sentences


def test_withdrawing_on_its_page_keeps_who_and_why_and_leads_to_the_release(built, owner):
    response = owner.post(PAGE, {"reason": "  The wrong file\r\n was imported.  "})
    assert (response.status_code, response["Location"]) == (302, "/admin/outputs/staff/1/")
    stored = Withdrawal.objects.get()
    assert (stored.release.number, stored.actor, stored.reason) == (1, "analyst", "The wrong file was imported.")
    entry = AuditEntry.objects.order_by("id").last()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == (
        "analyst",
        "withdrew release",
        "staff",
        {"release": 1, "reason": "The wrong file was imported."},
    )


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1001, "nul\0"])
def test_withdrawing_without_a_fit_reason_changes_nothing(reason, built, owner):
    page = soup(owner.post(PAGE, {"reason": reason}))
    assert (words(page.select_one(".errornote")), Withdrawal.objects.count()) == ("Nothing was changed.", 0)
    assert words(page.title).startswith("Error: ")


def test_release_is_withdrawn_once(built, owner):
    withdraw("staff", 1, actor="someone", reason="First.")
    with pytest.raises(AlreadyWithdrawn):
        withdraw("staff", 1, actor="someone", reason="Second.")
    owner.post(PAGE, {"reason": "Third."})
    assert list(Withdrawal.objects.values_list("reason", flat=True)) == ["First."]
    assert soup(owner.get(PAGE)).select("form textarea") == []


def test_withdrawal_is_never_changed_in_the_database_either(built):
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    for change in ("UPDATE outputs_withdrawal SET reason = 'Right.'", "DELETE FROM outputs_withdrawal"):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@pytest.mark.parametrize("permissions", [(), ("view_release",), ("add_withdrawal",), ("view_release", "add_release")])
def test_withdrawing_needs_its_permission(permissions, built):
    client = client_of(*permissions)
    assert [client.get(PAGE).status_code, client.post(PAGE, {"reason": "No."}).status_code] == [403, 403]
    assert Withdrawal.objects.count() == 0


def test_withdrawing_by_nobody_in_particular_leads_to_sign_in(built):
    response = Client().post(PAGE, {"reason": "No."})
    assert (response.status_code, Withdrawal.objects.count()) == (302, 0)


def test_withdrawing_what_does_not_exist_is_not_found(built, owner):
    assert owner.get("/admin/outputs/staff/2/withdraw/").status_code == 404


def test_withdrawing_a_release_of_an_exact_survey_needs_the_permission_to_see_it(owner):
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    assert owner.get(PAGE).status_code == 403


def test_release_page_leads_to_withdrawing_for_those_who_may(built, owner):
    assert len(soup(owner.get("/admin/outputs/staff/1/")).select(f'a[href="{PAGE}"]')) == 1
    withdraw("staff", 1, actor="someone", reason="Wrong.")
    assert soup(owner.get("/admin/outputs/staff/1/")).select(f'a[href="{PAGE}"]') == []
