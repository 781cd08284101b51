"""A browser as far as a server can tell: one kept connection, cookies, forms, redirects; everything is counted.

It speaks HTTP on a plain socket, so that little of the machine goes to the client.
"""

import gzip
import re
import socket
import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote_plus, urljoin, urlsplit

PATIENCE = 30  # seconds that one reply may take
LONGEST = 20  # pages of one interview
HEADERS = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Encoding: gzip, deflate",
    "Accept-Language: en-GB,en;q=0.9",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Site: same-origin",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Dest: document",
)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_RADIO = re.compile(r'name="([^"]+)" type="radio"')
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_FILE = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')


class Trouble(Exception):
    """A reply that no respondent should get: neither a page nor a redirect, or no reply at all."""


@dataclass(frozen=True)
class Page:
    """A page as it came: its path, the text of it, and the bytes of headers and body."""

    path: str
    text: str
    size: int

    @property
    def form(self) -> str:
        """The form that leads on: the first in the main part of the page; blank where that has none."""
        found = _FORM.search(self.text.partition("<main")[2].partition("</main>")[0])
        return found[0] if found else ""

    @property
    def token(self) -> str:
        """The token of the page's form; blank where it has none."""
        found = _TOKEN.search(self.form)
        return found[1] if found else ""

    @property
    def fields(self) -> set[str]:
        """The names of the form's radios."""
        return set(_RADIO.findall(self.form))

    @property
    def files(self) -> list[str]:
        """The files that a browser fetches for the page, each once."""
        return list(dict.fromkeys(_FILE.findall(self.text)))


class Browser:
    """Visits one server. `seconds` holds each request's time; `sent` and `received` count bytes, headers included."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._cookies: dict[str, str] = {}
        self.seconds: list[float] = []
        self.sent = self.received = 0

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_exception) -> None:
        self._connection.close()

    def get(self, path: str) -> Page:
        """The page at this path, redirects followed. Raises Trouble."""
        return self._request("GET", path)

    def submit(self, page: Page, fields: dict[str, str]) -> Page:
        """Send the page's form to its own address, and follow the redirect. Raises Trouble."""
        named = {"csrfmiddlewaretoken": page.token, **fields}
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in named.items())
        return self._request("POST", page.path, body, referer=page.path)

    def _request(self, method: str, path: str, body: str = "", referer: str = "") -> Page:
        begun = time.perf_counter()
        self._send(method, path, body, referer)
        head, content = self._receive()
        self.seconds.append(time.perf_counter() - begun)
        status, headers = self._understand(head)
        if 300 <= status < 400:
            target = urlsplit(urljoin(path, headers["location"]))
            return self._request("GET", f"{target.path}?{target.query}" if target.query else target.path)
        if not 200 <= status < 300:
            raise Trouble(f"{method} {path}: {status} {HTTPStatus(status).phrase}")
        size = len(head) + len(content)
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        return Page(path, content.decode(errors="replace"), size)

    def _send(self, method: str, path: str, body: str, referer: str) -> None:
        origin = f"http://127.0.0.1:{self._port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}", "Connection: keep-alive", *HEADERS]
        if method == "POST":
            lines += [
                f"Origin: {origin}",
                f"Referer: {origin}{referer}",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        if self._cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self._cookies.items()))
        message = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
        self._connection.sendall(message)
        self.sent += len(message)

    def _receive(self) -> tuple[bytes, bytes]:
        """Head (its blank line included) and body of one reply."""
        buffer = bytearray()
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            buffer += self._more()
        head = bytes(buffer[: end + 4])
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(buffer) < len(head) + length:
            buffer += self._more()
        self.received += len(buffer)
        return head, bytes(buffer[len(head) :])

    def _more(self) -> bytes:
        if not (data := self._connection.recv(65536)):
            raise Trouble("the server closed the connection")
        return data

    def _understand(self, head: bytes) -> tuple[int, dict[str, str]]:
        """Status and headers; cookies go into the jar. Every path here lies below the paths of the cookies it gets."""
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in filter(None, lines):
            name, _colon, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookie, _equals, content = value.strip().partition(";")[0].partition("=")
                self._cookies[cookie] = content
        return int(first.split()[1]), headers


def walk(browser: Browser, start: str, answers: dict[str, str]) -> Page:
    """One whole interview: open the start page, send each page's form, and return the page that has none.

    A question is answered from `answers` (by the field's name). Raises Trouble.
    """
    page = browser.get(start)
    for _page in range(LONGEST):
        if not page.token:
            return page
        page = browser.submit(page, {name: answers[name] for name in page.fields})
    raise Trouble(f"{page.path}: the interview does not end")
