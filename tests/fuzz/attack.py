"""Attacks a running server from several threads, part by part, and tells what it found.

What is sent follows from the seed, but for the order in which the threads get to it.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from threading import local
from typing import Protocol

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import observed
from tests.fuzz.client import Client, Request
from tests.fuzz.malformed import conversations
from tests.fuzz.material import Material, gather
from tests.fuzz.report import Report
from tests.fuzz.requests import forms, heaviest, kept, previews, staffs, visits
from tests.fuzz.tally import Tally
from tests.fuzz.walks import walks
from tests.server import Server

# Each part's strategy, its share of all requests in per cent, and about how many requests one of its jobs makes.
PARTS = {
    "forms": (forms, 30, 1),
    "visits": (visits, 22, 1),
    "staff": (staffs, 6, 1),
    "previews": (previews, 5, 1),
    "kept answers": (kept, 2, 1),
    "walks": (walks, 20, 9),
    "bytes": (conversations, 15, 1),
}
THREADS = 6  # two fewer than the server's: a slow conversation keeps one of these busy
WARM_UP = 10  # per cent of what is asked for, sent before it, so that memory has found its level
HEAVIEST = 24  # requests, so that most of the server's threads have answered one
BATCH = 250  # jobs, at most, that are waited for together
SEEDS = 10_000  # more than one attack needs, a seed for each batch
LONGEST = 900  # seconds


class Job(Protocol):
    """A request, a conversation or a walk."""

    def run(self, client: Client) -> None: ...


class Attack:
    """One attack on a started server that nobody else uses."""

    def __init__(self, server: Server, first_seed: int) -> None:
        self.server = server
        self.seed = first_seed
        self.material: Material = gather(server)
        self.tally = Tally()
        self.begun = time.monotonic()
        self._clients: list[Client] = []
        self._thread = local()

    def run(self, wanted: int) -> Report:
        """Send at least so many requests after the warm-up, then look at what must not have changed."""
        start = observed.look(self.server)
        with ThreadPoolExecutor(THREADS, initializer=self._begin_thread) as threads:
            self.tally.part = "heaviest, warm-up"
            list(threads.map(self._run, [heaviest(self.material)] * HEAVIEST))
            for name in PARTS:
                self.send(threads, name, f"{name}, warm-up", wanted * WARM_UP // 100, -self.seed * SEEDS)
            warm = observed.look(self.server)
            for name in PARTS:
                self.send(threads, name, name, wanted, self.seed * SEEDS)
        self.tally.part = "still alive"
        self._clients[0].send(Request("GET", b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        for client in self._clients:
            client.close()
        end = observed.look(self.server)
        for wrong in (
            *observed.differences(start, end, self.tally.withdrawn),
            *observed.growth(warm, end),
            *observed.logged(self.server, start.log, self.material.secrets),
        ):
            self.tally.fault(wrong)
        return Report(self.seed, time.monotonic() - self.begun, self.tally, start, warm, end)

    def send(self, threads: ThreadPoolExecutor, name: str, told_as: str, all_parts: int, first_seed: int) -> None:
        """Send this part's share of what all parts send together; less where enough is found or time is up."""
        strategy, share, size = PARTS[name]
        wanted, jobs = all_parts * share // 100, strategy(self.material)
        self.tally.part = told_as
        for batch in count(first_seed):
            missing = wanted - self.tally.sent(told_as)
            if missing <= 0 or self.tally.full:
                return
            if time.monotonic() - self.begun > LONGEST:
                self.tally.fault(f"{told_as}: not finished within {LONGEST} seconds")
                return
            for future in self._batch(threads, jobs, min(BATCH, missing // size + 1), batch):
                future.result()

    def _batch(
        self, threads: ThreadPoolExecutor, jobs: st.SearchStrategy[Job], number: int, of_seed: int
    ) -> list[Future]:
        """Make so many jobs, and hand each to a thread at once."""
        sending: list[Future] = []

        @seed(of_seed)
        @settings(
            max_examples=number,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=HealthCheck,
        )
        @given(jobs)
        def each(job: Job) -> None:
            sending.append(threads.submit(self._run, job))

        each()
        return sending

    def _begin_thread(self) -> None:
        self._thread.client = Client(self.server.port, self.tally)
        self._clients.append(self._thread.client)

    def _run(self, job: Job) -> None:
        if not self.tally.full:
            job.run(self._thread.client)
