"""What `--verify` says of a folder: each difference in words, and nothing where only a library wrote other bytes."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from outputs.exports.archive import archive
from outputs.exports.checksums import checksums
from outputs.exports.files import CSV, ODS, XLSX, ZIP, File
from outputs.exports.folder import write
from outputs.exports.ods import ods
from outputs.exports.verify import differences
from outputs.exports.worksheets import Sheet, Spreadsheet
from outputs.exports.xlsx import xlsx

MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)
WRITERS = {"t.ods": (ODS, ods), "t.xlsx": (XLSX, xlsx)}


def spreadsheet(count: int = 60, made_at: datetime = MADE_AT, name: str = "a") -> Spreadsheet:
    return Spreadsheet("T", made_at, (Sheet(name, ("Title",), ("Group", "Count"), (("All", Decimal(count)),)),))


def files() -> tuple[File, ...]:
    alone = [
        File("a.csv", "A", CSV, lambda: b"group,count\r\nAll,60\r\n"),
        *(File(name, name, kind, lambda write=write: write(spreadsheet())) for name, (kind, write) in WRITERS.items()),
    ]
    alone.append(checksums(alone))
    return (File("p.zip", "P", ZIP, lambda: archive([(f"p/{f.name}", f.content()) for f in alone], MADE_AT)), *alone)


@pytest.fixture
def folder(tmp_path):
    write(files(), tmp_path)
    return tmp_path


def test_folder_as_it_was_written_has_no_difference(folder):
    assert differences(files(), folder) == []


def test_pack_alone_has_no_difference(folder):
    for file in files()[1:]:
        (folder / file.name).unlink()
    assert differences(files(), folder) == []


def test_files_without_their_pack_have_no_difference(folder):
    (folder / "p.zip").unlink()
    assert differences(files(), folder) == []


def test_missing_file_is_named(folder):
    (folder / "a.csv").unlink()
    assert differences(files(), folder) == [
        "a.csv: is missing.",
    ]


def test_file_of_another_origin_is_named(folder):
    (folder / "b.csv").write_text("b")
    assert differences(files(), folder) == ["b.csv: is no file of this release."]


def test_changed_line_is_shown_beside_the_release_s(folder):
    (folder / "a.csv").write_bytes(b"group,count\r\nAll,65\r\n")
    assert differences(files(), folder)[0] == "a.csv: line 2 is “All,65”, where the release has “All,60”."


def test_line_too_few_is_shown(folder):
    (folder / "a.csv").write_bytes(b"group,count\r")
    assert differences(files(), folder)[0] == "a.csv: line 2 is nothing, where the release has “All,60”."


def test_line_end_of_another_kind_is_told(folder):
    (folder / "a.csv").write_bytes(b"group,count\nAll,60\n")
    assert differences(files(), folder)[0] == "a.csv: line 1 differs only in its line end, or in spaces around it."


@pytest.mark.parametrize("name", WRITERS)
def test_changed_cell_is_shown_beside_the_release_s(name, folder):
    (folder / name).write_bytes(WRITERS[name][1](spreadsheet(65)))
    assert differences(files(), folder)[0] == f"{name}: cell B3 of a is “65”, where the release has “60”."


@pytest.mark.parametrize("name", WRITERS)
def test_worksheet_of_another_name_is_shown(name, folder):
    (folder / name).write_bytes(WRITERS[name][1](spreadsheet(name="b")))
    assert differences(files(), folder)[0] == f"{name}: has the worksheets b, where the release has a."


@pytest.mark.parametrize("name", WRITERS)
def test_spreadsheet_with_other_bytes_and_the_same_cells_is_the_same(name, folder):
    other = WRITERS[name][1](spreadsheet(made_at=datetime(2030, 1, 1, tzinfo=UTC)))
    assert other != (folder / name).read_bytes()
    (folder / name).write_bytes(other)
    (folder / "SHA256SUMS").write_bytes(
        checksums(File(f.name, "", CSV, (folder / f.name).read_bytes) for f in files()[1:-1]).content()
    )
    assert differences(files(), folder) == []


@pytest.mark.parametrize(
    ("name", "part", "cell", "formula"),
    [
        ("t.ods", "content.xml", b'office:value="60"', b'table:formula="of:=30+30" office:value="60"'),
        ("t.xlsx", "xl/worksheets/sheet1.xml", b"<v>60</v>", b"<f>30+30</f><v>60</v>"),
    ],
)
def test_formula_with_the_same_value_is_found(name, part, cell, formula, folder):
    with zipfile.ZipFile(folder / name) as zipped:
        held = {each: zipped.read(each) for each in zipped.namelist()}
    held[part] = held[part].replace(cell, formula)
    (folder / name).write_bytes(archive(held.items(), MADE_AT))
    assert differences(files(), folder)[0] == f"{name}: holds a formula, and nothing is calculated in the release’s."


@pytest.mark.parametrize("name", WRITERS)
def test_file_that_is_no_spreadsheet_is_said_to_be_unreadable(name, folder):
    (folder / name).write_bytes(b"nothing")
    assert differences(files(), folder)[0] == f"{name}: cannot be read as a spreadsheet."


def test_checksums_of_other_files_are_found(folder):
    (folder / "SHA256SUMS").write_text("0  a.csv\n")
    assert differences(files(), folder) == ["SHA256SUMS: is not the list of the checksums of the files beside it."]


def test_changed_file_in_the_pack_is_named(folder):
    with zipfile.ZipFile(io.BytesIO((folder / "p.zip").read_bytes())) as zipped:
        held = {name: zipped.read(name) for name in zipped.namelist()}
    held["p/a.csv"] = b"group,count\r\nAll,70\r\n"
    held["p/more.txt"] = b""
    (folder / "p.zip").write_bytes(archive(held.items(), MADE_AT))
    assert differences(files(), folder) == [
        "p.zip: a.csv: line 2 is “All,70”, where the release has “All,60”.",
        "p.zip: more.txt: is no file of this release.",
    ]


@pytest.mark.parametrize("end", [100, -100])
def test_pack_that_is_cut_short_is_said_to_be_unreadable(end, folder):
    (folder / "p.zip").write_bytes((folder / "p.zip").read_bytes()[:end])
    assert differences(files(), folder) == ["p.zip: cannot be read as a zip archive."]


def test_pack_zipped_again_with_the_same_files_is_the_same(folder):
    with zipfile.ZipFile(io.BytesIO((folder / "p.zip").read_bytes())) as zipped:
        held = {name: zipped.read(name) for name in zipped.namelist()}
    (folder / "p.zip").write_bytes(archive({"p/": b"", **held}.items(), datetime(2030, 1, 1, tzinfo=UTC)))
    assert differences(files(), folder) == []


def test_folder_that_does_not_exist_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        differences(files(), tmp_path / "none")
