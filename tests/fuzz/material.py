"""What is real on the server, to be torn, swapped and replayed: addresses, cookies, form tokens, codes, answers."""

import re
from dataclasses import dataclass
from pathlib import Path

from questionnaire import codes, registry
from tests.fuzz import surveys
from tests.server import STAFF, Server
from tests.visitor import Visitor

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Material:
    """Interviews are (slug, cookie), and none of an open survey is complete: replayed, they can store nothing.

    `questions` holds the codes of each question, in any mode, by its id; `form` is a cookie against forged forms with
    the token that belongs to it; `staff` the cookie of someone signed in; `pages` and `results` are paths that exist.
    """

    port: int
    questions: dict[str, tuple[str, ...]]
    interviews: tuple[tuple[str, str], ...]
    form: tuple[str, str]
    staff: str
    codes: tuple[str, ...]
    pages: tuple[str, ...]
    results: tuple[str, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: answers as a form sends them, cookies, codes."""
        cookies = (*(cookie for _slug, cookie in self.interviews), self.staff, *self.form)
        return (*(f"{question}=" for question in self.questions), *cookies, *self.codes)


def gather(server: Server) -> Material:
    """Make the surveys, begin interviews in them, sign in, and let one survey's time run out."""
    server.run("-m", "tests.fuzz.surveys")
    standard = registry.all_standards()[0]
    questions = {
        question.id: tuple(dict.fromkeys(code for asking in question.askings.values() for code in asking.codes))
        for question in standard.questions
    }
    interviews, form = [], ("", "")
    for slug in (*surveys.OPEN, surveys.OVER):
        for answers in (0, 3, *([len(questions)] if slug == surveys.OVER else [])):
            visitor = begun(server, slug, questions, answers)
            interviews.append((slug, visitor.cookies["interview"]))
            form = visitor.cookies["csrftoken"], visitor.token
    server.query(
        "UPDATE questionnaire_survey SET closes_at = now() - interval '1 hour' WHERE slug = %s RETURNING id",
        surveys.OVER,
    )
    numbers = [number for (number,) in server.query("SELECT id FROM questionnaire_survey ORDER BY id")]
    steps = [question.slug for question in standard.questions]
    own = ["", "check-answers/", "complete/", "withdraw/", "clear/", "privacy/", *(f"{step}/" for step in steps)]
    pages = ["/", "/i/", "/healthz", "/readyz", "/errors/404/", "/errors/429/", "/admin/", "/admin/login/"]
    static = server.data_dir / "static"
    files = sorted(f"/static/{_of_url(path, static)}" for path in static.rglob("*") if path.is_file())
    return Material(
        port=server.port,
        questions=questions,
        interviews=tuple(interviews),
        form=form,
        staff=signed_in(server),
        codes=tuple(codes.make(number) for number in (*numbers, numbers[-1] + 1)),
        pages=(*pages, *(f"/s/{slug}/{page}" for slug in surveys.ALL for page in own), *files[:: len(files) // 20]),
        results=(
            "/admin/outputs/", "/admin/outputs/example/1/", "/admin/outputs/example/1/nssec-5/",
            "/admin/outputs/example/1/tables.csv", f"/admin/outputs/codebook/{standard.key}/",
            f"/admin/outputs/codebook/{standard.key}/codebook.csv", "/admin/questionnaire/survey/",
            f"/admin/questionnaire/survey/{numbers[0]}/change/", "/admin/questionnaire/auditentry/",
        ),
    )  # fmt: skip


def begun(server: Server, slug: str, questions: dict[str, tuple[str, ...]], answers: int) -> Visitor:
    """Someone who gave so many answers, the first of each question; check answers is looked at where that is all."""
    visitor = Visitor(server.port, slug)
    reply = visitor.start()
    for _answer in range(answers):
        step = reply.location.rstrip("/").rpartition("/")[2]
        question = step.replace("-", "_")
        if question in questions:
            reply = visitor.post(step, {question: questions[question][0]})
    if answers == len(questions):
        visitor.get("check-answers")
    return visitor


def signed_in(server: Server) -> str:
    """The cookie of a member of staff."""
    visitor = Visitor(server.port, "")
    visitor.token = _TOKEN.search(visitor.request("GET", "/admin/login/").body)[1]
    form = f"username={STAFF[0]}&password={STAFF[1].replace(' ', '+')}&csrfmiddlewaretoken={visitor.token}".encode()
    visitor.request("POST", "/admin/login/", form, {"Content-Type": "application/x-www-form-urlencoded"})
    return f"sessionid={visitor.cookies['sessionid']}"


def _of_url(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
