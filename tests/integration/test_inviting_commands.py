"""The commands that invite people and replace their codes: done whole, or refused with nothing stored or written."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from questionnaire.fieldwork import inviting
from questionnaire.models import AuditEntry, Invitation
from tests.invited_survey import INVITED, LIST, enter, invite, read_codes


@pytest.fixture
def inviting_survey(make_survey):
    return make_survey(**INVITED)


@pytest.fixture
def people(tmp_path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(LIST)
    return path


def run(*arguments) -> tuple[str, str]:
    """What a command tells on standard output and on standard error."""
    out, err = StringIO(), StringIO()
    call_command(*(str(each) for each in arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_inviting_writes_the_file_of_codes_for_its_owner_alone(inviting_survey, people, tmp_path):
    to = tmp_path / "codes.csv"
    assert run("invite", "staff", people, "--to", to) == (
        f"staff: 3 people invited. Their codes are in {to} and nowhere else.\n",
        "",
    )
    rows = read_codes(to.read_text())
    assert ([row["reference"] for row in rows], to.stat().st_mode & 0o777) == (["A1", "A2", ""], 0o600)
    assert enter(rows[0]["code"]).reply.url == "/s/staff/"


def test_inviting_warns_of_more_than_are_in_scope(inviting_survey, people, tmp_path):
    people.write_text("grade,site\n" + "junior,north\n" * 4)
    _out, err = run("invite", "staff", people, "--to", tmp_path / "codes.csv")
    assert err == "Warning: 4 people of “Junior” (Grade) would be invited; 3 are in scope.\n"


def test_inviting_with_bad_rows_tells_each_and_stores_nothing(inviting_survey, people, tmp_path):
    people.write_text(LIST + "A1,junior,east\n")
    err = StringIO()
    with pytest.raises(CommandError, match=r"Rows that are not right: 1. Nobody was invited."):
        call_command("invite", "staff", str(people), "--to", str(tmp_path / "codes.csv"), stderr=err)
    assert err.getvalue().splitlines() == [
        "line 5, column reference: “A1” stands there; expected: a reference of its own: line 2 has the same",
        "line 5, column site: “east” stands there; expected: one of north, south",
    ]
    assert (Invitation.objects.count(), (tmp_path / "codes.csv").exists()) == (0, False)


@pytest.mark.parametrize("command", ["invite", "replace_codes"])
def test_file_that_is_there_is_not_written_over(inviting_survey, people, tmp_path, command):
    invite("grade,site\njunior,north\n")
    before = list(Invitation.objects.values())
    to = tmp_path / "codes.csv"
    to.write_text("kept")
    with pytest.raises(CommandError, match="is there already, and codes are never written over"):
        run(command, "staff", *([people] if command == "invite" else []), "--to", to)
    assert (to.read_text(), list(Invitation.objects.values())) == ("kept", before)


@pytest.mark.parametrize(
    ("slug", "file", "to", "why"),
    [
        ("nowhere", "people.csv", "codes.csv", "There is no survey “nowhere”"),
        ("staff", "none.csv", "codes.csv", "No such file or directory"),
        ("staff", "people.csv", "none/codes.csv", "cannot be written: No such file or directory"),
    ],
)
def test_inviting_is_refused_with_the_reason(inviting_survey, people, tmp_path, slug, file, to, why):
    with pytest.raises(CommandError, match=why):
        run("invite", slug, tmp_path / file, "--to", tmp_path / to)
    assert (Invitation.objects.count(), (tmp_path / "codes.csv").exists()) == (0, False)


def test_disk_that_is_full_leaves_nobody_invited_and_no_file(inviting_survey, people, tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="No space left on device"):
        run("invite", "staff", people, "--to", tmp_path / "codes.csv")
    assert (Invitation.objects.count(), (tmp_path / "codes.csv").exists()) == (0, False)
    assert AuditEntry.objects.filter(action="invited").count() == 0


def test_refusal_by_the_survey_leaves_no_file(inviting_survey, people, tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise inviting.Refused("no")

    monkeypatch.setattr(inviting, "invite", refuse)
    with pytest.raises(CommandError, match="no"):
        run("invite", "staff", people, "--to", tmp_path / "codes.csv")
    assert (tmp_path / "codes.csv").exists() is False


def test_replacing_writes_the_file_of_fresh_codes(inviting_survey, tmp_path):
    before = invite()
    to = tmp_path / "codes.csv"
    assert run("replace_codes", "staff", "--to", to)[0] == (
        f"staff: 3 codes replaced. The new ones are in {to} and nowhere else.\n"
    )
    fresh = read_codes(to.read_text())
    assert {row["code"] for row in fresh} & {row["code"] for row in before} == set()
    assert (enter(fresh[0]["code"]).reply.url, to.stat().st_mode & 0o777) == ("/s/staff/", 0o600)


def test_replacing_where_nobody_is_invited_is_refused(inviting_survey, tmp_path):
    with pytest.raises(CommandError, match="Nobody is invited"):
        run("replace_codes", "staff", "--to", tmp_path / "codes.csv")
    assert (tmp_path / "codes.csv").exists() is False
