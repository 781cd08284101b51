"""Interviews that go astray: right and wrong answers, jumps, torn and swapped cookies, replays, withdrawals.

A walk never submits: it withholds the token whenever it posts check answers. All that it can store is the emptied row
of a withdrawal.
"""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import quote_plus

from hypothesis import strategies as st

from tests.fuzz import surveys
from tests.fuzz.client import Client, Request
from tests.fuzz.material import Material
from tests.visitor import Reply, Visitor

LONGEST = 20  # moves
CHECK = "check-answers"


class Guest(Visitor):
    """A visitor who keeps a connection, tells the tally, and can send the last request again."""

    def __init__(self, client: Client, slug: str) -> None:
        super().__init__(client.port, slug)
        self.client = client
        self.at = ""
        self.last: Request | None = None

    def request(self, method, path, body=b"", headers=None, *, read=True) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = {"Host": f"127.0.0.1:{self.port}", "Cookie": cookie, **(headers or {}), "Content-Length": len(body)}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        self.last = Request(method, "\r\n".join(lines).encode("latin-1") + body)
        return self.again()

    def again(self) -> Reply:
        answer = self.last and self.client.send(self.last)
        if not answer:
            return Reply(0, "", "")
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        location = answer.headers.get("Location", "")
        self.at = location.rstrip("/").rpartition("/")[2] or self.at
        return Reply(answer.status, location, answer.body.decode(errors="replace"))


class Walker:
    """One person, with a browser in which several surveys are open. A move's number decides its details."""

    def __init__(self, client: Client, material: Material) -> None:
        self.material = material
        self.guests = [Guest(client, slug) for slug in surveys.ALL]
        self.guest = self.guests[0]
        self.steps = [
            *(question.replace("_", "-") for question in material.questions),
            CHECK,
            "complete",
            "privacy",
            "no-step",
        ]

    def start(self, number: int) -> None:
        self.guest = self.guests[number % len(self.guests)]
        self.guest.start()

    def answer(self, number: int) -> None:
        """The question that is due, with a code of any mode."""
        question = self.guest.at.replace("-", "_")
        if question in self.material.questions:
            codes = self.material.questions[question]
            self.guest.post(self.guest.at, {question: codes[number % len(codes)]})

    def wrong(self, number: int) -> None:
        """The question that is due, with what is no answer to it."""
        question = self.guest.at.replace("-", "_")
        wrong = (
            {}, {question: ""}, {question: "state\0"}, {question: "x" * 9000}, {f"{question}[]": "state"},
            {question: "\N{SNOWMAN}"}, dict.fromkeys(self.material.questions, "prefer_not_to_say"),
            {question: "1"}, {"wizard_goto_step": "school-type"}, {question: "STATE"}, {question: " state"},
        )  # fmt: skip
        if question in self.material.questions:
            self.guest.post(self.guest.at, wrong[number % len(wrong)])

    def jump(self, number: int) -> None:
        self.guest.get(self.steps[number % len(self.steps)])

    def leap(self, number: int) -> None:
        """Answers a question wherever it is, due or not."""
        question = list(self.material.questions)[number % len(self.material.questions)]
        self.guest.post(question.replace("_", "-"), {question: self.material.questions[question][0]})

    def check(self, _number: int) -> None:
        self.guest.get(CHECK)

    def forge(self, number: int) -> None:
        """Submits with a token that is none."""
        token, self.guest.token = self.guest.token, ("", "x", "\0" * 64, "a" * 32, "a" * 64)[number % 5]
        self.guest.post(CHECK)
        self.guest.token = token

    def withdraw(self, _number: int) -> None:
        self.guest.post("withdraw")

    def clear(self, _number: int) -> None:
        self.guest.post("clear")

    def enter(self, number: int) -> None:
        """Types a code."""
        code = self.material.codes[number % len(self.material.codes)]
        code = (code, code.lower(), code[::-1], f"{code}\0", quote_plus(f" –{code}– "))[number % 5]
        form = f"code={code}&csrfmiddlewaretoken={self.guest.token}".encode()
        reply = self.guest.request("POST", "/i/", form, {"Content-Type": "application/x-www-form-urlencoded"})
        for guest in self.guests:
            if reply.location.startswith(guest.url()) and guest is not self.guest:
                guest.cookies, guest.token, guest.at = self.guest.cookies, self.guest.token, self.guest.at
                self.guest = guest

    def kept(self, number: int) -> None:
        """Looks at what a linked survey keeps, or asks to change it."""
        (self.guest.get, self.guest.post)[number % 2]("your-answers")

    def tear(self, number: int) -> None:
        """Changes one character of the interview's cookie."""
        if value := self.guest.cookies.get("interview"):
            place = number % len(value)
            self.guest.cookies["interview"] = value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]

    def swap(self, number: int) -> None:
        """Brings the interview of another survey."""
        self.guest.cookies["interview"] = self.material.interviews[number % len(self.material.interviews)][1]

    def forget(self, _number: int) -> None:
        self.guest.cookies.pop("csrftoken", None)

    def again(self, _number: int) -> None:
        self.guest.again()


MOVES = (
    "answer", "answer", "answer", "answer", "answer", "answer", "answer", "wrong", "wrong", "jump", "leap", "check",
    "forge", "withdraw", "clear", "enter", "kept", "tear", "swap", "forget", "again", "start",
)  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """Moves by name and number, so that the same walk can be taken again."""

    material: Material
    moves: tuple[tuple[str, int], ...]

    def run(self, client: Client) -> None:
        walker = Walker(client, self.material)
        for move, number in (("start", self.moves[0][1]), *self.moves):
            getattr(walker, move)(number)


def walks(material: Material) -> st.SearchStrategy[Walk]:
    moves = st.tuples(st.sampled_from(MOVES), st.integers(0, 999))
    return st.lists(moves, min_size=6, max_size=LONGEST).map(lambda moves: Walk(material, tuple(moves)))
