"""The preview of a draft, and the form that copies it, in Chromium: axe finds nothing, nothing is blocked."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Server, axe_findings, scrolls_sideways
from tests.functional.steps import EMPLOYEE, answer, follow, go_on, press, submit
from tests.functional.test_outputs_axe import sign_in

pytestmark = pytest.mark.timeout(300)


def walk(page: Page, server: Server) -> Iterator[str]:
    """From the page of a draft on the staff site through its preview and back; a name while each page is open."""
    page.goto(f"{server.url}/admin/questionnaire/survey/?q=draft")
    page.locator("#result_list tbody th a").first.click()
    yield "survey"
    follow(page, "Copy into the next wave")
    yield "copy"
    page.get_by_label("Short name of the next wave").fill("draft")
    press(page, "Copy")
    yield "copy: error"
    page.go_back()
    page.go_back()
    follow(page, "Preview")
    yield "preview: start"
    press(page, "Start now")
    yield "preview: question"
    go_on(page)
    yield "preview: error"
    answer(page, EMPLOYEE)
    yield "preview: check answers"
    submit(page)
    yield "preview: thank you"
    follow(page, "start page with a code")
    yield "preview: start with a code"
    press(page, "Withdraw")
    yield "preview: withdrawn"
    for link in ("before it opens", "after it has closed", "Privacy"):
        follow(page, link)
        yield f"preview: {link}"
    press(page, "Clear my answers")
    yield "preview: cleared"
    follow(page, "back to the staff site")
    yield "survey list"


@pytest.mark.slow
def test_preview_is_walked_without_a_finding(surveys, page):
    console = []
    page.on("console", lambda message: console.append(message.text) if "/admin/preview/" in page.url else None)
    sign_in(page, surveys)
    expect(page.get_by_role("heading", level=1)).to_have_text("Site administration")
    before = surveys.query("SELECT count(*) FROM questionnaire_sealedresponse")
    found, banners = {}, {}
    for name in walk(page, surveys):
        axe = axe_findings(page)
        page.set_viewport_size({"width": 320, "height": 900})
        sideways = ["sideways"] if name.startswith("preview") and scrolls_sideways(page) else []
        page.set_viewport_size({"width": 1280, "height": 900})
        found[name] = axe + sideways
        banners[name] = page.get_by_text("Preview: nothing is stored").is_visible()
    assert {name: findings for name, findings in found.items() if findings} == {}
    assert {name for name, shown in banners.items() if shown != name.startswith("preview")} == set()
    assert console == []
    assert surveys.query("SELECT count(*) FROM questionnaire_sealedresponse") == before
