"""SPSS syntax that reads tables.csv: its users get labels and missing values, and no file that only SPSS can open."""

from collections.abc import Iterator

from outputs.exports.columns import COLUMNS, Column
from outputs.releases import Published

_LONGEST_LABEL = 120
_FORMATS = {"string": "A500", "integer": "F8.0", "nonNegativeInteger": "F10.0", "decimal": "F6.1"}
_STATUS = "_status"  # ends the name of a column of symbols


def syntax(release: Published, file: str) -> bytes:
    """The syntax file. It names `file` without a folder: SPSS is to be started, or told to look, where both are."""
    return ("\r\n".join(_lines(release, file)) + "\r\n").encode("utf-8-sig")


def _lines(release: Published, file: str) -> Iterator[str]:
    yield "* Reads the tables of one release. Open this file in the folder in which the tables are."
    yield "* A number that is withheld is missing; the status beside it says why."
    yield "GET DATA"
    yield "  /TYPE=TXT"
    yield f"  /FILE='{file}'"
    yield "  /ENCODING='UTF8'"
    yield "  /ARRANGEMENT=DELIMITED"
    yield "  /FIRSTCASE=2"
    yield "  /DELIMITERS=','"
    yield "  /QUALIFIER='\"'"
    yield "  /VARIABLES="
    for column in COLUMNS:
        yield f"    {column.name} {_format(column)}"
    yield "  ."
    yield "VARIABLE LABELS"
    for column in COLUMNS:
        yield f"  {column.name} {_quoted(column.title)}"
    yield "  ."
    yield f"VALUE LABELS {' '.join(column.name for column in COLUMNS if column.name.endswith(_STATUS))}"
    for symbol, meaning in release.symbols:
        yield f"  {_quoted(symbol)} {_quoted(meaning)}"
    yield "  ."
    yield "EXECUTE."


def _format(column: Column) -> str:
    return "A8" if column.name.endswith(_STATUS) else _FORMATS[column.datatype]


def _quoted(text: str) -> str:
    return "'" + text[:_LONGEST_LABEL].replace("'", "''") + "'"
