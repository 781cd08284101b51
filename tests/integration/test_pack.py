"""The publication pack, its checksums, and `export_release --verify`."""

import hashlib
import io
import subprocess
import sys
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command

from outputs.exports.folder import write
from outputs.exports.pack import NO_PACK
from outputs.exports.release_files import release_files
from outputs.release_job import build_release
from outputs.releases import release
from outputs.withdrawals import withdraw
from tests.counted_survey import closed_survey
from tests.released import by_group, content, workbook

pytestmark = pytest.mark.django_db


def test_pack_holds_every_other_file_dated_as_the_release():
    pack, *alone = release_files(by_group())
    built = by_group().built_at
    with zipfile.ZipFile(io.BytesIO(pack.content())) as zipped:
        assert zipped.testzip() is None
        assert {entry.filename: zipped.read(entry) for entry in zipped.infolist()} == {
            f"staff-release-1/{file.name}": file.content() for file in alone
        }
        # A zip archive tells time in steps of two seconds.
        assert {entry.date_time for entry in zipped.infolist()} == {(*built.timetuple()[:5], built.second // 2 * 2)}


def test_pack_is_the_same_bytes_every_time():
    assert release_files(by_group())[0].content() == release_files(by_group())[0].content()


def test_exact_release_has_no_pack():
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    assert [file.name for file in release_files(release("staff")) if file.name.endswith(".zip")] == []


def test_checksums_are_those_of_the_other_files():
    files = {file.name: file.content() for file in release_files(by_group())}
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").decode().splitlines())
    del files["staff-release-1.zip"]
    assert sums == {name: hashlib.sha256(made).hexdigest() for name, made in files.items()}


def test_sha256sum_finds_the_files_as_they_were_made(tmp_path):
    write(release_files(by_group()), tmp_path)
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, capture_output=True)
    assert (checked.returncode, checked.stdout) == (0, b"")


def test_verify_finds_what_export_wrote_as_it_was_made(tmp_path, capsys):
    closed_survey()
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path)
    capsys.readouterr()
    call_command("export_release", "staff", verify=tmp_path)
    assert (
        capsys.readouterr().out
        == f"staff: release 1, all {len(release_files(release('staff')))} files in {tmp_path} are as made\n"
    )


def test_verify_refuses_a_changed_folder_in_words(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path)
    (tmp_path / "nssec-3.csv").unlink()
    (tmp_path / "tables.sps").write_text("changed")
    with pytest.raises(CommandError) as refused:
        call_command("export_release", "staff", verify=tmp_path)
    assert (refused.value.returncode, str(refused.value).splitlines()[0]) == (1, "nssec-3.csv: is missing.")
    assert str(refused.value).splitlines()[1].startswith("tables.sps: line 1 is “changed”, where the release has “")


def test_files_of_a_withdrawn_release_say_so_first():
    closed_survey()
    build_release("staff", actor="test")
    withdraw("staff", 1, actor="test", reason="The wrong file was imported")
    built = release("staff")
    (sentence,) = built.standing.sentences
    cover = [row[0] for row in workbook(built)["Cover"].iter_rows(values_only=True)]
    note = BeautifulSoup(content(built, "quality-and-methodology.html"), "html.parser")
    assert (cover[1], note.find("p").get_text()) == (sentence, sentence)


def test_verify_says_that_the_release_was_withdrawn_since(tmp_path, capsys):
    closed_survey()
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path)
    withdraw("staff", 1, actor="test", reason="The wrong file was imported")
    with pytest.raises(CommandError, match="This release was withdrawn"):
        call_command("export_release", "staff", verify=tmp_path)
    assert capsys.readouterr().err == f"{release('staff').standing.sentences[0]}\n"


def test_verify_of_no_folder_refuses(tmp_path):
    closed_survey()
    build_release("staff", actor="test")
    with pytest.raises(CommandError, match=r"^Cannot read .*/none: No such file or directory\.$"):
        call_command("export_release", "staff", verify=tmp_path / "none")


def test_export_of_an_exact_release_says_why_there_is_no_pack(tmp_path, capsys):
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    call_command("export_release", "staff", to=tmp_path)
    assert capsys.readouterr().err.splitlines()[1] == NO_PACK


def test_export_and_verify_together_are_refused(tmp_path):
    with pytest.raises(CommandError, match="not allowed with argument"):
        call_command("export_release", "staff", f"--to={tmp_path}", f"--verify={tmp_path}")


@pytest.mark.slow
def test_web_application_loads_no_reader_and_no_writer_of_spreadsheets_and_never_pandas():
    program = (
        "import sys, seb_survey.wsgi; from django.urls import get_resolver; get_resolver().url_patterns; "
        "import outputs.files_views, outputs.exports.verify; "
        "heavy = {'pandas', 'numpy', 'xlsxwriter', 'openpyxl', 'odfdo', 'python_calamine'}; "
        "print(heavy & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert loaded.stdout == "set()\n"
