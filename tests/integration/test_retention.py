"""What is due is destroyed of every survey, whatever becomes of one of them; and what could not be is told."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from questionnaire import sealing
from questionnaire.fieldwork import closing, jobs, retention, surveys
from questionnaire.models import AnswerPattern, Survey
from tests.conftest import regardless_of_the_rules
from tests.integration.test_closing import respond
from tests.integration.test_wizard import BURSARY


def past_its_day(make_survey, slug: str) -> Survey:
    """A closed survey whose counts are due."""
    survey = make_survey(slug, counts_until=timezone.localdate() - timedelta(days=1))
    respond(survey, BURSARY)
    closing.close(slug, actor="test")
    return survey


def with_its_key_back(survey: Survey, settings) -> None:
    """As after a restore of the key store, in which the key cannot be overwritten: it is no file."""
    (settings.KEY_STORE / f"{bytes(survey.public_key).hex()}.key").mkdir()


@pytest.fixture
def stubborn(make_survey) -> Survey:
    """A survey due before another, and a database that does not let its counts go, and quotes them."""
    survey = past_its_day(make_survey, "first")
    past_its_day(make_survey, "second")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE 'these answers stay: %', OLD.answers; END $$;
            CREATE TRIGGER refuse BEFORE DELETE ON questionnaire_answerpattern
            FOR EACH ROW WHEN (OLD.survey_id = {survey.pk}) EXECUTE FUNCTION refuse()"""
        )
    return survey


NOT_PURGED = "What is due of “first” could not be destroyed: the database did not do it (ProgrammingError)."
KEY_STAYS = "The key of “first” could not be destroyed yet: Is a directory."


def states() -> dict[str, str]:
    return dict(Survey.objects.values_list("slug", "state"))


def test_survey_that_cannot_be_purged_does_not_hold_up_another(stubborn):
    assert retention.destroy_due() == (["second"], [NOT_PURGED])
    assert states() == {"first": "closed", "second": "purged"}
    assert list(AnswerPattern.objects.values_list("survey_id", flat=True)) == [stubborn.pk]


def test_survey_that_could_not_be_purged_is_purged_the_next_time(stubborn):
    retention.destroy_due()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON questionnaire_answerpattern")
    assert retention.destroy_due() == (["first"], [])
    assert states() == {"first": "purged", "second": "purged"}


def test_key_that_cannot_be_destroyed_does_not_hold_up_another(make_survey, settings):
    first, second = past_its_day(make_survey, "first"), past_its_day(make_survey, "second")
    with_its_key_back(first, settings)
    key = settings.KEY_STORE / f"{bytes(second.public_key).hex()}.key"
    key.write_bytes(b"k" * 32)
    assert retention.destroy_due() == (["first", "second"], [KEY_STAYS])
    assert [path.is_dir() for path in settings.KEY_STORE.iterdir()] == [True]


def test_unopened_answers_that_cannot_be_destroyed_do_not_hold_up_counts(make_survey, monkeypatch):
    make_survey("first", custody="owner", opened=False)
    surveys.open_survey("first", actor="test", public_key=sealing.key_pair()[0])
    with regardless_of_the_rules():
        Survey.objects.update(state="stopped", stopped_at=timezone.now() - timedelta(days=999))
    past_its_day(make_survey, "second")

    def failing(*args, **kwargs) -> None:
        raise RuntimeError("state_selective")

    monkeypatch.setattr(surveys, "destroy_unopened", failing)
    failed = "What is due of “first” could not be destroyed: a fault in this service (RuntimeError)."
    assert retention.destroy_due() == (["second"], [failed])


def test_command_does_the_rest_and_then_says_what_failed(stubborn, settings, capsys):
    with_its_key_back(stubborn, settings)
    with pytest.raises(CommandError) as refusal:
        call_command("purge")
    assert (capsys.readouterr().out, str(refusal.value)) == ("second: purged\n", f"{NOT_PURGED}\n{KEY_STAYS}")


def test_command_that_could_do_everything_says_what_it_did(make_survey, capsys):
    past_its_day(make_survey, "first")
    call_command("purge")
    assert capsys.readouterr().out == "first: purged\n"


def test_periodic_task_logs_what_failed_and_no_answer(stubborn, caplog):
    jobs.destroy_due(timestamp=1_800_000_000)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("ERROR", NOT_PURGED)]
    assert ("state" in caplog.text, states()["second"]) == (False, "purged")
