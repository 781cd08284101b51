"""Every file of a release: all tables in one, each table by itself, their metadata and the codebook."""

from collections.abc import Iterator

from outputs.disclosure.protected import ProtectedTable
from outputs.exports.codebook_files import codebook_files
from outputs.exports.columns import COLUMNS
from outputs.exports.csv_text import csv_bytes
from outputs.exports.files import CSV, CSVW, File
from outputs.exports.metadata import metadata_of_all, metadata_of_table
from outputs.releases import Published
from questionnaire import registry


def release_files(release: Published) -> tuple[File, ...]:
    """The files, tables first. LookupError where the release's standard is no longer installed."""
    return (*_table_files(release), *codebook_files(registry.get_key(release.facts["standard"])))


def _table_files(release: Published) -> Iterator[File]:
    yield File("tables.csv", "Every table in one file", CSV, lambda: _csv(release, release.parts))
    yield File(
        "tables.csv-metadata.json",
        "What the columns of tables.csv mean (CSV on the Web)",
        CSVW,
        lambda: metadata_of_all(release, "tables.csv"),
    )
    for table in release.tables:
        name = f"{table.id}.csv"
        yield File(name, table.title, CSV, lambda table=table: _csv(release, release.parts_of(table)))
        yield File(
            f"{name}-metadata.json",
            f"What the columns of {name} mean (CSV on the Web)",
            CSVW,
            lambda table=table, name=name: metadata_of_table(release, table, name),
        )


def _csv(release: Published, tables: tuple[ProtectedTable, ...]) -> bytes:
    rows = [[column.value(release, table, cell) for column in COLUMNS] for table in tables for cell in table.cells]
    return csv_bytes([column.name for column in COLUMNS], rows)
