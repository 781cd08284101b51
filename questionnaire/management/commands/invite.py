"""Invites the people in a CSV file, all or none, and writes the file of their codes."""

from pathlib import Path

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork import invited, inviting
from questionnaire.fieldwork.refusal import Refused
from questionnaire.management.base import SurveyCommand
from questionnaire.management.codes_file import write_codes
from questionnaire.models import Survey


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="a survey created with --access invited")
        parser.add_argument(
            "people", type=Path, help="UTF-8 CSV: a column for each breakdown, group codes; and reference, if you like"
        )
        parser.add_argument("--to", required=True, type=Path, metavar="CODES.csv", help="must not be there yet")

    def run(self, *, slug: str, people: Path, to: Path, **options) -> None:
        try:
            with people.open("rb") as file:
                listed, bad_rows = inviting.check(file, slug, report=lambda bad: self.stderr.write(str(bad)))
        except OSError as error:
            raise Refused(f"{people}: {error.strerror}") from error
        if bad_rows:
            raise Refused(f"Rows that are not right: {bad_rows:,}. Nobody was invited.")
        for warning in invited.warnings(Survey.objects.get(slug=slug), listed):
            self.stderr.write(f"Warning: {warning}")
        n = write_codes(to, lambda: inviting.invite(slug, listed, actor=audit.command_line()))
        self.stdout.write(f"{slug}: {n:,} people invited. Their codes are in {to} and nowhere else.")
