"""Destroys what is due to be destroyed; with a survey's short name, that survey's counts, due or not.

One survey that fails does not hold up the others: it is told at the end, with exit code 1.
"""

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork.refusal import Refused
from questionnaire.fieldwork.retention import destroy_due
from questionnaire.fieldwork.surveys import purge
from questionnaire.management.base import SurveyCommand


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?")

    def run(self, *, slug: str | None, **options) -> None:
        if slug:
            purge(slug, actor=audit.command_line())
        done, failed = ([slug], []) if slug else destroy_due()
        for purged in done:
            self.stdout.write(f"{purged}: purged")
        if failed:
            raise Refused("\n".join(failed))
