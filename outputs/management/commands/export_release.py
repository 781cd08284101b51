"""Writes every file of a release into a folder, which is made where there is none."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outputs.exports.folder import write
from outputs.exports.release_files import release_files
from outputs.releases import release
from questionnaire import audit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the survey's short name")
        parser.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="the files go straight into it")
        parser.add_argument("--release", type=int, metavar="N", help="the release's number; the newest if left out")

    def handle(self, *args, slug: str, to: Path, **options) -> None:
        try:
            published = release(slug, options["release"])
            files = release_files(published)
            write(files, to)
        except LookupError as unknown:
            raise CommandError(str(unknown)) from unknown
        except OSError as failure:
            raise CommandError(f"Cannot write to {to}: {failure.strerror}.") from failure
        audit.record(
            actor=audit.command_line(), action="exported", survey=slug, release=published.number, files=len(files)
        )
        for sentence in published.standing.sentences:
            self.stderr.write(sentence)
        self.stdout.write(f"{slug}: release {published.number}, {len(files)} files in {to}")
