"""Closing: sealed answers become counts, once, and the key goes; interrupted anywhere, it can be run again."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from questionnaire import key_text, sealing
from questionnaire.fieldwork import closing
from questionnaire.fieldwork.surveys import Refused, open_survey
from questionnaire.models import AnswerPattern, AuditEntry, SealedResponse, Survey
from questionnaire.respondent.submission import store
from questionnaire.wizard.interview import Interview
from tests.integration.test_wizard import BURSARY, EMPLOYEE


def respond(survey: Survey, answers: dict[str, str], number: int = 1) -> None:
    interview = Interview.start(survey, "online")
    interview.answers, interview.number = answers, number
    assert store(interview)


def counts(survey: Survey) -> list[tuple[str, dict[str, str], int]]:
    return list(AnswerPattern.objects.filter(survey=survey).order_by("id").values_list("mode", "answers", "n"))


@pytest.fixture
def answered(survey):
    """Five respondents: three employees, two with a bursary, in mixed order."""
    for answers in (EMPLOYEE, BURSARY, EMPLOYEE, EMPLOYEE, BURSARY):
        respond(survey, answers)
    return survey


def test_closing_counts_each_pattern(answered):
    assert closing.close("staff", actor="test") == 0
    assert counts(answered) == [("online", EMPLOYEE, 3), ("online", BURSARY, 2)]


def test_closing_leaves_no_sealed_response(answered):
    closing.close("staff", actor="test")
    assert SealedResponse.objects.count() == 0


def test_closing_destroys_the_key(answered, settings):
    closing.close("staff", actor="test")
    assert list(settings.KEY_STORE.iterdir()) == []


def test_closing_moves_the_survey_to_closed(answered):
    closing.close("staff", actor="test")
    assert Survey.objects.get().state == "closed"


def test_closing_again_changes_nothing(answered):
    closing.close("staff", actor="test")
    before = counts(answered)
    assert closing.close("staff", actor="test") == 0
    assert counts(answered) == before


def test_closing_without_responses_leaves_no_counts(survey):
    closing.close("staff", actor="test")
    assert (counts(survey), Survey.objects.get().state) == ([], "closed")


def test_closing_keeps_another_surveys_responses(answered, make_survey):
    other = make_survey("other")
    respond(other, BURSARY)
    closing.close("staff", actor="test")
    assert SealedResponse.objects.filter(survey=other).count() == 1


def test_closing_does_not_count_what_is_no_whole_interview(answered):
    row = SealedResponse.objects.first()
    unfinished = {"school_type": "state"}
    off_route = {**BURSARY, "supervisor": "yes"}
    spoilt = [
        sealing.seal(answered.public_key, "online", unfinished),
        sealing.seal(answered.public_key, "online", off_route),
        sealing.seal(answered.public_key, "no such mode", EMPLOYEE),
        sealing.seal(answered.public_key, "online", {"school_type": ["state"]}),
        b"junk",
        bytes(row.sealed[:-1]) + b"\0",
    ]
    for index, sealed in enumerate(spoilt):
        SealedResponse.objects.create(survey=answered, key=bytes([index]) * 32, number=1, sealed=sealed)
    assert closing.close("staff", actor="test") == len(spoilt)
    assert sum(n for _mode, _answers, n in counts(answered)) == 5


def test_closing_skips_withdrawn_rows(answered):
    SealedResponse.objects.create(survey=answered, key=b"w" * 32, number=1, sealed=b"")
    assert closing.close("staff", actor="test") == 0
    assert sum(n for _mode, _answers, n in counts(answered)) == 5


def test_closing_without_the_key_is_refused_and_keeps_every_response(answered, settings):
    (key,) = settings.KEY_STORE.iterdir()
    key.rename(key.with_suffix(".away"))
    with pytest.raises(Refused, match="does not hold this survey’s key"):
        closing.close("staff", actor="test")
    assert (SealedResponse.objects.count(), Survey.objects.get().state) == (5, "stopped")


def test_closing_with_another_key_is_refused_and_keeps_every_response(answered, settings):
    (key,) = settings.KEY_STORE.iterdir()
    key.write_bytes(b"k" * 32)
    with pytest.raises(Refused, match="is not this survey’s key"):
        closing.close("staff", actor="test")
    assert SealedResponse.objects.count() == 5


def test_command_with_another_key_in_the_key_store_ends_no_survey(answered, settings):
    (key,) = settings.KEY_STORE.iterdir()
    key.write_bytes(b"k" * 32)
    with pytest.raises(CommandError, match="is not this survey’s key"):
        call_command("close_survey", "staff")
    assert (SealedResponse.objects.count(), Survey.objects.get().state) == (5, "open")


@pytest.fixture
def private(make_survey) -> bytes:
    """The key that the owner of an open survey keeps."""
    make_survey(custody="owner", opened=False)
    public, private = sealing.key_pair()
    open_survey("staff", actor="test", public_key=public)
    return private


def test_command_without_the_key_of_an_owner_ends_no_survey(private, tmp_path):
    another = tmp_path / "another.key"
    another.write_text(key_text.write(key_text.PRIVATE, b"^" * 32))
    for options, why in (([], "does not hold"), (["--key-file", str(another)], "The key that was brought is not")):
        with pytest.raises(CommandError, match=why):
            call_command("close_survey", "staff", *options)
        assert Survey.objects.get().state == "open"


def test_command_with_the_key_of_an_owner_closes(private, tmp_path):
    file = tmp_path / "own.key"
    file.write_text(key_text.write(key_text.PRIVATE, private))
    call_command("close_survey", "staff", "--key-file", str(file))
    assert Survey.objects.get().state == "closed"


def test_closing_after_the_key_is_back_counts_everything(answered, settings):
    (key,) = settings.KEY_STORE.iterdir()
    away = key.rename(key.with_suffix(".away"))
    with pytest.raises(Refused):
        closing.close("staff", actor="test")
    away.rename(key)
    closing.close("staff", actor="test")
    assert sum(n for _mode, _answers, n in counts(answered)) == 5


def test_draft_cannot_be_closed(make_survey):
    make_survey(opened=False)
    with pytest.raises(Refused, match="is a draft"):
        closing.close("staff", actor="test")


def test_unknown_survey_cannot_be_closed(db):
    with pytest.raises(Refused, match="There is no survey “nothing”"):
        closing.close("nothing", actor="test")


def test_each_step_of_closing_is_recorded(answered):
    closing.close("staff", actor="someone")
    entries = AuditEntry.objects.filter(actor="someone").values_list("action", flat=True)
    assert list(entries) == ["stopped", "closed", "key destroyed"]


def test_audit_entries_hold_no_answer(answered):
    closing.close("staff", actor="someone")
    told = re.findall(r"\w+", " ".join(f"{entry.action} {entry.detail}" for entry in AuditEntry.objects.all()))
    assert {*EMPLOYEE.values(), *BURSARY.values()} & set(told) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["opening", "after the counts"])
def test_closing_interrupted_and_run_again_counts_once(answered, monkeypatch, step):
    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(*((sealing.Opener, "open") if step == "opening" else (sealing, "destroy_key")), killed)
        with pytest.raises(Killed):
            closing.close("staff", actor="test")
    closing.close("staff", actor="test")
    assert counts(answered) == [("online", EMPLOYEE, 3), ("online", BURSARY, 2)]


@pytest.mark.django_db(transaction=True)
def test_counts_tell_no_order_in_system_columns(answered):
    """All rows come from one transaction, in the order of the patterns, whoever answered first."""
    closing.close("staff", actor="test")
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, ctid::text, answers::text FROM questionnaire_answerpattern ORDER BY ctid")
        rows = cursor.fetchall()
    assert len({xmin for xmin, _ctid, _answers in rows}) == 1
    written = [closing.canonical(pattern) for pattern in (EMPLOYEE, BURSARY)]
    assert written == sorted(written)


@pytest.mark.django_db(transaction=True)
def test_two_arrival_orders_leave_the_same_dump(make_survey):
    """What remains after closing is a function of the counts alone."""
    remains = []
    for order in ([EMPLOYEE, BURSARY, BURSARY], [BURSARY, EMPLOYEE, BURSARY]):
        survey = make_survey(f"order-{len(remains)}")
        for answers in order:
            respond(survey, answers)
        closing.close(survey.slug, actor="test")
        remains.append(counts(survey))
    assert remains[0] == remains[1]


def test_submission_inside_an_open_transaction_is_seen_by_closing(answered):
    """The row is there before the survey's state moves, since both lock the same survey row."""
    with transaction.atomic():
        respond(answered, BURSARY)
    closing.close("staff", actor="test")
    assert sum(n for _mode, _answers, n in counts(answered)) == 6
