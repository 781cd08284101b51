"""Destroys what is due to be destroyed; with a survey's short name, that survey's counts, due or not."""

from django.core.management.base import CommandParser

from questionnaire import audit
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
        for purged in [slug] if slug else destroy_due():
            self.stdout.write(f"{purged}: purged")
