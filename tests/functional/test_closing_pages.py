"""Closing a survey in the staff site, in Chromium: every page has its words, and axe finds nothing on it."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Server, axe_findings
from tests.functional.test_outputs_axe import signed_in as signed_in
from tests.functional.test_outputs_axe import staff as staff

pytestmark = pytest.mark.slow
MAKE = """
from questionnaire import sealing
from questionnaire.fieldwork import surveys

for custody in ("service", "owner"):
    fields = {"title": custody.title(), "standard": "gss_seb/2023-07", "custody": custody}
    surveys.create(actor="test", slug=f"closing-{custody}", **fields)
    key = sealing.key_pair()[0] if custody == "owner" else None
    surveys.open_survey(f"closing-{custody}", actor="test", public_key=key)
"""


@pytest.fixture(scope="module")
def two_surveys(server) -> Server:
    """One of which the service keeps the key, one of which the owner does."""
    server.run("manage.py", "shell", "--no-imports", "-c", MAKE)
    return server


def look_at(page: Page, server: Server, custody: str) -> None:
    ((survey,),) = server.query("SELECT id FROM questionnaire_survey WHERE slug = %s", f"closing-{custody}")
    page.goto(f"{server.url}/admin/questionnaire/survey/{survey}/change/")


def test_survey_is_closed_from_its_page_and_waits_for_a_worker(two_surveys, staff):
    look_at(staff, two_surveys, "service")
    staff.get_by_role("link", name="Close", exact=True).click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Close “Service”")
    findings = axe_findings(staff)
    staff.get_by_role("button", name="Close the survey").click()
    expect(staff.locator(".closing-state strong")).to_contain_text("stopped")  # too few answered: someone decides
    findings += axe_findings(staff)
    staff.get_by_role("link", name="Close", exact=True).click()
    staff.get_by_role("button", name="Close the survey").click()
    expect(staff.locator(".closing-state strong")).to_have_text("waiting for a worker")
    assert findings + axe_findings(staff) == []


def test_owner_is_asked_for_the_key_and_told_what_is_wrong_with_it(two_surveys, staff):
    look_at(staff, two_surveys, "owner")
    staff.get_by_role("link", name="Close", exact=True).click()
    findings = axe_findings(staff)
    staff.get_by_role("button", name="Close the survey").click()
    staff.get_by_role("link", name="Bring the key").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Open the answers of “Owner”")
    findings += axe_findings(staff)
    staff.get_by_label("Private key").fill("not a key")
    staff.get_by_role("button", name="Open and count the answers").click()
    expect(staff.locator(".errorlist")).to_have_text("This is no key; a private half reads “private-…-…”.")
    expect(staff.get_by_label("Private key")).to_have_value("")
    assert findings + axe_findings(staff) == []
