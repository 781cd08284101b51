"""Closing in the background with real workers: one is killed in the midst, another finishes; the clock closes too."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from questionnaire.fieldwork.closing import canonical
from tests.functional.test_kills import ANSWERS, counted, has_key, opening_seals, state, store_directly, stored
from tests.launched import Launched, launched
from tests.server import ROOT, Server, running_server
from tests.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
STORED = 30_000  # so that opening the seals takes some seconds
AUDIT = "SELECT actor, action FROM questionnaire_auditentry WHERE survey = %s ORDER BY id"
PROGRESS = "SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, 'closing ')"
QUEUE = "SELECT task_name, args, status FROM procrastinate_jobs WHERE task_name = 'close_survey'"
QUEUE_CLOSING = """
from questionnaire.fieldwork.jobs import queue_closing
from questionnaire.models import Survey
queue_closing(Survey.objects.get(slug="staff"), 1)
"""


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


@contextmanager
def worker(server: Server) -> Iterator[subprocess.Popen]:
    """A worker process; killed in the end, if it is still there."""
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=server.variables(), stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Course:
    """What was seen at each point of the course of events."""

    progress: list[tuple[str]]
    after_the_kill: tuple[str, int, bool, int]  # state, sealed rows, key, counted
    left_in_the_queue: list[tuple]
    seconds: float  # until another worker had finished it
    in_the_end: tuple[str, int, bool]
    counted: dict[str, int]
    audit: list[tuple[str, str]]
    queue: list[tuple]
    exit_code: int
    log: str


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    """Queue a closing, kill its worker while it opens seals, let another work on."""
    with running_server() as server:
        server.manage("create_survey", "staff", "--open")
        store_directly(server, "staff", ANSWERS, STORED)
        server.run("manage.py", "shell", "--no-imports", "-c", QUEUE_CLOSING)
        with worker(server) as first:
            wait_until(lambda: opening_seals(server) and bool(server.query(PROGRESS)), 60)
            time.sleep(0.3)
            progress = server.query(PROGRESS)
            first.kill()
            first.wait()
        wait_until(lambda: not server.query(PROGRESS), 30)
        after_the_kill = (
            state(server, "staff"),
            stored(server, "staff"),
            has_key(server, "staff"),
            counted(server, "staff").total(),
        )
        left_in_the_queue = server.query(QUEUE)
        begun = time.monotonic()
        with worker(server) as second:
            wait_until(lambda: state(server, "staff") == "closed" and not has_key(server, "staff"), 150)
            seconds = time.monotonic() - begun
            wait_until(lambda: not server.query(QUEUE), 10)
            second.send_signal(signal.SIGTERM)
            exit_code = second.wait(20)
        yield Course(
            progress=progress,
            after_the_kill=after_the_kill,
            left_in_the_queue=left_in_the_queue,
            seconds=seconds,
            in_the_end=(state(server, "staff"), stored(server, "staff"), has_key(server, "staff")),
            counted=dict(counted(server, "staff")),
            audit=server.query(AUDIT, "staff")[2:],
            queue=server.query(QUEUE),
            exit_code=exit_code,
            log=server.log.read_text(),
        )


def test_progress_is_told_while_seals_are_opened(course):
    ((name,),) = course.progress
    word, _survey, told = name.split(" ")
    assert (word, told.split("/")[1]) == ("closing", f"{STORED}")


def test_killed_closing_has_counted_nothing_and_lost_nothing(course):
    assert course.after_the_kill == ("stopped", STORED, True, 0)


def test_killed_worker_leaves_its_job_with_two_ids(course):
    ((task, arguments, status),) = course.left_in_the_queue
    assert (task, sorted(arguments), status) == ("close_survey", ["survey_id", "user_id"], "doing")


def test_another_worker_takes_it_up_in_about_a_minute(course):
    assert course.seconds < 120


def test_everyone_is_counted_exactly_once(course):
    assert course.counted == {canonical(ANSWERS): STORED}


def test_nothing_sealed_and_no_key_and_no_job_is_left(course):
    assert (course.in_the_end, course.queue) == (("closed", 0, False), [])


def test_each_step_is_recorded_once_in_the_name_of_who_asked(course):
    assert course.audit == [
        ("staff-account", "stopped"),
        ("staff-account", "closed"),
        ("staff-account", "key destroyed"),
    ]


def test_worker_that_is_told_to_stop_ends_well(course):
    assert course.exit_code == 0


def test_workers_log_no_argument_and_no_progress(course):
    assert [word in course.log for word in ("survey_id", "close_survey", "closing ")] == [False, False, False]


# ------------------------------------------------------------------------------------------- as `make run` starts it


def workers(product: Launched) -> list[int]:
    """The product's worker processes."""
    return [process for process in product.web_processes() if b"worker" in cmdline(process).split(b"\0")]


def cmdline(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()


@dataclass(frozen=True)
class Product:
    """What became of the product as a whole."""

    first: list[int]
    second: list[int]
    states: list[tuple]
    actors: set[str]
    left: list[int]
    exit_code: int
    left_by_term: list[int]


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """Kill the worker, let a survey reach its closing time, then stop; then kill what holds the processes together."""
    with launched() as product:
        product.start()
        product.manage("create_survey", "staff", "--open")
        wait_until(lambda: len(workers(product)) == 1, 30)
        first = workers(product)
        os.kill(first[0], signal.SIGKILL)
        wait_until(lambda: workers(product) not in ([], first), 30)
        second = workers(product)
        for _person in range(10):  # as many as a result needs: fewer would wait for someone's decision
            Visitor(product.port, "staff").respond(ANSWERS)
        product.query("UPDATE questionnaire_survey SET closes_at = now() + interval '1 s' RETURNING id")
        wait_until(lambda: product.query("SELECT state FROM questionnaire_survey") == [("closed",)], 130)
        wait_until(lambda: not list((product.data_dir / "keys").iterdir()), 10)
        states = product.query("SELECT slug, state FROM questionnaire_survey")
        actors = {actor for (actor,) in product.query("SELECT actor FROM questionnaire_auditentry WHERE id > 2")}
        product.process.terminate()
        exit_code = product.process.wait(60)
        left_by_term = product.processes()
        product.start()
        wait_until(lambda: len(workers(product)) == 1, 30)
        (together,) = [each for each in product.web_processes() if b"seb_survey.processes" in cmdline(each)]
        os.kill(together, signal.SIGKILL)
        product.process.wait(60)
        wait_until(lambda: not product.web_processes(), 40)
        yield Product(first, second, states, actors, product.processes(), exit_code, left_by_term)


def test_worker_that_is_killed_is_started_again(product):
    assert (len(product.first), len(product.second), product.first == product.second) == (1, 1, False)


def test_survey_is_closed_at_its_closing_time_with_nobody_there(product):
    assert (product.states, product.actors) == ([("staff", "closed")], {"closing time"})


def test_termination_ends_well_and_leaves_no_process(product):
    assert (product.exit_code, product.left_by_term) == (0, [])


def test_web_server_and_worker_end_with_the_process_that_holds_them_together(product):
    assert product.left == []
