"""Where the keyboard goes and what assistive technology is told: order of focus, targets of error links, landmarks."""

import re

import pytest
from playwright.sync_api import Page, expect

from questionnaire import registry
from tests.conftest import STANDARD
from tests.functional.steps import EMPLOYEE, be_at, be_at_check_answers, go_on

pytestmark = pytest.mark.slow  # whole lives, in a browser or against a server of their own

EMPLOYER = {"school_type": "independent", "employment_status": "self_employed_with_employees"}
ASKED = registry.get_key(STANDARD)
NAME = """() => {
    const element = document.activeElement;
    return element === document.body ? "" : (element.labels?.[0] ?? element).innerText.trim();
}"""


def stops(page: Page) -> list[str]:
    """What each press of Tab leads to, until it leaves the page: the words of the link, button or answer."""
    found = []
    while True:
        page.keyboard.press("Tab")
        if not (name := page.evaluate(NAME)):
            return found
        found.append(name)


def open_question(page: Page, server, question: str) -> None:
    """Open a question that has no answer yet."""
    route = EMPLOYER if question == "business_size" else EMPLOYEE
    before = list(route).index(question) if question in route else len(route)
    be_at(page, server, question, dict(list(route.items())[:before]))


def test_keyboard_visits_a_fresh_question_in_the_order_of_reading(server, page):
    open_question(page, server, "school_type")
    assert stops(page) == [
        "Skip to main content",
        "SEB Survey",
        "Back",
        "A state-run or state-funded school",
        "Continue",
        "Why we ask this question",
        "Privacy",
        "Clear my answers from this device",
    ]


def test_keyboard_stops_at_the_answer_chosen(server, page):
    be_at(page, server, "school_type", {"school_type": "outside_uk"})
    assert stops(page)[2:5] == ["Back", "Attended school outside the UK", "Continue"]


def test_keyboard_goes_on_from_the_error_summary(server, page):
    open_question(page, server, "school_type")
    go_on(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert stops(page)[:3] == [
        "Select the type of secondary school you attended for the most time between the ages of 11 and 16",
        "A state-run or state-funded school",
        "Continue",
    ]


def test_keyboard_visits_check_answers_in_the_order_of_reading(server, page):
    be_at_check_answers(page, server)
    wordings = [ASKED.question(question).asking("online").wording for question in EMPLOYEE]
    assert [" ".join(name.split()) for name in stops(page)] == [
        "Skip to main content",
        "SEB Survey",
        "Back",
        *[f"Change {wording}" for wording in wordings],
        "Submit",
        "Privacy",
        "Clear my answers from this device",
    ]


def test_skip_link_leads_past_the_head_of_the_page(server, page):
    open_question(page, server, "school_type")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert stops(page)[0] == "A state-run or state-funded school"


@pytest.mark.parametrize("question", [question.id for question in ASKED.questions])
def test_error_takes_the_focus_and_leads_to_the_first_answer(question, server, page):
    open_question(page, server, question)
    go_on(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").press("Enter")
    expect(page.locator("input[type=radio]").first).to_be_focused()


def test_error_met_again_after_following_its_link_takes_the_focus(server, page):
    open_question(page, server, "school_type")
    go_on(page)
    page.get_by_role("alert").get_by_role("link").press("Enter")
    go_on(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()


def test_error_of_a_code_takes_the_focus_and_leads_to_its_field(server, page):
    page.goto(f"{server.url}/i/")
    go_on(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").press("Enter")
    expect(page.get_by_label("Enter your code")).to_be_focused()


def test_arrow_keys_choose_an_answer(server, page):
    open_question(page, server, "school_type")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("selected on the basis of academic ability")).to_be_checked()


def test_page_is_told_in_landmarks(server, page):
    open_question(page, server, "school_type")
    outermost = re.findall(r"^- (\w+)", page.locator("body").aria_snapshot(), flags=re.MULTILINE)
    assert outermost == ["link", "banner", "navigation", "main", "contentinfo"]  # the first is the skip link


def test_answers_are_told_by_their_labels_in_a_group_named_by_the_question(server, page):
    open_question(page, server, "school_type")
    asking = ASKED.question("school_type").asking("online")
    group = page.get_by_role("group", name=asking.wording)
    told = re.findall(r'radio "(.*)"', group.aria_snapshot())
    assert told == [option.label for option in asking.options]


def test_hint_is_told_with_its_answer(server, page):
    open_question(page, server, "school_type")
    answer = page.get_by_role("radio", name="Independent or fee-paying school", exact=True)
    expect(answer).to_have_accessible_description("For example, private schools")


def test_error_is_told_as_an_alert(server, page):
    open_question(page, server, "supervisor")
    go_on(page)
    told = ASKED.question("supervisor").error
    expect(page.get_by_role("alert")).to_contain_text(told)


def test_error_is_told_with_its_question(server, page):
    open_question(page, server, "supervisor")
    go_on(page)
    told = ASKED.question("supervisor").error
    group = page.get_by_role("group", name="did the main or highest income earner formally supervise")
    expect(group).to_have_accessible_description(re.compile(rf"Error:\s+{re.escape(told)}$"))
