"""What the commands share: a refusal is one plain message on standard error and exit code 1."""

from django.core.management.base import BaseCommand, CommandError

from questionnaire.fieldwork.surveys import Refused


class SurveyCommand(BaseCommand):
    """A command whose `run` may raise Refused. It never asks, and finishes in the foreground."""

    def handle(self, *args, **options) -> None:
        try:
            self.run(**options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def run(self, **options) -> None:
        raise NotImplementedError

    def warn_of_not_stated(self, names: list[str]) -> None:
        if names:
            self.stderr.write(f"Warning: {', '.join(names)}: respondents will read “not stated”.")
