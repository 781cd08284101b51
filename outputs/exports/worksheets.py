"""Decides what stands on which worksheet, by the Analysis Function's guidance, for both kinds of spreadsheet."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from textwrap import wrap

from outputs.disclosure.protected import NOT_APPLICABLE, ORGANISATION, Figure, ProtectedCell, ProtectedTable
from outputs.exports.csv_text import harmless
from outputs.exports.response import SYMBOLS as RESPONSE_SYMBOLS
from outputs.exports.response import Response, responses
from outputs.releases import Published
from outputs.words import period


class Symbol(str):
    """What stands in a cell where a number is withheld."""


Value = str | Symbol | Decimal
COVER, CONTENTS, NOTES, RESPONSE = "Cover", "Contents", "Notes", "Response"
# What neither kind of spreadsheet can hold: characters that XML forbids, more of them in one cell, longer names.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
_LONGEST_TEXT = 32_000
_LONGEST_NAME = 31
NARROW, WIDE = 14, 48  # the least and the greatest width of a column, in characters


@dataclass(frozen=True)
class Sheet:
    """`lines` stand one below the other in column A from A1, the title, on; then comes the one table, if there is one.

    The first column of the table holds links to the worksheets it names where `links` is true.
    """

    name: str
    lines: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    links: bool = False

    @property
    def table_name(self) -> str:
        """By which programs and screen readers know the marked table."""
        return "table_" + re.sub(r"\W", "_", self.name.lower())

    @property
    def of_numbers(self) -> tuple[bool, ...]:
        """Which columns hold numbers, and symbols in their place."""
        return tuple(all(type(value) is not str for value in column) for column in zip(*self.rows, strict=True))


@dataclass(frozen=True)
class Spreadsheet:
    """What a file says of itself, and its worksheets in order."""

    title: str
    made_at: datetime
    sheets: tuple[Sheet, ...]


def spreadsheet(release: Published) -> Spreadsheet:
    """The release as a spreadsheet: cover, contents, notes, a worksheet for each table, the response."""
    notes = _Notes(release)
    told = (*(_of_table(release, table, notes) for table in release.tables), _of_response(release))
    front = (_cover(release), _contents(notes.sheet, told), notes.sheet)
    return Spreadsheet(plain(str(release)), release.built_at, (*front, *told))


def plain(text: str) -> str:
    """A text that a cell can hold and no program would calculate, without spaces that ODS would drop."""
    return harmless(" ".join(_FORBIDDEN.sub(" ", text).split()))


class _Notes:
    """Every note once, numbered, with the tables for which it holds."""

    def __init__(self, release: Published) -> None:
        self.held: dict[str, list[str]] = {}
        for note in (*release.notes, *release.notes_on_groups):
            self._add(note, "every table")
        for table in release.tables:
            for note in release.notes_of(table):
                self._add(note, table.id)
        self.numbers = {text: number for number, text in enumerate(self.held, 1)}

    def _add(self, note: str, holds_for: str) -> None:
        for piece in _pieces(note):
            self.held.setdefault(piece, []).append(holds_for)

    def references(self, *notes: str) -> str:
        """“[note 1] [note 4]”."""
        return " ".join(f"[note {self.numbers[piece]}]" for note in notes for piece in _pieces(note))

    @property
    def sheet(self) -> Sheet:
        return _sheet(
            NOTES,
            ["Notes", "This worksheet contains one table. Other worksheets refer to its notes by their numbers."],
            ["Note", "Text", "Holds for"],
            [(f"[note {self.numbers[text]}]", text, ", ".join(tables)) for text, tables in self.held.items()],
        )


def _pieces(note: str) -> list[str]:
    return wrap(note, _LONGEST_TEXT, break_on_hyphens=False) if len(note) > _LONGEST_TEXT else [note]


def _cover(release: Published) -> Sheet:
    return _sheet(
        COVER,
        [
            str(release),
            *release.standing.sentences,
            f"Organisation: {release.organisation}",
            f"Built on {period(release.built_at.date(), None)}.",
            "The figures of a release are never changed. What replaces it has a higher number.",
            release.policy,
            *(f"Collected: {part}" for part in release.collected),
            f"Source: {release.source}",
            f"The standard: {release.facts['source']}",
            "Each table stands on a worksheet of its own. Where a number is withheld, a symbol in square brackets "
            "stands in its place; the symbols are explained above each table.",
        ],
    )


def _contents(notes: Sheet, told: Sequence[Sheet]) -> Sheet:
    return _sheet(
        CONTENTS,
        ["Contents", "This worksheet contains one table. Its first column links to the other worksheets."],
        ["Worksheet", "What it holds"],
        [(each.name, each.lines[0]) for each in (notes, *told)],
        links=True,
    )


def _of_table(release: Published, table: ProtectedTable, notes: _Notes) -> Sheet:
    asked, known, *others = release.notes_of(table)  # who is in each base comes first
    parts = release.parts_of(table)
    ranged = any(figure.between for part in parts for cell in part.cells for figure in _shares(cell))
    columns = [
        ("Breakdown", "Group", "Category", "Count"),
        _share_columns("asked", notes.references(asked), ranged),
        _share_columns("known", notes.references(known), ranged),
        ("Base asked", "Base known"),
    ]
    no_range = (f"{NOT_APPLICABLE} in a column of lowest or highest percentages: there is no range to give.",)
    breakdowns = {ORGANISATION: ORGANISATION} | {each["code"]: each["title"] for each in release.breakdowns}
    return _sheet(
        table.id[:_LONGEST_NAME],
        [
            table.title,
            "This worksheet contains one table. Notes are on the worksheet Notes.",
            table.universe,
            f"Notes on this table: {notes.references(*release.notes, *release.notes_on_groups, *others)}",
            *_explained(release.symbols),
            *(no_range if ranged else ()),
        ],
        [name for group in columns for name in group],
        [
            (
                breakdowns[part.breakdown],
                part.group,
                cell.label,
                _value(cell.count),
                *(value for share in _shares(cell) for value in _share_values(share, ranged)),
                *map(_value, part.bases),
            )
            for part in parts
            for cell in part.cells
        ],
    )


def _of_response(release: Published) -> Sheet:
    return _sheet(
        RESPONSE,
        [
            "Response: how many answered, of how many",
            "This worksheet contains one table.",
            *_explained(RESPONSE_SYMBOLS.items()),
        ],
        ["Breakdown", "Group", "Headcount", "Responses", "Response rate in per cent"],
        [_response_row(each) for each in responses(release)],
    )


def _response_row(response: Response) -> tuple[Value, ...]:
    return (
        response.breakdown_title,
        response.group,
        *map(_value, (response.headcount, response.responses, response.rate)),
    )


def _share_columns(base: str, note: str, ranged: bool) -> tuple[str, ...]:
    percentage = f"ercentage of base {base}"
    limits = (f"Lowest p{percentage} that rounding allows", f"Highest p{percentage} that rounding allows")
    return (f"P{percentage} {note}", *(limits if ranged else ()))


def _shares(cell: ProtectedCell) -> tuple[Figure, Figure]:
    return cell.percent_asked, cell.percent_known


def _share_values(share: Figure, ranged: bool) -> Iterator[Value]:
    yield _value(share)
    if ranged:
        yield from (Symbol(NOT_APPLICABLE) if limit is None else limit for limit in (share.low, share.high))


def _value(figure: Figure) -> Value:
    return Symbol(figure.status) if figure.value is None else figure.value


def _explained(symbols: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from (f"{symbol} {meaning}." for symbol, meaning in symbols)


def _sheet(
    name: str,
    lines: list[str],
    columns: Sequence[str] = (),
    rows: Sequence[tuple[Value, ...]] = (),
    links: bool = False,
) -> Sheet:
    """A worksheet of texts that are safe, wherever they came from."""
    return Sheet(
        name,
        tuple(plain(piece) for line in lines for piece in _pieces(line)),
        tuple(columns),
        tuple(tuple(plain(value) if type(value) is str else value for value in row) for row in rows),
        links,
    )


def widths(sheet: Sheet) -> list[int]:
    """Of each column, in characters: texts of any length have room to wrap, numbers and symbols need less."""
    if not sheet.columns:
        return [2 * WIDE]
    longest = [max(len(str(value)) for value in column) for column in zip(*sheet.rows, strict=True)]
    return [min(max(length + 2, NARROW), WIDE) for length in longest]
