"""A whole interview in Chromium: on every route on a phone, by keyboard alone, without JavaScript, with changes."""

import pytest
from playwright.sync_api import Page, expect

from questionnaire import registry
from questionnaire.engine.interviews import interviews, sequences
from tests.conftest import STANDARD
from tests.functional.steps import (
    EMPLOYEE,
    address,
    answer,
    be_at_check_answers,
    change,
    choose,
    follow,
    responses,
    start,
    submit,
)

PHONE = {"width": 320, "height": 640}
ROUTES = sorted(sequences(registry.get_key(STANDARD), "online"))


@pytest.fixture(scope="module")
def example_of() -> dict[tuple[str, ...], dict[str, str]]:
    """An interview for each sequence of questions."""
    return {tuple(answers): answers for answers in interviews(registry.get_key(STANDARD), "online")}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{len(route)}: {', '.join(route[1:-1])}")
def test_route_walked_on_a_phone_stores_its_answers(route, example_of, server, browser):
    before = responses(server)
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    start(page, server)
    answer(page, example_of[route])
    submit(page)
    expect(page).to_have_url(address(server, "complete"))
    context.close()
    assert responses(server) == [*before, example_of[route]]


def test_interview_without_javascript_stores_its_answers(server, browser):
    before = responses(server)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    start(page, server)
    answer(page, EMPLOYEE)
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    context.close()
    assert responses(server) == [*before, EMPLOYEE]


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

    page.goto(address(server))
    press_the_button()
    while "check-answers" not in page.url:
        tab_to("input[type=radio]")
        page.keyboard.press("Space")
        press_the_button()
    press_the_button()
    expect(page).to_have_url(address(server, "complete"))


@pytest.fixture
def checked(server, page) -> Page:
    """The check-answers page of someone who has answered everything."""
    be_at_check_answers(page, server)
    return page


def test_change_from_check_answers_tells_what_it_dropped(server, checked):
    change(checked, "employment_status")
    choose(checked, "employment_status", "not_working")
    expect(checked).to_have_url(address(server, "check_answers"))
    banner = checked.get_by_role("region", name="What your change did")
    expect(banner.get_by_role("listitem")).to_have_count(3)


def test_change_that_asks_more_says_so_and_returns_to_check_answers(server, checked):
    change(checked, "employment_status")
    choose(checked, "employment_status", "self_employed_with_employees")
    expect(checked.get_by_text("Because of your change there is something more to ask you.")).to_be_visible()
    choose(checked, "business_size", "1_to_24")
    expect(checked).to_have_url(address(server, "check_answers"))


def test_change_after_submitting_replaces_the_response(server, checked):
    before = responses(server)
    submit(checked)
    follow(checked, "See or change your answers")
    change(checked, "supervisor")
    choose(checked, "supervisor", "no")
    submit(checked)
    expect(checked).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, {**EMPLOYEE, "supervisor": "no"}]


def test_two_surveys_in_one_browser_keep_their_answers_apart(surveys, page):
    start(page, surveys)
    answer(page, {"school_type": "independent"})
    start(page, surveys, "told")
    page.goto(address(surveys, "employment_status"))
    expect(page).to_have_url(address(surveys, "employment_status"))
    page.goto(address(surveys, "employment_status", "told"))
    expect(page).to_have_url(address(surveys, "school_type", "told"))
