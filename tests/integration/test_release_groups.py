"""Releases of surveys with breakdowns: each table by each merged group, as counted by hand, in files and on pages."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from csvw.metadata import CSVW
from django.contrib.auth.models import Permission, User
from django.test import Client

from outputs.disclosure.protected import FIGURES
from outputs.exports.files import named
from outputs.exports.release_files import release_files
from outputs.release_job import build_release
from outputs.releases import release, releases
from questionnaire.models import GroupCount, Survey
from tests.counted_survey import closed_survey
from tests.grouped_survey import GRADE, closed_with_groups
from tests.integration.test_wizard import BURSARY, EMPLOYEE

pytestmark = pytest.mark.django_db

# By grade: 54 and 6, then 60 and 8 merged of two. The threshold is 10.
PEOPLE = [
    (EMPLOYEE, {"grade": "aa"}, 54),
    (BURSARY, {"grade": "aa"}, 6),
    (EMPLOYEE, {"grade": "eo"}, 60),
    (BURSARY, {"grade": "g7"}, 8),
]


def released(people=tuple(PEOPLE), breakdowns=None, **fields) -> Survey:
    survey = closed_with_groups(people, breakdowns or {"grade": GRADE}, two_way=(), **fields)
    build_release("staff", actor="test")
    return survey


def content(name: str) -> bytes:
    return named(release_files(release("staff")), name).content()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(name).decode(), newline="")))


def counts(table: str) -> dict[tuple[str, str], list[str]]:
    """(breakdown, group) -> what is shown as the count of each category."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows(f"{table}.csv"):
        found.setdefault((row["breakdown"], row["group"]), []).append(row["count"] or row["count_status"])
    return found


@pytest.fixture
def analyst() -> Client:
    user = User.objects.create_user("analyst", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_release"))
    client = Client()
    client.force_login(user)
    return client


def words(element) -> str:
    return " ".join(element.get_text().split())


def grids(page: BeautifulSoup) -> dict[str, list[list[str]]]:
    """Caption -> rows of each table of groups on a page."""
    return {
        words(table.caption): [[words(cell) for cell in row.select("th, td")] for row in table.select("tr")]
        for table in page.select("table.groups")
    }


def test_release_has_every_table_of_everyone_and_then_of_each_group():
    released()
    built = release("staff")
    assert [(part.id, part.breakdown, part.group) for part in built.parts] == [
        (table.id, *of)
        for table in built.tables
        for of in (("organisation", "All"), ("grade", "Assistant"), ("grade", "Executive to Grade 7"))
    ]
    assert len(built.tables) == 7


def test_rounded_table_of_groups_agrees_with_the_count_by_hand():
    released()
    # School type: state, selective, independent, with bursary, outside the UK, unknown.
    assert counts("school-type") == {
        ("organisation", "All"): ["115", "[low]", "[low]", "15", "[low]", "[low]"],
        ("grade", "Assistant"): ["55", "[low]", "[low]", "5", "[low]", "[low]"],
        ("grade", "Executive to Grade 7"): ["60", "[low]", "[low]", "10", "[low]", "[low]"],
    }
    assert [list(row.values())[4:] for row in rows("free-school-meals.csv") if row["category_code"] == "no"] == [
        ["organisation", "All", "no", "No", "115", "", "", "[95+]", "", "[95+]", "115", "115"],
        ["grade", "Assistant", "no", "No", "55", "", "", "[95+]", "", "[95+]", "55", "55"],
        ["grade", "Executive to Grade 7", "no", "No", "60", "", "", "[95+]", "", "[95+]", "60", "60"],
    ]


def test_exact_table_of_groups_is_every_group_as_it_was_counted():
    released(policy="exact")
    assert counts("school-type") == {
        ("organisation", "All"): ["114", "0", "0", "14", "0", "0"],
        ("grade", "Assistant"): ["54", "0", "0", "6", "0", "0"],
        ("grade", "Executive"): ["60", "0", "0", "0", "0", "0"],
        ("grade", "Grade 7"): ["0", "0", "0", "8", "0", "0"],
    }


def test_two_way_table_is_released_as_a_breakdown_of_its_own():
    closed_with_groups()
    build_release("staff", actor="test")
    assert list(counts("nssec-3")) == [
        ("organisation", "All"),
        ("grade", "Assistant"),
        ("grade", "Executive to Grade 7"),
        ("department", "Computing"),
        ("department", "Other groups combined"),
        ("grade_by_department", "Assistant, Personnel"),
        ("grade_by_department", "Other groups combined"),
    ]
    # 12 and 3 of 15, who are too much alike for the nearest 5: each goes to one of its two neighbours.
    state, selective, fee_paying, bursary, *_rest = counts("school-type")["grade_by_department", "Assistant, Personnel"]
    assert (state in ("10", "15"), selective, fee_paying, bursary in ("[low]", "5")) == (True, "[low]", "[low]", True)


def test_tables_csv_is_every_table_after_the_other_everyone_first():
    released()
    assert rows("tables.csv") == [row for table in release("staff").tables for row in rows(f"{table.id}.csv")]


def test_facts_keep_breakdowns_groups_and_members_in_words():
    released()
    assert release("staff").facts["breakdowns"] == [
        {
            "code": "grade",
            "title": "Grade",
            "shape": "order",
            "two_way": False,
            "groups": [
                {
                    "code": "aa",
                    "title": "Assistant",
                    "members": ["Assistant"],
                    "made_of": [["aa"]],
                    "headcount": 700,
                },
                {
                    "code": "eo_to_g7",
                    "title": "Executive to Grade 7",
                    "members": ["Executive", "Grade 7"],
                    "made_of": [["eo"], ["g7"]],
                    "headcount": 1300,
                },
            ],
        }
    ]
    assert release("staff").notes_on_groups == ["By Grade, “Executive to Grade 7” is Executive and Grade 7."]


def test_survey_without_breakdowns_has_no_word_of_them():
    closed_survey()
    build_release("staff", actor="test")
    built = release("staff")
    assert ("breakdowns" in built.facts, built.breakdowns, built.notes_on_groups) == (False, [], [])
    assert [note for note in built.notes if "Groups" in note] == []


def test_notes_tell_the_threshold_of_groups():
    released()
    assert release("staff").notes[-1] == (
        "Groups are shown of 10 responses or more, as many of them substantive in every table; smaller ones are put "
        "together."
    )


def test_breakdown_that_cannot_be_shown_is_named_with_the_reason():
    released([(EMPLOYEE, {"grade": "aa"}, 40), (EMPLOYEE, {"grade": "eo"}, 9)])
    built = release("staff")
    assert built.notes[-1] == (
        "Nothing is shown by Grade: even put together, there were no two groups that each had 10 responses and 10 "
        "substantive answers in every table and gave nobody’s answer away."
    )
    assert (built.breakdowns[0]["groups"], list(counts("nssec-3"))) == ([], [("organisation", "All")])
    assert built.broken_down(built.table("nssec-3")) == []


def test_threshold_raised_after_closing_withholds_groups_that_are_too_few_now():
    survey = released()
    Survey.objects.filter(pk=survey.pk).update(minimum_responses=55)
    build_release("staff", actor="test")
    # 60 answered, but of these only 54 were asked about free school meals: too few to be substantive in every table.
    assert counts("school-type") == {
        ("organisation", "All"): ["115", "[low]", "[low]", "15", "[low]", "[low]"],
        ("grade", "Assistant"): ["[c]"] * 6,
        ("grade", "Executive to Grade 7"): ["60", "[low]", "[low]", "10", "[low]", "[low]"],
    }
    assert [built.number for built in releases()] == [2, 1]


def test_release_of_the_same_groups_again_is_the_same_release():
    released()
    assert build_release("staff", actor="test").number == 1


def test_rounded_release_stores_no_exact_count_of_a_group():
    released()
    stored = {
        number
        for part in release("staff").parts
        for number in (part.base_asked, part.base_known, *(cell.count.value for cell in part.cells))
    }
    exact = {n for n in GroupCount.objects.values_list("n", flat=True) if n % 5}
    assert (exact, stored & exact) == ({54, 6, 8, 68}, set())


def test_groups_with_the_same_title_are_told_apart():
    teams = {
        "north": ("North", 0),
        "north-hr": ("Personnel", 1000, "north"),
        "south": ("South", 0),
        "south-hr": ("Personnel", 1000, "south"),
    }
    people = [(EMPLOYEE, {"team": "north-hr"}, 12), (EMPLOYEE, {"team": "south-hr"}, 13)]
    released(people, {"team": ("tree", teams)}, policy="exact")
    assert [group for breakdown, group in counts("nssec-3") if breakdown == "team"] == [
        "North",
        "Personnel (north-hr)",
        "South",
        "Personnel (south-hr)",
    ]


def test_release_stored_before_there_were_breakdowns_is_still_read():
    closed_survey()
    built = build_release("staff", actor="test")
    assert {table["breakdown"] for table in built.tables} == {"organisation"}
    assert release("staff").broken_down(release("staff").table("nssec-3")) == []


@pytest.mark.parametrize("policy", ["rounded", "exact"])
@pytest.mark.parametrize("file", ["tables.csv", "nssec-5.csv"])
def test_csvw_metadata_is_valid_for_groups(file, policy, tmp_path):
    hostile = {"a": ("=1+1", 1000), "b": ("Team, “B”\n", 900), "c": ("=1+1", 100)}
    people = [(EMPLOYEE, {"grade": "a"}, 12), (EMPLOYEE, {"grade": "b"}, 12), (BURSARY, {"grade": "c"}, 2)]
    released(people, {"grade": ("flat", hostile)}, policy=policy)
    (tmp_path / file).write_bytes(content(file))
    (tmp_path / f"{file}-metadata.json").write_bytes(content(f"{file}-metadata.json"))
    described = CSVW(str(tmp_path / f"{file}-metadata.json"), validate=True)
    assert (described.is_valid, [str(warning.message) for warning in described.warnings]) == (True, [])


def test_metadata_tells_which_groups_were_put_together():
    released()
    notes = [note["rdfs:comment"] for note in json.loads(content("nssec-3.csv-metadata.json"))["notes"]]
    assert "By Grade, “Executive to Grade 7” is Executive and Grade 7." in notes


def test_table_page_shows_everyone_first_and_then_each_breakdown_with_groups_as_rows(analyst):
    released()
    page = BeautifulSoup(analyst.get("/admin/outputs/staff/1/free-school-meals/").content, "html.parser")
    title = release("staff").table("free-school-meals").title
    assert [words(caption) for caption in page.select("main caption")] == [title, *grids(page)]
    assert grids(page) == {
        f"{title}, by Grade. Count": [
            ["Grade", "Yes", "No", "Not applicable", "Don’t know or prefer not to say", "Not asked",
             "Base asked", "Base known"],
            ["Assistant", "[low]", "55", "[low]", "[low]", "5", "55", "55"],
            ["Executive to Grade 7", "[low]", "60", "[low]", "[low]", "10", "60", "60"],
        ],
        f"{title}, by Grade. Percentage of base asked": [
            ["Grade", "Yes", "No", "Not applicable", "Don’t know or prefer not to say", "Base asked"],
            ["Assistant", "[low]", "[95+]", "[low]", "[low]", "55"],
            ["Executive to Grade 7", "[low]", "[95+]", "[low]", "[low]", "60"],
        ],
        f"{title}, by Grade. Percentage of base known": [
            ["Grade", "Yes", "No", "Base known"],
            ["Assistant", "[low]", "[95+]", "55"],
            ["Executive to Grade 7", "[low]", "[95+]", "60"],
        ],
    }  # fmt: skip


def test_table_page_of_groups_has_headers_captions_regions_and_symbols_above(analyst):
    released()
    page = BeautifulSoup(analyst.get("/admin/outputs/staff/1/nssec-5/").content, "html.parser")
    for table in page.select("table.groups"):
        assert {header["scope"] for header in table.select("thead th")} == {"col"}
        assert {header["scope"] for header in table.select("tbody th")} == {"row"}
        assert (table.parent["aria-labelledby"], table.parent["tabindex"]) == (table.caption["id"], "0")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert page.select_one("dl.symbols").find_next("table") == page.select_one("main table")


def test_release_page_leads_to_each_table_by_each_breakdown(analyst):
    released()
    page = BeautifulSoup(analyst.get("/admin/outputs/staff/1/").content, "html.parser")
    for table in release("staff").tables:
        link = page.select_one(f'a[href="/admin/outputs/staff/1/{table.id}/#by-grade"]')
        assert words(link) == "by Grade"
    assert "By Grade, “Executive to Grade 7” is Executive and Grade 7." in [words(note) for note in page.select("li")]


def test_titles_of_groups_are_shown_as_text(analyst):
    groups = {"a": ("<b>A</b>", 1000), "b": ("B", 1000)}
    released([(EMPLOYEE, {"grade": "a"}, 12), (EMPLOYEE, {"grade": "b"}, 12)], {"grade": ("flat", groups)})
    page = BeautifulSoup(analyst.get("/admin/outputs/staff/1/nssec-3/").content, "html.parser")
    assert words(page.select_one("table.groups tbody th")) == "<b>A</b>"


def test_withheld_group_has_no_number_in_any_figure():
    survey = released()
    Survey.objects.filter(pk=survey.pk).update(minimum_responses=2000)
    build_release("staff", actor="test")
    parts = release("staff").parts
    assert {str(getattr(cell, name)) for part in parts for cell in part.cells for name in FIGURES} == {"[c]"}
    assert {(part.base_asked, part.base_known) for part in parts} == {(None, None)}
