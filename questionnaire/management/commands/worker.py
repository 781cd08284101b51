"""Does what is queued, such as closings, and what is due at a time. Any number may run, on any number of machines."""

from django.core.management.base import BaseCommand, CommandParser

from questionnaire.fieldwork.workers import work


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is queued, then end")

    def handle(self, *, once: bool, **options) -> None:
        work(wait=not once)
