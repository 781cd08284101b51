"""The dashboard of a release: headlines, charts beside their tables, why something is hidden, rates and the summary."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client

from outputs.exports.chart_files import chart_files
from outputs.release_job import build_release
from outputs.releases import release
from tests.counted_survey import NOT_WORKING, closed_survey
from tests.grouped_survey import GRADE, closed_with_groups
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

# By grade: 60 whose class is known, then 40 of 60, then 30, which are fewer than percentages need.
PEOPLE = [
    (EMPLOYEE, {"grade": "aa"}, 60),
    (EMPLOYEE, {"grade": "eo"}, 40),
    (BURSARY, {"grade": "eo"}, 20),
    (EMPLOYEE, {"grade": "g7"}, 30),
]
RELEASE = "/admin/outputs/staff/1/"


@pytest.fixture
def analyst() -> Client:
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_release", "view_exact_release"]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def by_grade() -> None:
    closed_with_groups(PEOPLE, {"grade": GRADE}, two_way=(), headcount_date="2026-09-30")
    build_release("staff", actor="test")


def soup(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text().split())


def rows(table) -> list[list[str]]:
    return [[words(cell) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def test_release_page_has_a_headline_and_a_chart_of_every_table_but_of_what_was_imputed(by_grade, analyst):
    page = soup(analyst, RELEASE)
    tables = [table for table in release("staff").tables if not table.imputed_of]
    images = page.select('svg[role="img"]')
    assert [image.title.string for image in images] == [f"{table.title}. Everyone" for table in tables]
    assert len(page.select("p.headline")) == len(tables)


@pytest.mark.parametrize("path", [RELEASE, f"{RELEASE}nssec-3/", f"{RELEASE}summary/"])
def test_every_symbol_leads_to_its_meaning_on_the_page(path, by_grade, analyst):
    page = soup(analyst, path)
    meanings = {each["id"]: (words(each.dt), words(each.dd)) for each in page.select("dl.symbols > div")}
    assert list(meanings.values()) == release("staff").symbols
    links = page.select("main a.symbol")
    assert links != []
    assert [meanings[link["href"].removeprefix("#")][0] for link in links] == [words(link) for link in links]
    for cell in page.select("main td, main dd"):
        assert len(re.findall(r"\[\S+\]", words(cell))) == len(cell.select("a.symbol"))


@pytest.mark.parametrize("path", [RELEASE, f"{RELEASE}nssec-3/", f"{RELEASE}summary/"])
def test_no_id_stands_twice_on_a_page(path, by_grade, analyst):
    ids = [each["id"] for each in soup(analyst, path).select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_table_page_has_a_small_chart_of_each_group_in_order(by_grade, analyst):
    images = soup(analyst, f"{RELEASE}nssec-3/").select("svg.chart")
    title = release("staff").table("nssec-3").title
    assert [image.title.string for image in images] == [
        f"{title}. {group}" for group in ("Everyone", "Assistant", "Executive", "Grade 7")
    ]


def test_table_page_gives_the_range_of_percentages_on_a_small_base(by_grade, analyst):
    grid = soup(analyst, f"{RELEASE}nssec-3/").select_one("table:has(> #by-grade-percent_asked)")
    # Executives, printed as 40, low, low, 20 and low: 38 in 38 + 2 + 2 + 22 + 2 to 42 in 42 + 18.
    assert rows(grid)[1][1:] == ["67 (57 to 70)", "[low]", "[low]", "33 (27 to 37)", "[low]", "60"]


def test_release_page_gives_the_response_rate_with_the_day_of_the_headcount(by_grade, analyst):
    page = soup(analyst, RELEASE)
    assert words(page.select_one("#rates + p")) == (
        "Response rate: 8% (7 to 8), 150 of 2,000 people (headcount of 30 September 2026). It is taken from the "
        "rounded number of responses."
    )


def test_release_page_gives_response_rates_of_groups_and_declaration_rates_of_tables(by_grade, analyst):
    page = soup(analyst, RELEASE)
    by_group = page.select_one("table:has(> #caption-response-grade)")
    assert rows(by_group) == [
        ["Assistant", "60", "700", "9 (8 to 10)"],
        ["Executive", "60", "700", "9 (8 to 10)"],
        ["Grade 7", "30", "600", "[5-]"],
    ]
    declared = {row[0]: row[1:] for row in rows(page.select_one("table:has(> #caption-declaration)"))}
    # Printed 130, low and low of 20 and low more: 128 in 128 + 24 to 136 in 136 + 18.
    assert declared[release("staff").table("nssec-3").title] == ["130", "150", "87 (84 to 89)"]


def test_release_page_without_a_headcount_says_so(analyst):
    closed_survey()
    build_release("staff", actor="test")
    assert words(soup(analyst, RELEASE).select_one("#rates + p")) == (
        "Response rate: not known, since the survey has no headcount."
    )


def test_summary_shows_each_group_of_the_ordered_breakdown_beside_everyone(by_grade, analyst):
    page = soup(analyst, f"{RELEASE}summary/")
    table = page.select_one("table:has(> #caption-representation)")
    assert [words(head) for head in table.select("thead th")] == [
        "Grade",
        "Managerial, administrative, and professional occupations",
        "Intermediate occupations",
        "Routine and manual occupations",
        "Base known",
    ]
    assert [row[0] for row in rows(table)] == ["Everyone", "Assistant", "Executive", "Grade 7"]
    images = [image.title.string.split(". ")[-1] for image in page.select("svg.chart")]
    assert images == ["Everyone", "Assistant", "Executive", "Grade 7"]


def test_summary_has_the_headline_of_every_table_and_the_cautions(by_grade, analyst):
    page = soup(analyst, f"{RELEASE}summary/")
    tables = [table for table in release("staff").tables if not table.imputed_of]
    assert [words(each) for each in page.select("dl.headlines dt")] == [table.title for table in tables]
    cautions = [words(each).split(".")[0] for each in page.select("main li")]
    assert cautions == [
        "This is about the people who answered",
        "A difference is named only where it stands whatever counts the rounding hides",
        "No share is given of Executive and Grade 7",
    ]


def test_summary_without_groups_has_the_classes_of_everyone_alone(analyst):
    closed_survey()
    build_release("staff", actor="test")
    page = soup(analyst, f"{RELEASE}summary/")
    assert (len(page.select("svg.chart")), page.select("table")) == (1, [])


@pytest.mark.parametrize("fields", [{"policy": "exact"}, {}], ids=["exact", "below the minimum"])
@pytest.mark.parametrize("path", ["", "nssec-3/", "summary/"])
def test_page_of_few_people_or_exact_counts_is_shown(path, fields, analyst):
    closed_survey([(NOT_WORKING, 9)], **fields)
    build_release("staff", actor="test")
    assert soup(analyst, RELEASE + path).select("svg.chart") != []


def test_chart_files_of_a_stored_release_are_those_of_its_tables_and_breakdowns(by_grade):
    names = [file.name for file in chart_files(release("staff"))]
    tables = [table.id for table in release("staff").tables if not table.imputed_of]
    assert names == [f"chart-{table}{end}.svg" for table in tables for end in ("", "-by-grade")]


def test_facts_say_which_tables_are_ordered(by_grade):
    assert [table.id for table in release("staff").tables if release("staff").is_ordered(table)] == ["nssec-3"]
