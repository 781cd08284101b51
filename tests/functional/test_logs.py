"""Nothing that respondents do reaches a log, a path least of all; and no request, however malformed, is a fault here.

A real server gets a whole interview, every kind of bad request and a database that goes away; then everything that was
written is searched. `product` is `make run` without its demonstration, so the data folder holds nobody else's answers.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from questionnaire import codes, registry
from tests.conftest import STANDARD
from tests.launched import Launched, launched
from tests.visitor import Visitor, send_raw

pytestmark = pytest.mark.slow  # whole lives, in a browser or against a server of their own

HOME = "127.0.9.9"  # where respondents and attackers come from; it stands in no log for any other reason
PAGE = "/s/demo/free-school-meals/"  # of `halfway`, who has answered the first question
ANSWERS = {
    "school_type": "state_selective",
    "free_school_meals": "not_applicable",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "prefer_not_to_say",
    "parental_occupation": "technical",
    "parental_qualification": "no_qualifications",
}
CODE = re.compile(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}")
NO_SURVEY = codes.shown(codes.make(12_000))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JUNK = b"free_school_meals=no_qualifications&junk=" + b"free-school-meals " * 56_000  # a megabyte
FILE = (
    b'--x\r\nContent-Disposition: form-data; name="free_school_meals"; filename="supervisor"\r\n\r\n'
    + b"no_qualifications" * 200_000
    + b"\r\n--x--\r\n"
)


class Halfway(Visitor):
    """Someone who has answered the first question, and now sends what no browser would."""

    def send(self, method: str, path: str = PAGE, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
        return self.request(method, path, body, headers).status

    def form(self, body: bytes, path: str = PAGE, headers: dict[str, str] | None = None) -> int:
        token = b"csrfmiddlewaretoken=" + self.token.encode()
        return self.send("POST", path, token + b"&" + body, FORM | (headers or {}))

    def with_cookie(self, value: str, name: str = "interview") -> int:
        other = Visitor(self.port, "demo", address=HOME)
        other.cookies = {**self.cookies, name: value}
        return other.get("free-school-meals").status

    def raw(self, first: str, *headers: str, body: bytes = b"") -> int:
        """A request as bytes, with the interview's cookie."""
        lines = [first, f"Host: 127.0.0.1:{self.port}", f"Cookie: interview={self.cookies['interview']}", *headers]
        return send_raw(self.port, "\r\n".join([*lines, "", ""]).encode("latin-1") + body, HOME)


# What is sent, and the status that it gets.
HOSTILE: dict[str, tuple[Callable[[Halfway], int], int]] = {
    "code of another question": (lambda who: who.form(b"free_school_meals=no_qualifications"), 200),
    "code of another mode": (lambda who: who.form(b"free_school_meals=25_or_more"), 200),
    "broken bytes as a code": (lambda who: who.form(b"free_school_meals=%ff%fe%00prefer_not_to_say"), 200),
    "no answer": (lambda who: who.form(b"supervisor=prefer_not_to_say"), 200),
    "post off the route": (lambda who: who.form(b"supervisor=prefer_not_to_say", "/s/demo/supervisor/"), 302),
    "post past the first unanswered": (lambda who: who.form(b"", "/s/demo/parental-qualification/"), 302),
    "submission of an unfinished interview": (lambda who: who.form(b"", "/s/demo/check-answers/"), 302),
    "question off the route": (lambda who: who.send("GET", "/s/demo/business-size/"), 302),
    "unknown question": (lambda who: who.send("GET", "/s/demo/parental-occupations/"), 404),
    "post to an unknown question": (lambda who: who.form(b"", "/s/demo/parental-occupations/"), 404),
    "address below a question": (lambda who: who.send("GET", PAGE + "no_qualifications/"), 404),
    "unknown survey": (lambda who: who.send("GET", "/s/demos/"), 404),
    "question of an unknown survey": (lambda who: who.send("GET", "/s/demos/free-school-meals/"), 302),
    "without the last slash": (lambda who: who.send("GET", PAGE[:-1]), 301),
    "post without the last slash": (lambda who: who.form(b"", PAGE[:-1]), 301),
    "capital letter": (lambda who: who.send("GET", "/S/demo/free-school-meals/"), 404),
    "doubled slashes": (lambda who: who.send("GET", "//s//demo//free-school-meals/"), 404),
    "junk for a code": (lambda who: who.form(b"code=free-school-meals", "/i/"), 200),
    "code of no survey": (lambda who: who.form(b"code=" + NO_SURVEY.encode(), "/i/"), 200),
    "code in the address": (lambda who: who.send("GET", f"/i/{NO_SURVEY}/"), 404),
    "code in the query": (lambda who: who.send("GET", f"/i/?code={NO_SURVEY}"), 200),
    "withdrawal by reading": (lambda who: who.send("GET", "/s/demo/withdraw/"), 405),
    "withdrawal without a token": (lambda who: who.send("POST", "/s/demo/withdraw/"), 403),
    "letters as numbers": (lambda who: who.send("GET", "/%73/demo/free-school-meals-/"), 404),
    "bytes that are no text": (lambda who: who.send("GET", "/s/demo/%ff%fe/free-school-meals/"), 404),
    "zero byte": (lambda who: who.send("GET", "/s/demo/free-school-meals%00/"), 404),
    "climbing up": (lambda who: who.send("GET", "/s/demo/../../admin/free-school-meals/"), 404),
    "query without end": (lambda who: who.send("GET", PAGE + "?" + "no_qualifications=&" * 150), 200),
    "megabyte of junk": (lambda who: who.form(JUNK), 413),
    "five hundred fields": (lambda who: who.form(b"&".join(b"supervisor%d=" % n for n in range(500))), 400),
    "another encoding": (
        lambda who: who.form(
            b"free_school_meals=%2BAHkAZQBz-", headers={"Content-Type": f"{FORM['Content-Type']}; charset=utf-7"}
        ),
        200,  # the claim is not believed: in UTF-8, as all is read here, that is no option
    ),
    "JSON": (lambda who: who.send("POST", PAGE, b'{"supervisor": 1}', {"Content-Type": "application/json"}), 403),
    "file of three megabytes": (
        lambda who: who.send(
            "POST", PAGE, FILE, {"Content-Type": "multipart/form-data; boundary=x", "X-CSRFToken": who.token}
        ),
        413,
    ),
    "parts without a boundary": (
        lambda who: who.send("POST", PAGE, b"no_qualifications", {"Content-Type": "multipart/form-data"}),
        400,
    ),
    "no token": (lambda who: who.send("POST", PAGE, b"free_school_meals=yes", FORM), 403),
    "another origin": (
        lambda who: who.form(b"free_school_meals=yes", headers={"Origin": f"https://elsewhere.example{PAGE}"}),
        403,
    ),
    "another host": (lambda who: who.send("GET", PAGE, b"", {"Host": "elsewhere.example"}), 400),
    **{
        f"method {method}": (lambda who, method=method: who.send(method, PAGE, b"supervisor=yes", FORM), status)
        for method, status in [
            ("PUT", 403),
            ("PATCH", 403),
            ("DELETE", 403),
            ("CONNECT", 403),
            ("OPTIONS", 405),
            ("TRACE", 405),
            ("HEAD", 200),
        ]
    },
    "cookie torn off": (lambda who: who.with_cookie(who.cookies["interview"][:-9]), 302),
    "cookie with one letter changed": (lambda who: who.with_cookie("A" + who.cookies["interview"][1:] + "A"), 302),
    "cookie of junk": (lambda who: who.with_cookie("free-school-meals"), 302),
    "cookie that is empty": (lambda who: who.with_cookie(""), 302),
    "cookie that is no ASCII": (lambda who: who.with_cookie("\xe9\xe9"), 302),
    "cookie that is long": (lambda who: who.with_cookie("A" * 6000), 302),
    "session cookie of junk": (lambda who: who.with_cookie("free-school-meals", "sessionid"), 200),
    "token cookie of junk": (lambda who: who.with_cookie("\xe9", "csrftoken"), 200),
    "unknown version of HTTP": (lambda who: who.raw(f"GET {PAGE} HTTP/9.9"), 400),
    "no version of HTTP": (lambda who: who.raw(f"GET {PAGE}"), 400),
    "space in the address": (lambda who: who.raw(f"GET {PAGE} no_qualifications HTTP/1.1"), 400),
    "address without a slash": (lambda who: who.raw("GET free-school-meals HTTP/1.1"), 400),
    "letters as numbers, malformed": (lambda who: who.raw("GET /%73/demo/free-school-meals/ supervisor HTTP/1"), 400),
    "method that is none": (lambda who: who.raw(f"free-school-meals {PAGE} HTTP/1.1"), 400),
    "cookie without a colon": (
        lambda who: who.raw(f"GET {PAGE} HTTP/1.1", f"Cookie interview={who.cookies['interview']}"),
        400,
    ),
    "zero byte in a header": (lambda who: who.raw(f"GET {PAGE} HTTP/1.1", "X: free-school-meals\0"), 400),
    "folded header": (lambda who: who.raw(f"GET {PAGE} HTTP/1.1", "X: supervisor", " free-school-meals"), 400),
    "line too long": (lambda who: who.raw(f"GET {PAGE}?{'no_qualifications' * 500} HTTP/1.1"), 414),
    "header too long": (lambda who: who.raw(f"GET {PAGE} HTTP/1.1", "X: " + "free-school-meals" * 1000), 431),
    "too many headers": (lambda who: who.raw(f"GET {PAGE} HTTP/1.1", *(f"supervisor{n}: 1" for n in range(300))), 431),
    "length that is no number": (
        lambda who: who.raw(f"POST {PAGE} HTTP/1.1", "Content-Length: free-school-meals"),
        400,
    ),
    "body that ends too soon": (
        lambda who: who.raw(
            f"POST {PAGE} HTTP/1.1",
            "Content-Length: 100",
            f"Content-Type: {FORM['Content-Type']}",
            body=b"free_school_meals=no_qualifications",
        ),
        403,
    ),
    "chunk that is none": (
        lambda who: who.raw(
            f"POST {PAGE} HTTP/1.1",
            "Transfer-Encoding: chunked",
            f"Content-Type: {FORM['Content-Type']}",
            body=b"free_school_meals=no_qualifications\r\n",
        ),
        403,
    ),
    "two lengths": (
        lambda who: who.raw(f"POST {PAGE} HTTP/1.1", "Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n"),
        400,
    ),
    "coding that nobody knows": (lambda who: who.raw(f"POST {PAGE} HTTP/1.1", "Transfer-Encoding: supervisor"), 501),
    "expectation that nobody meets": (lambda who: who.raw(f"GET {PAGE} HTTP/1.1", "Expect: free-school-meals"), 417),
    "header that moves the address, from a proxy on this machine": (
        lambda who: send_raw(
            who.port, f"GET /healthz HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: {PAGE}\r\n\r\n".encode()
        ),
        200,
    ),
    "request that breaks off": (lambda who: send_raw(who.port, f"GET {PAGE}".encode(), HOME), 0),
    "no HTTP at all": (lambda who: send_raw(who.port, b"\x16\x03\x01free-school-meals\r\n\r\n", HOME), 400),
}


@dataclass(frozen=True)
class Told:
    """What each request was told, how long a submission had to wait after the outage, and what was stored when."""

    statuses: dict[str, int]
    stored_by_hostile: int
    fault: list[int]
    away: dict[str, int]
    waited: float
    killed: int
    stored: int
    secrets: list[str]
    folder: Path


STORED = "SELECT count(*) FROM questionnaire_sealedresponse"
# A survey that opened with a standard that is no longer installed.
CRAFTED = """
UPDATE questionnaire_survey SET standard = 'gss_seb/1999-01', state = 'open', opened_at = now(), public_key = %s
WHERE slug = 'broken'
"""


def while_the_database_is_away(product: Launched, visitor: Visitor) -> tuple[dict[str, int], float]:
    """The answers meanwhile, and the seconds from its return until the same visitor's submission is stored."""
    requests = {
        "submission": visitor.submit,
        "question": lambda: visitor.get("free-school-meals"),
        "start page": visitor.get,
        "front page": lambda: visitor.request("GET", "/"),
    }
    with product.connect("postgres") as elsewhere, ThreadPoolExecutor(len(requests)) as pool:
        elsewhere.execute("ALTER DATABASE seb ALLOW_CONNECTIONS false")
        elsewhere.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'seb'")
        replies = {name: pool.submit(request) for name, request in requests.items()}
        statuses = {name: reply.result().status for name, reply in replies.items()}
        time.sleep(5)
        elsewhere.execute("ALTER DATABASE seb ALLOW_CONNECTIONS true")
    back = time.monotonic()
    while visitor.submit().status != 302:
        assert time.monotonic() < back + 60, "the submission was never taken"
    return statuses, time.monotonic() - back


def while_the_database_is_killed(product: Launched, visitor: Visitor) -> int:
    """The answer to a submission while whose statement the database's process is killed; PostgreSQL then recovers."""
    holder = product.connect()
    holder.autocommit = False
    holder.execute("LOCK TABLE questionnaire_sealedresponse IN ACCESS EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(visitor.submit)
        while not (found := product.query("SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'")):
            time.sleep(0.02)
        os.kill(found[0][0], signal.SIGKILL)
        status = reply.result().status
    holder.close()
    while visitor.submit().status != 302:
        time.sleep(0.1)
    return status


def secrets_of(visitor: Visitor) -> set[str]:
    """Every cookie, the form's token, and the code on the thank-you page."""
    return {*visitor.given, visitor.token, *CODE.findall(visitor.get("complete").body)}


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """Everything that happens; afterwards the product is stopped, and its data folder is still there."""
    with launched() as product:
        product.start()
        product.manage("create_survey", "demo", "--open")
        product.manage("create_survey", "broken")
        people = [Visitor(product.port, "demo", address=HOME) for _person in range(3)]
        people[0].respond(ANSWERS)
        for later in people[1:]:
            later.prepare(ANSWERS)
        halfway = Halfway(product.port, "demo", address=HOME)
        halfway.start()
        halfway.answer({"school_type": "state_selective"})
        statuses = {name: send(halfway) for name, (send, _expected) in HOSTILE.items()}
        (stored_by_hostile,) = product.query(STORED)[0]
        with product.connect() as connection:
            connection.execute(CRAFTED, [bytes(32)])
        broken = Visitor(product.port, "broken", address=HOME)
        broken.token, broken.cookies = halfway.token, {"csrftoken": halfway.cookies["csrftoken"]}
        fault = [broken.get().status, broken.post().status]
        away, waited = while_the_database_is_away(product, people[1])
        killed = while_the_database_is_killed(product, people[2])
        (stored,) = product.query(STORED)[0]
        secrets = [NO_SURVEY, *(secret for visitor in [*people, halfway] for secret in secrets_of(visitor))]
        product.press_ctrl_c()
        yield Told(
            statuses=statuses,
            stored_by_hostile=stored_by_hostile - 1,
            fault=fault,
            away=away,
            waited=waited,
            killed=killed,
            stored=stored,
            secrets=secrets,
            folder=product.data_dir,
        )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_request_gets_a_plain_answer(told, name):
    assert told.statuses[name] == HOSTILE[name][1]


def test_hostile_requests_store_nothing(told):
    assert told.stored_by_hostile == 0


def test_fault_in_a_view_is_the_error_page(told):
    assert told.fault == [500, 500]


def test_pages_say_that_the_service_is_unavailable_while_the_database_is_away(told):
    assert told.away == {"submission": 503, "question": 200, "start page": 503, "front page": 503}


def test_submission_is_taken_soon_after_the_database_is_back(told):
    assert told.waited < 4


def test_submission_while_the_database_is_killed_is_unavailable(told):
    assert told.killed == 503


def test_everyone_whose_submission_failed_is_stored_once_in_the_end(told):
    assert told.stored == 3


def written(told: Told) -> str:
    """Everything in every log: web server, workers, launcher, and both of PostgreSQL's."""
    logs = sorted(told.folder.glob("*.log*"))
    assert [log.name for log in logs] == ["postgres.log", "server.log"]
    return "\n".join(log.read_text(errors="replace") for log in logs)


def test_logs_tell_of_faults(told):
    assert len(re.findall(r"^.* ERROR django\.request Internal Server Error: /s/…$", written(told), re.MULTILINE)) == 2


def test_logs_have_no_address_below_a_survey(told):
    assert re.findall(r"(?i)/s/(?!…)\S*", written(told)) == []


def words() -> set[str]:
    """Question ids, as they stand in forms and in addresses, and the codes that could stand for nothing else."""
    questions = registry.get_key(STANDARD).questions
    codes = {code for question in questions for code in question.asking("online").codes if "_" in code}
    return codes | {question.id for question in questions} | {question.slug for question in questions}


def test_logs_have_no_question_and_no_answer(told):
    assert {word for word in words() if word in written(told)} == set()


def test_logs_have_no_cookie_no_token_and_no_code(told):
    assert sum(bool(CODE.fullmatch(secret)) for secret in told.secrets) == 4
    assert [secret for secret in told.secrets if secret in written(told)] == []


def test_logs_have_no_address_of_a_respondent(told):
    assert written(told).count(HOME) == 0


def test_data_folder_has_no_question_no_answer_no_secret_and_no_address_in_clear(told):
    """Its logs, keys and all that PostgreSQL keeps, write-ahead log included; but not the style sheets and scripts."""
    files = [path for path in told.folder.rglob("*") if path.is_file() and told.folder / "static" not in path.parents]
    contents = b"\0".join(path.read_bytes() for path in files)
    secrets = [secret.encode() for secret in [*words(), *told.secrets, HOME]]
    assert contents.count(b"Socio-economic background survey") > 0  # so what is stored in clear would be found
    assert [secret for secret in secrets if secret in contents] == []
