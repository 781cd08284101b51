"""Destroys, unread, the answers of a stopped survey to which too few people answered for any result."""

from django.core.management.base import CommandParser

from questionnaire import audit
from questionnaire.fieldwork.surveys import abandon
from questionnaire.management.base import SurveyCommand


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def run(self, *, slug: str, **options) -> None:
        abandon(slug, actor=audit.command_line())
        self.stdout.write(f"{slug}: abandoned")
