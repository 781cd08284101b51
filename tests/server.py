"""A real server on a database of its own, with its demonstration surveys: what walks and measurements are made on."""

import os
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
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[1]
STAFF = ("staff-account", "a made-up password for tests")


@dataclass
class Server:
    """The web server as `make run` starts it, without a worker: process, database, data folder and log of its own."""

    port: int
    data_dir: Path
    database_url: str
    process: subprocess.Popen | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir / "server.log"

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--demo", "--no-worker"],
                cwd=ROOT, env=self.variables(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as response:
                return response.status == 200
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop all of the server's processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait(timeout=30)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run a management command on this server's database."""
        return self.run("manage.py", *arguments, check=check)

    def run(self, *arguments: str, check: bool = True, timeout: int = 120) -> subprocess.CompletedProcess:
        """Run Python with these arguments, on this server's database."""
        try:
            return subprocess.run(
                [sys.executable, *arguments],
                cwd=ROOT, env=self.variables(), capture_output=True, text=True, check=check, timeout=timeout,
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            error.add_note(error.stderr)
            raise

    def query(self, sql: str, *parameters) -> list[tuple]:
        """Rows of this server's database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(sql, parameters).fetchall()

    def variables(self) -> dict[str, str]:
        """The environment of this server's processes."""
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "SEB_DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "DJANGO_SUPERUSER_USERNAME": STAFF[0],
            "DJANGO_SUPERUSER_PASSWORD": STAFF[1],
            **self.environment,
        }


@contextmanager
def running_server(**environment: str) -> Iterator[Server]:
    """A started server on a new database; both are gone afterwards."""
    name = f"seb_test_{os.getpid()}_{time.monotonic_ns()}"
    data_dir = Path(tempfile.mkdtemp(prefix="seb-survey-test-"))
    data_dir.chmod(0o755)  # as root, the web server runs as another user
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(port, data_dir, make_conninfo(os.environ["DATABASE_URL"], dbname=name), environment=environment)
    try:
        server.start()
        yield server
    finally:
        if server.process:
            server.stop(signal.SIGKILL)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        shutil.rmtree(data_dir)
