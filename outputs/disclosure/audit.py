"""Decides how a release is rounded: by the plainest way that the attack on it does not break."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from outputs.disclosure.attack import Found, attack
from outputs.disclosure.rounding import METHODS, Rounding, Unsolved
from outputs.disclosure.truth import Truth

ATTEMPTS = (1, 2, 2)  # of each method: with another draw of the key the same method may hold


@dataclass(frozen=True)
class Tried:
    """One way that was tried, and what the attack found first: None if nothing."""

    method: str
    found: Found | None


@dataclass(frozen=True, eq=False)
class Audited:
    """The rounding that held, or None with the place of the row that broke last, and everything that was tried."""

    rounding: Rounding | None
    broken: int
    tried: tuple[Tried, ...]


def audited(truth: Truth, key: bytes) -> Audited:
    """Round, attack, and round otherwise where the attack finds anything about anyone."""
    tried: list[Tried] = []
    broken = 0
    for rounding in _roundings(truth, key):
        found = next(attack(truth, rounding), None)
        tried.append(Tried(rounding.method, found))
        if found is None:
            return Audited(rounding, 0, tuple(tried))
        broken = found.row
    return Audited(None, broken, tuple(tried))


def _roundings(truth: Truth, key: bytes) -> Iterator[Rounding]:
    for method, attempts in zip(METHODS, ATTEMPTS, strict=True):
        for attempt in range(attempts):
            try:
                yield method(truth, hmac.new(key, f"{method.__name__} {attempt}".encode(), hashlib.sha256).digest())
            except Unsolved:
                continue  # the next way needs no solver
