"""The made-up employer: two released waves by the ways of real ones, made once, and finished where interrupted."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outputs.releases import release, releases
from questionnaire import demonstration
from questionnaire.fieldwork import closing
from questionnaire.management.commands import create_demo_employer
from questionnaire.models import AuditEntry, Survey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAVES = ["employer-wave-1", "employer-wave-2"]


def make() -> None:
    call_command("create_demo_employer")


def states() -> list[str]:
    return list(Survey.objects.order_by("slug").values_list("state", flat=True))


def test_two_waves_a_year_apart_are_released_and_made_once():
    make()
    make()
    assert (list(Survey.objects.order_by("slug").values_list("slug", flat=True)), states()) == (WAVES, ["released"] * 2)
    assert [built.survey for built in releases()] == WAVES
    first, second = (Survey.objects.get(slug=slug) for slug in WAVES)
    assert (second.previous, second.invited, second.headcount) == (first, 2400, 2400)
    assert second.stopped_at - first.stopped_at >= timedelta(days=364)
    assert (second.headcount_date - first.headcount_date).days in (364, 365, 366)
    assert abs(timezone.now() - second.stopped_at) < timedelta(hours=1)


def test_waves_are_told_as_made_up_and_show_two_in_three_by_both_breakdowns():
    make()
    for slug in WAVES:
        built = release(slug)
        assert ("(made up)" in built.facts["title"], "(made up)" in built.organisation) == (True, True)
        assert 1500 <= built.responses.value <= 1700
        assert {each["code"] for each in built.breakdowns if each["groups"]} == {"grade", "department"}


@pytest.fixture
def few_answer(monkeypatch):
    """So that what is made again and again is made in less time."""
    monkeypatch.setattr(demonstration, "ANSWER", 0.1)


def test_interrupted_wave_is_begun_anew(monkeypatch, few_answer):
    stored = iter(range(100))

    def stop_after_a_hundred(interview):
        next(stored)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(create_demo_employer, "store", stop_after_a_hundred)
        with pytest.raises((StopIteration, RuntimeError)):
            make()
    assert states() == []
    make()
    assert states() == ["released", "released"]


def test_wave_that_was_answered_but_not_closed_is_closed_and_released(monkeypatch, few_answer):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(create_demo_employer, "close", interrupted)
        with pytest.raises(KeyboardInterrupt):
            make()
    assert states() == ["open"]
    closing.stop(WAVES[0], actor="test")
    make()
    assert states() == ["released", "released"]


def test_survey_of_somebodys_own_is_left_alone(make_survey):
    make_survey(WAVES[0])
    with pytest.raises(CommandError, match=r"^There is another survey employer-wave-1; nothing was made\.$"):
        make()
    assert (states(), AuditEntry.objects.exclude(actor="test").count()) == (["open"], 0)
