"""Decides how a release is rounded: by the plainest way that the attack on it does not break."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from outputs.disclosure.attack import Found, attack
from outputs.disclosure.rounding import METHODS, Rounding, Unsolved
from outputs.disclosure.system import Contradiction
from outputs.disclosure.truth import Truth

ATTEMPTS = (1, 1, 2, 2)  # of each method: with another draw of the key the same method may hold


@dataclass(frozen=True)
class Tried:
    """One way that was tried, and what the attack found first: None if nothing."""

    method: str
    found: Found | None


@dataclass(frozen=True, eq=False)
class Audited:
    """The rounding that held, or None and the places of the rows that the best one gives away; what was tried."""

    rounding: Rounding | None
    broken: tuple[int, ...]
    tried: tuple[Tried, ...]


def audited(truth: Truth, key: bytes) -> Audited:
    """Round, attack, and round otherwise where the attack finds anything about anyone."""
    tried: list[Tried] = []
    broken: tuple[int, ...] = ()
    for rounding in _roundings(truth, key):
        findings = _findings(truth, rounding)
        found = next(findings, None)
        tried.append(Tried(rounding.method, found))
        if found is None:
            return Audited(rounding, (), tuple(tried))
        if rounding.method == "controlled":  # what this one gives away no other keeps
            rows = tuple(dict.fromkeys([found.row, *(each.row for each in findings)]))
            broken = min(broken, rows, key=len) if broken else rows
    return Audited(None, broken or (tried[-1].found.row,), tuple(tried))


def _findings(truth: Truth, rounding: Rounding) -> Iterator[Found]:
    """What the attack finds. One that comes to no end has proved nothing, and what is not proved is not released."""
    try:
        yield from attack(truth, rounding)
    except (Contradiction, ArithmeticError):
        yield Found("unsettled", 0, 0)


def _roundings(truth: Truth, key: bytes) -> Iterator[Rounding]:
    for method, attempts in zip(METHODS, ATTEMPTS, strict=True):
        for attempt in range(attempts):
            try:
                yield method(truth, hmac.new(key, f"{method.__name__} {attempt}".encode(), hashlib.sha256).digest())
            except Unsolved:
                continue  # the next way needs no solver
