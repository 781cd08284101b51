"""Results by group in Chromium, of an imported survey: axe finds nothing, nothing overflows, groups stay in sight."""

import csv

import pytest
from playwright.sync_api import Page, expect

from questionnaire import registry
from questionnaire.simulation import simulated_interviews
from tests.functional.conftest import WIDTHS, Server, axe_findings, scrolls_sideways
from tests.functional.test_outputs_axe import signed_in, staff  # noqa: F401  (fixtures)

pytestmark = pytest.mark.slow

BREAKDOWNS = """
[[breakdown]]
id = "grade"
title = "Grade"
shape = "order"
group = [
  {id = "assistant", title = "Administrative officers and assistants", headcount = 900},
  {id = "executive", title = "Executive officers", headcount = 700},
  {id = "senior", title = "Senior civil service", headcount = 400},
]

[[breakdown]]
id = "place"
title = "Place"
group = [
  {id = "north", title = "AVeryLongNameWithoutABlankAVeryLongNameWithoutABlank", headcount = 1000},
  {id = "south", title = "South", headcount = 1000},
]

[[two_way]]
first = "grade"
second = "place"
"""
TABLE = "/admin/outputs/grouped/1/nssec-5/"


@pytest.fixture(scope="module")
def grouped(server: Server, tmp_path_factory) -> Server:
    """The same server, with a released survey of two thousand made-up people, by grade and by place."""
    folder = tmp_path_factory.mktemp("grouped")
    (folder / "breakdowns.toml").write_text(BREAKDOWNS)
    standard = registry.all_standards()[0]
    columns = [*(question.id for question in standard.questions), "grade", "place"]
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        for number, answers in enumerate(simulated_interviews(standard, "online", 2000, seed=3)):
            grade = ("assistant", "executive", "assistant", "executive", "senior")[number % 5 if number % 50 else 4]
            writer.writerow({**answers, "grade": grade, "place": "north" if number % 3 else "south"})
    server.manage(
        "create_survey", "grouped", "--origin", "imported", "--headcount", "2000",
        "--breakdowns", str(folder / "breakdowns.toml"),
    )  # fmt: skip
    server.manage(
        "import_responses", "grouped", str(folder / "answers.csv"), "--mode", "online",
        "--collected-from", "2026-01-05", "--collected-to", "2026-01-30",
    )  # fmt: skip
    server.manage("build_release", "grouped")
    return server


@pytest.mark.parametrize("path", ["/admin/outputs/grouped/1/", TABLE, "/admin/outputs/grouped/1/summary/"])
def test_axe_finds_nothing_on_results_by_group(path, grouped, staff):  # noqa: F811
    staff.goto(grouped.url + path)
    assert axe_findings(staff) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/admin/outputs/grouped/1/", TABLE, "/admin/outputs/grouped/1/summary/"])
def test_results_by_group_fit_the_window(path, width, grouped, staff):  # noqa: F811
    staff.set_viewport_size({"width": width, "height": 900})
    staff.goto(grouped.url + path)
    assert not scrolls_sideways(staff)


def test_table_of_groups_needs_no_scrolling_on_a_desktop(grouped, staff):  # noqa: F811
    staff.set_viewport_size({"width": 1280, "height": 900})
    staff.goto(grouped.url + TABLE)
    overflow = "regions => regions.filter(region => region.scrollWidth > region.clientWidth).length"
    assert staff.locator(".scroll").evaluate_all(overflow) == 0


def test_group_stays_in_sight_while_its_figures_are_scrolled_with_the_keyboard(grouped, staff: Page):  # noqa: F811
    staff.set_viewport_size({"width": 320, "height": 900})
    staff.goto(grouped.url + TABLE)
    region = staff.get_by_role("region", name="by Grade. Count")
    group = region.get_by_role("rowheader", name="Executive officers", exact=True)
    region.focus()
    staff.keyboard.press("End")
    for _press in range(10):
        staff.keyboard.press("ArrowRight")
    staff.wait_for_function("region => region.scrollLeft > 100", arg=region.element_handle())
    place = group.bounding_box()
    assert place["x"] >= 0
    assert place["width"] <= 160
    expect(region.get_by_role("columnheader", name="Base known")).to_be_visible()
