"""Measures the processor time of one complete interview, beside that of a bare view run in turns with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import psycopg

from tests.bench import cpu
from tests.bench.browser import Browser, walk
from tests.bench.report import Figures
from tests.server import ROOT, Server

ROUNDS = 12  # of each, in turns
INTERVIEWS = 40  # in a round
WARM_UP = 60
EMPLOYEE = {
    "school_type": "state",
    "free_school_meals": "not_applicable",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "yes",
    "parental_occupation": "clerical",
    "parental_qualification": "degree",
}


@dataclass(frozen=True)
class Subject:
    """What is measured: its name, port and process, and how it is answered."""

    name: str
    port: int
    process: int
    start: str
    answers: dict[str, str]

    def interviews(self, number: int) -> Browser:
        """So many interviews, each over a connection of its own; the last one's browser."""
        for _interview in range(number):
            with Browser(self.port) as browser:
                walk(browser, self.start, self.answers)
        return browser

    def round(self, database: int) -> tuple[float, float]:
        """Processor time of one interview in milliseconds, of the web server and of the database."""
        before = cpu.seconds(self.process), cpu.seconds(database)
        self.interviews(INTERVIEWS)
        after = cpu.seconds(self.process), cpu.seconds(database)
        web, database_too = ((late - early) * 1000 / INTERVIEWS for early, late in zip(before, after, strict=True))
        return web, database_too


def measure(server: Server) -> Figures:
    """Product, bare view, product, bare view …: in turns, so that what disturbs one disturbs the other too."""
    database = cpu.postmaster(server)
    with bare_view(server) as bare:
        subjects = [Subject("Interview", server.port, server.process.pid, "/s/demo/", EMPLOYEE), bare]
        browsers = [subject.interviews(WARM_UP) for subject in subjects]
        pairs = [[subject.round(database) for subject in subjects] for _round in range(ROUNDS)]
    rows = [
        (
            subject.name,
            *(f"{median(values):.1f}" for values in (*zip(*rounds, strict=True), [sum(each) for each in rounds])),
            str(len(browser.seconds)),
            f"{browser.received / 1000:.0f}",
        )
        for subject, browser, rounds in zip(subjects, browsers, zip(*pairs, strict=True), strict=True)
    ]
    ratios = [sum(interview) / sum(floor) for interview, floor in pairs]
    return Figures(
        "One interview: processor time (targets: 1.6 times a bare view at most, about 35 ms)",
        ("", "web server, ms", "PostgreSQL, ms", "together, ms", "requests", "KB received"),
        [*rows, ("Ratio", "", "", f"{median(ratios):.2f}", "", "")],
        f"Medians of {ROUNDS} rounds of {INTERVIEWS} interviews. The ratio pair by pair: "
        f"{', '.join(f'{ratio:.2f}' for ratio in ratios)}.",
    )


@contextmanager
def bare_view(server: Server) -> Iterator[Subject]:
    """The bare view, served on a port of its own and on the same database."""
    with psycopg.connect(server.database_url) as connection:
        connection.execute("CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stored bytea)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gunicorn = ["-m", "gunicorn", "--config", "python:seb_survey.gunicorn_conf", "tests.bench.bare:application"]
    process = subprocess.Popen(
        [sys.executable, *gunicorn], cwd=ROOT, env=server.variables() | {"PORT": str(port)}, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the bare view did not start")
            time.sleep(0.1)
        yield Subject("Bare view", port, process.pid, "/0/", {"answer": "state"})
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
