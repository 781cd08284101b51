"""The product as `make run` starts it, launcher and PostgreSQL included, on a data folder of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from seb_survey.locations import socket_folder
from tests.server import ROOT

LAUNCHER = [sys.executable, "-m", "seb_survey.local_postgres", "--", sys.executable, "manage.py"]


class Launched:
    """One data folder, and the processes that `start` leaves running on it. Everything is looked up in /proc."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        """What the launcher, the web server and the worker wrote, of every start."""
        return self.data_dir / "server.log"

    def variables(self) -> dict[str, str]:
        ours = {"SEB_DATA_DIR": str(self.data_dir), "PORT": str(self.port)}
        dropped = ("DATABASE_URL", "SEB_LOCAL_POSTGRES", "DJANGO_SUPERUSER_PASSWORD")
        return {name: value for name, value in os.environ.items() if name not in dropped} | ours

    def launch(self, *options: str) -> None:
        """Start in the foreground of a terminal's process group, without waiting for anything."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*LAUNCHER, "serve", *options],
                cwd=ROOT, env=self.variables(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def start(self, *options: str) -> float:
        """Launch and wait until it is ready; returns the seconds that this took."""
        begun = time.monotonic()
        self.launch(*options)
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > begun + 60:
                raise RuntimeError(f"the product did not start:\n{self.log.read_text()}")
            time.sleep(0.1)
        return time.monotonic() - begun

    def ready(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as response:
            return response.status == 200
        return False

    def manage(self, *arguments: str) -> str:
        """Run a management command as `make manage` does; returns its standard output."""
        done = subprocess.run(
            [*LAUNCHER, *arguments],
            cwd=ROOT, env=self.variables(), capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        return done.stdout

    def connect(self, database: str = "seb") -> psycopg.Connection:
        """A connection to the running database server, each statement a transaction of its own."""
        return psycopg.connect(host=str(socket_folder(self.data_dir)), user="seb", dbname=database, autocommit=True)

    def query(self, sql: str) -> list[tuple]:
        """Rows of the running product's database."""
        with self.connect() as connection:
            return connection.execute(sql).fetchall()

    def press_ctrl_c(self) -> int:
        """Interrupt the foreground process group, as a terminal does; returns the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=60)

    def kill_everything(self) -> None:
        """`kill -9` for every process at once, with no chance to tidy up; what is killed takes a moment to be gone."""
        for process in self.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait(timeout=30)
        deadline = time.monotonic() + 10
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)

    def processes(self) -> list[int]:
        """Launcher, web server and worker (the launcher's session), the database's server and its children."""
        return [*self.web_processes(), *self.database_processes()]

    def web_processes(self) -> list[int]:
        return [process for process, _parent, session in _living() if self.process and session == self.process.pid]

    def database_processes(self) -> list[int]:
        living = _living()
        servers = [process for process, _parent, _session in living if self._serves(process)]
        return [process for process, parent, _session in living if process in servers or parent in servers]

    def _serves(self, process: int) -> bool:
        with suppress(OSError):
            return os.fsencode(self.data_dir / "postgres") in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        return False


@contextmanager
def launched() -> Iterator[Launched]:
    """The product on a new data folder, not started yet; processes and folder are gone afterwards."""
    data_dir = Path(tempfile.mkdtemp(prefix="seb-survey-test-"))
    data_dir.chmod(0o711)  # as root, the database and the web server run as another user
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    product = Launched(data_dir, port)
    try:
        yield product
    finally:
        if product.process:
            product.kill_everything()
        shutil.rmtree(socket_folder(data_dir), ignore_errors=True)
        shutil.rmtree(data_dir)


def status_of(process: int) -> dict[str, str]:
    """What the kernel tells of a process: `Uid`, `CapEff` and the rest of /proc/<pid>/status."""
    text = Path(f"/proc/{process}/status").read_text()
    return dict(re.findall(r"^(\w+):\t(.*)$", text, flags=re.MULTILINE))


def _living() -> list[tuple[int, int, int]]:
    """(process, parent, session) of everything that runs; what has ended and waits to be collected is left out."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent, _group, session, *_ = (process / "stat").read_text().rpartition(")")[2].split()
            if state != "Z":
                found.append((int(process.name), int(parent), int(session)))
    return found
