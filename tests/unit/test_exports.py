"""Files that need no release: the CSV writer, writing into a folder, the columns and the codebook's files."""

import csv
import io
import stat

import pytest

from outputs.exports.codebook_files import codebook_files
from outputs.exports.columns import COLUMNS
from outputs.exports.csv_text import csv_bytes
from outputs.exports.files import CSV, File, named
from outputs.exports.folder import write
from questionnaire import registry
from tests.conftest import STANDARD


@pytest.fixture(scope="module")
def standard():
    return registry.get_key(STANDARD)


def rows_of(file: File) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.content().decode(), newline="")))


def test_columns_of_tables_are_the_public_ones_in_order():
    assert ",".join(column.name for column in COLUMNS) == (
        "survey,standard,release,table,breakdown,group,category_code,category,count,count_status,percent_asked,"
        "percent_asked_status,percent_known,percent_known_status,base_asked,base_known"
    )


def test_csv_is_utf8_with_crlf_and_quotes_where_needed():
    assert csv_bytes(["a", "b"], [["Don’t know, yet", None], ['a "b"', 0]]) == (
        'a,b\r\n"Don’t know, yet",\r\n"a ""b""",0\r\n'.encode()
    )


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_cell_like_a_formula_is_written_as_text(hostile):
    written = csv_bytes(["slug"], [[hostile]])
    assert list(csv.reader(io.StringIO(written.decode(), newline=""))) == [["slug"], ["'" + hostile]]


@pytest.mark.parametrize("harmless", ["1+1", "a=b", "1 to 24", "’=1"])
def test_csv_cell_that_only_holds_such_a_sign_is_written_as_it_is(harmless):
    assert csv_bytes(["slug"], [[harmless]]) == f"slug\r\n{harmless}\r\n".encode()


def test_codebook_has_a_row_for_every_option_of_every_mode(standard):
    rows = rows_of(named(codebook_files(standard), "codebook.csv"))
    assert len(rows) == sum(
        len(question.asking(mode.id).options) for question in standard.questions for mode in standard.modes
    )


def test_codebook_row_of_a_spontaneous_answer_by_telephone(standard):
    rows = rows_of(named(codebook_files(standard), "codebook.csv"))
    by_telephone = [row for row in rows if (row["question"], row["mode"]) == ("supervisor", "telephone")]
    assert by_telephone[2] == {
        "standard": "gss_seb/2023-07",
        "question": "supervisor",
        "mode": "telephone",
        "order": "3",
        "code": "dont_know",
        "label": "Don’t know",
        "hint": "",
        "spontaneous": "yes",
        "universe": "Those who answered “Employee” to the question “Employee, self-employed or not working”",
    }


def test_codebook_universe_uses_the_words_of_the_mode(standard):
    rows = rows_of(named(codebook_files(standard), "codebook.csv"))
    universe = {row["mode"]: row["universe"] for row in rows if row["question"] == "free_school_meals"}
    assert universe["online"].split("”, “")[1:] == [
        "A state-run or state-funded school that selected on the basis of academic ability, faith or other grounds",
        "I don’t know” or “Prefer not to say” to the question “School type”",
    ]
    assert universe["telephone"].split("”, “")[2] == "Don’t know” or “Prefer not to say” to the question “School type”"


def test_codebook_files_are_the_codebook_and_one_for_each_decision_table(standard):
    assert [file.name for file in codebook_files(standard)] == [
        "codebook.csv",
        "derivation-school_type_reported.csv",
        "derivation-free_school_meals_reported.csv",
        "derivation-nssec_detailed.csv",
        "derivation-nssec5.csv",
        "derivation-nssec3.csv",
        "derivation-parental_qualification_reported.csv",
    ]


def test_derivation_file_has_the_rows_of_the_decision_table_in_order(standard):
    rows = rows_of(named(codebook_files(standard), "derivation-nssec5.csv"))
    decision = next(decision for decision in standard.decisions if decision.variable == "nssec5")
    assert [
        (row["row"], row["nssec_detailed"], row["imputation"], row["nssec5"], row["imputed"], row["source"])
        for row in rows
    ] == [
        (str(number), *row.when, row.value, "yes" if row.imputed else "no", row.source)
        for number, row in enumerate(decision.rows, 1)
    ]


def test_named_file_that_does_not_exist_is_a_lookup_error(standard):
    with pytest.raises(LookupError, match=r"^There is no file \.\./settings\.py\.$"):
        named(codebook_files(standard), "../settings.py")


def test_write_makes_the_folder_and_files_that_others_may_read(tmp_path):
    write([File("a.csv", "A", CSV, lambda: b"a\r\n")], tmp_path / "new" / "folder")
    written = tmp_path / "new" / "folder" / "a.csv"
    assert (written.read_bytes(), stat.filemode(written.stat().st_mode)) == (b"a\r\n", "-rw-r--r--")


def test_write_replaces_a_file_whole_and_leaves_nothing_else(tmp_path):
    (tmp_path / "a.csv").write_text("longer than what comes\n")
    write([File("a.csv", "A", CSV, lambda: b"a\r\n")], tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"a\r\n"}


def test_write_that_fails_leaves_the_file_as_it_was(tmp_path):
    (tmp_path / "a.csv").write_text("before\n")

    def fails() -> bytes:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        write([File("a.csv", "A", CSV, fails)], tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "before\n"}
