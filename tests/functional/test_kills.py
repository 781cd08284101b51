"""Real kills: whoever was thanked is counted exactly once, whatever is killed, and whenever.

Web server, workers, closing commands and PostgreSQL are real processes that get SIGKILL; nothing is patched.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.test import override_settings

from questionnaire import registry, sealing
from questionnaire.engine.interviews import interviews
from questionnaire.fieldwork.closing import canonical
from questionnaire.wizard.interview import read
from tests.conftest import STANDARD
from tests.server import ROOT, Server, running_server
from tests.visitor import NoReplyError, Visitor, persistently

pytestmark = pytest.mark.timeout(300)
slow = pytest.mark.slow
CROWD = 16  # people at a time
THANKED_BEFORE = 150  # by the time that the closing begins
STORED_BEFORE = 15_000  # so that opening the seals takes more than a second
ANSWERS = {
    "school_type": "independent_bursary",
    "employment_status": "self_employed_without_employees",
    "parental_occupation": "technical",
    "parental_qualification": "no_qualifications",
}


def closing(server: Server, slug: str) -> subprocess.Popen:
    """`close_survey`, as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "close_survey", slug],
        cwd=ROOT, env=server.variables(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen) -> tuple[int, str]:
    """Wait for its end; exit code and standard error."""
    trouble = process.communicate(timeout=60)[1]
    return process.returncode, trouble


def kill(process: subprocess.Popen) -> None:
    process.kill()
    process.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.002)


def waiting_for_a_lock(server: Server) -> int:
    """How many connections wait for a lock."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return server.query(sql)[0][0]


def opening_seals(server: Server) -> bool:
    """Whether some process is reading sealed responses through a cursor, as closing does."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND starts_with(query, 'FETCH')"
    return server.query(sql)[0][0] > 0


@contextmanager
def holding(server: Server, statement: str, *parameters) -> Iterator[psycopg.Connection]:
    """A transaction that has done this and goes on holding its locks; undone in the end."""
    with psycopg.connect(server.database_url) as connection:
        connection.execute(statement, parameters)
        yield connection
        connection.rollback()


def state(server: Server, slug: str) -> str:
    return server.query("SELECT state FROM questionnaire_survey WHERE slug = %s", slug)[0][0]


def counted(server: Server, slug: str) -> Counter[str]:
    """How many are counted for each pattern of a survey."""
    sql = "SELECT answers, n FROM questionnaire_answerpattern p JOIN questionnaire_survey s ON s.id = survey_id"
    return Counter({canonical(answers): n for answers, n in server.query(f"{sql} WHERE slug = %s", slug)})


def has_key(server: Server, slug: str) -> bool:
    """Whether the private half of the survey's key is in the key store."""
    (public_key,) = server.query("SELECT public_key FROM questionnaire_survey WHERE slug = %s", slug)[0]
    return (server.data_dir / "keys" / f"{public_key.hex()}.key").exists()


def stored(server: Server, slug: str) -> int:
    """How many sealed responses a survey has."""
    sql = "SELECT count(*) FROM questionnaire_sealedresponse r JOIN questionnaire_survey s ON s.id = survey_id"
    return server.query(f"{sql} WHERE slug = %s", slug)[0][0]


# ------------------------------------------------------------------------------- a submission meets a closing


@pytest.fixture
def checked(server, request) -> Visitor:
    """Someone who is looking at check answers, in a survey of the test's own."""
    slug = request.node.name.replace("_", "-")[-40:].strip("-")
    server.manage("create_survey", slug, "--open")
    visitor = Visitor(server.port, slug)
    visitor.prepare(ANSWERS)
    return visitor


def key_of(server: Server, visitor: Visitor) -> bytes:
    """The key under which this visitor's response will be stored."""
    with override_settings(SECRET_KEY=(server.data_dir / "secret-key").read_text(), SECRET_KEY_FALLBACKS=[]):
        return read(SimpleNamespace(COOKIES=visitor.cookies), visitor.slug).key


def test_submission_in_flight_when_closing_begins_is_thanked_and_counted(server, checked):
    """Another transaction holds the submission up after it has found the survey open and before it is stored."""
    sql = (
        "INSERT INTO questionnaire_sealedresponse (survey_id, key, number, sealed) "
        "SELECT id, %s, 1, '' FROM questionnaire_survey WHERE slug = %s"
    )
    with ThreadPoolExecutor(1) as pool, holding(server, sql, key_of(server, checked), checked.slug) as other:
        submission = pool.submit(checked.submit)
        wait_until(lambda: waiting_for_a_lock(server) == 1)
        command = closing(server, checked.slug)
        wait_until(lambda: waiting_for_a_lock(server) == 2 or command.poll() is not None)
        other.rollback()
        told = submission.result().location
    assert ended(command) == (0, "")
    assert (told, counted(server, checked.slug)) == (checked.url("complete"), {canonical(ANSWERS): 1})


def test_submission_that_comes_while_the_survey_is_being_stopped_is_told_so_and_not_counted(server, checked):
    """Another transaction holds the closing up after it has moved the state and before that is committed."""
    lock = "LOCK TABLE questionnaire_auditentry IN SHARE MODE"
    with ThreadPoolExecutor(1) as pool, holding(server, lock) as other:
        command = closing(server, checked.slug)
        wait_until(lambda: waiting_for_a_lock(server) == 1)
        submission = pool.submit(checked.submit)
        wait_until(lambda: waiting_for_a_lock(server) == 2 or submission.done())
        other.rollback()
        told = submission.result().status
    assert ended(command) == (0, "")
    assert (told, counted(server, checked.slug)) == (410, {})


def test_submission_whose_reply_is_lost_is_counted_once_when_it_is_sent_again(server, checked):
    for _time in range(3):
        with pytest.raises(NoReplyError):
            checked.submit(read=False)
    wait_until(lambda: stored(server, checked.slug) == 1)
    assert checked.submit().location == checked.url("complete")
    server.manage("close_survey", checked.slug)
    assert counted(server, checked.slug) == {canonical(ANSWERS): 1}


# ----------------------------------------------------- a crowd submits while workers and closings are killed


@dataclass
class Crowd:
    """People who submit interviews, no two alike, until they find the survey closed; every third reply is lost."""

    server: Server
    slug: str
    answers: Iterator[dict[str, str]]
    thanked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    resent: list[str] = field(default_factory=list)  # those who had to send again, whatever they were told then
    others: list[tuple[int, str]] = field(default_factory=list)  # replies that nobody should get

    def go_on(self) -> None:
        """One of them: interview after interview."""
        for number, answers in enumerate(self.answers):
            visitor = Visitor(self.server.port, self.slug)
            if persistently(visitor.start).status == 200:  # closed: there is no Start now
                return
            for question, code in answers.items():
                persistently(visitor.answer, {question: code})
            persistently(visitor.get, "check-answers")
            self.submit(visitor, canonical(answers), lose_reply=number % 3 == 0)

    def submit(self, visitor: Visitor, pattern: str, *, lose_reply: bool = False) -> None:
        while True:
            try:
                reply = visitor.submit(read=not lose_reply)
                break
            except NoReplyError:
                lose_reply = False
                if pattern not in self.resent:
                    self.resent.append(pattern)
        if reply.location == visitor.url("complete"):
            self.thanked.append(pattern)
        elif reply.status == 410:
            self.refused.append(pattern)
        else:
            self.others.append((reply.status, reply.location))


@dataclass(frozen=True)
class Kill:
    """When a closing was killed, and what was to be seen then."""

    when: str
    state: str
    has_key: bool


@dataclass(frozen=True)
class Outcome:
    """What the whole course of events left. `late` are the replies to those who submitted after the last closing."""

    crowd: Crowd
    late: list[int]
    workers_killed: int
    kills: list[Kill]
    closed: tuple[int, str]
    counted: Counter[str]
    stored_before: str
    left: tuple[str, int, bool]
    start_page: str
    audit: list[str]


SLUG = "crowded"
AUDIT = "SELECT action FROM questionnaire_auditentry WHERE survey = %s ORDER BY id"


def store_directly(server: Server, slug: str, answers: dict[str, str], number: int) -> None:
    """Store sealed responses as the web server would, only faster."""
    survey, public_key = server.query("SELECT id, public_key FROM questionnaire_survey WHERE slug = %s", slug)[0]
    with psycopg.connect(server.database_url) as connection, connection.cursor() as cursor:
        columns = "(survey_id, key, number, sealed)"
        with cursor.copy(f"COPY questionnaire_sealedresponse {columns} FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int8", "bytea", "int8", "bytea"])
            for _row in range(number):
                copy.write_row([survey, random.randbytes(32), 1, sealing.seal(public_key, "online", answers)])


def kill_workers(server: Server) -> int:
    """Kill each of the web server's workers, with a moment for the others to go on; returns how many."""
    master = server.process.pid
    children = [int(child) for child in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    for worker in children:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
        time.sleep(1)
    return len(children)


def killed_closings(server: Server) -> Iterator[Kill]:
    """Closings of the crowded survey, each killed: while it starts, opens, is about to write, has just committed."""

    def seen(when: str) -> Kill:
        return Kill(when, state(server, SLUG), has_key(server, SLUG))

    for delay in (0.1, 0.4):
        command = closing(server, SLUG)
        time.sleep(delay)
        kill(command)
        yield seen("starting")
    for _time in range(4):
        command = closing(server, SLUG)
        wait_until(lambda: opening_seals(server))
        time.sleep(random.uniform(0, 0.3))
        kill(command)
        yield seen("opening seals")
        wait_until(lambda: not opening_seals(server))
    with holding(server, "LOCK TABLE questionnaire_answerpattern IN ACCESS EXCLUSIVE MODE"):
        command = closing(server, SLUG)
        wait_until(lambda: waiting_for_a_lock(server) == 1)
        kill(command)
        yield seen("about to write the counts")
    # This lock is granted when the closing commits, and keeps it from going on to destroy the key.
    with psycopg.connect(server.database_url) as connection, ThreadPoolExecutor(1) as pool:
        command = closing(server, SLUG)
        wait_until(lambda: opening_seals(server))
        lock = pool.submit(connection.execute, "LOCK TABLE questionnaire_survey IN ACCESS EXCLUSIVE MODE")
        lock.result(60)
        kill(command)
        connection.rollback()
        yield seen("counts committed")


@pytest.fixture(scope="module")
def outcome() -> Iterator[Outcome]:
    """The whole course of events."""
    random.seed(7)
    everything = list(interviews(registry.get_key(STANDARD), "online"))
    random.shuffle(everything)
    before, *everything = everything
    with running_server() as server, ThreadPoolExecutor(CROWD) as pool:
        server.manage("create_survey", SLUG, "--open")
        store_directly(server, SLUG, before, STORED_BEFORE)
        late = []
        for answers in everything[-CROWD:]:
            late.append(Visitor(server.port, SLUG))
            late[-1].prepare(answers)
        crowd = Crowd(server, SLUG, iter(everything[:-CROWD]))
        at_work = [pool.submit(crowd.go_on) for _person in range(CROWD)]
        workers_killed = 0
        while len(crowd.thanked) < THANKED_BEFORE:
            workers_killed += kill_workers(server)
        kills = list(killed_closings(server))
        workers_killed += kill_workers(server)
        closed = ended(closing(server, SLUG))
        for person in at_work:
            person.result(60)
        yield Outcome(
            crowd=crowd,
            late=[persistently(visitor.submit).status for visitor in late],
            workers_killed=workers_killed,
            kills=kills,
            closed=closed,
            counted=counted(server, SLUG),
            stored_before=canonical(before),
            left=(state(server, SLUG), stored(server, SLUG), has_key(server, SLUG)),
            start_page=Visitor(server.port, SLUG).get().body,
            audit=[row[0] for row in server.query(AUDIT, SLUG)],
        )


@slow
def test_closings_were_killed_at_every_moment_with_the_key_still_there(outcome):
    assert [(kill.when, kill.state, kill.has_key) for kill in outcome.kills[2:]] == [
        *[("opening seals", "stopped", True)] * 4,
        ("about to write the counts", "stopped", True),
        ("counts committed", "closed", True),
    ]


@slow
def test_workers_were_killed_again_and_again_and_many_had_to_send_again(outcome):
    assert (outcome.workers_killed >= 6, len(outcome.crowd.resent) >= THANKED_BEFORE // 4) == (True, True)


@slow
def test_closing_run_once_more_after_the_kills_succeeds(outcome):
    assert outcome.closed == (0, "")


@slow
def test_everyone_who_was_thanked_is_counted_exactly_once(outcome):
    assert {pattern: outcome.counted[pattern] for pattern in outcome.crowd.thanked} == dict.fromkeys(
        outcome.crowd.thanked, 1
    )


@slow
def test_nobody_who_was_told_that_the_survey_is_closed_is_counted(outcome):
    """But for those whose first reply was lost: they were told so of the second time they sent it."""
    told_at_once = set(outcome.crowd.refused) - set(outcome.crowd.resent)
    assert told_at_once & set(outcome.counted) == set()


@slow
def test_nobody_is_counted_who_did_not_submit(outcome):
    submitted = {*outcome.crowd.thanked, *outcome.crowd.resent, outcome.stored_before}
    assert set(outcome.counted) - submitted == set()


@slow
def test_nobody_is_counted_twice_though_all_was_begun_again(outcome):
    outcome.counted.subtract({outcome.stored_before: STORED_BEFORE})
    assert max(outcome.counted.values()) == 1
    assert outcome.counted[outcome.stored_before] == 0


@slow
def test_everyone_in_the_crowd_was_either_thanked_or_told_that_the_survey_is_closed(outcome):
    assert outcome.crowd.others == []


@slow
def test_everyone_who_submits_after_the_closing_is_told_that_the_survey_is_closed(outcome):
    assert outcome.late == [410] * CROWD
    assert "Start now" not in outcome.start_page


@slow
def test_survey_is_closed_and_neither_key_nor_sealed_response_is_left(outcome):
    assert outcome.left == ("closed", 0, False)


@slow
def test_each_step_of_the_killed_closings_is_recorded_once(outcome):
    assert outcome.audit == ["created", "opened", "stopped", "closed", "key destroyed"]
