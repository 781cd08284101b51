"""The staff site and its results pages in Chromium, on a phone and a desktop: axe finds nothing, nothing overflows."""

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import STAFF, WIDTHS, Server, axe_findings, scrolls_sideways

pytestmark = pytest.mark.slow
# "example" is the demonstration's closed and released survey.
PAGES = {
    "index": "/admin/",
    "survey list": "/admin/questionnaire/survey/",
    "new survey": "/admin/questionnaire/survey/add/",
    "audit list": "/admin/questionnaire/auditentry/",
    "releases": "/admin/outputs/",
    "release": "/admin/outputs/example/1/",
    "files": "/admin/outputs/example/1/files/",
    "table": "/admin/outputs/example/1/nssec-5/",
    "how it was attacked": "/admin/outputs/example/1/audit/",
    "summary": "/admin/outputs/example/1/summary/",
    "codebook": "/admin/outputs/codebook/gss_seb/2023-07/",
}


def sign_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/login/")
    page.get_by_label("Username").fill(STAFF[0])
    page.get_by_label("Password").fill(STAFF[1])
    page.get_by_role("button", name="Log in").click()


@pytest.fixture(scope="module")
def signed_in(browser, server) -> list:
    """The cookies of someone who has signed in: once for all tests, since checking a password is slow on purpose."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, server)
    expect(page.get_by_role("heading", level=1)).to_have_text("Site administration")
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def staff(page, signed_in) -> Page:
    page.context.add_cookies(signed_in)
    return page


def test_axe_finds_nothing_on_the_sign_in_page(server, page):
    page.goto(f"{server.url}/admin/login/")
    assert axe_findings(page) == []


def test_axe_finds_nothing_on_the_sign_in_page_with_an_error(server, page):
    page.goto(f"{server.url}/admin/login/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    assert axe_findings(page) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_on_the_staff_page(path, server, staff):
    staff.goto(server.url + path)
    assert axe_findings(staff) == []


def test_axe_finds_nothing_on_the_page_of_one_survey(server, staff):
    staff.goto(f"{server.url}/admin/questionnaire/survey/")
    staff.locator("#result_list tbody th a").first.click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Change survey")
    assert axe_findings(staff) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["releases", "release", "files", "table", "how it was attacked", "summary"])
def test_results_page_fits_its_window(name, width, server, staff):
    staff.set_viewport_size({"width": width, "height": 900})
    staff.goto(server.url + PAGES[name])
    assert not scrolls_sideways(staff)


@pytest.mark.parametrize("width", WIDTHS)
def test_quality_note_opened_from_a_folder_fits_and_axe_finds_nothing(width, server, staff, tmp_path):
    name = "quality-and-methodology.html"
    (tmp_path / name).write_bytes(staff.request.get(f"{server.url}/admin/outputs/example/1/{name}").body())
    staff.set_viewport_size({"width": width, "height": 900})
    staff.goto(f"file://{tmp_path}/{name}")
    assert (axe_findings(staff), scrolls_sideways(staff)) == ([], False)


def test_wide_table_is_scrolled_with_the_keyboard(server, staff):
    staff.set_viewport_size({"width": 320, "height": 900})
    staff.goto(f"{server.url}/admin/outputs/")
    region = staff.get_by_role("region", name="Example survey with simulated answers (made up): releases")
    region.focus()
    staff.keyboard.press("ArrowRight")
    expect(region).to_be_focused()
    staff.wait_for_function("region => region.scrollLeft > 0", arg=region.element_handle())


def test_symbol_leads_to_why_it_is_hidden_with_the_keyboard(server, staff):
    staff.goto(server.url + PAGES["table"])
    symbol = staff.get_by_role("link", name="[z], why is this hidden?").first
    symbol.focus()
    staff.keyboard.press("Enter")
    expect(staff.locator("#symbol-z")).to_be_focused()


def test_pages_break_no_rule_of_the_content_security_policy(server, staff):
    broken = []
    staff.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    for path in PAGES.values():
        staff.goto(server.url + path)
    assert broken == []


def test_results_are_reached_from_the_index_and_a_file_is_downloaded(server, staff):
    staff.goto(f"{server.url}/admin/")
    staff.get_by_role("link", name="Tables and files of every release").click()
    staff.locator("main").get_by_role("link", name="release 1").first.click()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="tables.csv", exact=True).first.click()
    assert download.value.suggested_filename == "tables.csv"
