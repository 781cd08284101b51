"""Processor time of the server's processes, as the kernel counts it."""

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.server import Server

_TICK = os.sysconf("SC_CLK_TCK")


def seconds(pid: int) -> float:
    """User and system time of a process and all its descendants, those that have ended included."""
    stats, children = {}, defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended while we looked; its parent has its time
            # The program's name, in brackets, may hold anything.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            stats[int(folder.name)] = fields
            children[int(fields[1])].append(int(folder.name))
    ticks, todo = 0, [pid]
    while todo:
        each = todo.pop()
        ticks += sum(map(int, stats[each][11:15]))  # user, system, and both of the children that were waited for
        todo += children[each]
    return ticks / _TICK


def postmaster(server: Server) -> int:
    """The parent of all of PostgreSQL's processes. SystemExit where they are not on this machine."""
    with psycopg.connect(server.database_url) as connection:
        backend = Path(f"/proc/{connection.info.backend_pid}/stat")
        if not backend.exists() or "(postgres)" not in backend.read_text():
            raise SystemExit("Its processor time is measured too, so PostgreSQL must run on this machine.")
        return int(backend.read_text().rpartition(")")[2].split()[1])
