"""Where the data and the database's socket lie, and which account owns them."""

import os
import pwd
import stat
import subprocess
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes; the kernel's limit


class RefusalError(Exception):
    """A reason not to start, in words for the person at the terminal."""


def database_user() -> pwd.struct_passwd | None:
    """Return the account that PostgreSQL runs as when we are root (it refuses to be root itself), else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RefusalError("PostgreSQL does not run as root, and there is no account named postgres or nobody to run it.")


def database_uid() -> int:
    """Return the number of the account that the database's files belong to: ours, unless we are root."""
    account = database_user()
    return account.pw_uid if account else os.geteuid()


def as_database_user() -> dict:
    """Return the options of `subprocess` that start a program as the database's account, from a folder it can enter.

    The environment is bare: the caller's PG* settings mean other servers, and its secrets should not live on in ours.
    """
    options = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
    if account := database_user():
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return options


def blocked_folder(path: Path) -> Path | None:
    """Return the first folder on the way to an absolute path that the database's account cannot enter, or None.

    The path itself counts. Folders that do not exist yet block nobody; nor does anything where we are not root.
    """
    if database_user() is None:
        return None
    folders = [folder for folder in (*reversed(path.parents), path) if folder.exists()]
    # The account itself is asked: permission bits alone would miss access lists and unusual file systems.
    script = 'for folder in "$@"; do test -x "$folder" || { printf %s "$folder"; exit; }; done'
    asked = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *folders], stdout=subprocess.PIPE, check=True, **as_database_user()
    )
    return Path(os.fsdecode(asked.stdout)) if asked.stdout else None


def data_dir() -> Path:
    """Return the absolute path of the data folder, without making it.

    It is SEB_DATA_DIR where that is set, else `var` in the checkout; where the database's account cannot reach that,
    a folder below /var/lib/seb-survey named after the checkout and its path.
    """
    if given := os.environ.get("SEB_DATA_DIR"):
        return Path(given).resolve()
    usual = (CHECKOUT / "var").resolve()
    if blocked_folder(usual) is None:
        return usual
    return Path("/var/lib/seb-survey") / f"{CHECKOUT.name}-{sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]}"


def socket_folder(data: Path) -> Path:
    """Return the folder of the server's socket: in the data folder where the path fits, else below /tmp.

    A comma would end the path too: PostgreSQL reads a list of folders, and its clients a list of hosts.
    """
    inside = data / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and "," not in str(inside):
        return inside
    # Not TMPDIR: two sessions of one person may differ in it, and would miss each other's server.
    return Path("/tmp") / f"seb-survey-{sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108 private_folder checks it


def private_folder(path: Path) -> Path:
    """Make a folder that only the database's account can enter, or make sure that the one there is such a folder.

    Raises RefusalError where it is not: in a shared place somebody else may have put one there first.
    """
    account = database_user()
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if account and stat.S_ISDIR(found.st_mode) and found.st_uid == 0:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != database_uid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise RefusalError(f"{path} should be a folder that only the database's account can enter. Please remove it.")
    return path


def ready_data_dir(data: Path) -> None:
    """Make the data folder where there is none; raise RefusalError where the database or we cannot work in it."""
    if blocked := blocked_folder(data):
        name = database_user().pw_name
        raise RefusalError(
            f"The database cannot keep its data in {data}: it runs as the account {name}, "
            f"which cannot enter {blocked}.\n"
            f"Set SEB_DATA_DIR to a folder that {name} can reach, or let it pass: chmod o+x {blocked}"
        )
    for folder in (*reversed(data.parents), data):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            folder.chmod(0o711)  # whatever the umask: the database's account passes through, nobody else sees a name
    if not os.access(data, os.W_OK | os.X_OK):
        raise RefusalError(belongs_to_another(data))


def belongs_to_another(path: Path) -> str:
    """Return the sentence that says whose a folder is, and what to do."""
    try:
        owner = pwd.getpwuid(path.stat().st_uid).pw_name
    except KeyError:
        owner = f"number {path.stat().st_uid}"
    return (
        f"{path} belongs to the account {owner}, so we cannot use it.\n"
        "Start the product as whoever started it before, or set SEB_DATA_DIR to another folder."
    )
