"""Who may see releases that nothing protects, and how a release was attacked; and what the web process never loads."""

import os
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client

from outputs.exports.pack import NO_PACK
from outputs.release_job import build_release
from questionnaire.models import AuditEntry
from tests.counted_survey import NOT_WORKING, closed_survey
from tests.integration.test_outputs_views import PAGES, words

OF_A_RELEASE = [page for page in PAGES if page.startswith("/admin/outputs/staff/")]
AUDIT = "/admin/outputs/staff/1/audit/"
HELD = "Attacked before it was released: held"


def staff(*permissions: str) -> Client:
    """Someone who may view releases, and do what else is named."""
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_release", *permissions]))
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, page: str = AUDIT) -> BeautifulSoup:
    return BeautifulSoup(client.get(page).content, "html.parser").select_one("#content")


def titles(client: Client) -> list[str]:
    return [words(link) for link in shown(client, "/admin/outputs/").select("tbody th a")]


# ------------------------------------------------------------------------------------------------ exact releases


@pytest.fixture
def exact(db):
    closed_survey(policy="exact")
    closed_survey(slug="other", title="Other survey")
    build_release("staff", actor="test")
    build_release("other", actor="test")


@pytest.mark.parametrize("page", [*OF_A_RELEASE, AUDIT])
def test_exact_release_without_the_permission_is_refused(page, exact):
    before = AuditEntry.objects.count()
    assert staff("view_release_audit").get(page).status_code == 403
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("page", [*(page for page in OF_A_RELEASE if not page.endswith(".zip")), AUDIT])
def test_exact_release_with_the_permission_is_shown(page, exact):
    assert staff("view_exact_release").get(page).status_code == 200


def test_exact_release_alone_is_no_permission_to_view_releases(exact):
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_exact_release"))
    client = Client()
    client.force_login(user)
    assert [client.get(page).status_code for page in (*OF_A_RELEASE, "/admin/outputs/")] == [403] * (
        len(OF_A_RELEASE) + 1
    )


def test_list_has_exact_releases_for_those_alone_who_may_see_them(exact):
    client = staff()
    without = titles(client)
    User.objects.get().user_permissions.add(Permission.objects.get(codename="view_exact_release"))
    assert (without, titles(client)) == (
        ["Other survey, release 1"],
        ["Other survey, release 1", "Staff survey, release 1"],
    )


def test_release_that_does_not_exist_is_not_found_rather_than_refused(exact):
    assert staff().get("/admin/outputs/staff/2/").status_code == 404


def test_export_command_says_that_nothing_is_protected(exact, tmp_path, capsys):
    call_command("export_release", "staff", "--to", str(tmp_path / "exact"))
    call_command("export_release", "other", "--to", str(tmp_path / "rounded"))
    assert capsys.readouterr().err == (
        "Exact: counts are not rounded and nothing is withheld. This release is for a statistical office with its own "
        f"disclosure control. Do not publish it as it stands.\n{NO_PACK}\n"
    )
    assert [entry.survey for entry in AuditEntry.objects.filter(action="exported").order_by("pk")] == ["staff", "other"]


# --------------------------------------------------------------------------------------------- how it was attacked


@pytest.fixture
def alike(db):
    closed_survey([(NOT_WORKING, 13)])
    build_release("staff", actor="test")


def test_release_page_says_that_it_was_attacked_and_leads_there(alike):
    link = shown(staff(), "/admin/outputs/staff/1/").select_one(f'a[href="{AUDIT}"]')
    assert words(link) == HELD


def test_verdict_is_for_all_and_details_are_not(alike):
    page = shown(staff())
    assert words(page.select_one(".policy")) == HELD
    assert (page.select("table"), AuditEntry.objects.filter(action="read the attack").count()) == ([], 0)


def test_details_are_for_auditors(alike):
    page = shown(staff("view_release_audit"))
    assert [[words(cell) for cell in row.select("th, td")] for row in page.select("tbody tr")] == [
        [
            "To the nearest multiple, each count by itself",
            "A small count would be known exactly",
            "All; Type of secondary school attended for the most time between the ages of 11 and 16: Independent or "
            "fee-paying school",
        ],
        [
            "To the nearest multiple, what is no fact about a person as what the others leave",
            "A small count would be known exactly",
            "All; Type of secondary school attended for the most time between the ages of 11 and 16: Independent or "
            "fee-paying school",
        ],
        ["To a neighbouring multiple, all counts together", "Nothing about anybody", ""],
    ]
    assert [words(row.dt) for row in page.select("dl.facts div")] == ["Rows", "Cells", "The attacker", "Small counts"]


def test_reading_the_details_is_recorded(alike):
    staff("view_release_audit").get(AUDIT)
    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == (
        "analyst",
        "read the attack",
        "staff",
        {"release": 1},
    )


def test_exact_release_says_that_it_was_not_attacked(exact):
    page = shown(staff("view_exact_release", "view_release_audit"))
    assert [words(each) for each in page.select("p, h2, table")] == [
        "Not attacked: nothing in this release is protected"
    ]


def test_page_of_the_attack_takes_no_post(alike):
    assert staff().post(AUDIT).status_code == 405


# ------------------------------------------------------------------------------------------------- the web process


def test_web_process_never_loads_what_the_release_job_needs():
    """Exact tables, and the solver and its arrays, which are slow to load and large."""
    loads = "import django, sys; django.setup(); import seb_survey.urls, seb_survey.wsgi; print(*sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "seb_survey.settings"}
    done = subprocess.run([sys.executable, "-c", loads], env=environment, check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "outputs.views" in loaded
    assert {"numpy", "highspy", "outputs.release_job", "outputs.tables", "outputs.exact_rows"} & loaded == set()
