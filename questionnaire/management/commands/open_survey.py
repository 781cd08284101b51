"""Opens a draft survey: from now on it takes answers."""

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork import surveys
from questionnaire.management.base import SurveyCommand


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def run(self, *, slug: str, **options) -> None:
        survey = surveys.open_survey(slug, actor=audit.command_line())
        self.warn_of_not_stated(surveys.not_stated(survey))
        self.stdout.write(f"{slug}: open, {survey.get_absolute_url()}")
