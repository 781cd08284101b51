"""What must not change under attack: rows, workers, their memory; and what must not stand in the log."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from psycopg import sql

from tests.server import Server

GROWTH = 20  # MB that a worker may grow between the end of the warm-up and the end
# Signing in and downloading write to these two; sealed responses are looked at by themselves.
_LEFT_OUT = ("django_session", "questionnaire_auditentry", "questionnaire_sealedresponse")
_BELOW_A_SURVEY = re.compile(r"/s/[^\s…\"']")
_TIME = re.compile(r"^\d{4}-\d\d-\d\d \S+ ", re.MULTILINE)
_FAILURE = re.compile(r"CRITICAL|ERROR(?! django\.security\.)")  # that a request was refused is no failure


@dataclass(frozen=True)
class Seen:
    """`tables`: rows and digest of each; `answers`, `emptied`: responses; `memory`: MB by worker; `log`: its bytes."""

    tables: dict[str, tuple[int, str]]
    answers: int
    emptied: int
    memory: dict[int, float]
    log: int


def look(server: Server) -> Seen:
    """The server as it is now."""
    names = server.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    every_row = "SELECT count(*), md5(string_agg(each::text, '|' ORDER BY each::text)) FROM {} AS each"
    tables = {
        name: server.query(sql.SQL(every_row).format(sql.Identifier(name)))[0]
        for (name,) in names
        if name not in _LEFT_OUT
    }
    filled = "SELECT count(*) FILTER (WHERE sealed <> ''), count(*) FILTER (WHERE sealed = '')"
    ((answers, emptied),) = server.query(f"{filled} FROM questionnaire_sealedresponse")
    memory = {worker: _resident(worker) for worker in _children(server.process.pid)}
    return Seen(tables, answers, emptied, memory, server.log.stat().st_size)


def differences(before: Seen, after: Seen, withdrawn: int) -> list[str]:
    """What changed and should not have, in words."""
    wrong = [f"table {name} was changed" for name in before.tables if before.tables[name] != after.tables.get(name)]
    if before.answers != after.answers:
        wrong.append(f"{after.answers - before.answers} responses were stored")
    if after.emptied - before.emptied > withdrawn:
        wrong.append(f"{after.emptied - before.emptied} emptied responses were stored by {withdrawn} withdrawals")
    return wrong + [f"worker {worker} died" for worker in before.memory if worker not in after.memory]


def growth(warm: Seen, end: Seen) -> list[str]:
    """Which workers grew by more than GROWTH."""
    return [
        f"worker {worker} grew from {warm.memory[worker]:.0f} to {megabytes:.0f} MB"
        for worker, megabytes in end.memory.items()
        if megabytes - warm.memory.get(worker, megabytes) > GROWTH
    ]


def logged(server: Server, since: int, secrets: tuple[str, ...]) -> list[str]:
    """Records of the log that tell of a failure, an address below a survey, or one of the secrets; each kind once."""
    with server.log.open("rb") as log:
        log.seek(since)
        records = _TIME.split(log.read().decode(errors="replace"))
    told = Counter(record.strip() for record in records if should_not_be_logged(record, secrets))
    return [f"in the log, {number} times: {record}" for record, number in told.items()]


def should_not_be_logged(record: str, secrets: tuple[str, ...]) -> bool:
    """Whether one record, without its time, tells of a failure, an address below a survey, or one of the secrets."""
    plain = unquote(record)
    return bool(_FAILURE.match(record) or _BELOW_A_SURVEY.search(plain) or any(secret in plain for secret in secrets))


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _resident(process: int) -> float:
    """Memory that is really in use, in MB."""
    (kilobytes,) = re.findall(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    return int(kilobytes) / 1024
