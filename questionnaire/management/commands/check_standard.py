"""Checks every installed standard: routing and decision tables sound and total."""

from django.core.management.base import BaseCommand, CommandError

from questionnaire import registry


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # the faults are what this command is there to tell

    def handle(self, *args, **options) -> None:
        faults = registry.faults()
        if faults:
            raise CommandError("\n".join(str(fault) for fault in faults))
        for standard in registry.all_standards():
            self.stdout.write(f"{standard.key}: sound")
