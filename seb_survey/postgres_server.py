"""Sets up, starts and stops the PostgreSQL server of one data folder."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from seb_survey.locations import (
    SOCKET_NAME,
    RefusalError,
    as_database_user,
    belongs_to_another,
    database_uid,
    private_folder,
    socket_folder,
)
from seb_survey.postgres_programs import major_version, usable_binaries

PATIENCE = 600  # seconds: recovery may take minutes, and so may a query that outlives its killed server
ACCEPTING, REJECTING = 0, 1  # as pg_isready tells; a server that starts, recovers or stops rejects

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "100",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No statement and no value reaches the log. Errors go to the client alone, and "terse" leaves out the details in
    # which PostgreSQL quotes keys, and the statement that was running when a process was killed.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_connections": "off",
    "log_checkpoints": "off",
}


def lock_file(path: Path) -> BinaryIO:
    """Open a file that is only ever locked, making it first; nobody else may open it, and so hold us up."""
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def take(file: BinaryIO) -> bool:
    """Lock a file for ourselves alone if nobody else has locked it; tell whether we did."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Server:
    """The server of one data folder. One process at a time may call its methods: the caller sees to that.

    All its processes inherit one lock, so the kernel itself tells whether any of them is left. The process id in
    postmaster.pid tells nothing after `kill -9`: it may be a zombie's, or some other program's by now.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.cluster = data / "postgres"
        self.socket = socket_folder(data)
        self.log = data / "postgres.log"

    @property
    def url(self) -> str:
        return f"postgresql:///seb?host={quote(os.fsencode(self.socket), safe='')}&user=seb"

    def start(self) -> None:
        """Return when the server answers, having started it where it was not running. Raises RefusalError."""
        private_folder(self.socket)
        self._check_or_make_cluster()
        launched = told = False
        begun = time.monotonic()
        while self._answer() != ACCEPTING:
            with self._own_lock() as own:
                if take(own):
                    if launched:
                        last = self.log.read_text(errors="replace").splitlines()[-3:]
                        raise RefusalError("\n".join(["The database did not start. Its last words:", *last]))
                    self._launch(own)
                    launched = True
            waited = time.monotonic() - begun
            if waited > PATIENCE:
                raise RefusalError(f"The database in {self.cluster} does not answer. See {self.log}.")
            if waited > 10 and not told:
                sys.stderr.write("Waiting for the database, which is still recovering or finishing earlier work\n")
                told = True
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server where it is ours and running, and return when none of its processes is left."""
        with self._own_lock() as own:
            if take(own) or (answer := self._answer()) not in (ACCEPTING, REJECTING):
                return
            # While it recovers, PostgreSQL 18 never ends a fast shutdown; an immediate one loses nothing either.
            for mode in ("fast", "immediate") if answer == ACCEPTING else ("immediate",):
                self._run("pg_ctl", "stop", "--no-wait", f"--mode={mode}", "-D", self.cluster)
                asked = time.monotonic()
                while time.monotonic() - asked < 30:
                    if take(own):
                        return
                    time.sleep(0.02)
        sys.stderr.write(f"The database in {self.cluster} is still stopping. See {self.log}.\n")

    def _own_lock(self) -> BinaryIO:
        return lock_file(self.data / "postgres-server.lock")

    def _answer(self) -> int:
        return self._run("pg_isready", "-q", "-h", self.socket, "-p", "5432", "-U", "seb", "-d", "seb").returncode

    def _run(self, program: str, *arguments: str | Path, **options) -> subprocess.CompletedProcess:
        command = [usable_binaries(self.data) / program, *arguments]
        return subprocess.run(command, capture_output=True, **as_database_user(), **options)

    def _check_or_make_cluster(self) -> None:
        ours = major_version(usable_binaries(self.data))
        if not self.cluster.exists():
            self._make_cluster(ours)
        if self.cluster.stat().st_uid != database_uid():
            raise RefusalError(belongs_to_another(self.cluster))
        theirs = (self.cluster / "PG_VERSION").read_text().strip()
        if theirs != str(ours):
            raise RefusalError(
                f"The data in {self.cluster} were written by PostgreSQL {theirs}, and this is PostgreSQL {ours}, which "
                "cannot read them. Nothing was changed.\nMove them with pg_dump of the old version, "
                "or set SEB_DATA_DIR to another folder."
            )

    def _make_cluster(self, version: int) -> None:
        """Make the cluster, with the database in it, beside its place and move it there when it is complete."""
        sys.stderr.write(f"Setting up the database in {self.cluster}\n")
        unfinished = self.data / "postgres.new"
        # The built-in locale sorts alike on every machine; before version 17 there was none.
        locale = ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--encoding=UTF8", *(locale if version >= 17 else ["--locale=C.UTF-8"]), "--data-checksums"]
        access = ["--username=seb", "--auth-local=trust", "--auth-host=reject"]  # the socket's folder is the lock
        with self._own_lock() as own:
            fcntl.flock(own, fcntl.LOCK_EX)  # a set-up whose caller was killed may still be writing
            if unfinished.exists():
                shutil.rmtree(unfinished)
            private_folder(unfinished)
            for program, *arguments in (
                ["initdb", "-D", unfinished, *options, *access],
                ["postgres", "--single", "-D", unfinished, "postgres"],
            ):
                done = self._run(program, *arguments, input=b"CREATE DATABASE seb\n", pass_fds=[own.fileno()])
                if done.returncode or b"ERROR" in done.stderr:
                    raise RefusalError(f"The database could not be set up.\n{done.stderr.decode(errors='replace')}")
            unfinished.rename(self.cluster)

    def _launch(self, own: BinaryIO) -> None:
        # We hold the lock that every process of the server inherits, so whoever wrote these files is gone.
        for stale in (self.cluster / "postmaster.pid", self.socket / f"{SOCKET_NAME}.lock"):
            stale.unlink(missing_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_name("postgres.log.1"))
        settings = SETTINGS | {"unix_socket_directories": str(self.socket)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [usable_binaries(self.data) / "postgres", "-D", self.cluster, *options]
        with open(self.log, "wb") as log:
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *server],  # the shell leaves at once: the server is nobody's child
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[own.fileno()],
                start_new_session=True,  # the terminal's Ctrl-C is for the command, not for the server
                **as_database_user(),
            )
