"""The spreadsheets of a release, opened by other libraries and by LibreOffice, their cells held against the release."""

import csv
import io
import re
import subprocess
from copy import deepcopy
from decimal import Decimal
from shutil import which

import pytest
from odfdo import Document

from outputs.exports.worksheets import spreadsheet
from outputs.models import Release
from outputs.release_job import build_release
from outputs.releases import Published, release
from questionnaire import registry
from tests.conftest import STANDARD
from tests.counted_survey import NOT_WORKING, closed_survey
from tests.released import by_group, content, hostile, limits, shares, shown, workbook

pytestmark = pytest.mark.django_db

TABLES = [table.id for table in registry.get_key(STANDARD).tables]
SHEETS = ["Cover", "Contents", "Notes", *TABLES, "Response"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
each_table = pytest.mark.parametrize("table", TABLES)
each_release = pytest.mark.parametrize("built", [by_group, hostile])


def told(built: Published, table: str) -> list[list]:
    """The numbers and symbols of a table, in the order of a worksheet's columns: what its cells must hold."""
    parts = [part for part in built.parts if part.id == table]
    ranged = any(share.low is not None for part in parts for cell in part.cells for share in shares(cell))
    return [
        [
            shown(cell.count),
            *(value for share in shares(cell) for value in (shown(share), *(limits(share) if ranged else ()))),
            *map(shown, part.bases),
        ]
        for part in parts
        for cell in part.cells
    ]


def of_worksheet(cells: list[list]) -> list[list]:
    """The numbers and symbols below the headings of a worksheet; three columns say whose they are."""
    headings = next(number for number, row in enumerate(cells) if row[0] == "Breakdown")
    return [
        [Decimal(str(value)) if isinstance(value, int | float) else value for value in row[3:]]
        for row in cells[headings + 1 :]
    ]


@each_table
def test_xlsx_holds_the_numbers_of_the_release(table):
    cells = [[cell.value for cell in row] for row in workbook(by_group())[table].iter_rows()]
    assert of_worksheet(cells) == told(by_group(), table)


@each_table
def test_ods_holds_the_numbers_of_the_release(table):
    document = Document(io.BytesIO(content(by_group(), "tables.ods")))
    cells = [list(row) for row in document.body.get_table(name=table).iter_values()]
    assert of_worksheet(cells) == told(by_group(), table)


@pytest.mark.slow
@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_libreoffice_reads_the_numbers_of_the_release(kind, tmp_path):
    (tmp_path / f"tables.{kind}").write_bytes(content(by_group(), f"tables.{kind}"))
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", every_sheet, "--outdir", tmp_path, f"tables.{kind}"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=100)
    for table in TABLES:
        text = (tmp_path / f"tables-{table}.csv").read_text()
        cells = [[int(value) if value.isdigit() else value for value in row] for row in csv.reader(io.StringIO(text))]
        assert of_worksheet(cells) == told(by_group(), table)


@each_table
def test_worksheet_without_ranges_leaves_their_columns_out(table):
    closed_survey()
    build_release("staff", actor="test")
    built = release("staff")
    headings = next(row for row in workbook(built)[table].iter_rows(values_only=True) if row[0] == "Breakdown")
    ranged = any(share.low is not None for cell in built.table(table).cells for share in shares(cell))
    assert len(headings) == (12 if ranged else 8)


def test_spreadsheets_of_a_release_below_the_minimum_have_symbols_alone():
    closed_survey([(NOT_WORKING, 9)])
    build_release("staff", actor="test")
    cells = [[cell.value for cell in row] for row in workbook(release("staff"))["nssec-3-imputed"].iter_rows()]
    assert of_worksheet(cells) == [["[c]"] * 5] * 2


def test_spreadsheets_of_an_exact_release_have_one_decimal():
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    first = workbook(release("staff"))["nssec-3-imputed"]["D8:H8"][0]
    assert [(cell.value, cell.number_format) for cell in first] == [
        (2, "#,##0"),
        (2.5, "#,##0.0"),
        (2.5, "#,##0.0"),
        (80, "#,##0"),
        (80, "#,##0"),
    ]


@each_release
def test_worksheets_are_the_front_ones_and_one_for_each_table(built):
    assert workbook(built()).sheetnames == SHEETS


@each_release
@pytest.mark.parametrize("sheet", SHEETS)
def test_worksheet_has_one_marked_table_without_gaps_and_nothing_merged_or_frozen(sheet, built):
    worksheet = workbook(built())[sheet]
    tables = [table.ref.split(":")[1] for table in worksheet.tables.values()]
    cells = [cell for row in worksheet.iter_rows(min_row=worksheet.max_row) for cell in row]
    assert tables == ([] if sheet == "Cover" else [cells[-1].coordinate])
    assert [row for row in worksheet.iter_rows(values_only=True) if row[0] is None] == []
    assert (worksheet.merged_cells.ranges, worksheet.freeze_panes) == (set(), None)


def test_title_of_each_worksheet_is_in_its_first_cell():
    built = by_group()
    titles = [built.table(table).title for table in TABLES]
    first = [worksheet["A1"].value for worksheet in workbook(built)]
    assert first == [
        "Staff survey, release 1",
        "Contents",
        "Notes",
        *titles,
        "Response: how many answered, of how many",
    ]


@each_table
def test_symbols_are_explained_above_the_table(table):
    lines = [row[0] for row in workbook(by_group())[table].iter_rows(values_only=True)]
    above = lines[: lines.index("Breakdown")]
    assert [line for line in above if line.split()[0] in dict(by_group().symbols)][: len(by_group().symbols)] == [
        f"{symbol} {meaning}." for symbol, meaning in by_group().symbols
    ]


def test_notes_that_worksheets_refer_to_are_the_notes_there_are():
    book = workbook(by_group())
    referred = {
        reference
        for table in TABLES
        for row in book[table].iter_rows(values_only=True)
        for value in row
        for reference in re.findall(r"\[note \d+\]", str(value))
    }
    assert referred == {row[0] for row in book["Notes"].iter_rows(min_row=4, values_only=True)}


def test_note_too_long_for_a_cell_is_continued_in_the_next():
    facts = deepcopy(by_group().facts)
    group = facts["breakdowns"][0]["groups"][0]
    group["members"] = [f"A department with a name that is rather long, and number {number}" for number in range(900)]
    longer = Published(
        Release(number=1, created_at=by_group().built_at, facts=facts, tables=by_group().row.tables), {1: None}
    )
    notes = next(sheet for sheet in spreadsheet(longer).sheets if sheet.name == "Notes")
    pieces = [text for _number, text, _tables in notes.rows if "rather long" in text]
    assert " ".join(pieces) == longer.notes_on_groups[0]
    assert max(map(len, pieces)) <= 32_767


def test_xlsx_with_hostile_titles_has_no_formula_and_no_text_like_one():
    cells = [cell for worksheet in workbook(hostile()) for row in worksheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"n", "s"}
    assert [cell.value for cell in cells if str(cell.value).startswith(FORMULA)] == []


def test_ods_with_hostile_titles_has_no_formula_and_no_text_like_one():
    document = Document(io.BytesIO(content(hostile(), "tables.ods")))
    cells = [cell for table in document.body.tables for row in table.iter_rows() for cell in row.iter_cells()]
    assert {cell.type for cell in cells} == {"float", "string"}
    assert [cell.formula for cell in cells if cell.formula] == []
    assert [cell.value for cell in cells if str(cell.value).startswith(FORMULA)] == []
