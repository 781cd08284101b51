"""The results pages: who may see them, what they show, and that nothing exact or unknown is among it."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client

from outputs.exports.files import named
from outputs.exports.pack import NO_PACK
from outputs.exports.release_files import release_files
from outputs.release_job import build_release
from outputs.releases import release
from questionnaire.models import AuditEntry
from tests.counted_survey import NOT_WORKING, REFUSED_WORK, ROUTINE_SUPERVISOR_UNKNOWN, closed_survey

pytestmark = pytest.mark.django_db

PAGES = [
    "/admin/outputs/",
    "/admin/outputs/staff/1/",
    "/admin/outputs/staff/1/nssec-5/",
    "/admin/outputs/staff/1/files/",
    "/admin/outputs/staff/1/staff-release-1.zip",
    "/admin/outputs/staff/1/summary/",
    "/admin/outputs/staff/1/tables.csv",
    "/admin/outputs/staff/1/nssec-5.csv-metadata.json",
    "/admin/outputs/staff/1/codebook.csv",
    "/admin/outputs/codebook/gss_seb/2023-07/",
    "/admin/outputs/codebook/gss_seb/2023-07/derivation-nssec5.csv",
]
UNKNOWN = [
    "/admin/outputs/nobody/1/",
    "/admin/outputs/nobody/1/files/",
    "/admin/outputs/staff/2/",
    "/admin/outputs/staff/2/summary/",
    "/admin/outputs/staff/1/nssec-7/",
    "/admin/outputs/staff/1/nssec-7.csv",
    "/admin/outputs/staff/1/settings.py",
    "/admin/outputs/codebook/gss_seb/1999-01/",
    "/admin/outputs/codebook/gss_seb/2023-07/standard.toml",
    "/admin/outputs/codebook/../2023-07/",
]


def client_of(*also: str, staff: bool, permitted: bool) -> Client:
    """Someone with the permission to view releases, and the others named, or without."""
    user = User.objects.create_user("analyst", is_staff=staff)
    if permitted:
        user.user_permissions.set(Permission.objects.filter(codename__in=["view_release", *also]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def built():
    closed_survey()
    build_release("staff", actor="test")


@pytest.fixture
def analyst():
    return client_of(staff=True, permitted=True)


@pytest.fixture
def statistician():
    """May view exact releases as well."""
    return client_of("view_exact_release", staff=True, permitted=True)


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text().split())


@pytest.mark.parametrize("page", PAGES)
def test_page_for_staff_with_the_permission_is_shown_and_kept_nowhere(page, built, analyst):
    response = analyst.get(page)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store, private")


@pytest.mark.parametrize("page", PAGES + UNKNOWN)
def test_page_for_nobody_in_particular_leads_to_sign_in(page, built):
    response = Client().get(page)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("staff", "permitted"), [(False, False), (False, True), (True, False)])
def test_page_for_anyone_else_is_refused(page, staff, permitted, built):
    assert client_of(staff=staff, permitted=permitted).get(page).status_code == 403


@pytest.mark.parametrize("page", UNKNOWN)
def test_page_that_does_not_exist_is_not_found(page, built, analyst):
    assert analyst.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_page_takes_no_post(page, built, analyst):
    assert analyst.post(page).status_code == 405


def test_release_list_names_each_release_below_its_survey(built, analyst):
    page = soup(analyst.get("/admin/outputs/"))
    heading = page.select_one("#content h2")
    assert [words(heading), words(heading.find_next("p"))] == ["Staff survey", "Organisation: Made-up Office"]
    row = page.select_one("main tbody tr")
    assert [words(cell) for cell in row.find_all(["th", "td"])][:3] == ["Staff survey, release 1", "Current", "80"]
    assert row.a["href"] == "/admin/outputs/staff/1/"


def test_release_list_without_releases_says_why_it_is_empty(analyst):
    assert words(soup(analyst.get("/admin/outputs/")).select_one("#content p")) == (
        "No release has been built yet, and no survey is closed that one could be built of."
    )


def test_release_page_links_to_its_files(built, analyst):
    links = soup(analyst.get("/admin/outputs/staff/1/")).select('main a[href="/admin/outputs/staff/1/files/"]')
    assert [words(link) for link in links] == ["All files", "Publication pack and all files"]


def test_files_page_links_to_the_pack_and_then_to_every_file_with_what_it_is_for(built, analyst):
    page = soup(analyst.get("/admin/outputs/staff/1/files/"))
    listed = [(element.a["href"], words(element)) for element in page.select("main p:has(a), ul.files li")]
    assert listed == [
        (f"/admin/outputs/staff/1/{file.name}", f"{file.name}: {file.title}")
        for file in release_files(release("staff"))
    ]


def test_files_page_of_an_exact_release_says_why_there_is_no_pack(statistician):
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    page = soup(statistician.get("/admin/outputs/staff/1/files/"))
    assert words(page.find("h2", string="Publication pack").find_next("p")) == NO_PACK
    assert [link["href"] for link in page.select('main a[href$=".zip"]')] == []


def test_pack_of_an_exact_release_is_not_found(statistician):
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    assert statistician.get("/admin/outputs/staff/1/staff-release-1.zip").status_code == 404


def test_release_page_shows_and_links_to_every_table(built, analyst):
    page = soup(analyst.get("/admin/outputs/staff/1/"))
    tables = release("staff").tables
    assert [words(caption) for caption in page.select('caption[id^="caption-"]')][1:] == [
        table.title for table in tables
    ]
    for table in tables:
        assert page.select_one(f'a[href="/admin/outputs/staff/1/{table.id}/"]') is not None


@pytest.mark.parametrize("page", ["/admin/outputs/staff/1/", "/admin/outputs/staff/1/nssec-5/"])
@pytest.mark.parametrize("policy", ["rounded", "exact"])
def test_page_says_its_policy_and_explains_every_symbol_above_the_table(page, policy):
    closed_survey(policy=policy)
    build_release("staff", actor="test")
    shown = soup(client_of("view_exact_release", staff=True, permitted=True).get(page))
    assert words(shown.select_one(".policy")) == release("staff").policy
    symbols = shown.select_one("dl.symbols")
    assert [(words(row.dt), words(row.dd)) for row in symbols.select("div")] == release("staff").symbols
    assert symbols.find_next("table") == shown.select_one("main table")


def test_table_page_shows_the_table_as_counted_by_hand(built, analyst):
    table = soup(analyst.get("/admin/outputs/staff/1/free-school-meals/")).select_one("main table")
    assert [[words(cell) for cell in row.find_all(["th", "td"])] for row in table.select("tr")] == [
        ["Category", "Count", "% of base asked", "% of base known"],
        ["Yes", "60", "92 (84 to 96)", "[95+]"],
        ["No", "[low]", "[low]", "[low]"],
        ["Not applicable", "[low]", "[low]", "[z]"],
        ["Don’t know or prefer not to say", "5", "8 (4 to 11)", "[z]"],
        ["Not asked", "15", "[z]", "[z]"],
        ["Base", "", "65", "60"],
    ]


def test_table_page_below_the_minimum_withholds_the_bases_too(analyst):
    closed_survey([(NOT_WORKING, 9)])
    build_release("staff", actor="test")
    table = soup(analyst.get("/admin/outputs/staff/1/nssec-3-imputed/")).select_one("main table")
    assert {words(cell) for cell in table.select("td")} == {"[c]", ""}


def test_table_page_has_its_notes_and_source(built, analyst):
    main = soup(analyst.get("/admin/outputs/staff/1/nssec-3/")).select_one("#content")
    published = release("staff")
    table = published.table("nssec-3")
    assert [words(note) for note in main.select("li")] == [
        table.universe,
        *published.notes_of(table),
        *published.notes,
    ]
    assert published.source == (
        "Staff survey (Made-up Office). Questions and categories: Socio-economic background harmonised standard, "
        "gss_seb/2023-07, Government Statistical Service (GSS) Harmonisation Team, under the Open Government Licence "
        "v3.0."
    )
    assert published.source in [words(paragraph) for paragraph in main.select("p")]


def test_table_page_has_a_caption_and_headers_of_rows_and_columns(built, analyst):
    table = soup(analyst.get("/admin/outputs/staff/1/nssec-3/")).select_one("main table")
    assert words(table.caption) == release("staff").table("nssec-3").title
    assert {header["scope"] for header in table.select("thead th")} == {"col"}
    assert {header["scope"] for header in table.select("tbody th, tfoot th")} == {"row"}


def test_pages_hold_no_exact_number(analyst):
    # No count, base or total of these is a multiple of five, so every exact one would show.
    closed_survey([(NOT_WORKING, 1213), (REFUSED_WORK, 411), (ROUTINE_SUPERVISOR_UNKNOWN, 222)])
    build_release("staff", actor="test")
    exact = {f"{n:,}" for n in (1213, 411, 222, 1213 + 411, 1213 + 222, 411 + 222, 1213 + 411 + 222)}
    pages = ["/admin/outputs/", "/admin/outputs/staff/1/", "/admin/outputs/staff/1/summary/"]
    pages += [f"/admin/outputs/staff/1/{table.id}/" for table in release("staff").tables]
    shown = " ".join(words(soup(analyst.get(page)).select_one("main")) for page in pages)
    assert set(re.findall(r"\d+(?:,\d+)*", shown)) & (exact | {n.replace(",", "") for n in exact}) == set()


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("tables.csv", "text/csv; charset=utf-8; header=present"),
        ("nssec-5.csv", "text/csv; charset=utf-8; header=present"),
        ("tables.csv-metadata.json", "application/csvm+json"),
        ("codebook.csv", "text/csv; charset=utf-8; header=present"),
        ("staff-release-1.zip", "application/zip"),
        ("tables.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("tables.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("quality-and-methodology.html", "text/html; charset=utf-8"),
    ],
)
def test_download_is_the_file_as_an_attachment(name, content_type, built, analyst):
    response = analyst.get(f"/admin/outputs/staff/1/{name}")
    assert response.content == named(release_files(release("staff")), name).content()
    assert (response["Content-Type"], response["Content-Disposition"]) == (
        content_type,
        f'attachment; filename="{name}"',
    )


def test_download_is_recorded(built, analyst):
    analyst.get("/admin/outputs/staff/1/nssec-5.csv")
    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == (
        "analyst",
        "downloaded",
        "staff",
        {"file": "nssec-5.csv", "release": 1},
    )


def test_download_that_is_refused_is_not_recorded(built):
    before = AuditEntry.objects.count()
    client_of(staff=True, permitted=False).get("/admin/outputs/staff/1/nssec-5.csv")
    assert AuditEntry.objects.count() == before


def test_title_and_organisation_are_shown_as_text(analyst):
    closed_survey(title="<script>alert(1)</script>", organisation="<b>Office</b>")
    build_release("staff", actor="test")
    page = soup(analyst.get("/admin/outputs/staff/1/"))
    assert words(page.h1) == "<script>alert(1)</script>, release 1"
    assert words(page.select("dl.facts dd")[1]) == "<b>Office</b>"


def test_admin_index_links_to_results_for_those_who_may_see_them(analyst):
    link = soup(analyst.get("/admin/")).select_one("#content .results-link a")
    assert (link["href"], words(link)) == ("/admin/outputs/", "Tables and files of every release")


def test_admin_index_links_to_no_results_for_others():
    page = soup(client_of(staff=True, permitted=False).get("/admin/"))
    assert page.select('a[href="/admin/outputs/"]') == []


def test_survey_called_codebook_has_its_own_release_page(analyst):
    closed_survey(slug="codebook")
    build_release("codebook", actor="test")
    assert (
        words(soup(analyst.get("/admin/outputs/codebook/1/nssec-5/")).h1) == release("codebook").table("nssec-5").title
    )
