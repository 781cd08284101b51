"""A respondent without a browser: plain HTTP, so that tests can send what no browser sends and lose replies."""

import http.client
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 30  # seconds that one reply may take


@dataclass(frozen=True)
class Reply:
    """What the server answered: status, where it leads to ("" where nowhere), and the page."""

    status: int
    location: str
    body: str


class NoReplyError(Exception):
    """The connection was lost, so it is not known whether the request arrived."""


class Visitor:
    """Someone who answers one survey, with a cookie jar of their own; `address` is where they come from."""

    def __init__(self, port: int, slug: str, *, address: str = "127.0.0.1", agent: str = "Visitor/1.0") -> None:
        self.port = port
        self.slug = slug
        self.address = address
        self.agent = agent
        self.cookies: dict[str, str] = {}
        self.given: list[str] = []  # every cookie's value that the server ever gave
        self.token = ""

    def url(self, step: str = "") -> str:
        return f"/s/{self.slug}/{step}/" if step else f"/s/{self.slug}/"

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, read: bool = True
    ) -> Reply:
        """Send one request on a connection of its own. NoReplyError where no whole reply comes, or `read` is off."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kept = {"User-Agent": self.agent, **({"Cookie": cookie} if cookie else {})}
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(self.address, 0)
        )
        try:
            connection.request(method, path, body, {**kept, **(headers or {})})
            if not read:
                raise NoReplyError
            response = connection.getresponse()
            page = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoReplyError from error
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
            self.given += filter(None, self.cookies.values())
        return Reply(response.status, response.headers.get("Location", ""), page.decode())

    def get(self, step: str = "") -> Reply:
        return self.request("GET", self.url(step))

    def post(self, step: str = "", data: Mapping[str, str] | None = None, *, read: bool = True) -> Reply:
        form = urlencode({**(data or {}), "csrfmiddlewaretoken": self.token}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.request("POST", self.url(step), form, headers, read=read)

    def start(self) -> Reply:
        """Open the start page and press Start now; the start page itself where it has no such button."""
        page = self.get()
        found = _TOKEN.search(page.body)
        if not found:
            return page
        self.token = found[1]
        return self.post()

    def answer(self, answers: Mapping[str, str]) -> None:
        """Post each answer to its question's page."""
        for question, code in answers.items():
            self.post(question.replace("_", "-"), {question: code})

    def prepare(self, answers: Mapping[str, str]) -> Reply:
        """The whole interview up to check answers; returns that page."""
        self.start()
        self.answer(answers)
        return self.get("check-answers")

    def submit(self, *, read: bool = True) -> Reply:
        return self.post("check-answers", read=read)

    def respond(self, answers: Mapping[str, str]) -> Reply:
        """The whole interview; returns the reply to the submission."""
        self.prepare(answers)
        return self.submit()


def send_raw(port: int, request: bytes, address: str = "127.0.0.1") -> int:
    """Send these very bytes and return the status of the answer; 0 where the connection is closed without one."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE, (address, 0)) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            words = answer.readline().split(b" ")
    return int(words[1]) if len(words) > 1 else 0


def persistently(action, *arguments):
    """Do it again while replies are lost, as browsers and people do; at most for a minute."""
    end = time.monotonic() + 60
    while True:
        try:
            return action(*arguments)
        except NoReplyError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
