"""CSV on the Web metadata: what a program needs to read a table's CSV, and a person to understand it."""

import json
from typing import Any

from outputs.disclosure.protected import ProtectedTable
from outputs.exports.columns import COLUMNS, Column
from outputs.exports.more_columns import RANGE_COLUMNS, RESPONSE_COLUMNS
from outputs.exports.response import SYMBOLS
from outputs.releases import Published

_KEY = ("survey", "release", "table", "breakdown", "group", "category_code")


def metadata_of_all(release: Published, file: str) -> bytes:
    """The metadata of the one file with every table."""
    title = f"{release.facts['title']}: {release.extent}"
    table_notes = [f"{table.title}: {note}" for table in release.tables for note in release.notes_of(table)]
    return _metadata(release, file, title, _description(release), table_notes)


def metadata_of_table(release: Published, table: ProtectedTable, file: str) -> bytes:
    """The metadata of one table's file."""
    title = f"{release.facts['title']}: {table.title}"
    return _metadata(release, file, title, f"{table.universe} {_description(release)}", release.notes_of(table))


def metadata_of_ranges(release: Published, file: str) -> bytes:
    """The metadata of the file of ranges."""
    title = f"{release.facts['title']}: between what percentages of small bases can lie"
    return _metadata(release, file, title, _description(release), [], RANGE_COLUMNS)


def metadata_of_response(release: Published, file: str) -> bytes:
    """The metadata of the file that says how many answered."""
    title = f"{release.facts['title']}: how many answered, of how many"
    explained = [f"{symbol} {meaning}." for symbol, meaning in SYMBOLS.items()]
    return _metadata(release, file, title, _description(release), explained, RESPONSE_COLUMNS)


def _metadata(
    release: Published,
    file: str,
    title: str,
    description: str,
    notes_of_file: list[str],
    columns: tuple[Column, ...] = COLUMNS,
) -> bytes:
    symbols = [f"{symbol} {meaning}." for symbol, meaning in release.symbols]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file,
        "dc:title": title,
        "dc:description": description,
        "dc:publisher": release.organisation,
        "dc:issued": {"@value": release.built_at.date().isoformat(), "@type": "xsd:date"},
        "dc:source": {"@id": release.facts["source"]},
        "dc:license": {"@id": release.facts["licence_url"]},
        "dc:provenance": release.source,
        "notes": [
            {"rdfs:comment": note} for note in [*release.notes, *release.notes_on_groups, *symbols, *notes_of_file]
        ],
        "dialect": {
            "encoding": "utf-8",
            "lineTerminators": ["\r\n"],
            "delimiter": ",",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
            "headerRowCount": 1,
        },
        "tableSchema": {
            "columns": [_column(column) for column in columns],
            "primaryKey": [column.name for column in columns if column.name in _KEY],
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": [column.name, column.title],
        "dc:description": column.description,
        "datatype": column.datatype,
        "null": "",
        "required": not column.may_be_blank,
    }
    return described | ({"schema:unitText": column.unit} if column.unit else {})


def _description(release: Published) -> str:
    return " ".join([release.policy, *release.collected])
