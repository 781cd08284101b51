"""What an owner has shown beside results: off until switched on, never without its caution, in no file."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from outputs import benchmarks, targets
from outputs.exports.release_files import release_files
from outputs.models import ChosenBenchmark, OwnBenchmark, Target
from outputs.release_job import build_release
from outputs.releases import release
from questionnaire.fieldwork import copying
from questionnaire.models import AuditEntry, Survey
from tests.counted_survey import NOT_WORKING, REFUSED_WORK, SUPERVISING_PROFESSIONAL, closed_survey
from tests.grouped_survey import GRADE, closed_with_groups
from tests.integration.test_surveys_admin import signed_in, told
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/outputs/staff/beside/"
KEY = "nssec-3 managerial_professional 2021"
SCHOOLS = "school-type independent+independent_bursary 2019"
OWN = {
    "codes": ["state", "state_selective"],
    "value": "91.5",
    "population": "our region",
    "period": "2021",
    "source": "A regional survey",
    "caution": "of people under 30",
}
TARGET = {
    "codes": ["independent"],
    "group": "organisation all",
    "direction": "at_most",
    "percent": "30",
    "by": "2030-12-31",
    "set_on": "2026-05-01",
}


@pytest.fixture
def built():
    """School type: 300 state, 50 selective, 150 independent. Three classes: 300 in the first, no other known."""
    closed_survey([(SUPERVISING_PROFESSIONAL, 300), (NOT_WORKING, 150), (REFUSED_WORK, 50)])
    build_release("staff", actor="test")
    return release("staff")


@pytest.fixture
def owner():
    return signed_in("set_beside", "view_release", name="owner")


def text(element) -> str:
    return " ".join(element.get_text().split())


def page(client, address) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def shown(client, table: str) -> list[str]:
    """The headlines beside a table, on its page."""
    return [text(each) for each in page(client, f"/admin/outputs/staff/1/{table}/").select(".beside h3")]


def recorded() -> list[tuple]:
    return list(AuditEntry.objects.filter(actor="owner").values_list("action", "survey", "detail"))


def put(client, table: str, kind: str, fields: dict, **changed):
    return client.post(f"{OVERVIEW}{table}/{kind}/", fields | changed)


def faults(response) -> list[str]:
    return [text(each) for each in BeautifulSoup(response.content, "html.parser").select(".errorlist li")]


# -------------------------------------------------------------------------------------- benchmarks of the standard


def test_benchmarks_of_the_standard_are_off(built, owner):
    assert [shown(owner, table.id) for table in built.tables] == [[]] * len(built.tables)


def test_benchmark_that_is_switched_on_stands_beside_the_share_with_its_caution_in_the_headline(built, owner):
    assert owner.post(OVERVIEW, {"on": SCHOOLS}).url == OVERVIEW
    assert shown(owner, "school-type") == [
        "Independent or fee-paying school, with or without bursary: here 30 per cent; pupils in England, so of those "
        "schooled in the UK, 2019: 7.5 per cent. Caution: sum of two of this standard's categories; pupils of that "
        "year, not the childhood of today's workforce"
    ]
    assert shown(owner, "nssec-3") == []
    assert recorded() == [("benchmark switched on", "staff", {"benchmark": SCHOOLS})]


def test_benchmark_tells_population_date_source_and_that_no_gap_is_given(built, owner):
    owner.post(OVERVIEW, {"on": KEY})
    beside = page(owner, "/admin/outputs/staff/1/nssec-3/").select_one(".beside")
    assert [text(each) for each in beside.select("p")] == [
        "Both are percentages of base known. The benchmark was measured in another way, so the gap between them is "
        "not given.",
        "Source: Social Mobility Commission, measurement changes summary report, May 2021 (Labour Force Survey). "
        "Looked up on 21 November 2026.",
    ]
    assert benchmarks.benchmarks_of(built, built.table("nssec-3"))[0].here.status == "[95+]"


def test_benchmark_is_switched_off_again(built, owner):
    owner.post(OVERVIEW, {"on": KEY})
    owner.post(OVERVIEW, {"on": KEY})
    owner.post(OVERVIEW, {"off": KEY})
    assert (shown(owner, "nssec-3"), ChosenBenchmark.objects.count()) == ([], 0)
    assert [action for action, _survey, _detail in recorded()] == ["benchmark switched on", "benchmark switched off"]


def test_benchmark_of_another_survey_stays_off(built, owner):
    owner.post(OVERVIEW, {"on": KEY})
    closed_survey(slug="other")
    build_release("other", actor="test")
    other = release("other")
    assert benchmarks.benchmarks_of(other, other.table("nssec-3")) == []


@pytest.mark.parametrize(
    "posted",
    [
        {"on": "nssec-3 none 2021"},
        {"remove_benchmark": "7"},
        {"remove_target": "x"},
        {"remove_target": "9" * 30},
        {"on": "\0"},
        {"other": "1"},
        {},
    ],
)
def test_press_on_what_is_not_there_changes_nothing_and_says_so(posted, built, owner):
    response = owner.post(OVERVIEW, posted, follow=True)
    assert told(response) == ["Nothing was changed: there is no such benchmark or target, perhaps no longer."]
    assert recorded() == []


# --------------------------------------------------------------------------------------------------- the owner's own


def test_own_benchmark_is_marked_as_the_owners(built, owner):
    assert put(owner, "school-type", "benchmark", OWN).url == OVERVIEW
    assert shown(owner, "school-type") == [
        "A state-run or state-funded school and A state-run or state-funded school that selected on the basis of "
        "academic ability, faith or other grounds: here 70 per cent; our region, 2021: 91.5 per cent. Caution: of "
        "people under 30 (entered by the owner, not protected)"
    ]
    assert recorded() == [("benchmark entered", "staff", {"table": "school-type", "per_cent": "91.5"})]


def test_round_share_is_written_as_people_write_it(built, owner):
    put(owner, "school-type", "benchmark", OWN, value="50")
    put(owner, "school-type", "target", TARGET, percent="100")
    assert [each.count(f"{n} per cent") for each, n in zip(shown(owner, "school-type"), (50, 100), strict=True)] == [
        1,
        1,
    ]
    overview = [text(each) for each in page(owner, OVERVIEW).select(".beside h3")]
    assert [each for each in overview if "E+" in each] == []


def test_own_benchmark_is_removed(built, owner):
    put(owner, "school-type", "benchmark", OWN)
    owner.post(OVERVIEW, {"remove_benchmark": str(OwnBenchmark.objects.get().pk)})
    assert (shown(owner, "school-type"), recorded()[-1][0]) == ([], "benchmark removed")


def test_own_benchmark_of_another_survey_cannot_be_removed(built, owner):
    put(owner, "school-type", "benchmark", OWN)
    closed_survey(slug="other")
    build_release("other", actor="test")
    owner.post("/admin/outputs/other/beside/", {"remove_benchmark": str(OwnBenchmark.objects.get().pk)})
    assert OwnBenchmark.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"caution": ""}, ["This field is required."]),
        ({"codes": []}, ["Select at least one category."]),
        ({"codes": ["unknown"]}, ["Select categories of this table."]),  # it is outside base known
        ({"codes": ["state", "state_selective", "independent", "independent_bursary", "outside_uk"]},
         ["Leave out at least one category: all together are always 100 per cent."]),
        ({"value": "101"}, ["Ensure this value is less than or equal to 100."]),
        ({"value": "many"}, ["Enter a number."]),
        ({"population": "a\0b"}, ["Null characters are not allowed."]),
    ],
)  # fmt: skip
def test_own_benchmark_that_is_wrong_is_told_and_not_stored(changed, said, built, owner):
    response = put(owner, "school-type", "benchmark", OWN, **changed)
    assert (faults(response), OwnBenchmark.objects.count(), recorded()) == (said, 0, [])


# ----------------------------------------------------------------------------------------------------------- targets


def verdict(client, table="school-type") -> list[str]:
    return [text(each) for each in page(client, f"/admin/outputs/staff/1/{table}/").select(".beside")]


def test_target_stands_beside_the_share_with_the_days_it_was_set_and_is_for(built, owner):
    assert put(owner, "school-type", "target", TARGET, percent="31").url == OVERVIEW
    assert verdict(owner) == [
        "Independent or fee-paying school: at most 31 per cent by 31 December 2030 Here: 30 per cent. Reached. Set on "
        "1 May 2026."
    ]
    assert recorded() == [
        (
            "target set",
            "staff",
            {"table": "school-type", "group": "All", "per_cent": "31", "by": "2030-12-31"},
        )
    ]


@pytest.mark.parametrize(
    ("percent", "direction", "said"),
    [
        ("29", "at_most", "Not reached."),
        ("30", "at_most", "Whether it is reached cannot be said: what is shown leaves both possible."),
        ("30", "at_least", "Whether it is reached cannot be said: what is shown leaves both possible."),
        ("29", "at_least", "Reached."),
    ],
)
def test_target_is_reached_only_where_every_count_that_rounding_allows_agrees(percent, direction, said, built, owner):
    put(owner, "school-type", "target", TARGET, percent=percent, direction=direction)
    (aim,) = targets.targets_of(built, built.table("school-type"))
    assert aim.verdict == f"Here: 30 per cent. {said}"


def test_target_of_a_withheld_table_cannot_be_said(owner):
    closed_survey([(NOT_WORKING, 9)])
    build_release("staff", actor="test")
    put(owner, "school-type", "target", TARGET)
    (aim,) = targets.targets_of(release("staff"), release("staff").table("school-type"))
    assert (str(aim.here), aim.reached) == ("[c]", None)


@pytest.fixture
def by_grade():
    people = [(EMPLOYEE, {"grade": "aa"}, 200), (BURSARY, {"grade": "aa"}, 50), (EMPLOYEE, {"grade": "eo"}, 100),
              (EMPLOYEE, {"grade": "g7"}, 100)]  # fmt: skip
    closed_with_groups(people, {"grade": GRADE}, two_way=())
    build_release("staff", actor="test")
    return release("staff")


def test_target_of_one_group_is_compared_with_that_group(by_grade, owner):
    group = {"group": "grade aa", "codes": ["independent_bursary"], "direction": "at_least", "percent": "15"}
    put(owner, "school-type", "target", TARGET, **group)
    (aim,) = targets.targets_of(by_grade, by_grade.table("school-type"))
    assert (aim.wanted, str(aim.here), aim.reached) == (
        "Independent or fee-paying school, where I received a bursary covering 90% or more of my tuition, Assistant: "
        "at least 15 per cent by 31 December 2030",
        "20",
        True,
    )


def test_target_of_a_group_that_is_not_shown_says_so(by_grade, owner):
    put(owner, "school-type", "target", TARGET, group="grade aa")
    Target.objects.update(group="aa_to_eo")
    (aim,) = targets.targets_of(by_grade, by_grade.table("school-type"))
    assert (aim.here, aim.reached, aim.verdict) == (None, None, "This group is not shown in this release.")


def test_target_stands_beside_the_figures_of_the_next_wave_too(built, owner):
    put(owner, "school-type", "target", TARGET)
    copying.copy("staff", "staff-2", actor="test")
    Survey.objects.filter(slug="staff-2").delete()
    closed_survey(slug="staff-3", previous=Survey.objects.get(slug="staff"))
    build_release("staff-3", actor="test")
    later = release("staff-3")
    assert [aim.set_on for aim in targets.targets_of(later, later.table("school-type"))] == [date(2026, 5, 1)]


def test_target_is_removed(built, owner):
    put(owner, "school-type", "target", TARGET)
    owner.post(OVERVIEW, {"remove_target": str(Target.objects.get().pk)})
    assert (verdict(owner), recorded()[-1][0]) == ([], "target removed")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"group": "grade zz"}, ["Select a group of this release."]),
        ({"by": "2026-05-01"}, ["It must be later than the day on which the target is set."]),
        ({"by": "9999-01-01"}, ["Choose a day between the years 2000 and 2200."]),
        ({"by": "soon"}, ["Enter a valid date."]),
        ({"direction": "about"}, ["Select a valid choice. about is not one of the available choices."]),
        ({"percent": "-1"}, ["Ensure this value is greater than or equal to 0."]),
    ],
)
def test_target_that_is_wrong_is_told_and_not_stored(changed, said, built, owner):
    response = put(owner, "school-type", "target", TARGET, **changed)
    assert (faults(response), Target.objects.count(), recorded()) == (said, 0, [])


# ----------------------------------------------------------------------------------------------- files and permission


def test_no_file_holds_what_the_owner_entered(built, owner):
    before = {file.name: file.content() for file in release_files(built)}
    put(owner, "school-type", "benchmark", OWN)
    put(owner, "school-type", "target", TARGET)
    assert {file.name: file.content() for file in release_files(release("staff"))} == before


PAGES = [OVERVIEW, f"{OVERVIEW}school-type/benchmark/", f"{OVERVIEW}school-type/target/"]


@pytest.mark.parametrize("address", PAGES)
def test_page_is_for_those_who_may_set_what_stands_beside_results(address, built, owner):
    analyst = signed_in("view_release", name="analyst")
    assert (owner.get(address).status_code, analyst.get(address).status_code) == (200, 403)
    assert analyst.post(address, {"on": KEY}).status_code == 403
    assert ChosenBenchmark.objects.count() == 0


@pytest.mark.parametrize("address", PAGES)
def test_page_sends_those_who_have_not_signed_in_to_do_so(address, built, client):
    assert client.get(address).url == f"/admin/login/?next={address}"


@pytest.mark.parametrize(
    "address",
    [
        "/admin/outputs/nobody/beside/",
        f"{OVERVIEW}nssec-9/benchmark/",
        f"{OVERVIEW}nssec-9/target/",
        f"{OVERVIEW}nssec-3-imputed/target/",
    ],
)
def test_page_of_what_there_is_not_is_not_found(address, built, owner):
    assert owner.get(address).status_code == 404


def test_release_page_leads_to_the_owners_page_only_for_those_who_may_use_it(built, owner):
    links = [
        [link["href"] for link in page(client, "/admin/outputs/staff/1/").select(f'a[href="{OVERVIEW}"]')]
        for client in (owner, signed_in("view_release", name="analyst"))
    ]
    assert links == [[OVERVIEW], []]


def test_owners_page_shows_no_figure_of_the_release(built, owner):
    put(owner, "school-type", "benchmark", OWN)
    put(owner, "school-type", "target", TARGET)
    told = text(page(owner, OVERVIEW).select_one("#content"))
    shares = {each.here for each in benchmarks.benchmarks_of(built, built.table("school-type"))}
    assert ([str(share) for share in shares], "70 per cent" in told, "91.5 per cent" in told) == (["70"], False, True)


def test_words_that_the_owner_enters_are_shown_as_text(built, owner):
    put(owner, "school-type", "benchmark", OWN, population="<b>us</b>")
    assert "<b>us</b>, 2021" in shown(owner, "school-type")[0]
