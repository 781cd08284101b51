"""The pages of waves side by side and the list of results: what they show, of what, and to whom."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client

from outputs.release_job import build_release
from outputs.releases import release
from outputs.waves import waves
from outputs.withdrawals import withdraw
from questionnaire.models import Survey
from tests.counted_survey import NOT_WORKING, REFUSED_WORK, SUPERVISING_PROFESSIONAL, closed_survey
from tests.grouped_survey import GRADE, closed_with_groups
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

PAGE = "/admin/outputs/later/1/waves/"
LATER = [(SUPERVISING_PROFESSIONAL, 60), (REFUSED_WORK, 40)]
EARLIER = [(SUPERVISING_PROFESSIONAL, 50), (REFUSED_WORK, 50), (NOT_WORKING, 23)]


def client_of(*permissions: str) -> Client:
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def analyst() -> Client:
    return client_of("view_release")


def wave(slug: str, patterns=LATER, *, after: Survey | None = None, released=True, **fields) -> Survey:
    survey = closed_survey(patterns, slug, title=slug.capitalize(), previous=after, **fields)
    if released:
        build_release(slug, actor="test")
    return survey


def words(element) -> str:
    return " ".join(element.get_text().split())


def soup(client: Client, page: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(page).content, "html.parser")


def grid(table) -> list[list[str]]:
    return [[words(cell) for cell in row.select("th, td")] for row in table.select("tr")]


def see_all(_release) -> bool:
    return True


def chain(slug: str) -> tuple[list[str], tuple[str, ...]]:
    found = waves(release(slug), see_all)
    return [str(each) for each in found.earlier], found.without


# ------------------------------------------------------------------------------------------------ which waves are shown


def test_waves_are_followed_back_to_the_first():
    wave("third", after=wave("second", after=wave("first")))
    assert chain("third") == (["Second, release 1", "First, release 1"], ())


def test_newest_release_of_a_wave_that_was_not_withdrawn_is_shown():
    earlier = wave("first")
    for minimum in (20, 30):
        Survey.objects.filter(slug="first").update(minimum_responses=minimum)
        build_release("first", actor="test")
    withdraw("first", 3, actor="test", reason="Wrong.")
    wave("second", after=earlier)
    assert chain("second") == (["First, release 2"], ())


def test_wave_of_which_every_release_is_withdrawn_is_named_and_what_was_before_it_shown():
    second = wave("second", after=wave("first"))
    withdraw("second", 1, actor="test", reason="Wrong.")
    wave("third", after=second)
    assert chain("third") == (["First, release 1"], ("second",))


def test_wave_that_was_never_released_is_named():
    wave("second", after=wave("first", released=False))
    assert chain("second") == ([], ("first",))


def test_waves_that_follow_each_other_in_a_circle_end():
    first = wave("first", released=False)
    second = wave("second", after=first)
    Survey.objects.filter(pk=first.pk).update(previous=second)
    build_release("first", actor="test")
    assert chain("first") == (["Second, release 1"], ())


# ------------------------------------------------------------------------------------------------------------- the page


def test_page_shows_each_table_of_both_waves_with_what_is_clearly_different(analyst):
    wave("later", after=wave("earlier", EARLIER))
    table = soup(analyst, PAGE).find(id="free-school-meals").find_next("table")
    # Asked were 100 in both; "yes" are 60 of 100, before 50 of 100.
    assert grid(table) == [
        ["Category", "Earlier, release 1", "Later, release 1", "Since Earlier, release 1"],
        ["Yes", "50", "60", "higher"],
        ["No", "50", "40", "lower"],
        ["Base asked", "100", "100", ""],
        ["Base known", "100", "100", ""],
    ]
    assert words(table.find_parent("div").find_previous("p")) == (
        "Compared with Earlier, release 1, higher: “Yes”; lower: “No”. "
        "The category is known of 100 of 100 asked; before, of 100 of 100."
    )


def test_page_lists_the_waves_with_their_days_responses_and_people_in_scope(analyst):
    wave("later", after=wave("earlier", EARLIER, headcount=1234), headcount=600)
    assert grid(soup(analyst, PAGE).find(id="caption-waves").find_parent("table"))[1:] == [
        ["Later, release 1", "Online self-completion.", "100", "600"],
        ["Earlier, release 1", "Online self-completion.", "125", "1,234"],
    ]


@pytest.mark.parametrize("path", [PAGE, PAGE + "school-type/"])
def test_page_of_waves_that_are_not_alike_says_why_and_claims_nothing(path, analyst):
    wave("later", after=wave("earlier", EARLIER), headcount=600)
    page = soup(analyst, path)
    heading = page.find("h2", string="[b] Break in the series: Earlier, release 1")
    assert [words(each) for each in heading.find_next("ul").select("li")] == [
        "People in scope: not stated there, stated here."
    ]
    changes = {words(row.select("td")[-1]) for row in page.select("table.waves tbody tr:not(.base)")}
    assert changes == {"[b]"}


def test_page_of_a_first_wave_says_that_there_is_none_before(analyst):
    wave("later")
    assert [words(each) for each in soup(analyst, PAGE).select("#content > p")] == [
        "There is no release of an earlier wave to set beside Later, release 1."
    ]


def test_page_names_a_wave_that_has_nothing_to_show(analyst):
    wave("later", after=wave("earlier", released=False))
    assert [words(each) for each in soup(analyst, PAGE).select("#content > p")][1:] == [
        "The wave “earlier” is not here: it has no release that stands and that you may see."
    ]


def test_release_page_leads_to_the_waves_where_there_is_one_before(analyst):
    wave("later", after=wave("earlier"))
    assert len(soup(analyst, "/admin/outputs/later/1/").select(f'a[href="{PAGE}"]')) == 1
    assert soup(analyst, "/admin/outputs/earlier/1/").select('a[href$="/waves/"]') == []


def test_pages_of_waves_hold_no_exact_number(analyst):
    patterns = [(SUPERVISING_PROFESSIONAL, 1213), (REFUSED_WORK, 411), (NOT_WORKING, 222)]
    wave("later", after=wave("earlier", patterns), patterns=patterns)
    exact = {f"{n:,}" for n in (1213, 411, 222, 1213 + 411, 1213 + 222, 411 + 222, 1213 + 411 + 222)}
    pages = [PAGE, "/admin/outputs/", *(f"{PAGE}{table.id}/" for table in waves(release("later"), see_all).tables)]
    shown = " ".join(words(soup(analyst, page).select_one("main")) for page in pages)
    assert set(re.findall(r"\d+(?:,\d+)*", shown)) & (exact | {n.replace(",", "") for n in exact}) == set()


def test_range_that_rounding_allows_stands_below_a_percentage_of_a_small_base(analyst):
    wave("later", [(SUPERVISING_PROFESSIONAL, 40), (REFUSED_WORK, 20)], after=wave("earlier", EARLIER))
    table = soup(analyst, PAGE).find(id="free-school-meals").find_next("table")
    cell = table.select("tbody tr")[0].select("td")[1]
    share = next(each for each in release("later").table("free-school-meals").cells if each.code == "yes").percent_known
    assert (words(cell.select_one(".between")), share.between != "") == (share.between, True)


# ------------------------------------------------------------------------------------------------------------ by group


def grouped(slug: str, people, after: Survey | None = None, breakdowns=None) -> Survey:
    survey = closed_with_groups(people, breakdowns or {"grade": GRADE}, two_way=(), slug=slug, title=slug.capitalize())
    Survey.objects.filter(pk=survey.pk).update(previous=after)
    build_release(slug, actor="test")
    return survey


def people(junior: int, senior: int, grade: str = "eo") -> list:
    return [
        (EMPLOYEE, {"grade": "aa"}, 60),
        (BURSARY, {"grade": "aa"}, junior),
        (EMPLOYEE, {"grade": grade}, 60),
        (BURSARY, {"grade": grade}, senior),
    ]


def test_page_of_one_table_sets_each_group_beside_itself(analyst):
    grouped("later", people(3, 60), after=grouped("earlier", people(60, 3)))
    table = soup(analyst, PAGE + "school-type/").find(id="by-grade").find_next("table")
    rows = grid(table)
    assert rows[0] == ["Grade", "Earlier, release 1", "Later, release 1", "Since Earlier, release 1"]
    first = release("later").table("school-type").cells[0].label
    state = [row[-1] for row in rows if row[0] == first]
    assert [row[0] for row in rows if len(row) == 1] == ["Assistant", "Executive to Grade 7"]
    assert state == ["higher", "lower"]


def test_breakdown_with_other_groups_is_not_set_beside_and_says_why(analyst):
    order, groups = GRADE
    other = {"grade": (order, {**groups, "eo": ("Executive officer", 700)})}
    grouped("later", people(3, 60), after=grouped("earlier", people(60, 3), breakdowns=other))
    page = soup(analyst, PAGE + "school-type/")
    assert words(page.find(id="by-grade").find_next("p")) == (
        "[b] Earlier, release 1: its groups are others, or were put together in another way."
    )
    assert len(page.select("table.waves")) == 1
    assert page.find(id="everyone") is not None


@pytest.mark.parametrize("table", ["nothing", "nssec-5-imputed"])
def test_table_that_is_not_compared_is_not_found(table, analyst):
    wave("later", after=wave("earlier"))
    assert analyst.get(f"{PAGE}{table}/").status_code == 404


# ----------------------------------------------------------------------------------------------------- who may see what


@pytest.mark.parametrize("page", [PAGE, PAGE + "school-type/"])
def test_waves_need_the_permission_to_see_releases(page):
    wave("later", after=wave("earlier"))
    assert client_of().get(page).status_code == 403
    assert Client().get(page).status_code == 302


def test_waves_of_no_release_are_not_found(analyst):
    wave("later", after=wave("earlier"))
    assert analyst.get("/admin/outputs/later/2/waves/").status_code == 404


def test_release_of_an_exact_survey_is_not_beside_another_for_those_who_may_not_see_it(analyst):
    wave("later", after=wave("earlier", EARLIER, policy="exact"))
    page = soup(analyst, PAGE)
    assert page.select("table") == []
    assert words(page.select("#content > p")[1]) == (
        "The wave “earlier” is not here: it has no release that stands and that you may see."
    )


@pytest.mark.parametrize("page", [PAGE, PAGE + "school-type/"])
def test_waves_of_an_exact_survey_are_refused_to_those_who_may_not_see_it(page, analyst):
    wave("later", after=wave("earlier", EARLIER), policy="exact")
    assert analyst.get(page).status_code == 403


def test_superuser_sees_exact_waves():
    wave("later", after=wave("earlier", EARLIER, policy="exact"))
    client = Client()
    client.force_login(User.objects.create_superuser("owner"))
    assert len(soup(client, PAGE).select("table.waves")) == 5


# ------------------------------------------------------------------------------------------------------------- the list


def listed(client: Client) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each heading with (release, standing) of each row below it."""
    page = soup(client, "/admin/outputs/")
    return [
        (
            words(table.find_previous("h2")),
            [(words(row.th), words(row.td)) for row in table.select("tbody tr")],
        )
        for table in page.select("table.releases")
    ]


def test_list_has_waves_together_newest_first_and_the_series_with_the_newest_release_first(analyst):
    first = wave("first")
    wave("alone")
    wave("third", after=wave("second", after=first))
    assert listed(analyst) == [
        (
            "Third",
            [
                ("Third, release 1", "Current"),
                ("Second, release 1", "Current"),
                ("First, release 1", "Current"),
            ],
        ),
        ("Alone", [("Alone, release 1", "Current")]),
    ]


def test_list_keeps_waves_in_their_order_whenever_they_were_released(analyst):
    first = wave("first", released=False)
    wave("second", after=first)
    build_release("first", actor="test")
    assert [row for row, _standing in listed(analyst)[0][1]] == ["Second, release 1", "First, release 1"]


def test_list_tells_how_each_release_stands(analyst):
    wave("staff")
    for minimum in (20, 30):
        Survey.objects.update(minimum_responses=minimum)
        build_release("staff", actor="test")
    withdraw("staff", 2, actor="test", reason="Wrong.")
    day = Survey.objects.get().releases.get(number=2).withdrawal.at
    assert listed(analyst)[0][1] == [
        ("Staff, release 3", "Current, revised [r]"),
        ("Staff, release 2", f"Withdrawn on {day.day} {day:%B %Y}"),
        ("Staff, release 1", "Replaced by release 3"),
    ]


def test_list_leads_to_waves_side_by_side_from_a_release_that_stands(analyst):
    wave("later", after=wave("earlier"))
    Survey.objects.filter(slug="later").update(minimum_responses=20)
    build_release("later", actor="test")
    withdraw("later", 2, actor="test", reason="Wrong.")
    assert [link["href"] for link in soup(analyst, "/admin/outputs/").select('a[href$="/waves/"]')] == [PAGE]


def test_list_names_what_is_closed_and_not_released_with_a_link_for_those_who_may_build():
    wave("staff", released=False)
    closed_survey(slug="other", state="open")
    client = client_of("view_release", "add_release")
    link = soup(client, "/admin/outputs/").select_one("#content li a")
    assert (words(link.parent), link["href"]) == ("Staff (staff): Build a release", "/admin/outputs/staff/build/")
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="add_release"))
    assert words(soup(client, "/admin/outputs/").select_one("#content li")) == "Staff (staff)"


def test_list_is_without_exact_releases_for_those_who_may_not_see_them(analyst):
    wave("open")
    wave("secret", policy="exact")
    assert listed(analyst) == [("Open", [("Open, release 1", "Current")])]


def test_list_asks_the_database_the_same_however_many_releases_there_are(analyst, django_assert_max_num_queries):
    before = None
    for number in range(4):
        before = wave(f"wave-{number}", after=before)
    with django_assert_max_num_queries(8):
        analyst.get("/admin/outputs/")
