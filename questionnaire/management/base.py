"""What the commands share: a refusal is one plain message on standard error and exit code 1."""

from django.core.management.base import BaseCommand, CommandError

from questionnaire import key_text
from questionnaire.fieldwork import preflight
from questionnaire.fieldwork.refusal import Refused
from questionnaire.models import Survey


class SurveyCommand(BaseCommand):
    """A command whose `run` may raise Refused. It never asks, and finishes in the foreground."""

    def handle(self, *args, **options) -> None:
        try:
            self.run(**options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def run(self, **options) -> None:
        raise NotImplementedError

    def public_key(self, text: str | None) -> bytes | None:
        """The public half of an owner's key as it was given; Refused where it is none."""
        try:
            return None if text is None else key_text.read(key_text.PUBLIC, text)
        except key_text.NotAKey as error:
            raise Refused(str(error)) from error

    def warn_of_not_stated(self, survey: Survey) -> None:
        if names := preflight.not_stated(survey):
            self.stderr.write(f"Warning: {', '.join(names)}: respondents will read “not stated”.")

    def warn_of_missing(self, survey: Survey) -> None:
        """Say what the dashboard would not have opened the survey without."""
        self.warn_of_not_stated(survey)
        for finding in preflight.required(survey):
            if finding.field_or_page not in preflight.TOLD:
                self.stderr.write(f"Warning: {finding.field_or_page}: {finding.sentence}")
