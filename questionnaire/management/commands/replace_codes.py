"""Gives everyone who is invited a fresh code, where the file of codes was lost; the old ones stop working."""

from pathlib import Path

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork import inviting
from questionnaire.management.base import SurveyCommand
from questionnaire.management.codes_file import write_codes


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--to", required=True, type=Path, metavar="CODES.csv", help="must not be there yet")

    def run(self, *, slug: str, to: Path, **options) -> None:
        n = write_codes(to, lambda: inviting.replace_codes(slug, actor=audit.command_line()))
        self.stdout.write(f"{slug}: {n:,} codes replaced. The new ones are in {to} and nowhere else.")
