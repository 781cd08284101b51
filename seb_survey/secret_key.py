"""Makes the secret key once and keeps it beside the data, for operators who do not set one."""

import os
import secrets
from pathlib import Path

from seb_survey.local_postgres import database_user


def kept_secret(data_dir: Path) -> str:
    """Return the secret in `<data_dir>/secret-key`, making it first where there is none.

    The file is readable by its owner alone. Two processes that start together agree on one secret, since only one
    of them can link its own into place.
    """
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f".secret-key-{os.getpid()}")
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        if user := database_user():  # as root the web server runs as this user, and must read it
            os.chown(mine, user.pw_uid, user.pw_gid)
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()
