"""Runs a command on the product's own PostgreSQL, which all commands of one data folder share.

    python -m seb_survey.local_postgres -- COMMAND ARGUMENT...

The first to come starts the server and the last to leave stops it. Where DATABASE_URL is set, the command gets that
database and nothing is started. Standard output is the command's own, and so is the exit code.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seb_survey.locations import CHECKOUT, RefusalError, blocked_folder, data_dir, database_user, ready_data_dir
from seb_survey.postgres_programs import binaries, usable_binaries
from seb_survey.postgres_server import Server, lock_file, take

__all__ = ["RefusalError", "binaries", "data_dir", "database_user", "main", "running"]


def say(message: str) -> None:
    sys.stderr.write(f"{message}\n")


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Wait for, then hold, the lock around starting and stopping."""
    with lock_file(data / "postgres-start.lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def running(data: Path) -> Iterator[str]:
    """Yield the DATABASE_URL of the server that keeps its data in this folder, started or joined.

    Each user holds a shared lock while it works; one killed with -9 loses its lock and holds up nobody. Raises
    RefusalError where the server cannot run.
    """
    data = data.resolve()
    ready_data_dir(data)
    server = Server(data)
    with lock_file(data / "postgres-users.lock") as users:
        try:
            with one_at_a_time(data):
                fcntl.flock(users, fcntl.LOCK_SH)
                server.start()
            yield server.url
        finally:
            with one_at_a_time(data):
                fcntl.flock(users, fcntl.LOCK_UN)
                if take(users):
                    server.stop()


def on_signals(handler: Callable) -> None:
    """Handle interrupt, termination and hang-up, but those that our caller ignores: `nohup` must go on working."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in the foreground, hand signals on to it, and return its exit code as a shell tells it."""
    child: subprocess.Popen | None = None
    early: list[int] = []

    def hand_on(number: int, _frame: object) -> None:
        if child is None:
            early.append(number)
        elif number != signal.SIGINT:  # the terminal sends Ctrl-C to the command itself
            child.send_signal(number)

    on_signals(hand_on)
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        return not_run(command, error)
    for number in early:
        child.send_signal(number)
    code = child.wait()
    return code if code >= 0 else 128 - code


def not_run(command: list[str], error: OSError) -> int:
    """Say why a command did not run; return the exit code that shells give in this case."""
    say(f"{command[0]}: {error.strerror}")
    return 127 if isinstance(error, FileNotFoundError) else 126


def with_first(folder: Path) -> str:
    return f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def main() -> int:
    """Run the command that our arguments name; return its exit code, or 1 where the database cannot run."""
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not command:
        say("Usage: python -m seb_survey.local_postgres -- COMMAND ARGUMENT...")
        return 2
    try:
        data = data_dir()
        if not os.environ.get("SEB_DATA_DIR") and (blocked := blocked_folder(CHECKOUT / "var")):
            say(f"The data lie in {data}, because the database's account cannot enter {blocked}.")
        # Told to the command too: having dropped root's rights, it would work out another folder.
        environment = {"SEB_DATA_DIR": str(data)}
        if os.environ.get("DATABASE_URL"):
            return replace_ourselves(command, environment)
        on_signals(leave)
        with running(data) as url:
            ours = {"DATABASE_URL": url, "SEB_LOCAL_POSTGRES": "1", "PATH": with_first(usable_binaries(data))}
            # The caller's PG* settings mean other servers.
            theirs = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
            return run(command, theirs | environment | ours)
    except RefusalError as refusal:
        say(str(refusal))
    except OSError as error:
        say(f"The database could not be started: {error}")
    return 1


def replace_ourselves(command: list[str], environment: dict[str, str]) -> int:
    with suppress(RefusalError):  # who has a server of their own may do without our programs
        environment["PATH"] = with_first(binaries())
    os.environ |= environment
    try:
        os.execvp(command[0], command)
    except OSError as error:
        return not_run(command, error)


if __name__ == "__main__":
    sys.exit(main())
