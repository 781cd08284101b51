"""What the commands share: a refusal is one plain message on standard error and exit code 1."""

from django.core.management.base import BaseCommand, CommandError

from questionnaire import key_text
from questionnaire.fieldwork.refusal import Refused


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

    def warn_of_not_stated(self, names: list[str]) -> None:
        if names:
            self.stderr.write(f"Warning: {', '.join(names)}: respondents will read “not stated”.")
