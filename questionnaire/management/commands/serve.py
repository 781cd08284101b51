"""Prepares database and static files, then becomes web server and worker; as root it gives up root's rights first."""

import os
import secrets
import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

BOTH = ["seb_survey.processes"]
WEB_ALONE = ["gunicorn", "--config", "python:seb_survey.gunicorn_conf", "seb_survey.wsgi:application"]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make the two made-up surveys where they are missing")
        parser.add_argument(
            "--demo-employer", action="store_true", help="make the made-up employer with two waves where it is missing"
        )
        parser.add_argument("--no-worker", action="store_true", help="workers run elsewhere: `manage.py worker`")

    def handle(self, *, demo: bool, demo_employer: bool, no_worker: bool, **options) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.first_account()
        if demo:
            call_command("create_demo", stdout=self.stderr)
        if demo_employer:
            call_command("create_demo_employer", stdout=self.stderr)
        hand_over_keys()
        self.stderr.write(
            f"\nSEB Survey\n"
            f"  respondents   {settings.PUBLIC_URL}/\n"
            f"  staff         {settings.PUBLIC_URL}/admin/\n"
            f"  results       {settings.PUBLIC_URL}/admin/outputs/\n"
            f"  data          {settings.DATA_DIR}\n"
            f"Ctrl-C stops everything.\n"
        )
        sys.stderr.flush()
        command = [*drop_rights(), sys.executable, "-m", *(WEB_ALONE if no_worker else BOTH)]
        os.execvp(command[0], command)

    def first_account(self) -> None:
        """Where there is no staff account: one from DJANGO_SUPERUSER_*, else one with a password printed this once."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        name = os.environ.get("DJANGO_SUPERUSER_USERNAME") or "admin"
        given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        users.create_superuser(name, os.environ.get("DJANGO_SUPERUSER_EMAIL") or "", password)
        told = "the password you gave" if given else f"password {password}  (printed only this once)"
        self.stderr.write(f"First staff account: {name}, {told}")


def hand_over_keys() -> None:
    """As root: give the key store, and what root itself put there, to those who open and close surveys for staff."""
    user = settings.RUN_AS
    if user is None:
        return
    store = Path(settings.KEY_STORE)
    if not store.is_dir():
        store.mkdir(parents=True, mode=0o700)
    for path in (store, *store.glob("*.key")):
        if path.stat().st_uid == 0:
            os.chown(path, user.pw_uid, user.pw_gid)


def drop_rights() -> list[str]:
    """The start of a command line that runs the rest as settings.RUN_AS; empty where nothing is to be dropped.

    Where that user cannot read the interpreter or this checkout (both may lie in root's own home), it is lent the
    right to read any file, and no other right of root's.
    """
    user = settings.RUN_AS
    if user is None:
        return []
    drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--no-new-privs"]
    places = [Path(sys.executable).resolve(), Path(sys.prefix), settings.BASE_DIR]
    if any(not _anyone_can_read(place) for place in places):
        drop += ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
    else:
        drop += ["--inh-caps=-all"]
    if shutil.which("setpriv") is None:
        raise SystemExit("As root, `setpriv` (package util-linux) is needed to give up root's rights.")
    return [*drop, "--"]


def _anyone_can_read(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o004) and all(parent.stat().st_mode & 0o001 for parent in path.parents)
