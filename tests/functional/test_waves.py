"""Results in Chromium from the button to the withdrawal, over two waves: axe finds nothing, nothing overflows."""

import csv
from collections.abc import Iterator
from pathlib import Path

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
"""
GRADES = ("assistant", "executive", "assistant", "executive", "senior")
ADMIN = "/admin/outputs/"


def write_answers(file: Path, left_out: int) -> Path:
    """Two thousand made-up people by grade, without every second of so many of those who gave the first answer."""
    standard = registry.all_standards()[0]
    first = standard.questions[0]
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, [*(question.id for question in standard.questions), "grade"], restval="")
        writer.writeheader()
        for number, answers in enumerate(simulated_interviews(standard, "online", 2000, seed=5)):
            gave_it = answers[first.id] == first.asking("online").codes[0]
            if gave_it and left_out and number % 2:
                left_out -= 1
                continue
            writer.writerow({**answers, "grade": GRADES[number % 5]})
    return file


@pytest.fixture(scope="module")
def waves(server: Server, tmp_path_factory) -> Server:
    """The same server, with a survey that is released and its next wave, which is closed only."""
    folder = tmp_path_factory.mktemp("waves")
    (folder / "breakdowns.toml").write_text(BREAKDOWNS)
    server.manage(
        "create_survey", "waves-2025", "--title", "Staff survey 2025", "--origin", "imported", "--headcount", "2000",
        "--breakdowns", str(folder / "breakdowns.toml"),
    )  # fmt: skip
    server.manage("copy_survey", "waves-2025", "waves-2026")
    server.query("UPDATE questionnaire_survey SET title = 'Staff survey 2026' WHERE slug = 'waves-2026' RETURNING id")
    for year, left_out in (("2025", 0), ("2026", 400)):
        answers = write_answers(folder / f"{year}.csv", left_out)
        server.manage(
            "import_responses", f"waves-{year}", str(answers), "--mode", "online",
            "--collected-from", f"{year}-01-05", "--collected-to", f"{year}-01-30",
        )  # fmt: skip
    server.manage("build_release", "waves-2025")
    return server


def walk(page: Page, server: Server) -> Iterator[str]:
    """Every page on the way, from what waits to be released to what was withdrawn; says where it is."""
    page.goto(server.url + ADMIN)
    yield "list: a survey waits for its release"
    page.locator("li", has_text="waves-2026").get_by_role("link", name="Build a release").click()
    yield "build: nobody has asked"
    page.get_by_role("button", name="Build release").click()
    expect(page.get_by_text("The release waits for a worker.")).to_be_visible()
    yield "build: waiting"
    server.manage("worker", "--once")
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("Release 1 is built.")).to_be_visible()
    yield "build: done"
    page.get_by_role("link", name="Release 1", exact=True).click()
    page.get_by_role("link", name="Beside earlier waves").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waves side by side")
    expect(page.get_by_text("Compared with").first).to_be_visible()
    yield "waves"
    page.get_by_role("link", name="by group").first.click()
    expect(page.get_by_role("heading", name="By Grade")).to_be_visible()
    yield "waves: one table by grade"
    page.goto(f"{server.url}{ADMIN}waves-2025/1/")
    page.get_by_role("link", name="Withdraw this release").click()
    yield "withdraw"
    page.get_by_role("button", name="Withdraw this release").click()
    yield "withdraw: without a reason"
    page.get_by_label("Reason").fill("The file of the wrong year was imported.")
    page.get_by_role("button", name="Withdraw this release").click()
    expect(page.locator("p.release-standing")).to_be_visible()
    yield "release: withdrawn"
    page.goto(server.url + ADMIN)
    yield "list: with a withdrawn release"
    page.goto(f"{server.url}{ADMIN}waves-2026/1/waves/")
    yield "waves: the wave before has nothing to show"


def test_axe_finds_nothing_and_nothing_overflows_on_the_way_from_building_to_withdrawing(waves, staff):  # noqa: F811
    found = []
    for place in walk(staff, waves):
        found += [f"{place}: {finding}" for finding in axe_findings(staff)]
        for width in WIDTHS:
            staff.set_viewport_size({"width": width, "height": 900})
            found += [f"{place}: scrolls sideways at {width}"] if scrolls_sideways(staff) else []
    assert found == []
