"""Measures what a first visit fetches until the first question stands there, as a browser with an empty cache does."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin

from tests.bench.browser import Browser, Page
from tests.bench.report import Figures
from tests.server import Server

_NAMED_IN_CSS = re.compile(r"""url\(["']?(?!data:)([^"')]+)""")
_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)


def measure(server: Server) -> Figures:
    """The start page with its files, Start now, and the question with what files it still needs."""
    rows = []
    with Browser(server.port) as browser:

        def tell(what: str, since: tuple[int, int, int]) -> tuple[int, int, int]:
            now = len(browser.seconds), browser.received, browser.sent
            requests, received, sent = (late - early for late, early in zip(now, since, strict=True))
            rows.append((what, str(requests), f"{received:,}", f"{sent:,}", f"{received + sent:,}"))
            return now

        start = browser.get("/s/demo/")
        told = tell("Start page", (0, 0, 0))
        files = fetch(browser, start.files)
        told = tell("Style sheets, icon", told)
        question = browser.submit(start, {})
        files |= fetch(browser, [path for path in question.files if path not in files])
        tell("Start now, first question", told)
        tell("Together", (0, 0, 0))
    scripts = [file.size for path, file in files.items() if path.endswith(".js")]
    inline = [len(script) for page in (start, question) for script in _SCRIPT.findall(page.text)]
    return Figures(
        "First visit, until the first question is there (targets: 60 KB, 6 requests, 0 bytes of JavaScript)",
        ("", "requests", "bytes received", "bytes sent", "both"),
        rows,
        f"JavaScript: {sum(scripts) + sum(inline):,} bytes.",
    )


def fetch(browser: Browser, paths: Iterable[str]) -> dict[str, Page]:
    """The files at these paths, and those that their style sheets name, by path."""
    files = {path: browser.get(path) for path in paths}
    named = {
        urljoin(path, name)
        for path, file in files.items()
        if path.endswith(".css")
        for name in _NAMED_IN_CSS.findall(file.text)
    }
    return files | {path: browser.get(path) for path in sorted(named - set(files))}
