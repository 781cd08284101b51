"""Decides how a release is rounded: by the plainest way that the attack on it does not break."""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np

from outputs.disclosure.attack import Found, attack
from outputs.disclosure.rounding import METHODS, Rounding, Unsolved
from outputs.disclosure.truth import Truth

ATTEMPTS = (1, 6, 6)  # of each method: with another draw of the rows that broke the same method may hold


@dataclass(frozen=True)
class Tried:
    """One way that was tried, and what the attack found first: None if nothing."""

    method: str
    found: Found | None


@dataclass(frozen=True, eq=False)
class Audited:
    """The rounding that held, or None with the places of the rows that broke, and everything that was tried."""

    rounding: Rounding | None
    broken: tuple[int, ...]
    tried: tuple[Tried, ...]


def audited(truth: Truth, key: bytes) -> Audited:
    """Round, attack, and round otherwise where the attack finds anything about anyone.

    Where no way holds, the rows that broke are those of the attempt of which fewest did.
    """
    tried: list[Tried] = []
    broken: tuple[int, ...] = tuple(range(len(truth.rows)))
    for method, attempts in zip(METHODS, ATTEMPTS, strict=True):
        own = hmac.new(key, method.__name__.encode(), hashlib.sha256).digest()
        draws = np.zeros(len(truth.rows), dtype=np.int64)
        for _attempt in range(attempts):
            try:
                rounding = method(truth, own, draws)
            except Unsolved:
                break  # the next way needs no solver
            found = list(attack(truth, rounding))
            tried.append(Tried(rounding.method, found[0] if found else None))
            if not found:
                return Audited(rounding, (), tuple(tried))
            broke = tuple(dict.fromkeys(each.row for each in found))
            broken = min(broken, broke, key=len)
            draws[list(broke)] += 1
    return Audited(None, broken, tuple(tried))
