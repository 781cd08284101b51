"""A survey's staff pages in Chromium, on a phone and a desktop: axe finds nothing, nothing overflows, all is usable."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from questionnaire import key_text, sealing
from tests.functional.conftest import WIDTHS, Server, axe_findings, scrolls_sideways
from tests.functional.test_outputs_axe import signed_in as signed_in
from tests.functional.test_outputs_axe import staff as staff

pytestmark = pytest.mark.slow

TOML = """
[[breakdown]]
id = "grade"
title = "Grade"
shape = "order"
group = [
  {id = "aa", title = "Administrative assistant", headcount = 1400},
  {id = "eo", title = "Executive officer", headcount = 1090},
  {id = "scs", title = "Senior civil service", headcount = 10},
]

[[breakdown]]
id = "department"
title = "Department"
shape = "tree"
group = [
  {id = "operations", title = "Operations", headcount = 1800},
  {id = "estates", title = "Estates and facilities management", headcount = 6, parent = "operations"},
  {id = "people", title = "People and culture", headcount = 694},
]
"""
TOLD = (
    "organisation",
    "purpose",
    "signed-name",
    "contact",
    "controller",
    "lawful-basis",
    "data-protection-contact",
    "complaints-contact",
    "host",
    "address-source",
)
STATED = [word for name in TOLD for word in (f"--{name}", "Made up.")]


def made(server: Server, slug: str, *options: str) -> int:
    """Create a survey; its number."""
    server.manage("create_survey", slug, "--title", "Staff survey 2027", *options)
    return number(server, slug)


def number(server: Server, slug: str) -> int:
    return server.query("SELECT id FROM questionnaire_survey WHERE slug = %s", slug)[0][0]


@pytest.fixture(scope="module")
def pages(server, tmp_path_factory) -> dict[str, str]:
    """Every page, in every state that it has."""
    file = tmp_path_factory.mktemp("breakdowns") / "breakdowns.toml"
    file.write_text(TOML)
    closes = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT17:00}"
    known = ("--headcount", "2500", "--headcount-date", "2026-01-05", "--closes-at", closes, *STATED)
    bare = made(server, "axe-bare")
    broken = made(server, "axe-broken", "--breakdowns", str(file), "--headcount", "2000")
    owner = made(server, "axe-owner", *known, "--custody", "owner")
    full = made(server, "axe-full", *known, "--access", "invited", "--breakdowns", str(file))
    stopped = made(server, "axe-stopped", "--open", *known)
    server.query(
        "UPDATE questionnaire_survey SET state = 'stopped', stopped_at = now() WHERE id = %s RETURNING 1", stopped
    )
    place = "/admin/questionnaire/survey"
    example = number(server, "example")
    return {
        "draft": f"{place}/{full}/change/",
        "opening: everything missing": f"{place}/{bare}/opening/",
        "opening: faults of breakdowns": f"{place}/{broken}/opening/",
        "opening: key to bring": f"{place}/{owner}/opening/",
        "opening: groups": f"{place}/{full}/opening/",
        "breakdowns: none": f"{place}/{bare}/breakdowns/",
        "breakdowns": f"{place}/{full}/breakdowns/",
        "breakdowns: faults": f"{place}/{broken}/breakdowns/",
        "breakdowns: fixed": f"{place}/{example}/breakdowns/",
        "breakdown: new": f"{place}/{bare}/breakdowns/add/",
        "breakdown": f"{place}/{full}/breakdowns/of/department/",
        "abandon": f"{place}/{stopped}/abandon/",
        "purge": f"{place}/{example}/purge/",
        "purge: not lawful": f"{place}/{bare}/purge/",
        "stopped": f"{place}/{stopped}/change/",
        "audit": "/admin/questionnaire/auditentry/",
    }


NAMES = [
    "draft",
    "opening: everything missing",
    "opening: faults of breakdowns",
    "opening: key to bring",
    "opening: groups",
    "breakdowns: none",
    "breakdowns",
    "breakdowns: faults",
    "breakdowns: fixed",
    "breakdown: new",
    "breakdown",
    "abandon",
    "purge",
    "purge: not lawful",
    "stopped",
    "audit",
]


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_on_the_page_of_a_survey(name, pages, server, staff):
    staff.goto(server.url + pages[name])
    assert axe_findings(staff) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "audit"])
def test_page_of_a_survey_fits_its_window(name, width, pages, server, staff):
    staff.set_viewport_size({"width": width, "height": 900})
    staff.goto(server.url + pages[name])
    if pictures := os.environ.get("PICTURES"):
        staff.screenshot(
            path=Path(pictures) / f"{name.replace(': ', '-').replace(' ', '-')}-{width}.png", full_page=True
        )
    assert not scrolls_sideways(staff)


def test_axe_finds_nothing_on_a_breakdown_with_errors(pages, server, staff):
    staff.goto(server.url + pages["breakdown: new"])
    staff.get_by_role("textbox", name="Groups:").fill("nonsense")
    staff.get_by_role("button", name="Save").click()
    expect(staff.get_by_text("Line 1 must read")).to_be_visible()
    assert axe_findings(staff) == []


def test_survey_is_opened_from_its_draft_with_the_key_of_its_owner(server, staff: Page):
    closes = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT17:00}"
    public, _private = sealing.key_pair()
    known = ("--headcount", "90", "--headcount-date", "2026-01-05", *STATED)
    draft = made(server, "axe-opened", "--custody", "owner", *known)
    staff.goto(f"{server.url}/admin/questionnaire/survey/{draft}/change/")
    staff.get_by_role("link", name="Before opening").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Before opening: Staff survey 2027")
    expect(staff.get_by_role("button", name="Open the survey")).to_have_count(0)
    staff.get_by_role("link", name="Closes at").click()
    staff.get_by_label("Closes at").fill(closes)
    staff.get_by_role("button", name="Save and continue editing").click()
    staff.get_by_role("link", name="Before opening").click()
    staff.get_by_label("Public half of your key").fill(key_text.write(key_text.PUBLIC, public))
    staff.get_by_role("button", name="Open the survey").click()
    expect(staff.get_by_text("“Staff survey 2027” is open.")).to_be_visible()


def test_pages_break_no_rule_of_the_content_security_policy(pages, server, staff):
    broken = []
    staff.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    for path in pages.values():
        staff.goto(server.url + path)
    assert broken == []


def test_names_are_those_of_the_pages(pages):
    assert list(pages) == NAMES
