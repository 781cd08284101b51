"""The files of a release, and the commands that build and write it."""

import csv
import io
import json
import re

import pytest
from csvw.metadata import CSVW
from django.core.management import CommandError, call_command

from outputs.exports.files import named
from outputs.exports.release_files import release_files
from outputs.release_job import build_release
from outputs.releases import release
from questionnaire import registry
from questionnaire.models import AuditEntry, Survey
from tests.conftest import STANDARD
from tests.counted_survey import (
    NOT_WORKING,
    REFUSED_WORK,
    ROUTINE_SUPERVISOR_UNKNOWN,
    closed_survey,
)
from tests.released import workbook

pytestmark = pytest.mark.django_db

TABLES = [table.id for table in registry.get_key(STANDARD).tables]
READABLE = (".csv", ".json", ".html", ".sps")
CODEBOOK = ["codebook.csv", *(f"derivation-{each.variable}.csv" for each in registry.get_key(STANDARD).decisions)]


def content(name: str, slug: str = "staff") -> bytes:
    return named(release_files(release(slug)), name).content()


def rows(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(name).decode(), newline="")))


def test_release_files_are_the_pack_then_each_that_is_in_it():
    closed_survey()
    build_release("staff", actor="test")
    assert [file.name for file in release_files(release("staff"))] == [
        "staff-release-1.zip",
        "quality-and-methodology.html",
        "tables.ods",
        "tables.xlsx",
        *(f"chart-{id}.svg" for id in TABLES if not id.endswith("-imputed")),
        *(
            name
            for id in ("tables", *TABLES, "percentage-ranges", "response")
            for name in (f"{id}.csv", f"{id}.csv-metadata.json")
        ),
        "tables.sps",
        *CODEBOOK,
        "SHA256SUMS",
    ]


def test_table_csv_of_eighty_agrees_with_the_count_by_hand():
    closed_survey()
    build_release("staff", actor="test")
    key = "staff,gss_seb/2023-07,1,free-school-meals,organisation,All"
    assert content("free-school-meals.csv").decode() == (
        "survey,standard,release,table,breakdown,group,category_code,category,count,count_status,percent_asked,"
        "percent_asked_status,percent_known,percent_known_status,base_asked,base_known\r\n"
        f"{key},yes,Yes,60,,92,,,[95+],65,60\r\n"
        f"{key},no,No,,[low],,[low],,[low],65,60\r\n"
        f"{key},not_applicable,Not applicable,,[low],,[low],,[z],65,60\r\n"
        f"{key},unknown,Don’t know or prefer not to say,5,,8,,,[z],65,60\r\n"
        f"{key},not_asked,Not asked,15,,,[z],,[z],65,60\r\n"
    )


def test_table_csv_below_the_minimum_has_every_category_and_no_number():
    closed_survey([(NOT_WORKING, 9)])
    build_release("staff", actor="test")
    assert [row[6:] for row in rows("nssec-3-imputed.csv")[1:]] == [
        ["imputed", "Imputed", "", "[c]", "", "[c]", "", "[c]", "", ""],
        ["not_imputed", "Not imputed", "", "[c]", "", "[c]", "", "[c]", "", ""],
    ]


def test_table_csv_exact_has_one_decimal():
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    assert rows("nssec-3-imputed.csv")[1][8:] == ["2", "", "2.5", "", "2.5", "", "80", "80"]


def test_tables_csv_is_every_table_after_the_other():
    closed_survey()
    build_release("staff", actor="test")
    assert rows("tables.csv")[1:] == [row for id in TABLES for row in rows(f"{id}.csv")[1:]]


def test_tables_csv_holds_neither_title_nor_organisation():
    closed_survey(title="=1+1", organisation="@SUM(A1)")
    build_release("staff", actor="test")
    cells = {cell for row in rows("tables.csv") for cell in row}
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) or "SUM" in cell] == []


@pytest.mark.parametrize("policy", ["rounded", "exact"])
@pytest.mark.parametrize("file", ["tables.csv", *(f"{id}.csv" for id in TABLES)])
def test_csvw_metadata_is_valid_for_its_csv(file, policy, tmp_path):
    closed_survey(policy=policy)
    build_release("staff", actor="test")
    (tmp_path / file).write_bytes(content(file))
    (tmp_path / f"{file}-metadata.json").write_bytes(content(f"{file}-metadata.json"))
    described = CSVW(str(tmp_path / f"{file}-metadata.json"), validate=True)
    assert (described.is_valid, [str(warning.message) for warning in described.warnings]) == (True, [])


@pytest.mark.filterwarnings("default")  # csvw tells what it finds by warnings
def test_csvw_metadata_finds_a_number_that_is_none(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    (tmp_path / "tables.csv").write_bytes(content("tables.csv").replace(b"60", b"sixty", 1))
    (tmp_path / "tables.csv-metadata.json").write_bytes(content("tables.csv-metadata.json"))
    assert not CSVW(str(tmp_path / "tables.csv-metadata.json"), validate=True).is_valid


def test_csvw_reads_numbers_as_numbers_and_what_is_withheld_as_none(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    for name in ("nssec-3-imputed.csv", "nssec-3-imputed.csv-metadata.json"):
        (tmp_path / name).write_bytes(content(name))
    table = CSVW(str(tmp_path / "nssec-3-imputed.csv-metadata.json")).tables[0]
    assert [(row["count"], row["count_status"], row["base_asked"]) for row in table] == [
        (None, "[low]", 80),
        (80, None, 80),
    ]


def test_metadata_says_policy_symbols_source_licence_and_publisher():
    closed_survey(policy="exact", organisation="")
    build_release("staff", actor="test")
    metadata = json.loads(content("nssec-3.csv-metadata.json"))
    built = release("staff")
    assert metadata["dc:description"] == f"Everyone who answered. {built.policy} {built.collected[0]}"
    assert metadata["dc:publisher"] == "not stated"
    assert metadata["dc:source"] == {"@id": registry.get_key(STANDARD).url}
    assert metadata["dc:license"] == {"@id": registry.get_key(STANDARD).licence_url}
    assert [note["rdfs:comment"] for note in metadata["notes"]] == [
        *built.notes,
        "[z] not applicable: the category stands outside this base.",
        "[x] not available: nobody is in this base.",
        *built.notes_of(built.table("nssec-3")),
    ]


def test_release_files_are_the_same_bytes_every_time():
    closed_survey()
    build_release("staff", actor="test")
    first = {file.name: file.content() for file in release_files(release("staff"))}
    build_release("staff", actor="test")
    assert {file.name: file.content() for file in release_files(release("staff"))} == first


def test_release_files_hold_no_exact_number():
    # No count, base or total of these is a multiple of five, so every exact one would show.
    closed_survey([(NOT_WORKING, 1213), (REFUSED_WORK, 411), (ROUTINE_SUPERVISOR_UNKNOWN, 222)])
    build_release("staff", actor="test")
    exact = {str(n) for n in (1213, 411, 222, 1213 + 411, 1213 + 222, 411 + 222, 1213 + 411 + 222)}
    texts = [file.content().decode() for file in release_files(release("staff")) if file.name.endswith(READABLE)]
    cells = [
        str(cell) for sheet in workbook(release("staff")) for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert set(re.findall(r"\d+", " ".join([*texts, *cells]))) & exact == set()


def test_build_release_command_says_what_it_did(capsys):
    closed_survey()
    call_command("build_release", "staff")
    call_command("build_release", "staff")
    assert capsys.readouterr().out == (
        "staff: release 1, built (rounded)\nstaff: release 1, nothing has changed since (rounded)\n"
    )


def test_build_release_command_on_an_exact_survey_is_recorded():
    closed_survey(policy="exact")
    call_command("build_release", "staff")
    entry = AuditEntry.objects.get()
    assert (entry.actor[:12], entry.action, entry.detail) == (
        "command line",
        "built release",
        {"release": 1, "policy": "exact"},
    )


def test_build_release_command_refuses_in_one_line():
    closed_survey(state="open")
    with pytest.raises(CommandError, match=r"^staff is open\. Only a closed survey can be released\.$") as refused:
        call_command("build_release", "staff")
    assert refused.value.returncode == 1


def test_export_release_command_writes_every_file_into_the_folder(tmp_path, capsys):
    closed_survey()
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path / "new")
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == {
        file.name: file.content() for file in release_files(release("staff"))
    }
    files = len(release_files(release("staff")))
    assert capsys.readouterr().out == f"staff: release 1, {files} files in {tmp_path / 'new'}\n"


def test_export_release_command_takes_a_number(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    Survey.objects.update(minimum_responses=100)
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path, release=1)
    assert (tmp_path / "nssec-3.csv").read_text().splitlines()[1][:24] == "staff,gss_seb/2023-07,1,"


def test_export_release_command_is_recorded(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path)
    entry = AuditEntry.objects.last()
    files = len(release_files(release("staff")))
    assert (entry.action, entry.survey, entry.detail) == ("exported", "staff", {"release": 1, "files": files})


def test_export_release_command_without_a_release_refuses(tmp_path):
    closed_survey()
    with pytest.raises(CommandError, match=r"^There is no release of a survey called staff\.$"):
        call_command("export_release", "staff", to=tmp_path)


def test_export_release_command_into_a_file_refuses(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(CommandError, match=r"^Cannot write to .*/taken: File exists\.$"):
        call_command("export_release", "staff", to=tmp_path / "taken")
