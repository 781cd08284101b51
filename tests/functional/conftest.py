"""A real server and a real Chromium."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.server import ROOT, Server, running_server
from tests.server import STAFF as STAFF

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]  # WCAG 2.2 AA, and good habits
RUN = "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(results => results.violations)"
WIDTHS = (320, 1280)
# What keeps Chromium from looking for addresses outside this machine; root needs it without its own sandbox.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds that a busy machine may take for one step
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests that leave it as they find it."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def surveys(server: Server) -> Server:
    """The same server, with the surveys of tests.functional.surveys."""
    server.run("-m", "tests.functional.surveys")
    return server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window that most tests share: to open one of its own for each would take as long as the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def context(window: BrowserContext) -> Iterator[BrowserContext]:
    """A browser window of one person, with an empty cookie jar."""
    window.clear_cookies()
    yield window
    for page in window.pages:
        page.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def axe_findings(page: Page) -> list[str]:
    """What axe finds on the page, at phone and desktop width: width, rule and element; [] where all is well."""
    page.evaluate(AXE.read_text())
    findings = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        violations = page.evaluate(RUN, RULES)
        findings += [
            f"{width} px {violation['id']}: {node['target']}" for violation in violations for node in violation["nodes"]
        ]
    return findings


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
