"""Coming back and leaving no trace: codes typed and in personal links, withdrawing, clearing, shared devices."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.functional.pages import fresh_code
from tests.functional.steps import (
    address,
    be_at,
    be_at_check_answers,
    cookie_of,
    enter_code,
    go_on,
    held_by,
    responses,
    start,
    submit,
)


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_code_typed_without_javascript_leads_to_its_survey(server, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter_code(page, server, fresh_code(server, "demo").lower().replace("-", " "))
    expect(page).to_have_url(address(server))
    expect(page.get_by_text("You came with a code.")).to_be_visible()
    context.close()


def test_code_with_a_slip_is_kept_to_be_mended(server, page):
    enter_code(page, server, "3ACD-EFGH")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Enter your code")).to_have_value("3ACD-EFGH")


@pytest.fixture
def linked(server, page) -> tuple[Page, str, list]:
    """Someone who has opened a personal link; its code, and every request that their browser made."""
    requests = []
    page.on("request", lambda request: requests.append(request))
    code = fresh_code(server, "demo")
    page.goto(f"{server.url}/i/#{code}")
    expect(page).to_have_url(address(server))
    return page, code, requests


def test_personal_link_leads_to_its_survey(linked):
    expect(linked[0].get_by_text("You came with a code.")).to_be_visible()


def test_personal_link_sends_its_code_in_no_address(linked):
    _page, code, requests = linked
    told = [request.url + request.headers.get("referer", "") for request in requests]
    assert [text for text in told if code in text.partition("#")[0]] == []


def test_personal_link_leaves_its_code_in_no_history(linked):
    page, _code, _requests = linked
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")["entries"]
    assert [entry["url"] for entry in history if "#" in entry["url"]] == []


def test_personal_link_opened_on_the_page_for_codes_is_followed(server, page):
    page.goto(f"{server.url}/i/")
    code = fresh_code(server, "demo")
    page.evaluate("code => { window.location.hash = code }", code)
    expect(page).to_have_url(address(server))


@pytest.mark.parametrize("fragment", ["nonsense", "%E0%A4%A"])
def test_personal_link_that_is_spoilt_says_what_a_code_looks_like(fragment, server, page):
    page.goto(f"{server.url}/i/#{fragment}")
    expect(page.get_by_role("alert")).to_contain_text("Enter the code as it was given to you")
    expect(page).to_have_url(f"{server.url}/i/")


def test_skip_link_on_the_page_for_codes_is_no_code(server, page):
    page.goto(f"{server.url}/i/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Enter your code")).to_be_focused()


def test_withdrawing_with_a_code_removes_the_answers(server, page):
    before = responses(server)
    be_at_check_answers(page, server)
    submit(page)
    enter_code(page, server, page.locator(".seb-code").inner_text())
    page.get_by_role("button", name="Withdraw").click()
    expect(heading(page)).to_have_text("Your answers are withdrawn")
    assert responses(server) == [*before, {}]


def test_device_that_was_cleared_shows_no_answer(server, page):
    be_at_check_answers(page, server)
    page.get_by_role("button", name="Clear my answers").click()
    expect(heading(page)).to_have_text("Your answers are cleared from this device")
    page.go_back()
    expect(page).to_have_url(f"{address(server)}?lost")


def test_shared_device_keeps_its_cookie_until_the_browser_ends(surveys, page):
    start(page, surveys, "kiosk")
    assert cookie_of(page.context, "kiosk")["expires"] == -1


def test_shared_device_forgets_after_five_idle_minutes(surveys, page):
    be_at(page, surveys, "school_type", {"school_type": "state"}, "kiosk")
    with held_by(page.context, surveys, "kiosk") as interview:
        interview.seen -= 301
    go_on(page)
    expect(page).to_have_url(f"{address(surveys, survey='kiosk')}?lost")
    expect(page.get_by_role("region", name="Start here")).to_contain_text("nobody pressed anything for five minutes")


def test_shared_device_forgets_with_the_thank_you_page(surveys, page):
    be_at_check_answers(page, surveys, "kiosk")
    submit(page)
    expect(heading(page)).to_have_text("Thank you")
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?lost$"))


def test_next_person_with_the_open_link_starts_afresh(server, page):
    be_at_check_answers(page, server)
    submit(page)
    start(page, server)
    expect(page.locator("input:checked")).to_have_count(0)
    go_on(page)
    page.goto(address(server, "check_answers"))
    expect(page).to_have_url(address(server, "school_type"))
