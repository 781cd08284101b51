"""What is real on the server, to be torn, swapped and replayed: addresses, cookies, form tokens, codes, answers."""

import re
from dataclasses import dataclass
from pathlib import Path

from questionnaire import codes, registry
from tests.fuzz import surveys
from tests.server import STAFF, Server
from tests.visitor import Visitor

# Of each survey, whatever its state: some are there in some states only.
STAFF_PAGES = (
    "change/", "history/", "delete/", "opening/", "breakdowns/", "breakdowns/add/", "breakdowns/of/grade/",
    "linked-answers/", "abandon/", "purge/", "close/", "copy/", "invitations/", "invitations/check/",
    "invitations/invite/", "invitations/replace/", "invitations/remove/",
)  # fmt: skip
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Material:
    """Interviews are (slug, cookie), and none of an open survey is complete: replayed, they can store nothing.

    `questions` holds the codes of each question, in any mode, by its id; `form` is a cookie against forged forms with
    the token that belongs to it; `staff` the cookie of someone signed in. `codes` open nothing that holds an answer;
    `holder` is the cookie of someone whose answers a linked survey keeps. `previews` are interviews in a preview. The
    others are paths that exist: `pages` for anyone, `results` and `previewed` for staff, `kept` for the holder.
    """

    port: int
    questions: dict[str, tuple[str, ...]]
    interviews: tuple[tuple[str, str], ...]
    form: tuple[str, str]
    staff: str
    codes: tuple[str, ...]
    holder: str
    previews: tuple[str, ...]
    pages: tuple[str, ...]
    results: tuple[str, ...]
    previewed: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: answers as a form sends them, cookies, codes."""
        cookies = (*(cookie for _slug, cookie in self.interviews), self.staff, *self.form, self.holder, *self.previews)
        return (*(f"{question}=" for question in self.questions), *cookies, *self.codes)


def gather(server: Server) -> Material:
    """Make the surveys, begin interviews in them, sign in, and let one survey's time run out."""
    *of_invited, answered, unanswered = server.run("-m", "tests.fuzz.surveys").stdout.split()
    standard = registry.all_standards()[0]
    questions = {
        question.id: tuple(dict.fromkeys(code for asking in question.askings.values() for code in asking.codes))
        for question in standard.questions
    }
    interviews, form = [], ("", "")
    for slug in (*surveys.OPEN, surveys.OVER):
        for answers in (0, 3, *([len(questions)] if slug == surveys.OVER else [])):
            visitor = Visitor(server.port, slug)
            begin(visitor, questions, answers)
            interviews.append((slug, visitor.cookies["interview"]))
            form = visitor.cookies["csrftoken"], visitor.token
    for slug, code in ((surveys.INVITED, of_invited[0]), (surveys.LINKED, unanswered)):
        interviews.append((slug, entered(server, slug, code).cookies["interview"]))
    staff = signed_in(server)
    previews = []
    for slug, answers in ((surveys.OPEN[0], 3), (surveys.DRAFT, len(questions))):
        visitor = Previewer(server.port, slug)
        visitor.cookies |= staff.cookies
        begin(visitor, questions, answers)
        previews.append(visitor.cookies["interview"])
    server.query(
        "UPDATE questionnaire_survey SET closes_at = now() - interval '1 hour' WHERE slug = %s RETURNING id",
        surveys.OVER,
    )
    numbers = [number for (number,) in server.query("SELECT id FROM questionnaire_survey ORDER BY id")]
    steps = [question.slug for question in standard.questions]
    own = ["", "check-answers/", "complete/", "withdraw/", "clear/", "privacy/", *(f"{step}/" for step in steps)]
    previewed = [*own, "?code", "not-open/", "closed/", "your-answers/"]
    pages = ["/", "/i/", "/healthz", "/readyz", "/errors/404/", "/errors/429/", "/admin/", "/admin/login/"]
    static = server.data_dir / "static"
    files = sorted(f"/static/{_of_url(path, static)}" for path in static.rglob("*") if path.is_file())
    return Material(
        port=server.port,
        questions=questions,
        interviews=tuple(interviews),
        form=form,
        staff=f"sessionid={staff.cookies['sessionid']}",
        codes=(*(codes.make(number) for number in (*numbers, numbers[-1] + 1)), *of_invited, unanswered),
        holder=entered(server, surveys.LINKED, answered).cookies["interview"],
        previews=tuple(previews),
        pages=(
            *pages,
            *(f"/s/{slug}/{page}" for slug in surveys.ALL for page in (*own, "your-answers/")),
            *(f"/admin/preview/{surveys.DRAFT}/{page}" for page in previewed),
            *files[:: len(files) // 20],
        ),
        results=(
            "/admin/outputs/", "/admin/outputs/example/1/", "/admin/outputs/example/1/nssec-5/",
            "/admin/outputs/example/1/tables.csv", f"/admin/outputs/codebook/{standard.key}/",
            f"/admin/outputs/codebook/{standard.key}/codebook.csv", "/admin/questionnaire/survey/",
            "/admin/questionnaire/survey/add/", "/admin/questionnaire/auditentry/", "/admin/auth/user/",
            *(f"/admin/questionnaire/survey/{number}/{page}" for number in numbers for page in STAFF_PAGES),
        ),
        previewed=tuple(f"/admin/preview/{slug}/{page}" for slug in surveys.ALL for page in previewed),
        kept=(f"/s/{surveys.LINKED}/your-answers/", f"/s/{surveys.LINKED}/"),
    )  # fmt: skip


class Previewer(Visitor):
    """A member of staff, signed in, in the preview of a survey."""

    def url(self, step: str = "") -> str:
        return f"/admin/preview/{super().url(step).removeprefix('/s/')}"


def begin(visitor: Visitor, questions: dict[str, tuple[str, ...]], answers: int) -> None:
    """Give so many answers, the first of each question; check answers is looked at where that is all."""
    reply = visitor.start()
    for _answer in range(answers):
        step = reply.location.rstrip("/").rpartition("/")[2]
        question = step.replace("-", "_")
        if question in questions:
            reply = visitor.post(step, {question: questions[question][0]})
    if answers == len(questions):
        visitor.get("check-answers")


def entered(server: Server, slug: str, code: str) -> Visitor:
    """Someone who came with a code."""
    visitor = Visitor(server.port, slug)
    visitor.token = _TOKEN.search(visitor.request("GET", "/i/").body)[1]
    form = f"code={code}&csrfmiddlewaretoken={visitor.token}".encode()
    visitor.request("POST", "/i/", form, {"Content-Type": "application/x-www-form-urlencoded"})
    return visitor


def signed_in(server: Server) -> Visitor:
    """A member of staff."""
    visitor = Visitor(server.port, "")
    visitor.token = _TOKEN.search(visitor.request("GET", "/admin/login/").body)[1]
    form = f"username={STAFF[0]}&password={STAFF[1].replace(' ', '+')}&csrfmiddlewaretoken={visitor.token}".encode()
    visitor.request("POST", "/admin/login/", form, {"Content-Type": "application/x-www-form-urlencoded"})
    return visitor


def _of_url(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
