"""Measures what a first visit fetches until the first question stands there, as a browser with an empty cache does."""

import re
from urllib.parse import urljoin

from tests.bench.browser import Browser
from tests.bench.report import Figures
from tests.server import Server

_NAMED_IN_CSS = re.compile(r"""url\(["']?(?!data:)([^"')]+)""")


def measure(server: Server) -> Figures:
    """Start page, its files, the press of Start now, the question and what files it still needs."""
    with Browser(server.port) as browser:
        pages = [browser.get("/s/demo/")]
        files = fetch(browser, pages[0].files)
        pages.append(browser.submit(pages[0], {}))
        files += fetch(browser, [path for path in pages[1].files if path not in {file.path for file in files}])
    scripts = [file for file in files if file.path.endswith(".js")]
    rows = [
        ("First visit, to the first question", len(browser.seconds), browser.received, browser.sent),
        *((f"– {page.path}", 1, page.size, "") for page in [*pages, *files])]
    ...
