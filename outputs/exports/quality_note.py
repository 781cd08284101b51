"""The quality and methodology note: how far a release can be trusted, as one HTML file made from its facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join, html_safe
from django.utils.safestring import SafeString

from outputs.disclosure.protected import Figure, ProtectedCell, ProtectedTable
from outputs.exports.files import HTML, File
from outputs.exports.response import SYMBOLS, responses
from outputs.exports.table_files import ALL, RANGES, RESPONSE
from outputs.rates import counted_in
from outputs.releases import Published
from outputs.words import period
from questionnaire.engine.model import Standard

NAME = "quality-and-methodology.html"


@html_safe
@dataclass(frozen=True)
class Cited:
    """A figure with the place where a reader finds it: the file, its row by the columns that know it, its column."""

    figure: Figure
    file: str
    row: Mapping[str, str]
    column: str

    @property
    def limits(self) -> "tuple[Cited, Cited] | None":
        """The lowest and the highest percentage, from the file that has them; None where there is no range."""
        if self.figure.low is None or self.figure.high is None:
            return None
        ends = (("lowest", self.figure.low), ("highest", self.figure.high))
        lowest, highest = (Cited(Figure(limit), RANGES, self.row, f"{self.column}_{end}") for end, limit in ends)
        return lowest, highest

    def __str__(self) -> SafeString:
        """A `data` element that names file, row and column, for a program that checks the note."""
        keys = format_html_join("", ' data-{}="{}"', ((name.replace("_", "-"), key) for name, key in self.row.items()))
        value = "" if self.figure.value is None else str(self.figure.value)
        return format_html(
            '<data value="{}" data-file="{}" data-column="{}"{}>{}</data>',
            value,
            self.file,
            self.column,
            keys,
            self.figure,
        )


@dataclass(frozen=True)
class Answered:
    """How many of a group answered."""

    breakdown: str
    group: str
    headcount: Cited
    responses: Cited
    rate: Cited


@dataclass(frozen=True)
class Unsaid:
    """How many of those who were asked for a table did not say."""

    title: str
    asked: Cited
    count: Cited
    percent: Cited


@dataclass(frozen=True)
class Imputed:
    """The counts of a table of imputed responses, by the labels of its categories, and the title of what it is of."""

    title: str
    notes: tuple[str, ...]
    counts: tuple[tuple[str, Cited], ...]


def quality_note(release: Published, standard: Standard, files: Iterable[File]) -> File:
    """The note's file. It lists `files` with what each is for."""
    files = tuple(files)
    title = "Quality and methodology note: how far these results can be trusted, and how they were made"
    return File(NAME, title, HTML, lambda: _written(release, standard, files))


def _written(release: Published, standard: Standard, files: tuple[File, ...]) -> bytes:
    return render_to_string(
        "outputs/files/quality_note.html",
        {
            "release": release,
            "standard": standard,
            "files": files,
            "built": _day(release.built_at.date().isoformat()),
            "headcount_date": _day(release.facts["headcount_date"]),
            "published": period(standard.published, None),
            "response": list(_response(release)),
            "counted_in": counted_in(release),
            "response_symbols": SYMBOLS.items(),
            "unsaid": list(_unsaid(release, standard)),
            "imputed": list(_imputed(release)),
            "method": dict.fromkeys(note for table in release.tables if not table.imputed_of for note in table.notes),
        },
    ).encode()


def _day(stored: str | None) -> str:
    return period(date.fromisoformat(stored), None) if stored else ""


def _response(release: Published) -> Iterator[Answered]:
    for each in responses(release):
        row = {"breakdown": each.breakdown, "group": each.group}
        figures = {"headcount": each.headcount, "responses": each.responses, "response_rate": each.rate}
        cited = (Cited(figure, RESPONSE, row, column) for column, figure in figures.items())
        yield Answered(each.breakdown_title, each.group, *cited)


def _unsaid(release: Published, standard: Standard) -> Iterator[Unsaid]:
    for table in release.tables:
        for cell in table.cells:
            if cell.code == standard.unknown:
                yield Unsaid(
                    table.title,
                    _cited(table, cell, "base_asked", table.bases[0]),
                    _cited(table, cell, "count", cell.count),
                    _cited(table, cell, "percent_asked", cell.percent_asked),
                )


def _imputed(release: Published) -> Iterator[Imputed]:
    for table in release.tables:
        if table.imputed_of:
            counts = tuple((cell.label, _cited(table, cell, "count", cell.count)) for cell in table.cells)
            yield Imputed(release.table(table.imputed_of).title, table.notes, counts)


def _cited(table: ProtectedTable, cell: ProtectedCell, column: str, figure: Figure) -> Cited:
    row = {"table": table.id, "breakdown": table.breakdown, "group": table.group, "category_code": cell.code}
    return Cited(figure, ALL, row, column)
