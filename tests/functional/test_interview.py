"""The survey as a person meets it: in Chromium, on a phone and a desktop, by keyboard, without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.conftest import WIDTHS, Server, axe_findings, scrolls_sideways

EMPLOYEE = {
    "school_type": "state",
    "free_school_meals": "not_applicable",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "yes",
    "parental_occupation": "clerical",
    "parental_qualification": "degree",
}


def start(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/s/demo/")
    page.get_by_role("button", name="Start now").click()


def choose(page: Page, question: str, code: str) -> None:
    page.locator(f"input[name$={question}][value='{code}']").check()
    page.get_by_role("button", name="Continue").click()


def answer(page: Page, answers: dict[str, str]) -> None:
    for question, code in answers.items():
        expect(page).to_have_url(re.compile(question.replace("_", "-")))
        choose(page, question, code)


def test_interview_ends_at_the_thank_you_page(server, page):
    start(page, server)
    answer(page, EMPLOYEE)
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(f"{server.url}/s/demo/complete/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def test_interview_without_javascript_ends_at_the_thank_you_page(server, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    start(page, server)
    answer(page, EMPLOYEE)
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(f"{server.url}/s/demo/complete/")
    page.context.close()


def test_interview_by_keyboard_alone_ends_at_the_thank_you_page(server, page):
    def tab_to(selector: str) -> None:
        for _press in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"the keyboard does not reach {selector}")

    def press_the_button() -> None:
        tab_to("button[type=submit]")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.goto(f"{server.url}/s/demo/")
    press_the_button()
    while "check-answers" not in page.url:
        tab_to("input[type=radio]")
        page.keyboard.press("Space")
        press_the_button()
    press_the_button()
    expect(page).to_have_url(f"{server.url}/s/demo/complete/")


def test_change_from_check_answers_tells_what_it_dropped(server, page):
    start(page, server)
    answer(page, EMPLOYEE)
    page.locator("a[href$='/employment-status/']", has_text="Change").click()
    choose(page, "employment_status", "not_working")
    expect(page).to_have_url(f"{server.url}/s/demo/check-answers/")
    banner = page.get_by_role("region", name="What your change did")
    expect(banner.get_by_role("listitem")).to_have_count(3)


def test_continue_without_an_answer_leads_from_the_error_to_the_first_radio(server, page):
    start(page, server)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.locator(".govuk-error-summary a").click()
    expect(page.locator("input[type=radio]").first).to_be_focused()


def test_browser_back_and_a_new_answer_follows_the_new_route(server, page):
    start(page, server)
    answer(page, {"school_type": "state"})
    page.go_back()
    expect(page.locator("input[value=state]")).to_be_checked()
    choose(page, "school_type", "independent")
    expect(page).to_have_url(f"{server.url}/s/demo/employment-status/")


def test_submitting_again_after_back_and_a_change_keeps_one_response(server, page):
    before = server.query("SELECT count(*) FROM questionnaire_sealedresponse")[0][0]
    start(page, server)
    answer(page, EMPLOYEE)
    page.get_by_role("button", name="Submit").click()
    page.go_back()
    page.locator("a[href$='/supervisor/']", has_text="Change").click()
    choose(page, "supervisor", "no")
    page.get_by_role("button", name="Submit").dblclick()
    expect(page).to_have_url(f"{server.url}/s/demo/complete/")
    assert server.query("SELECT count(*) FROM questionnaire_sealedresponse")[0][0] == before + 1


def test_two_surveys_in_one_browser_keep_their_answers_apart(server, page):
    server.manage("create_survey", "apart", "--open")
    start(page, server)
    answer(page, {"school_type": "independent"})
    page.goto(f"{server.url}/s/apart/")
    page.get_by_role("button", name="Start now").click()
    page.goto(f"{server.url}/s/demo/employment-status/")
    expect(page).to_have_url(f"{server.url}/s/demo/employment-status/")
    page.goto(f"{server.url}/s/apart/employment-status/")
    expect(page).to_have_url(f"{server.url}/s/apart/school-type/")


def test_browser_without_cookies_is_told_why_it_cannot_go_on(server, page):
    page.goto(f"{server.url}/s/demo/school-type/")
    expect(page.get_by_role("region", name="Start here")).to_be_visible()


@dataclass(frozen=True)
class Seen:
    """What was seen on one page, in one of its states."""

    name: str
    title: str
    axe: list[str]
    sideways: bool


@pytest.fixture(scope="module")
def seen(server: Server, browser: Browser) -> tuple[list[Seen], list[str]]:
    """Every page of the survey in every state that it has, walked once; and what the console said."""
    context = browser.new_context()
    page = context.new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    pages = []
    for name in walk(page, server):
        axe = axe_findings(page)
        page.set_viewport_size({"width": WIDTHS[0], "height": 640})
        pages.append(Seen(name, page.title(), axe, scrolls_sideways(page)))
    context.close()
    return pages, console


def walk(page: Page, server: Server) -> Iterator[str]:
    """Open one page after another; yields each page's name while it is open."""
    server.manage("create_survey", "draft", check=False)
    for name, address in [
        ("front", "/"),
        ("start", "/s/demo/"),
        ("start without an interview", "/s/demo/supervisor/"),
        ("not open", "/s/draft/"),
        ("closed", "/s/example/"),
        ("unknown", "/s/nothing/"),
    ]:
        page.goto(server.url + address)
        yield name
    start(page, server)
    for question, code in EMPLOYEE.items():
        yield question
        page.get_by_role("button", name="Continue").click()
        yield f"{question} with an error"
        choose(page, question, code)
    yield "check answers"
    page.locator("a[href$='/employment-status/']", has_text="Change").click()
    yield "changing an answer"
    choose(page, "employment_status", "self_employed_with_employees")
    yield "something more to ask"
    choose(page, "business_size", "1_to_24")
    yield "check answers after a change"
    page.get_by_role("button", name="Submit").click()
    yield "thank you"


def test_axe_finds_nothing_on_any_page_of_the_survey(seen):
    assert {page.name: page.axe for page in seen[0] if page.axe} == {}


def test_no_page_of_the_survey_scrolls_sideways_on_a_phone(seen):
    assert [page.name for page in seen[0] if page.sideways] == []


def test_console_stays_silent_on_every_page_of_the_survey(seen):
    assert [text for text in seen[1] if "404" not in text] == []  # the unknown survey's own page is a 404


def test_pages_of_the_survey_have_titles_of_their_own(seen):
    titles = [page.title for page in seen[0]]
    states_of_one_page = {"start without an interview", "changing an answer", "check answers after a change"}
    assert len(set(titles)) == len(titles) - len(states_of_one_page)
