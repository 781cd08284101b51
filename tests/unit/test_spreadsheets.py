"""The writers of ODS and XLSX, read by other libraries: numbers stay numbers, texts texts; nothing is calculated."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from odfdo import Document
from openpyxl import load_workbook

from outputs.exports.ods import ods
from outputs.exports.worksheets import Sheet, Spreadsheet, Symbol, plain, widths
from outputs.exports.xlsx import xlsx

TABLE = Sheet(
    "a-table",
    ("A title", "A line above the table"),
    ("Category", "Count"),
    (("One", Decimal(1250)), ("Two", Decimal("12.5")), ("Three", Symbol("[c]"))),
)
CONTENTS = Sheet("Contents", ("Contents",), ("Worksheet",), (("a-table",),), links=True)
SPREADSHEET = Spreadsheet("A title", datetime(2026, 11, 1, 12, 30, tzinfo=UTC), (CONTENTS, TABLE))
CELLS = [
    ["A title", None],
    ["A line above the table", None],
    ["Category", "Count"],
    ["One", 1250],
    ["Two", 12.5],
    ["Three", "[c]"],
]


def workbook():
    return load_workbook(io.BytesIO(xlsx(SPREADSHEET)))


def document() -> Document:
    return Document(io.BytesIO(ods(SPREADSHEET)))


def test_xlsx_holds_the_cells():
    assert [[cell.value for cell in row] for row in workbook()["a-table"].iter_rows()] == CELLS


def test_xlsx_types_numbers_as_numbers_and_symbols_as_text():
    assert [cell.data_type for cell in workbook()["a-table"]["B"][3:]] == ["n", "n", "s"]


def test_xlsx_marks_the_table():
    (table,) = workbook()["a-table"].tables.values()
    assert (table.name, table.ref, table.autoFilter) == ("table_a_table", "A3:B6", None)


def test_xlsx_contents_link_to_the_worksheet():
    assert workbook()["Contents"]["A3"].hyperlink.location == "'a-table'!A1"


def test_xlsx_says_its_title_and_when_it_was_made():
    properties = workbook().properties
    assert (properties.title, properties.created) == ("A title", datetime(2026, 11, 1, 12, 30))  # noqa: DTZ001


def test_ods_holds_the_cells():
    assert [list(row) for row in document().body.get_table(name="a-table").iter_values()] == CELLS


def test_ods_types_numbers_as_numbers_and_symbols_as_text():
    table = document().body.get_table(name="a-table")
    assert [table.get_cell((1, row)).type for row in range(3, 6)] == ["float", "float", "string"]


def test_ods_shows_numbers_as_a_person_writes_them():
    table = document().body.get_table(name="a-table")
    assert [table.get_cell((1, row)).inner_text.strip() for row in (3, 4)] == ["1,250", "12.5"]


def test_ods_marks_the_table():
    (*_, marked) = document().body.get_elements("//table:database-range")
    assert marked.attributes == {
        "table:name": "table_a_table",
        "table:target-range-address": "'a-table'.A3:'a-table'.B6",
        "table:contains-header": "true",
    }


def test_ods_contents_link_to_the_worksheet():
    (link,) = document().body.get_elements("//text:a")
    assert link.get_attribute("xlink:href") == "#'a-table'.A1"


def test_ods_begins_with_its_type_uncompressed():
    with zipfile.ZipFile(io.BytesIO(ods(SPREADSHEET))) as zipped:
        first = zipped.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


@pytest.mark.parametrize("write", [ods, xlsx])
def test_spreadsheet_is_the_same_bytes_every_time(write):
    assert write(SPREADSHEET) == write(SPREADSHEET)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        (" =1", "'=1"),
        ("one\x00two\ufffe", "one two"),
        ("1 to 24", "1 to 24"),
    ],
)
def test_text_is_written_so_that_nothing_is_calculated_or_refused(text, written):
    assert plain(text) == written


def test_column_is_as_wide_as_its_longest_cell_within_limits():
    sheet = Sheet("a", ("A",), ("One", "Two", "Three"), (("x" * 20, Decimal(1), "y" * 500),))
    assert widths(sheet) == [22, 14, 48]
