"""Inviting people in Chromium, from the list to the first answer: axe finds nothing, and no script is needed."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Server, axe_findings, scrolls_sideways
from tests.functional.test_outputs_axe import sign_in
from tests.invited_survey import read_codes

pytestmark = pytest.mark.slow

BREAKDOWNS = """
[[breakdown]]
id = "grade"
title = "Grade"
group = [{id = "junior", title = "Junior", headcount = 2}, {id = "senior", title = "Senior", headcount = 1}]
"""
GOOD = "reference,grade\nA1,junior\nA2,senior\nA3,senior\n"  # one more in "senior" than there are: a warning
BAD = "reference,grade\n=A1,junior\nA2,boss\n"


@pytest.fixture(scope="module")
def place(server: Server, tmp_path_factory) -> str:
    """The address of the page of invitations of an open survey."""
    declared = tmp_path_factory.mktemp("invitations") / "breakdowns.toml"
    declared.write_text(BREAKDOWNS)
    server.manage(
        "create_survey", "invited", "--access", "invited", "--headcount", "3", "--breakdowns", str(declared), "--open"
    )
    ((pk,),) = server.query("SELECT id FROM questionnaire_survey WHERE slug = 'invited'")
    return f"{server.url}/admin/questionnaire/survey/{pk}/invitations/"


def bring(page: Page, text: str) -> None:
    """Choose a list and press the button that checks it."""
    page.get_by_label("CSV file of people").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Check the list").click()


@pytest.mark.parametrize("text", [BAD, GOOD], ids=["bad rows", "warnings"])
def test_axe_finds_nothing_on_the_pages_of_invitations(server, page, place, text):
    sign_in(page, server)
    page.goto(place)
    assert (axe_findings(page), scrolls_sideways(page)) == ([], False)
    bring(page, text)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the people to invite")
    assert (axe_findings(page), scrolls_sideways(page)) == ([], False)


@pytest.mark.parametrize("more", ["replace/", "remove/"])
def test_axe_finds_nothing_on_the_pages_that_ask_first(server, page, place, more):
    sign_in(page, server)
    page.goto(place + more)
    assert (axe_findings(page), scrolls_sideways(page)) == ([], False)


def test_axe_finds_nothing_on_the_start_page_of_a_survey_of_invited_people(server, page, place):
    page.goto(f"{server.url}/s/invited/")
    expect(page.get_by_role("button", name="Enter your code")).to_be_visible()
    assert axe_findings(page) == []


def test_people_are_invited_without_script_and_their_links_lead_to_the_survey(server, browser, page, place):
    context = browser.new_context(java_script_enabled=False)
    staff = context.new_page()
    sign_in(staff, server)
    staff.goto(place)
    bring(staff, GOOD)
    with staff.expect_download() as download:
        staff.get_by_role("button", name="Invite them and download their codes").click()
    rows = read_codes(download.value.path().read_text())
    context.close()
    assert [row["reference"] for row in rows] == ["A1", "A2", "A3"]
    page.goto(rows[0]["link"])
    expect(page).to_have_url(f"{server.url}/s/invited/")
    page.get_by_role("button", name="Start now").click()
    expect(page).to_have_url(f"{server.url}/s/invited/school-type/")
