"""Writes every file of a release into a folder, or says whether a folder still holds them as they were made."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outputs.exports.files import File
from outputs.exports.folder import write
from outputs.exports.pack import NO_PACK
from outputs.exports.release_files import release_files
from outputs.exports.verify import differences
from outputs.releases import Published, release
from questionnaire import audit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the survey's short name")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--to", type=Path, metavar="FOLDER", help="the files go straight into it")
        way.add_argument(
            "--verify", type=Path, metavar="FOLDER", help="write nothing; exit 1 where a file in it differs"
        )
        parser.add_argument("--release", type=int, metavar="N", help="the release's number; the newest if left out")

    def handle(self, *args, slug: str, to: Path | None, verify: Path | None, **options) -> None:
        try:
            published = release(slug, options["release"])
            files = release_files(published)
        except LookupError as unknown:
            raise CommandError(str(unknown)) from unknown
        for sentence in published.standing.sentences:
            self.stderr.write(sentence)
        if verify:
            self._verify(published, files, verify)
        else:
            self._write(published, files, to)

    def _write(self, published: Published, files: tuple[File, ...], to: Path) -> None:
        try:
            write(files, to)
        except OSError as failure:
            raise CommandError(f"Cannot write to {to}: {failure.strerror}.") from failure
        audit.record(
            actor=audit.command_line(),
            action="exported",
            survey=published.survey,
            release=published.number,
            files=len(files),
        )
        self.stdout.write(f"{published.survey}: release {published.number}, {len(files)} files in {to}")
        if published.is_exact:
            self.stderr.write(published.policy)
            self.stderr.write(NO_PACK)

    def _verify(self, published: Published, files: tuple[File, ...], folder: Path) -> None:
        try:
            differ = differences(files, folder)
        except OSError as failure:
            raise CommandError(f"Cannot read {folder}: {failure.strerror}.") from failure
        if differ:
            raise CommandError("\n".join(differ))
        self.stdout.write(
            f"{published.survey}: release {published.number}, all {len(files)} files in {folder} are as made"
        )
