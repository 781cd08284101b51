"""What an attack found, in words: answers by part and status, memory, rows, and each finding with its request."""

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.bench.report import Figures
from tests.fuzz.observed import Seen
from tests.fuzz.tally import Finding, Tally

SHOWN = 5  # findings of a kind; the number of all is told
SHORT = 600  # bytes of a request that are shown; longer ones are written whole to a file


@dataclass(frozen=True)
class Report:
    """`start`, `warm` and `end`: the server before, after the warm-up and after it all."""

    seed: int
    seconds: float
    tally: Tally
    start: Seen
    warm: Seen
    end: Seen

    @property
    def findings(self) -> list[Finding]:
        return self.tally.findings

    @property
    def requests(self) -> int:
        """How many were sent, the warm-up included."""
        return self.tally.answered.total()

    def __str__(self) -> str:
        return "\n".join([str(self._answers()), str(self._memory()), self._rows(), "", *self._found()])

    def _answers(self) -> Figures:
        parts = list(dict.fromkeys(part for part, _status in self.tally.answered))
        statuses = sorted({status for _part, status in self.tally.answered})
        rows = [(part, f"{self.tally.sent(part):,}", *self._counts(part, statuses)) for part in parts]
        return Figures(
            f"{self.requests:,} requests in {self.seconds:.0f} s, seed {self.seed}",
            ("", "all", *(str(status) if status else "closed" for status in statuses)),
            rows,
            "“Closed” without an answer is right where the bytes were no request, or broke off. 501 is what HTTP asks "
            "for where the client names a transfer coding that nobody knows.",
        )

    def _counts(self, part: str, statuses: list[int]) -> list[str]:
        return [f"{self.tally.answered[part, status]:,}" for status in statuses]

    def _memory(self) -> Figures:
        workers = sorted({*self.start.memory, *self.end.memory})
        looks = (self.start, self.warm, self.end)
        rows = [(str(worker), *(f"{look.memory.get(worker, 0):.1f}" for look in looks)) for worker in workers]
        return Figures("Resident memory of the workers, MB", ("worker", "start", "after warm-up", "end"), rows)

    def _rows(self) -> str:
        return (
            f"{len(self.end.tables)} tables compared; responses stored: {self.end.answers - self.start.answers}; "
            f"emptied responses: {self.end.emptied - self.start.emptied} by {self.tally.withdrawn} withdrawals."
        )

    def _found(self) -> list[str]:
        if not self.findings:
            return ["Nothing found."]
        folder = Path(tempfile.mkdtemp(prefix="seb-survey-fuzz-"))
        told, kinds = [f"{len(self.findings)} findings:"], Counter()
        for number, finding in enumerate(self.findings, 1):
            kinds[finding.what] += 1
            if kinds[finding.what] > SHOWN:
                continue
            told.append(f"{number}. {finding.what}")
            if finding.request:
                file = folder / f"{number}.bytes"
                file.write_bytes(finding.request)
                told.append(f"   {finding.request[:SHORT]!r}\n   whole: {file} ({len(finding.request):,} bytes)")
        return told
