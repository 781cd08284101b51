"""Closes a survey, or finishes a closing that was interrupted: answers become counts, and its key is destroyed."""

from collections.abc import Iterable

from django.core.management.base import CommandParser
from tqdm import tqdm

from questionnaire import audit
from questionnaire.fieldwork.closing import close
from questionnaire.fieldwork.progress import telling
from questionnaire.management.base import SurveyCommand
from questionnaire.models import Survey


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def run(self, *, slug: str, **options) -> None:
        self.survey = Survey.objects.filter(slug=slug).first()  # where there is none, `close` says so
        rejected = close(slug, actor=audit.command_line(), progress=self.progress)
        if rejected:
            self.stderr.write(f"Warning: {rejected:,} stored rows held no whole interview and are not counted.")
        self.stdout.write(f"{slug}: closed")  # how many answered is told by the release alone, rounded

    def progress(self, rows: Iterable, total: int) -> Iterable:
        """Tell whoever looks at the survey's page, and whoever watches here."""
        told = telling(self.survey)(rows, total)
        return tqdm(told, total=total, unit=" responses", disable=None)  # silent where nobody watches
