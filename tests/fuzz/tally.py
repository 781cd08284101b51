"""Counts what was answered, and keeps what should not have been, with the bytes that brought it about."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import unquote_to_bytes

ENOUGH = 200  # findings, after which nothing more is sent


@dataclass(frozen=True)
class Finding:
    """What is wrong, and the request that shows it (b"" where no single one does)."""

    what: str
    request: bytes = b""


@dataclass
class Tally:
    """`answered` counts by (part, status), 0 where the connection was closed without an answer."""

    part: str = ""
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    withdrawn: int = 0
    lock: Lock = field(default_factory=Lock)

    @property
    def full(self) -> bool:
        """Whether enough was found to stop."""
        return len(self.findings) >= ENOUGH

    def sent(self, part: str) -> int:
        """How many requests of a part have been dealt with."""
        return sum(number for (of, _status), number in self.answered.items() if of == part)

    def answer(self, status: int, request: bytes) -> None:
        """Count an answer; one that blames the server is a finding."""
        with self.lock:
            self.answered[self.part, status] += 1
            if status == 200 and request.startswith(b"POST") and b"/withdraw" in unquote_to_bytes(_first_line(request)):
                self.withdrawn += 1
        # 501 is what HTTP asks for where the client names a transfer coding that nobody knows.
        if status >= 500 and not (status == 501 and b"transfer-encoding" in request.lower()):
            self.fault(f"status {status}", request)

    def fault(self, what: str, request: bytes = b"") -> None:
        with self.lock:
            self.findings.append(Finding(what, request))


def _first_line(request: bytes) -> bytes:
    return request.partition(b"\r\n")[0]
