"""The CSV files beside the tables, and SPSS syntax, opened by readers of their own and held against the release."""

import csv
import io
import subprocess
from shutil import which

import pytest
from csvw.metadata import CSVW
from frictionless import Resource

from outputs.dashboard import rates_of
from outputs.exports.release_files import release_files
from outputs.exports.response import responses
from outputs.release_job import build_release
from outputs.releases import release
from tests.counted_survey import NOT_WORKING, closed_survey
from tests.released import by_group, content, hostile, rows, shares, shown

pytestmark = pytest.mark.django_db

each_release = pytest.mark.parametrize("built", [by_group, hostile])
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def test_csv_with_hostile_titles_has_no_cell_like_a_formula():
    written = [file for file in release_files(hostile()) if file.name.endswith(".csv")]
    cells = [
        cell for file in written for row in csv.reader(io.StringIO(file.content().decode(), newline="")) for cell in row
    ]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []


@each_release
@pytest.mark.parametrize("file", ["tables.csv", "percentage-ranges.csv", "response.csv"])
def test_csvw_metadata_is_valid_for_its_csv(file, built, tmp_path):
    for name in (file, f"{file}-metadata.json"):
        (tmp_path / name).write_bytes(content(built(), name))
    described = CSVW(str(tmp_path / f"{file}-metadata.json"), validate=True)
    assert (described.is_valid, [str(warning.message) for warning in described.warnings]) == (True, [])


def test_frictionless_reads_the_numbers_of_the_release(tmp_path):
    (tmp_path / "tables.csv").write_bytes(content(by_group(), "tables.csv"))
    with Resource(path="tables.csv", basepath=str(tmp_path)) as resource:
        read = [
            [row["count"] if row["count"] is not None else row["count_status"], row["base_asked"]]
            for row in resource.row_stream
        ]
    assert read == [[shown(cell.count), part.base_asked] for part in by_group().parts for cell in part.cells]


def test_ranges_are_those_of_the_release():
    written = [list(row.values())[-4:] for row in rows(by_group(), "percentage-ranges.csv")]
    assert written == [
        ["" if limit is None else str(limit) for share in shares(cell) for limit in (share.low, share.high)]
        for part in by_group().parts
        for cell in part.cells
        if any(share.low is not None for share in shares(cell))
    ]


def test_response_is_of_everyone_and_of_each_group_of_a_single_breakdown():
    assert [tuple(row.values())[2:] for row in rows(by_group(), "response.csv")] == [
        ("organisation", "All", "2000", "215", "", "11", ""),
        ("grade", "Assistant", "700", "80", "", "11", ""),
        ("grade", "Executive", "700", "95", "", "14", ""),
        ("grade", "Grade 7", "600", "40", "", "7", ""),
        ("department", "Personnel", "1000", "95", "", "10", ""),
        ("department", "Computing", "900", "105", "", "12", ""),
        ("department", "Legal", "100", "10", "", "10", ""),
    ]


def test_pages_tell_as_many_responses_of_each_group_as_the_file():
    on_pages = [
        (breakdown["code"], rate.title, rate.people)
        for breakdown in rates_of(by_group())["response_rates"]
        for rate in breakdown["rates"]
    ]
    assert on_pages == [(each.breakdown, each.group, each.responses) for each in responses(by_group())[1:]]


@pytest.mark.parametrize(
    ("headcount", "answered", "rate"),
    [
        (10, 10, "[95+]"),
        (21, 20, "[95+]"),
        (22, 20, "91"),
        (400, 20, "[5-]"),
        (363, 20, "6"),
        (None, 20, "[x]"),
        (9, 9, "[c]"),
    ],
)
def test_response_rate_is_whole_and_never_nobody_or_everybody(headcount, answered, rate):
    closed_survey([(NOT_WORKING, answered)], headcount=headcount)
    build_release("staff", actor="test")
    assert str(responses(release("staff"))[0].rate) == rate


@pytest.mark.skipif(which("pspp") is None, reason="PSPP, which reads SPSS syntax, is not installed here")
def test_spss_syntax_reads_every_number(tmp_path):
    for name in ("tables.csv", "tables.sps"):
        (tmp_path / name).write_bytes(content(by_group(), name))
    (tmp_path / "run.sps").write_text(
        "INSERT FILE='tables.sps' ENCODING='UTF8'.\nSAVE TRANSLATE /OUTFILE='out.csv' /TYPE=CSV /FIELDNAMES.\n"
    )
    subprocess.run(["pspp", "run.sps"], cwd=tmp_path, check=True, capture_output=True)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        read = [
            (row["group"].strip(), row["count"].strip(), row["count_status"].strip()) for row in csv.DictReader(file)
        ]
    assert read == [(row["group"], row["count"], row["count_status"]) for row in rows(by_group(), "tables.csv")]


def test_spss_syntax_reads_every_column_and_labels_every_symbol():
    syntax = content(by_group(), "tables.sps").decode("utf-8-sig").splitlines()
    columns = list(rows(by_group(), "tables.csv")[0])
    variables = syntax.index("  /VARIABLES=")
    labels = syntax.index("VARIABLE LABELS")
    assert [line.split()[0] for line in syntax[variables + 1 : labels - 1]] == columns
    assert [line.split()[0] for line in syntax if line.startswith("  '")] == [
        f"'{symbol}'" for symbol, _ in by_group().symbols
    ]
