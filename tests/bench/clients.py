"""Measures how the service bears many people at once, each starting the next interview when one is submitted."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from multiprocessing import get_context
from statistics import quantiles

from questionnaire import registry
from questionnaire.simulation import simulated_interviews
from tests.bench.browser import Browser, Trouble, walk
from tests.bench.report import Figures
from tests.server import Server

CLIENTS = (8, 64)
SECONDS = 20  # after which a client starts no other interview
MOST = 500  # interviews of one client
PROCESSES = min(4, os.cpu_count() or 1)  # that share the clients among them


@dataclass
class Experience:
    """What one client met: when it began and ended, seconds of each request and each interview, what went wrong."""

    begun: float = field(default_factory=time.monotonic)
    ended: float = 0
    requests: list[float] = field(default_factory=list)
    interviews: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def measure(server: Server) -> Figures:
    """Each number of clients after the other."""
    rows, wrong = [], []
    for clients in CLIENTS:
        stored = _stored(server)
        met = all_at_once(server.port, clients)
        lasted = max(each.ended for each in met) - min(each.begun for each in met)
        interviews, requests, errors = (
            list(chain.from_iterable(getattr(each, what) for each in met))
            for what in ("interviews", "requests", "errors")
        )
        wrong += errors
        rows.append(
            (
                f"{clients} clients",
                f"{len(interviews) / lasted:.1f}",
                *(_milliseconds(requests)),
                *(_milliseconds(interviews)),
                f"{len(interviews):,}",
                f"{_stored(server) - stored:,}",
                str(len(errors)),
            )
        )
    times = [f"{what} {share}, ms" for what in ("request", "interview") for share in ("p50", "p95", "p99")]
    return Figures(
        "Many people at once (target: no errors)",
        ("", "interviews a second", *times, "thanked", "stored", "errors"),
        rows,
        "\n".join(f"- {error}" for error in sorted(set(wrong))),
    )


def all_at_once(port: int, clients: int) -> list[Experience]:
    """So many clients in a few processes; what each of them met."""
    shares = [clients // PROCESSES + (number < clients % PROCESSES) for number in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return list(chain.from_iterable(pool.map(several, [port] * PROCESSES, shares, range(PROCESSES))))


def several(port: int, clients: int, seed: int) -> list[Experience]:
    """The clients of one process, a thread each; `seed` makes their answers its own."""
    standard = registry.all_standards()[0]
    simulated = list(simulated_interviews(standard, "online", 1000, seed))
    stop = time.monotonic() + SECONDS
    with ThreadPoolExecutor(clients) as pool:
        answers = [islice(cycle(simulated), start, start + MOST) for start in range(clients)]
        return list(pool.map(lambda mine: one(port, mine, stop), answers))


def one(port: int, answers: Iterator[dict[str, str]], stop: float) -> Experience:
    """One client: an interview after the other, each in a fresh browser, until `stop`."""
    met = Experience()
    for each in answers:
        if time.monotonic() > stop:
            break
        begun = time.perf_counter()
        try:
            with Browser(port) as browser:
                last = walk(browser, "/s/demo/", each)
                met.requests.extend(browser.seconds)
                if last.path != "/s/demo/complete/":
                    raise Trouble(f"the interview ended at {last.path}")
                met.interviews.append(time.perf_counter() - begun)
        except Exception as error:
            met.errors.append(f"{type(error).__name__}: {error}")
    met.ended = time.monotonic()
    return met


def _stored(server: Server) -> int:
    ((stored,),) = server.query("SELECT count(*) FROM questionnaire_sealedresponse")
    return stored


def _milliseconds(seconds: list[float]) -> list[str]:
    if len(seconds) < 2:
        return ["–"] * 3
    percentiles = quantiles(seconds, n=100)
    return [f"{percentiles[share - 1] * 1000:.0f}" for share in (50, 95, 99)]
