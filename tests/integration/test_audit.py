"""The audit record over whole lives: every step is in it, and no answer, code, key or address ever is."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from questionnaire import audit, codes, key_text, sealing
from questionnaire.fieldwork import closing, surveys
from questionnaire.models import AuditEntry, Invitation, Survey
from tests.conftest import STATED, Respondent, ready
from tests.counted_survey import EIGHTY
from tests.integration.test_staff_pages import GRADE, TOML
from tests.integration.test_surveys_admin import FORM, LIST, page_of, press_open, signed_in

SECRET = {
    "contact": "secret-contact@office.example",
    "data_protection_contact": "secret-officer@office.example",
    "complaints_contact": "secret-complaints@office.example",
    "purpose": "secret purpose",
}
ANSWERS = [answers for answers, _n in EIGHTY]


@pytest.fixture
def everyone(db):
    """Someone who may do everything with surveys and releases."""
    client = signed_in(*(f"{action}_survey" for action in ("view", "add", "change", "delete")), "view_release")
    assert Permission.objects.filter(codename="view_release").exists()
    return client


def answer(slug: str) -> list[str]:
    """Twelve people answer, one changes and one withdraws; returns the codes that they were given."""
    shown = []
    for number in range(12):
        person = Respondent(slug)
        person.respond(ANSWERS[number % len(ANSWERS)])
        page = BeautifulSoup(person.get("complete").content, "html.parser")
        shown.append(page.select_one(".seb-code").get_text(strip=True))
    person.answer({"school_type": "state"})
    person.submit()
    person.post("withdraw")
    return shown


def live(client, tmp_path) -> list[str]:
    """Every action that there is, by pages and commands; returns what may stand in no entry."""
    client.post(f"{LIST}add/", {**FORM, **SECRET})
    survey = Survey.objects.get(slug="staff")
    client.post(page_of(survey), {**FORM, **SECRET, "title": "Secret title"})
    client.post(page_of(survey, "breakdowns/add"), GRADE)
    client.post(page_of(survey, "breakdowns"), {"read_file": "yes", "file": SimpleUploadedFile("b.toml", TOML)})
    client.post(page_of(survey, "breakdowns/of/team"), {"remove": "yes"})
    Survey.objects.filter(slug="staff").update(**ready(**SECRET))
    press_open(client, survey)
    survey.refresh_from_db()
    shown = answer("staff")
    closing.close("staff", actor="someone")
    call_command("build_release", "staff")
    client.get("/admin/outputs/staff/1/tables.csv")
    call_command("export_release", "staff", "--to", str(tmp_path / "files"))
    client.post(page_of(survey, "purge"))

    public, private = sealing.key_pair()
    Survey.objects.create(slug="kept", title="Kept", standard=FORM["standard"], custody="owner", **STATED)
    half = key_text.write(key_text.PUBLIC, public)
    call_command("open_survey", "kept", "--key", half)
    invited = codes.make(Survey.objects.get(slug="kept").pk)
    Invitation.objects.create(
        survey=Survey.objects.get(slug="kept"), digest=codes.digest(invited), reference="secret-reference"
    )
    closing.stop("kept", actor="someone")
    surveys.abandon("kept", actor="someone")

    client.post(f"{LIST}add/", {**FORM, **SECRET, "slug": "thrown-away"})
    client.post(page_of(Survey.objects.get(slug="thrown-away"), "delete"), {"post": "yes"})
    keys = [bytes(survey.public_key).hex(), public.hex(), private.hex()]
    return [*shown, *(code.replace(" ", "") for code in shown), invited, codes.shown(invited), *keys, half]


@pytest.fixture
def whole_lives(everyone, tmp_path) -> tuple[list[AuditEntry], list[str]]:
    secrets = live(everyone, tmp_path)
    return list(AuditEntry.objects.all()), secrets


def test_record_of_whole_lives_has_every_step_and_nothing_secret(whole_lives):
    entries, secrets = whole_lives
    assert [(entry.survey, entry.action) for entry in entries] == [
        ("staff", "created"),
        ("staff", "changed"),
        ("staff", "changed"),
        ("staff", "changed"),
        ("staff", "changed"),
        ("staff", "opened"),
        ("staff", "stopped"),
        ("staff", "closed"),
        ("staff", "key destroyed"),
        ("staff", "built release"),
        ("staff", "downloaded"),
        ("staff", "exported"),
        ("staff", "purged"),
        ("kept", "opened"),
        ("kept", "stopped"),
        ("kept", "abandoned"),
        ("thrown-away", "created"),
        ("thrown-away", "deleted"),
    ]
    text = " ".join(f"{each.actor} {each.action} {each.survey} {json.dumps(each.detail)}" for each in entries).lower()
    given = {code for answers in ANSWERS for code in answers.values()} - {"no", "yes", "state"}
    forbidden = [*secrets, *given, *ANSWERS[0], "@", "secret", "http", "127.0.0.1", "::1"]
    assert [word for word in forbidden if word.lower() in text] == []


def test_download_is_recorded_with_the_file_and_the_number_of_the_release(whole_lives):
    entries, _secrets = whole_lives
    (downloaded,) = [entry for entry in entries if entry.action == "downloaded"]
    assert (downloaded.actor, downloaded.survey, downloaded.detail) == (
        "someone",
        "staff",
        {"file": "tables.csv", "release": 1},
    )


# --------------------------------------------------------------------------------------------------------- the list


@pytest.fixture
def reader(db):
    return signed_in("view_auditentry", name="reader")


def rows(response) -> list[list[str]]:
    table = BeautifulSoup(response.content, "html.parser").select("#result_list tbody tr")
    return [[cell.get_text(strip=True) for cell in row.select("th, td")][1:] for row in table]


def test_list_tells_who_did_what_newest_first(reader):
    audit.record(actor="anna", action="changed", survey="staff", fields=["title", "purpose"], not_stated=[])
    audit.record(actor="ben", action="downloaded", survey="other", file="tables.csv", release=2)
    assert rows(reader.get("/admin/questionnaire/auditentry/")) == [
        ["ben", "downloaded", "other", "file: tables.csv; release: 2"],
        ["anna", "changed", "staff", "fields: title, purpose"],
    ]


@pytest.mark.parametrize("query", ["survey=staff", "action=changed", "survey=staff&action=changed", "q=anna"])
def test_list_is_narrowed_by_survey_and_action(reader, query):
    audit.record(actor="anna", action="changed", survey="staff")
    audit.record(actor="ben", action="downloaded", survey="other")
    assert [row[0] for row in rows(reader.get(f"/admin/questionnaire/auditentry/?{query}"))] == ["anna"]


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({}, ""),
        ({"not_stated": [], "custody": "owner"}, "custody: owner"),
        ({"not_mended": ["closes_at", "headcount"]}, "not mended: closes_at, headcount"),
        ({"rejected": 0}, "rejected: 0"),
    ],
)
def test_detail_is_told_in_words(detail, words):
    assert audit.in_words(detail) == words
