"""Writes the pictures of docs/images: each kind of page, as the window of a phone and of a desktop shows it."""

import os
import sys
from collections.abc import Iterator
from shutil import which

import django
from playwright.sync_api import Page, sync_playwright

from tests.functional.conftest import CHROMIUM, FLAGS, ROOT, STAFF, Server, running_server

FOLDER = ROOT / "docs" / "images"
DEVICES = {"phone": {"width": 320, "height": 640}, "desktop": {"width": 1280, "height": 800}}
PICTURES = {  # name on the walk: name of the picture
    "front": "front",
    "start of told: everything stated": "start",
    "start of told: come with a code": "start-with-a-code",
    "start of told: without an interview": "start-without-an-interview",
    "privacy of told: everything stated": "privacy",
    "code": "code",
    "code: error, no code": "code-with-an-error",
    "not open": "not-open",
    "closed": "closed",
    "school_type": "question",
    "school_type: error": "question-with-an-error",
    "business_size: newly asked": "question-newly-asked",
    "check answers": "check-answers",
    "check answers: several questions dropped": "check-answers-after-a-change",
    "thank you": "thank-you",
    "withdrawn": "withdrawn",
    "cleared": "cleared",
    "error 404": "error-404",
    "error 503": "error-503",
    "send again": "send-again",
    "cookies needed": "cookies-needed",
    "results": "results",
    "release": "results-release",
    "table": "results-table",
    "summary": "results-summary",
    "waves": "results-waves",
    "builder": "results-builder",
    "files": "results-files",
    "audit": "results-audit",
}
WHOLE = {"start", "question", "question-with-an-error", "check-answers", "thank-you"}  # on a phone
LONG = {"results-table", "results-summary", "results-waves"}  # as a whole on a desktop: what counts is further down
PAPER = {"thank you": "receipt"}


def results(page: Page, server: Server) -> Iterator[str]:
    """Open the results of the made-up employer, as those who work with them see them."""
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Username").fill(STAFF[0])
    page.get_by_label("Password").fill(STAFF[1])
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Tables and files of every release").wait_for()
    for name, address in {
        "results": "",
        "release": "employer-wave-2/1/",
        "table": "employer-wave-2/1/nssec-3/",
        "summary": "employer-wave-2/1/summary/",
        "waves": "employer-wave-2/1/waves/nssec-3/",
        "builder": "employer-wave-2/1/builder/?table=nssec-3&by=grade&figure=percent_known",
        "files": "employer-wave-2/1/files/",
        "audit": "employer-wave-2/1/audit/",
    }.items():
        page.goto(f"{server.url}/admin/outputs/{address}")
        yield name


def take(page: Page, name: str, device: str) -> None:
    if name in PICTURES:
        whole = PICTURES[name] in (WHOLE if device == "phone" else LONG)
        page.screenshot(path=FOLDER / f"{PICTURES[name]}-{device}.png", full_page=whole)
    if name in PAPER and device == "desktop":
        page.emulate_media(media="print")
        page.screenshot(path=FOLDER / f"{PAPER[name]}-paper.png")
        page.emulate_media(media="screen")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    django.setup()
    from tests.functional.pages import GROUPS

    for picture in FOLDER.glob("*.png"):
        picture.unlink()
    program = next(filter(None, map(which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for device, viewport in DEVICES.items():
            with running_server() as server:  # one for each: on the walk a survey ends
                server.run("-m", "tests.functional.surveys")
                server.manage("create_demo_employer")
                for walk in (*GROUPS.values(), results):
                    page = browser.new_context(viewport=viewport).new_page()
                    for name in walk(page, server):
                        page.wait_for_load_state()
                        take(page, name, device)
        browser.close()
    sys.stderr.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
