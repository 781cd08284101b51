"""How figures are told: a Markdown table each, which reads as well in a terminal, and the machine they come from."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.server import ROOT, Server

PERFORMANCE, DISCLOSURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "disclosure.md"
BEGIN, END = "<!-- figures: written by `make bench` -->\n", "<!-- end of figures -->\n"


@dataclass(frozen=True)
class Figures:
    """What one part measured: a title (with the target, where there is one), a table, and what to know about it."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    note: str = ""

    def __str__(self) -> str:
        table = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        # The first column says what, the others hold numbers.
        rule = [f":{'-' * (widths[0] - 1)}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
        lines = [
            f"| {' | '.join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])} |"
            for row in (self.columns, rule, *self.rows)
        ]
        return "\n".join([f"### {self.title}", "", *lines, "", *([self.note, ""] if self.note else [])])


def machine(server: Server) -> str:
    """When and on what this was measured, as one paragraph."""
    processor = next(_facts("/proc/cpuinfo", ":", "model name"), platform.machine())
    memory = int(next(_facts("/proc/meminfo", ":", "MemTotal")).split()[0]) / 2**20
    system = next(_facts("/etc/os-release", "=", "PRETTY_NAME"), platform.system()).strip('"')
    ((postgresql,),) = server.query("SHOW server_version")
    return (
        f"{datetime.now(UTC):%-d %B %Y}; {os.cpu_count()} cores ({processor}), {memory:.0f} GB of memory; {system}, "
        f"Python {platform.python_version()}, PostgreSQL {postgresql}, Django {version('django')}, "
        f"gunicorn {version('gunicorn')}.\n"
    )


def _facts(path: str, separator: str, name: str):
    with Path(path).open() as lines:
        for line in lines:
            key, _separator, value = line.partition(separator)
            if key.strip() == name:
                yield value.strip()


def write(page: Path, figures: str) -> None:
    """Put the figures into a page, in place of the last ones."""
    before, rest = page.read_text().split(BEGIN)
    _old, after = rest.split(END)
    page.write_text(before + BEGIN + "\n" + figures + "\n" + END + after)
