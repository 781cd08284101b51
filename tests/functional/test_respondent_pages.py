"""Every page of the respondent's side in every state: what axe, the window, the console and the title say of it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.functional.conftest import PATIENCE, WIDTHS, Server, axe_findings, scrolls_sideways
from tests.functional.pages import GROUPS

pytestmark = pytest.mark.timeout(300)
LONG = {"before", "questions", "after"}


EVERY_GROUP = [pytest.param(group, marks=pytest.mark.slow if group in LONG else ()) for group in GROUPS]


@dataclass(frozen=True)
class Seen:
    """What was seen on one page in one state. `sideways`: where it is wider than its window."""

    name: str
    title: str
    axe: list[str]
    sideways: list[str]
    headings: list[str]
    console: list[str]
    links: set[str]

    @property
    def page(self) -> str:
        return self.name.partition(":")[0]


@pytest.fixture(scope="module")
def seen(surveys: Server, browser: Browser) -> Callable[[str], list[Seen]]:
    """What was seen in each group of pages, walked once."""
    kept: dict[str, list[Seen]] = {}
    return lambda group: kept.get(group) or kept.setdefault(group, look(surveys, browser, group))


def look(server: Server, browser: Browser, group: str) -> list[Seen]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    console: list[ConsoleMessage] = []
    page.on("console", lambda message: console.append(message))
    pages = []
    for name in GROUPS[group](page, server):
        axe = axe_findings(page)
        sideways = [f"{width} px" for width in WIDTHS if is_too_wide(page, width)]
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        sideways += ["large text"] if scrolls_sideways(page) else []
        page.evaluate("document.documentElement.style.fontSize = ''")
        said = [message.text for message in console if not tells_of_the_page(message, page)]
        headings = page.get_by_role("heading", level=1).all_inner_texts()
        links = page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
        pages.append(Seen(name, page.title(), axe, sideways, headings, said, set(links)))
        console.clear()
    context.close()
    return pages


def is_too_wide(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 900})
    return scrolls_sideways(page)


def tells_of_the_page(message: ConsoleMessage, page: Page) -> bool:
    """Chromium itself notes that a page came with an error status; that is no fault of ours."""
    return message.location["url"] == page.url and "the server responded with a status of" in message.text


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_axe_finds_nothing_on_any_page(group, seen):
    assert {page.name: page.axe for page in seen(group) if page.axe} == {}


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_no_page_scrolls_sideways_on_a_phone_or_with_large_text(group, seen):
    assert {page.name: page.sideways for page in seen(group) if page.sideways} == {}


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_console_stays_silent_on_every_page(group, seen):
    assert {page.name: page.console for page in seen(group) if page.console} == {}


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_every_page_has_one_main_heading(group, seen):
    assert {page.name: page.headings for page in seen(group) if len(page.headings) != 1} == {}


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_title_begins_with_error_where_there_is_one(group, seen):
    assert [page.name for page in seen(group) if page.title.startswith("Error: ") != (": error" in page.name)] == []


@pytest.mark.parametrize("group", EVERY_GROUP)
def test_links_of_every_page_lead_somewhere(group, seen, surveys, page):
    leading = {link: page.name for page in seen(group) for link in page.links}
    assert {link: name for link, name in leading.items() if not page.request.get(surveys.url + link).ok} == {}


@pytest.mark.slow
def test_every_page_has_a_title_of_its_own(seen):
    titles: dict[str, set[str]] = {}
    for page in [page for group in GROUPS for page in seen(group)]:
        titles.setdefault(page.title.removeprefix("Error: "), set()).add(page.page)
    assert {title: pages for title, pages in titles.items() if len(pages) > 1} == {}
