"""Builds the release of a closed survey: its tables, protected by its policy, ready to be read and exported."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outputs.release_job import Refused, build_release
from questionnaire import audit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the survey's short name")

    def handle(self, *args, slug: str, **options) -> None:
        try:
            release = build_release(slug, actor=audit.command_line())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        done = "built" if release.is_new else "nothing has changed since"
        self.stdout.write(f"{slug}: release {release.number}, {done} ({release.facts['policy']})")
