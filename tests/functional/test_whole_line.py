"""From the first question to the table: interviews answered in Chromium, and the pages that an analyst reads."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import STAFF, Server
from tests.functional.steps import press

pytestmark = pytest.mark.slow  # whole lives, in a browser or against a server of their own

# Three people, and by hand what they come to.
PEOPLE = [
    {  # a phone; employee, not supervising, technical: lower supervisory and technical
        "school_type": "state",
        "free_school_meals": "yes",
        "employment_status": "employee",
        "employer_size": "1_to_24",
        "supervisor": "no",
        "parental_occupation": "technical",
        "parental_qualification": "no_qualifications",
    },
    {  # a desktop without JavaScript; employed 25 or more, occupation not asked: managerial
        "school_type": "independent",
        "employment_status": "self_employed_with_employees",
        "business_size": "25_or_more",
        "parental_qualification": "degree",
    },
    {  # a desktop; supervisor not known, clerical: counted as not supervising, so intermediate, and imputed
        "school_type": "dont_know",
        "free_school_meals": "prefer_not_to_say",
        "employment_status": "employee",
        "employer_size": "dont_know",
        "supervisor": "dont_know",
        "parental_occupation": "clerical",
        "parental_qualification": "not_applicable",
    },
]
BY_HAND = {
    "school-type": [1, 0, 1, 0, 0, 1],
    "free-school-meals": [1, 0, 0, 1, 1],
    "nssec-5": [1, 1, 0, 1, 0, 0, 0],
    "nssec-5-imputed": [1, 2],
    "nssec-3": [1, 1, 1, 0, 0],
    "nssec-3-imputed": [1, 2],
    "parental-qualification": [1, 0, 1, 1, 0],
}


def respond(page: Page, server: Server, answers: dict[str, str]) -> None:
    page.goto(f"{server.url}/s/by-hand/")
    press(page, "Start now")
    for question, code in answers.items():
        expect(page).to_have_url(re.compile(question.replace("_", "-")))
        page.locator(f"input[name={question}][value='{code}']").check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(f"{server.url}/s/by-hand/complete/")


def counts_on(page: Page) -> list[int]:
    """The counts of the table that the page shows, in its order."""
    return [int(text) for text in page.locator("#content tbody tr td:nth-of-type(1)").all_inner_texts()]


def test_interviews_walked_in_chromium_end_in_tables_that_match_a_count_by_hand(server: Server, browser: Browser):
    server.manage("create_survey", "by-hand", "--policy", "exact", "--open")
    phone = {"viewport": {"width": 320, "height": 640}}
    desktop = {"viewport": {"width": 1280, "height": 900}}
    for answers, device in zip(PEOPLE, [phone, {**desktop, "java_script_enabled": False}, desktop], strict=True):
        context = browser.new_context(**device)
        respond(context.new_page(), server, answers)
        context.close()
    server.manage("close_survey", "by-hand")
    server.manage("build_release", "by-hand")

    page = browser.new_page()
    page.goto(f"{server.url}/admin/login/?next=/admin/outputs/")
    page.get_by_label("Username").fill(STAFF[0])
    page.get_by_label("Password").fill(STAFF[1])
    page.get_by_role("button", name="Log in").click()
    shown = {}
    for table in BY_HAND:
        page.goto(f"{server.url}/admin/outputs/by-hand/1/{table}/")
        shown[table] = counts_on(page)
    page.close()
    assert shown == BY_HAND
