"""What browsers and people do at any time: Back and Forward, reload, bookmarks, tabs, another browser, no cookies."""

import json
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.functional.conftest import CHROMIUM, FLAGS, PATIENCE
from tests.functional.steps import (
    EMPLOYEE,
    address,
    answer,
    be_at,
    be_at_check_answers,
    change,
    choose,
    enter_code,
    follow,
    go_on,
    press,
    responses,
    submit,
)

SHORT = {
    "school_type": "outside_uk",
    "employment_status": "prefer_not_to_say",
    "parental_qualification": "not_applicable",
}


@pytest.fixture
def checked(server, page) -> Page:
    """The check-answers page of someone who has answered everything."""
    be_at_check_answers(page, server)
    return page


def test_browser_back_shows_the_answer_given(server, page):
    be_at(page, server, "school_type", {})
    answer(page, {"school_type": "state", "free_school_meals": "no"})
    page.go_back()
    expect(page.locator("input[value=no]")).to_be_checked()
    page.go_back()
    expect(page.locator("input[value=state]")).to_be_checked()


def test_browser_forward_shows_the_page_that_one_came_back_from(server, page):
    be_at(page, server, "school_type", {})
    answer(page, {"school_type": "state", "free_school_meals": "no"})
    page.go_back()
    page.go_back()
    page.go_forward()
    expect(page).to_have_url(address(server, "free_school_meals"))
    expect(page.locator("input[value=no]")).to_be_checked()


def test_browser_back_and_a_new_answer_follows_the_new_route(server, page):
    be_at(page, server, "school_type", {})
    answer(page, {"school_type": "state"})
    page.go_back()
    choose(page, "school_type", "independent")
    expect(page).to_have_url(address(server, "employment_status"))


def test_browser_back_to_a_question_no_longer_asked_leads_to_where_one_is(server, page):
    be_at(page, server, "free_school_meals", {"school_type": "state"})
    follow(page, "Back")
    choose(page, "school_type", "independent")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(address(server, "employment_status"))


def test_browser_back_from_the_first_question_and_start_now_begins_afresh(server, page):
    be_at(page, server, "school_type", {"school_type": "state"})
    follow(page, "Back")
    press(page, "Start now")
    expect(page.locator("input:checked")).to_have_count(0)


def test_browser_back_after_submitting_and_submitting_again_keeps_one_response(server, checked):
    before = responses(server)
    submit(checked)
    expect(checked).to_have_url(address(server, "complete"))
    checked.go_back()
    change(checked, "supervisor")
    choose(checked, "supervisor", "no")
    checked.get_by_role("button", name="Submit").dblclick()
    expect(checked).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, {**EMPLOYEE, "supervisor": "no"}]


def test_reloaded_question_keeps_its_answer(server, page):
    be_at(page, server, "school_type", {"school_type": "state"})
    page.reload()
    expect(page.locator("input[value=state]")).to_be_checked()


def test_reloaded_error_asks_again(server, page):
    be_at(page, server, "school_type", {})
    go_on(page)
    expect(page).to_have_title(re.compile("^Error: "))
    page.reload()
    expect(page).to_have_title(re.compile("^Error: "))
    choose(page, "school_type", "independent")
    expect(page).to_have_url(address(server, "employment_status"))


def test_reloaded_check_answers_still_submits(server, checked):
    before = responses(server)
    checked.reload()
    submit(checked)
    expect(checked).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, EMPLOYEE]


def test_reloaded_thank_you_page_stores_nothing_more(server, checked):
    before = responses(server)
    submit(checked)
    expect(checked).to_have_url(address(server, "complete"))
    checked.reload()
    expect(checked.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert responses(server) == [*before, EMPLOYEE]


def test_bookmark_of_a_question_in_a_fresh_browser_leads_to_the_start_page_and_says_why(server, page):
    page.goto(address(server, "supervisor"))
    expect(page).to_have_url(f"{address(server)}?lost")
    expect(page.get_by_role("region", name="Start here")).to_contain_text("This browser holds no answers")


def test_bookmark_of_a_question_that_was_answered_opens_it(server, page):
    be_at(page, server, "free_school_meals", {"school_type": "state", "free_school_meals": "no"})
    expect(page.locator("input[value=no]")).to_be_checked()


def test_bookmark_of_a_later_question_leads_to_the_first_without_an_answer(server, page):
    be_at(page, server, "parental_qualification", {"school_type": "state"})
    expect(page).to_have_url(address(server, "free_school_meals"))


def test_two_tabs_answering_go_on_with_the_answers_of_both(server, context, page):
    be_at(page, server, "school_type", {})
    other = context.new_page()
    other.goto(page.url)
    choose(page, "school_type", "state")
    choose(other, "school_type", "state_selective")
    choose(page, "free_school_meals", "yes")
    page.goto(address(server, "school_type"))
    expect(page.locator("input[value=state_selective]")).to_be_checked()


def test_two_tabs_submitting_store_one_response(server, context, checked):
    before = responses(server)
    other = context.new_page()
    other.goto(checked.url)
    submit(checked)
    submit(other)
    expect(other).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, EMPLOYEE]


def test_tab_left_behind_submits_the_latest_answers_of_its_browser(server, context, checked):
    before = responses(server)
    other = context.new_page()
    other.goto(checked.url)
    change(checked, "supervisor")
    choose(checked, "supervisor", "no")
    submit(other)
    submit(checked)
    expect(checked).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, {**EMPLOYEE, "supervisor": "no"}]


@pytest.fixture
def another_browser(browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def test_another_browser_with_the_code_replaces_the_response(server, checked, another_browser):
    before = responses(server)
    submit(checked)
    code = checked.locator(".seb-code").inner_text()
    page = another_browser.new_page()
    enter_code(page, server, code)
    press(page, "Start now")
    answer(page, SHORT)
    submit(page)
    expect(page).to_have_url(address(server, "complete"))
    assert responses(server) == [*before, SHORT]


@pytest.fixture
def without_cookies(browser, tmp_path) -> Iterator[Page]:
    """A page of a browser whose owner has switched cookies off."""
    preferences = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences))
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    context = browser.browser_type.launch_persistent_context(tmp_path, executable_path=program, args=FLAGS)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_browser_without_cookies_is_told_why_it_cannot_go_on(server, without_cookies):
    page = without_cookies
    page.goto(address(server))
    press(page, "Start now")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cookies are needed")


def test_browser_without_cookies_is_told_on_the_start_page(server, without_cookies):
    page = without_cookies
    page.goto(address(server, "school_type"))
    expect(page.get_by_role("region", name="Start here")).to_contain_text("the browser does not keep cookies")
