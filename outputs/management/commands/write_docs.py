"""Writes docs/standards/ from the standards' data; with --check, says whether what is written there is current."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from outputs.codebook_page import page
from questionnaire import registry

FOLDER = Path("docs/standards")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")

    def handle(self, *args, check: bool, **options) -> None:
        for standard in registry.all_standards():
            name = FOLDER / f"{standard.id}-{standard.version}.md".replace("_", "-")
            path = settings.BASE_DIR / name
            text = page(standard)
            current = path.is_file() and path.read_text(encoding="utf-8") == text
            if check and not current:
                raise CommandError(f"{name} is stale. Mend it with: make docs")
            if not current:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{name}: {'current' if current else 'written'}")
