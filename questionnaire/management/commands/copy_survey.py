"""Copies a survey into its next wave: a draft with the same settings and breakdowns."""

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork.copying import copy
from questionnaire.management.base import SurveyCommand


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("new_slug", metavar="new-slug", help="the new short name: small letters, digits, hyphens")

    def run(self, *, slug: str, new_slug: str, **options) -> None:
        survey = copy(slug, new_slug, actor=audit.command_line())
        self.stdout.write(f"{survey.slug}: draft, {survey.get_absolute_url()}")
