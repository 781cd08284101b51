"""Decides how a release is rounded: by the plainest way that the attack on it does not break."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from outputs.disclosure.attack import Found, attack
from outputs.disclosure.rounding import METHODS, Rounding, Unsolved
from outputs.disclosure.system import Contradiction
from outputs.disclosure.truth import Truth

ATTEMPTS = (1, 1, 6, 6)  # of each method: with another draw of the rows that broke the same method may hold


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
    """Round, attack, and round otherwise where the attack finds anything about anyone.

    Where no way holds, the rows that broke are those of the attempt of which fewest did.
    """
    tried: list[Tried] = []
    broken: tuple[int, ...] = ()
    for method, attempts in zip(METHODS, ATTEMPTS, strict=True):
        own = hmac.new(key, method.__name__.encode(), hashlib.sha256).digest()
        draws = np.zeros(len(truth.rows), dtype=np.int64)
        for _attempt in range(attempts):
            try:
                rounding = method(truth, own, draws)
            except Unsolved:
                break  # the next way needs no solver
            findings = _findings(truth, rounding)
            found = next(findings, None)
            tried.append(Tried(rounding.method, found))
            if found is None:
                return Audited(rounding, (), tuple(tried))
            if attempts > 1:  # what is not drawn cannot be drawn again
                rows = tuple(dict.fromkeys([found.row, *(each.row for each in findings)]))
                broken = min(broken or rows, rows, key=len)
                draws[list(rows)] += 1
    return Audited(None, broken or (tried[-1].found.row,), tuple(tried))


def _findings(truth: Truth, rounding: Rounding) -> Iterator[Found]:
    """What the attack finds. One that comes to no end has proved nothing, and what is not proved is not released."""
    try:
        yield from attack(truth, rounding)
    except (Contradiction, ArithmeticError):
        yield Found("unsettled", 0, 0)
