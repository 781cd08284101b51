"""Imports answers that were collected earlier with this standard's questions, from a CSV file."""

import csv
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from django.core.management.base import CommandParser
from tqdm import tqdm

from questionnaire import audit
from questionnaire.fieldwork.importing import import_file
from questionnaire.fieldwork.surveys import Refused
from questionnaire.management.base import SurveyCommand


class Command(SurveyCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="a survey created with --origin imported")
        parser.add_argument(
            "file",
            type=Path,
            help="UTF-8 CSV: a column for each question id (option codes, blank where not asked) and each breakdown "
            "(group codes)",
        )
        parser.add_argument(
            "--mode", required=True, help="how the answers were collected: online, face_to_face, telephone, paper"
        )
        parser.add_argument("--collected-from", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--collected-to", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--skip-bad", type=Path, metavar="REJECTS.csv", help="store the good rows, write the others here"
        )

    def run(self, *, slug: str, file: Path, skip_bad: Path | None, **options) -> None:
        with ExitStack() as stack:
            try:
                size = file.stat().st_size
                rejects = stack.enter_context(skip_bad.open("x", newline="", encoding="utf-8")) if skip_bad else None
                bar = stack.enter_context(tqdm(total=size, unit="B", unit_scale=True, disable=None))
                reading = import_file(
                    slug,
                    file,
                    mode=options["mode"],
                    collected_from=options["collected_from"],
                    collected_to=options["collected_to"],
                    actor=audit.command_line(),
                    report=lambda bad: self.stderr.write(str(bad)),
                    reject=csv.writer(rejects).writerow if rejects else None,
                    advance=bar.update,
                )
            except OSError as error:
                raise Refused(f"{error.filename}: {error.strerror}") from error
        if reading.bad_rows:
            self.stderr.write(f"Warning: {reading.bad_rows:,} rows are not right and are in {skip_bad}.")
        for title in reading.unstored:
            self.stderr.write(
                f"Warning: “{title}” is not kept: fewer than two groups of the first file imported would be large "
                "enough to be shown."
            )
        self.stdout.write(
            f"{slug}: {reading.counts.total():,} responses imported, {len(reading.counts):,} distinct patterns"
        )
