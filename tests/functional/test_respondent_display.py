"""How pages look to those who set their browser otherwise: forced colours, less motion, larger text, and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from questionnaire import registry
from tests.conftest import STANDARD
from tests.functional.steps import EMPLOYEE, be_at, be_at_check_answers, submit

pytestmark = pytest.mark.slow  # whole lives, in a browser or against a server of their own

ASKED = [question for question in registry.get_key(STANDARD).questions if question.id in EMPLOYEE]
TO_PRESS = "main a:visible, main button:visible, footer:visible"
ANYTHING_MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
        || style.scrollBehavior === "smooth";
}).map(element => element.outerHTML.slice(0, 80))"""


@pytest.fixture
def forced_colours(server, page) -> Page:
    """A fresh question in a browser with colours of the user's own."""
    page.emulate_media(forced_colors="active")
    be_at(page, server, "school_type", {})
    return page


def first_answer(page: Page):
    return page.locator(".govuk-radios__item").first


def test_forced_colours_show_the_focus(forced_colours):
    item = first_answer(forced_colours)
    before = item.screenshot()
    item.locator("input").focus()
    assert item.screenshot() != before


def test_forced_colours_show_the_answer_chosen(forced_colours):
    item = first_answer(forced_colours)
    before = item.screenshot()
    item.locator("input").check()
    item.locator("input").blur()
    assert item.screenshot() != before


def test_forced_colours_show_the_focus_of_the_button_that_clears_the_device(forced_colours):
    button = forced_colours.get_by_role("button", name="Clear my answers")
    around = button.locator("..")
    before = around.screenshot()
    button.focus()
    assert around.screenshot() != before


def test_reduced_motion_is_respected(server, page):
    page.emulate_media(reduced_motion="reduce")
    be_at(page, server, "school_type", {})
    assert page.evaluate(ANYTHING_MOVING) == []


@pytest.fixture
def receipt(server, page) -> Page:
    """The thank-you page as it is printed."""
    be_at_check_answers(page, server)
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.emulate_media(media="print")
    return page


def test_receipt_on_paper_has_nothing_to_press_but_tells_where_its_code_goes(server, receipt):
    assert receipt.locator(TO_PRESS).all_inner_texts() == [f"{server.url.removeprefix('http://')}/i/"]


def test_receipt_tells_neither_answer_nor_time(receipt):
    text = receipt.locator("body").inner_text()
    asked = [question.asking("online").option(EMPLOYEE[question.id]).label for question in ASKED]
    assert [label for label in asked if re.search(rf"\b{re.escape(label)}\b", text)] == []
    assert re.findall(r"\d\d:\d\d|\b20\d\d\b", text) == []


def test_check_answers_on_paper_has_nothing_to_press(server, page):
    be_at_check_answers(page, server)
    page.emulate_media(media="print")
    assert page.locator(TO_PRESS).all_inner_texts() == []
