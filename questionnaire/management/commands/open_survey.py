"""Opens a draft survey: from now on it takes answers."""

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork import surveys
from questionnaire.management.base import SurveyCommand


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--key", metavar="public-…", help="the public half, where the owner keeps the key")

    def run(self, *, slug: str, key: str | None, **options) -> None:
        survey = surveys.open_survey(slug, actor=audit.command_line(), public_key=self.public_key(key))
        self.warn_of_not_stated(surveys.not_stated(survey))
        self.stdout.write(f"{slug}: open, {survey.get_absolute_url()}")
