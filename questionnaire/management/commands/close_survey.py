"""Closes a survey, or finishes a closing that was interrupted: answers become counts, and its key is destroyed."""

import sys
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import CommandParser
from tqdm import tqdm

from questionnaire import audit, key_text
from questionnaire.fieldwork.closing import close
from questionnaire.fieldwork.progress import telling
from questionnaire.fieldwork.refusal import Refused
from questionnaire.management.base import SurveyCommand
from questionnaire.models import Survey


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--key-file", type=Path, help="the private half, where the owner keeps the key; - reads standard input"
        )

    def run(self, *, slug: str, key_file: Path | None, **options) -> None:
        key = private_key(key_file) if key_file else None
        self.survey = Survey.objects.filter(slug=slug).first()  # where there is none, `close` says so
        rejected = close(slug, actor=audit.command_line(), key=key, progress=self.progress)
        if rejected:
            self.stderr.write(f"Warning: {rejected:,} stored rows held no whole interview and are not counted.")
        self.stdout.write(f"{slug}: closed")  # how many answered is told by the release alone, rounded

    def progress(self, rows: Iterable, total: int) -> Iterable:
        """Tell whoever looks at the survey's page, and whoever watches here."""
        told = telling(self.survey)(rows, total)
        return tqdm(told, total=total, unit=" responses", disable=None)  # silent where nobody watches


def private_key(file: Path) -> bytes:
    """The private half that a file holds. Refused where it is not there or is none."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text()
        return key_text.read(key_text.PRIVATE, text)
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read.") from error
    except key_text.NotAKey as error:
        raise Refused(f"{file}: {error}") from error
