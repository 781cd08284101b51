"""Writes the pictures of docs/images/: each kind of page, as a phone and as a desktop shows it."""

import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import Page, sync_playwright

from tests.functional.conftest import CHROMIUM, FLAGS, ROOT, STAFF, Server, running_server
from tests.functional.test_interview import EMPLOYEE, choose, start

FOLDER = ROOT / "docs" / "images"
SIZES = {"phone": {"width": 320, "height": 640}, "desktop": {"width": 1280, "height": 900}}


def respondent(page: Page, server: Server):
    """Open a respondent's pages one after another; yields their names."""
    page.goto(f"{server.url}/s/demo/")
    yield "start"
    start(page, server)
    yield "question"
    page.get_by_role("button", name="Continue").click()
    yield "question-with-an-error"
    for question, code in EMPLOYEE.items():
        choose(page, question, code)
    yield "check-answers"
    page.get_by_role("button", name="Submit").click()
    yield "thank-you"


def staff(page: Page, server: Server):
    """Open the pages of those who work with results; yields their names."""
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Username").fill(STAFF[0])
    page.get_by_label("Password").fill(STAFF[1])
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{server.url}/admin/outputs/example/1/nssec-5/")
    yield "table"


def main() -> int:
    program = next(filter(None, map(which, CHROMIUM)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for device, viewport in SIZES.items():
            for walk in (respondent, staff):
                page = browser.new_context(viewport=viewport).new_page()
                for name in walk(page, server):
                    picture = Path(FOLDER / f"{name}-{device}.png")
                    page.screenshot(path=picture, full_page=True)
                    sys.stderr.write(f"{picture.relative_to(ROOT)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
