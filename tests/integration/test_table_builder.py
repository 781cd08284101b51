"""The table builder: what a release holds can be chosen, read, linked and fetched; all else is refused in words."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from csvw.metadata import CSVW

from outputs.exports.columns import COLUMNS
from outputs.exports.files import named
from outputs.exports.release_files import release_files
from outputs.models import WantedNext
from outputs.release_job import build_release
from outputs.releases import release
from questionnaire.fieldwork import copying
from questionnaire.models import AuditEntry, Survey
from tests.counted_survey import closed_survey
from tests.grouped_survey import closed_with_groups
from tests.integration.test_surveys_admin import keeper, page_of, signed_in, told  # noqa: F401  (a fixture)
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

BUILDER = "/admin/outputs/staff/1/builder/"
PEOPLE = [
    (EMPLOYEE, {"grade": "aa", "department": "hr"}, 100),
    (BURSARY, {"grade": "aa", "department": "hr"}, 50),
    (EMPLOYEE, {"grade": "eo", "department": "it"}, 60),
    (EMPLOYEE, {"grade": "g7", "department": "legal"}, 60),
]


@pytest.fixture
def built():
    closed_with_groups(PEOPLE, two_way=())
    build_release("staff", actor="test")
    return release("staff")


@pytest.fixture
def analyst():
    return signed_in("view_release", name="analyst")


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text(element) -> str:
    return " ".join(element.get_text().split())


def grids(client, query: str) -> dict[str, list[list[str]]]:
    """Caption -> rows of each table on the page."""
    return {
        text(table.caption): [[text(cell) for cell in row.select("th, td")] for row in table.select("tr")]
        for table in soup(client.get(f"{BUILDER}?{query}")).select("table")
    }


def faults(response) -> list[str]:
    assert response.status_code == 400
    return [text(each) for each in soup(response).select(".errornote li")]


def test_builder_offers_exactly_what_the_release_holds(built, analyst):
    page = soup(analyst.get(BUILDER))
    offered = {
        name: [each["value"] for each in page.select(f'input[name="{name}"]')]
        for name in ("table", "by", "figure", "rows")
    }
    assert offered == {
        "table": [table.id for table in built.tables],
        "by": ["grade", "department"],
        "figure": ["count", "percent_asked", "percent_known"],
        "rows": ["groups", "categories"],
    }
    assert page.select("table") == []


def test_selection_is_shown_with_everyone_first(built, analyst):
    title = built.table("free-school-meals").title
    assert grids(analyst, "table=free-school-meals&by=grade&figure=count") == {
        f"{title}, by Grade – Count": [
            ["Grade", "Yes", "No", "Not applicable", "Don’t know or prefer not to say", "Not asked",
             "Base asked", "Base known"],
            ["All", "[low]", "220", "[low]", "[low]", "50", "220", "220"],
            ["Assistant", "[low]", "100", "[low]", "[low]", "50", "100", "100"],
            ["Executive", "[low]", "60", "[low]", "[low]", "[low]", "60", "60"],
            ["Grade 7", "[low]", "60", "[low]", "[low]", "[low]", "60", "60"],
        ]
    }  # fmt: skip


def test_selection_is_turned(built, analyst):
    title = built.table("school-type").title
    laid = grids(analyst, "table=school-type&by=grade&figure=count&rows=categories")[f"{title}, by Grade – Count"]
    assert laid[0] == ["Category", "All", "Assistant", "Executive", "Grade 7"]
    assert [row for row in laid if row[0] in ("Base asked", "A state-run or state-funded school")] == [
        ["A state-run or state-funded school", "220", "100", "60", "60"],
        ["Base asked", "270", "150", "60", "60"],
    ]


def test_share_on_a_small_base_has_the_range_that_rounding_allows_beside_it(analyst):
    of_executives = [
        (EMPLOYEE, {"grade": "eo", "department": "it"}, 40),
        (BURSARY, {"grade": "eo", "department": "it"}, 20),
    ]
    closed_with_groups([*PEOPLE, *of_executives], two_way=())
    build_release("staff", actor="test")
    of_grade = release("staff").parts_of(release("staff").table("parental-qualification"))
    (part,) = (part for part in of_grade if part.group == "Grade 7")
    figures = [cell.percent_known for cell in part.cells if cell.base == "known"]
    (laid,) = grids(analyst, "table=parental-qualification&by=grade&figure=percent_known").values()
    expected = [f"{figure}{figure.between}" for figure in figures]
    assert laid[-1] == ["Grade 7", *expected, str(part.base_known)]


def test_several_tables_and_breakdowns_are_shown_one_after_the_other_with_every_figure(built, analyst):
    captions = list(grids(analyst, "table=nssec-3&table=school-type&by=department&by=grade"))
    assert captions == [
        f"{built.table(id).title}, by {by} – {kind}"
        for id in ("school-type", "nssec-3")
        for by in ("Grade", "Department")
        for kind in ("Count", "Percentage of base asked", "Percentage of base known")
    ]


def test_table_of_everyone_is_shown_where_no_breakdown_is_chosen(built, analyst):
    title = built.table("nssec-3").title
    laid = grids(analyst, "table=nssec-3&figure=count")
    assert {caption: [row[0] for row in rows] for caption, rows in laid.items()} == {
        f"{title} – Count": ["Group", "All"]
    }


def test_link_is_the_same_however_the_selection_was_made(built, analyst):
    links = {
        soup(analyst.get(f"{BUILDER}?{query}")).select_one("#selection + p a")["href"]
        for query in (
            "by=grade&table=school-type&table=nssec-3",
            "table=nssec-3&table=school-type&by=grade&figure=percent_known&figure=count&figure=percent_asked&rows=groups",
        )
    }
    assert links == {
        f"http://testserver{BUILDER}?table=school-type&table=nssec-3&by=grade&figure=count&figure=percent_asked"
        "&figure=percent_known&rows=groups"
    }


def test_form_shows_what_is_chosen(built, analyst):
    page = soup(analyst.get(f"{BUILDER}?table=nssec-3&by=grade&figure=count&rows=categories"))
    checked = [(each["name"], each["value"]) for each in page.select("input[checked]")]
    assert checked == [("table", "nssec-3"), ("by", "grade"), ("figure", "count"), ("rows", "categories")]


def test_file_is_the_rows_of_the_selection_as_the_release_has_them(built, analyst):
    response = analyst.get(f"{BUILDER}tables.csv?table=nssec-3&by=grade&figure=count")
    whole = named(release_files(built), "tables.csv").content().decode()
    expected = [
        row
        for row in csv.DictReader(io.StringIO(whole, newline=""))
        if row["table"] == "nssec-3" and row["breakdown"] in ("organisation", "grade")
    ]
    found = list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))
    assert (found, list(found[0])) == (expected, [column.name for column in COLUMNS])
    assert {row["group"] for row in found} == {"All", "Assistant", "Executive", "Grade 7"}


def test_download_is_recorded_with_what_was_chosen(built, analyst):
    analyst.get(f"{BUILDER}tables.csv?table=nssec-3&figure=count")
    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == (
        "analyst",
        "downloaded",
        "staff",
        {"file": "tables.csv", "release": 1, "selection": "table=nssec-3&figure=count&rows=groups"},
    )


def test_metadata_of_a_selection_is_valid_and_tells_how_many_were_imputed(built, analyst, tmp_path):
    for file in ("tables.csv", "tables.csv-metadata.json"):
        (tmp_path / file).write_bytes(analyst.get(f"{BUILDER}{file}?table=nssec-3&by=department").content)
    described = CSVW(str(tmp_path / "tables.csv-metadata.json"), validate=True)
    assert (described.is_valid, [str(warning.message) for warning in described.warnings]) == (True, [])
    metadata = json.loads((tmp_path / "tables.csv-metadata.json").read_text())
    assert metadata["dc:title"] == "Staff survey: tables chosen from release 1"
    assert [note for note in metadata["notes"] if "Imputed: " in note["rdfs:comment"]] != []


def test_page_lists_a_file_of_the_selection_in_every_format_of_the_whole(built, analyst):
    links = soup(analyst.get(f"{BUILDER}?table=nssec-3")).select("ul.files a")
    whole = [file.name for file in release_files(built) if file.name.startswith("tables.")]
    assert [text(link) for link in links] == whole
    for link in links:
        assert analyst.get(link["href"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("table=nssec-9", ["This release has no table “nssec-9”."]),
        ("table=nssec-3&by=age", ["This release has no breakdown “age”."]),
        ("table=nssec-3&by=grade_by_department", ["This release has no breakdown “grade_by_department”."]),
        ("table=nssec-3&figure=exact", ["There is no kind of figure “exact”."]),
        ("table=nssec-3&rows=people", ["Rows cannot be “people”."]),
        ("table=nssec-3&rows=groups&rows=categories", ["Choose one orientation."]),
        ("by=grade", ["Choose at least one table."]),
        ("table=", ["This release has no table “”."]),
        ("table=nssec-3&sex=f&sex=m",
         ["The builder does not know “sex”: it takes table, by, figure, rows, and no filter."]),
        (f"table={'x' * 500}", [f"This release has no table “{'x' * 60}”."]),
    ],
)  # fmt: skip
def test_query_that_asks_for_anything_else_is_told_why(query, said, built, analyst):
    assert faults(analyst.get(f"{BUILDER}?{query}")) == said
    assert faults(analyst.get(f"{BUILDER}tables.csv?{query}"))


def test_query_that_is_no_text_is_a_bad_request(built, analyst):
    assert [analyst.get(f"{BUILDER}?table={bytes}").status_code for bytes in ("%00", "%ff")] == [400, 400]


def test_fault_is_shown_as_text(built, analyst):
    assert faults(analyst.get(f"{BUILDER}?table=<b>x</b>")) == ["This release has no table “<b>x</b>”."]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/outputs/nobody/1/builder/",
        "/admin/outputs/staff/2/builder/",
        f"{BUILDER}codebook.csv?table=nssec-3",
        f"{BUILDER}other.csv?table=nssec-3",
    ],
)
def test_builder_of_what_there_is_not_is_not_found(address, built, analyst):
    assert analyst.get(address).status_code == 404


@pytest.mark.parametrize("address", [BUILDER, f"{BUILDER}?table=nssec-3", f"{BUILDER}tables.csv?table=nssec-3"])
def test_builder_is_for_those_who_may_view_releases(address, built, client):
    assert signed_in(name="other").get(address).status_code == 403
    assert client.get(address).status_code == 302


def test_builder_of_an_exact_release_needs_the_permission_to_see_it(analyst):
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    sees_exact = signed_in("view_release", "view_exact_release", name="office")
    for address in (BUILDER, f"{BUILDER}?table=nssec-3", f"{BUILDER}tables.csv?table=nssec-3"):
        assert (analyst.get(address).status_code, sees_exact.get(address).status_code) == (403, 200)
    assert analyst.post(f"{BUILDER}wanted/", {"wanted": "x"}).status_code == 403


def test_release_page_leads_to_the_builder(built, analyst):
    assert soup(analyst.get("/admin/outputs/staff/1/")).select_one(f'a[href="{BUILDER}"]') is not None


# --------------------------------------------------------------------------------------------- what cannot be chosen


def lacking(client) -> list[str]:
    found = soup(client.get(BUILDER)).select_one("#lacking").find_next_sibling("ul")
    return [text(each) for each in found.select("li")]


def test_builder_says_which_crossing_there_is_not(built, analyst):
    assert lacking(analyst) == ["Grade by Department: the two were not crossed when the survey opened."]


def test_builder_says_which_breakdown_is_not_shown(analyst):
    people = [(EMPLOYEE, {"grade": "aa", "department": "hr"}, 40), (EMPLOYEE, {"grade": "eo", "department": "hr"}, 40)]
    closed_with_groups(people)
    build_release("staff", actor="test")
    assert lacking(analyst) == [
        "Department: even put together, too few answered for two groups to be shown.",
    ]


def test_builder_of_a_survey_without_breakdowns_says_so(analyst):
    closed_survey()
    build_release("staff", actor="test")
    assert lacking(analyst) == ["Any breakdown: the survey was opened without one."]
    assert soup(analyst.get(BUILDER)).select('input[name="by"]') == []


def note(client, wanted: str):
    return client.post(f"{BUILDER}wanted/", {"wanted": wanted}, follow=True)


def test_what_is_missing_is_noted_for_the_owner(built, analyst, keeper):  # noqa: F811
    assert told(note(analyst, "By length of service")) == ["It is noted for the next survey."]
    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == ("analyst", "noted as wanted", "staff", {})
    survey = Survey.objects.get(slug="staff")
    for page in ("change", "copy"):
        shown = soup(keeper.get(page_of(survey, page))).select(".wanted-next li")
        assert [text(each).rsplit(",", 1)[0] for each in shown] == ["By length of service (analyst"]


def test_draft_of_the_next_wave_shows_what_was_wanted_for_it(built, analyst, keeper):  # noqa: F811
    note(analyst, "By length of service")
    draft = copying.copy("staff", "staff-2", actor="test")
    shown = soup(keeper.get(page_of(draft))).select(".wanted-next li")
    assert [text(each).rsplit(",", 1)[0] for each in shown] == ["By length of service (analyst"]


def test_survey_of_which_nothing_is_missing_says_nothing_of_it(built, keeper):  # noqa: F811
    survey = Survey.objects.get(slug="staff")
    assert soup(keeper.get(page_of(survey))).select(".wanted-next") == []


def test_same_note_is_kept_once(built, analyst):
    note(analyst, "By age")
    assert told(note(analyst, "By age")) == ["That was noted before."]
    assert WantedNext.objects.count() == 1


def test_no_more_notes_are_taken_than_anyone_reads(built, analyst):
    survey = Survey.objects.get(slug="staff")
    WantedNext.objects.bulk_create(WantedNext(survey=survey, text=f"{n}", noted_by="a") for n in range(50))
    assert told(note(analyst, "By age")) == [
        "So much is noted already that nothing more is taken: speak to the survey’s owner."
    ]
    assert WantedNext.objects.count() == 50


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("  ", "Say what is missing."),
        ("x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_note_that_is_none_is_told_and_not_stored(wanted, said, built, analyst):
    response = analyst.post(f"{BUILDER}wanted/", {"wanted": wanted})
    assert (response.status_code, [text(each) for each in soup(response).select(".errorlist li")]) == (400, [said])
    assert WantedNext.objects.count() == 0


def test_note_is_taken_only_of_those_who_may_view_releases(built, client, analyst):
    assert signed_in(name="other").post(f"{BUILDER}wanted/", {"wanted": "x"}).status_code == 403
    assert client.post(f"{BUILDER}wanted/", {"wanted": "x"}).status_code == 302
    assert analyst.get(f"{BUILDER}wanted/").status_code == 405
    assert WantedNext.objects.count() == 0
