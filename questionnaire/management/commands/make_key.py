"""Makes a key pair for a survey whose owner keeps the key; needs no database, and can be run on a machine offline."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from questionnaire import key_text, sealing


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where the private half is written; the public half is printed")

    def handle(self, *, file: Path, **options) -> None:
        public, private = sealing.key_pair()
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{file} is there already, and a key is never written over.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        with os.fdopen(descriptor, "w") as written:
            written.write(key_text.write(key_text.PRIVATE, private) + "\n")
        self.stderr.write(
            f"The private half is in {file}. Whoever has it can open the survey’s answers; without it nobody ever can. "
            "Keep two copies apart from each other and from this service."
        )
        self.stdout.write(key_text.write(key_text.PUBLIC, public))
