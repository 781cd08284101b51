"""Runs one management command in a process of its own: how long it took, and the most memory that it had.

python -m tests.bench.command close_survey demo      does so and prints {"seconds": …, "bytes": …}
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import django
from django.core.checks import run_checks
from django.core.management import call_command

from tests.server import Server

PATIENCE = 600  # seconds


@dataclass(frozen=True)
class Run:
    """Seconds inside the command and of its whole process (start of Python, checks), and the process's most bytes."""

    inside: float
    whole: float
    memory: int

    @property
    def megabytes(self) -> str:
        return f"{self.memory / 1e6:.0f}"


def run(server: Server, *command: str) -> Run:
    """Run a management command on the server's database. CalledProcessError where it fails."""
    begun = time.perf_counter()
    done = server.run("-m", __name__, *command, timeout=PATIENCE)
    told = json.loads(done.stdout)
    return Run(told["seconds"], time.perf_counter() - begun, told["bytes"])


def main() -> None:
    """What manage.py does with the command, timed from where its own work begins."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
    django.setup()
    run_checks()
    begun = time.perf_counter()
    call_command(*sys.argv[1:], stdout=sys.stderr)
    seconds = time.perf_counter() - begun
    most = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]  # kilobytes
    json.dump({"seconds": seconds, "bytes": int(most) * 1024}, sys.stdout)


if __name__ == "__main__":
    main()
