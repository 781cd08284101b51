"""The CSV files of a release's numbers, each with its CSV on the Web metadata, and syntax that reads them into SPSS."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from outputs.disclosure.protected import ProtectedTable
from outputs.exports.columns import COLUMNS, Column
from outputs.exports.csv_text import csv_bytes
from outputs.exports.files import CSV, CSVW, SPS, File
from outputs.exports.metadata import metadata_of_all, metadata_of_ranges, metadata_of_response, metadata_of_table
from outputs.exports.more_columns import RANGE_COLUMNS, RESPONSE_COLUMNS
from outputs.exports.response import responses
from outputs.exports.spss import syntax
from outputs.releases import Published

ALL, RANGES, RESPONSE = "tables.csv", "percentage-ranges.csv", "response.csv"


def table_files(release: Published) -> Iterator[File]:
    """All tables in one, each by itself, the ranges of percentages, the response, and SPSS syntax."""
    yield from _described(
        ALL, "Every table in one file", lambda: _csv(release, release.parts), lambda: metadata_of_all(release, ALL)
    )
    for table in release.tables:
        name = f"{table.id}.csv"
        yield from _described(
            name,
            table.title,
            lambda table=table: _csv(release, release.parts_of(table)),
            lambda table=table, name=name: metadata_of_table(release, table, name),
        )
    yield from _described(
        RANGES,
        "Between what each percentage of a small base can lie",
        lambda: _rows(RANGE_COLUMNS, _ranged(release)),
        lambda: metadata_of_ranges(release, RANGES),
    )
    yield from _described(
        RESPONSE,
        "How many answered, of how many, by group",
        lambda: _rows(RESPONSE_COLUMNS, ((release, each) for each in responses(release))),
        lambda: metadata_of_response(release, RESPONSE),
    )
    yield File("tables.sps", f"Syntax that reads {ALL} into SPSS, with labels", SPS, lambda: syntax(release, ALL))


def _described(name: str, title: str, content: Callable[[], bytes], metadata: Callable[[], bytes]) -> Iterator[File]:
    yield File(name, title, CSV, content)
    yield File(f"{name}-metadata.json", f"What the columns of {name} mean (CSV on the Web)", CSVW, metadata)


def _csv(release: Published, tables: Iterable[ProtectedTable]) -> bytes:
    return _rows(COLUMNS, ((release, table, cell) for table in tables for cell in table.cells))


def _ranged(release: Published) -> Iterator[tuple]:
    for table in release.parts:
        for cell in table.cells:
            if cell.percent_asked.between or cell.percent_known.between:
                yield release, table, cell


def _rows(columns: Sequence[Column], made_of: Iterable[tuple]) -> bytes:
    return csv_bytes(
        [column.name for column in columns], ([column.value(*row) for column in columns] for row in made_of)
    )
