"""Building releases: what is stored, what is refused, and that nothing exact and nothing changeable is there."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from outputs.disclosure.protected import FIGURES
from outputs.models import Release, Unchangeable
from outputs.release_job import Refused, build_release
from outputs.releases import release, releases
from questionnaire import registry
from questionnaire.engine.interviews import interviews
from questionnaire.models import AnswerPattern, AuditEntry, ImportedFile, Survey
from tests.conftest import STANDARD
from tests.counted_survey import (
    EIGHTY_COUNTED,
    NOT_WORKING,
    REFUSED_WORK,
    ROUTINE_SUPERVISOR_UNKNOWN,
    closed_survey,
)

pytestmark = pytest.mark.django_db


def printed(table) -> list[list[str]]:
    return [[cell.code, *(str(getattr(cell, name)) for name in FIGURES)] for cell in table.cells]


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def test_build_release_of_eighty_agrees_with_the_count_by_hand():
    closed_survey()
    build_release("staff", actor="test")
    assert printed(release("staff").table("nssec-5")) == [
        ["managerial_professional", "60", "75", "92"],
        ["intermediate", "[low]", "[low]", "[low]"],
        ["small_employers", "[low]", "[low]", "[low]"],
        ["lower_supervisory", "[low]", "[low]", "[low]"],
        ["semi_routine", "5", "6", "8"],
        ["not_working", "15", "19", "[z]"],
        ["unknown", "[low]", "[low]", "[z]"],
    ]


def test_build_release_exact_gives_the_counts_as_they_are():
    closed_survey(policy="exact")
    build_release("staff", actor="test")
    assert {
        table.id: [int(cell.count.value) for cell in table.cells] for table in release("staff").tables
    } == EIGHTY_COUNTED


def test_build_release_has_every_table_of_the_standard_in_order():
    closed_survey()
    build_release("staff", actor="test")
    assert [table.id for table in release("staff").tables] == [
        "school-type",
        "free-school-meals",
        "nssec-5",
        "nssec-5-imputed",
        "nssec-3",
        "nssec-3-imputed",
        "parental-qualification",
    ]


def test_build_release_follows_the_surveys_imputation():
    closed_survey(imputation="strict", policy="exact")
    build_release("staff", actor="test")
    assert printed(release("staff").table("nssec-5"))[-1] == ["unknown", "7", "8.8", "[z]"]


def test_build_release_counts_the_same_answers_of_two_modes_together():
    survey = closed_survey([(NOT_WORKING, 20)], origin="imported", policy="exact")
    AnswerPattern.objects.create(survey=survey, mode="paper", answers=NOT_WORKING, n=3)
    build_release("staff", actor="test")
    assert printed(release("staff").table("nssec-3"))[3] == ["not_working", "23", "100.0", "[z]"]


def test_build_release_stores_facts_for_pages_and_files():
    closed_survey(
        title="Staff survey 2026",
        opened_at=datetime(2026, 11, 2, 9, tzinfo=UTC),
        stopped_at=datetime(2026, 11, 30, 9, tzinfo=UTC),
    )
    build_release("staff", actor="test")
    facts = dict(release("staff").facts)
    words = facts.pop("words")
    assert facts == {
        "survey": "staff",
        "title": "Staff survey 2026",
        "organisation": "Made-up Office",
        "standard": "gss_seb/2023-07",
        "standard_title": "Socio-economic background harmonised standard",
        "standard_owner": "Government Statistical Service (GSS) Harmonisation Team",
        "source": registry.get_key(STANDARD).url,
        "licence": "Open Government Licence v3.0",
        "licence_url": registry.get_key(STANDARD).licence_url,
        "policy": "rounded",
        "ordered": ["nssec-3"],
        "rounding": {"method": "nearest", "to": 5, "within": 2},
        "imputation": "standard",
        "origin": "web",
        "access": "open_link",
        "headcount": None,
        "headcount_date": None,
        "previous": "",
        "minimum": 10,
        "group_minimum": 20,
        "settings": [
            {
                "title": "Where an unknown answer leaves more than one NS-SEC class possible",
                "choice": "Impute",
                "meaning": registry.get_key(STANDARD).setting("imputation").options[0].hint,
            }
        ],
        "collections": [{"mode": "Online self-completion", "first_day": "2026-11-02", "last_day": "2026-11-30"}],
        "responses": {"value": "80", "status": ""},
    }
    assert sorted(words) == ["notes", "policy", "symbols"]


def test_build_release_of_imported_answers_says_so_with_mode_and_dates():
    survey = closed_survey(origin="imported")
    ImportedFile.objects.create(
        survey=survey,
        digest="0" * 64,
        mode="paper",
        collected_from=date(2025, 3, 1),
        collected_to=date(2025, 3, 31),
        responses=80,
    )
    build_release("staff", actor="test")
    built = release("staff")
    assert built.collected == ["Paper self-completion, 1 March 2025 to 31 March 2025."]
    assert built.notes[0] == "The answers were collected earlier, with this standard’s questions, and imported."


def test_build_release_without_organisation_says_not_stated():
    closed_survey(organisation="")
    build_release("staff", actor="test")
    assert release("staff").organisation == "not stated"


def test_build_release_marks_the_survey_released():
    survey = closed_survey()
    build_release("staff", actor="test")
    survey.refresh_from_db()
    assert survey.state == "released"


def test_build_release_is_recorded_with_its_policy():
    closed_survey(policy="exact")
    build_release("staff", actor="someone")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == (
        "someone",
        "built release",
        "staff",
        {"release": 1, "policy": "exact"},
    )


def test_build_release_again_returns_the_same_release_and_records_nothing():
    closed_survey()
    first = build_release("staff", actor="test")
    again = build_release("staff", actor="test")
    assert (again.pk, again.created_at, first.is_new, again.is_new) == (first.pk, first.created_at, True, False)
    assert AuditEntry.objects.count() == 1


def test_build_release_again_ignores_better_words(monkeypatch):
    closed_survey()
    first = build_release("staff", actor="test")
    monkeypatch.setattr("outputs.disclosure.rounded.Rounded.words", "Rounded, in better words.")
    assert build_release("staff", actor="test").pk == first.pk


def test_build_release_again_after_the_threshold_was_raised_is_the_next_number():
    closed_survey()
    build_release("staff", actor="test")
    Survey.objects.update(minimum_responses=100)
    build_release("staff", actor="test")
    assert [(built.number, str(built.responses)) for built in releases()] == [(2, "[c]"), (1, "80")]


@pytest.mark.parametrize("state", ["draft", "open", "stopped"])
def test_build_release_of_a_survey_that_is_not_closed_is_refused(state):
    closed_survey(state=state)
    with pytest.raises(Refused, match=rf"^staff is {state}. Only a closed survey can be released.$"):
        build_release("staff", actor="test")
    assert Release.objects.count() == 0


def test_build_release_of_an_unknown_survey_is_refused():
    with pytest.raises(Refused, match=r"^There is no survey called nobody.$"):
        build_release("nobody", actor="test")


def test_build_release_of_a_standard_that_is_not_installed_is_refused():
    closed_survey(standard="gss_seb/1999-01")
    with pytest.raises(Refused, match=r"^staff was asked with gss_seb/1999-01, which is not installed here.$"):
        build_release("staff", actor="test")


@pytest.mark.parametrize("patterns", [[], [(NOT_WORKING, 9)]], ids=["none", "nine"])
def test_build_release_below_the_minimum_withholds_every_cell(patterns):
    closed_survey(patterns)
    build_release("staff", actor="test")
    built = release("staff")
    figures = {str(getattr(cell, name)) for table in built.tables for cell in table.cells for name in FIGURES}
    bases = {base for table in built.tables for base in (table.base_asked, table.base_known)}
    assert (figures, bases, str(built.responses)) == ({"[c]"}, {None}, "[c]")


def test_build_release_exact_of_nobody_has_zeros_and_no_percentages():
    closed_survey([], policy="exact")
    build_release("staff", actor="test")
    cells = [cell for table in release("staff").tables for cell in table.cells]
    assert {str(cell.count) for cell in cells} == {"0"}
    assert {str(cell.percent_asked) for cell in cells} == {"[x]", "[z]"}


def test_rounded_release_stores_no_exact_number():
    # No count, base or total of these is a multiple of five, so every exact one would show.
    closed_survey([(NOT_WORKING, 1213), (REFUSED_WORK, 411), (ROUTINE_SUPERVISOR_UNKNOWN, 222)])
    build_release("staff", actor="test")
    row = Release.objects.get()
    exact = {str(n) for n in (1213, 411, 222, 1213 + 411, 1213 + 222, 411 + 222, 1213 + 411 + 222)}
    assert numbers_in(json.dumps([row.facts, row.tables])) & exact == set()


def test_rounded_release_and_its_audit_entry_hold_no_number_of_responses():
    closed_survey([(NOT_WORKING, 1213)])
    build_release("staff", actor="test")
    assert numbers_in(json.dumps([entry.detail for entry in AuditEntry.objects.all()])) == {"1"}


def test_release_cannot_be_saved_again():
    closed_survey()
    built = build_release("staff", actor="test")
    with pytest.raises(Unchangeable):
        built.save()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Release.objects.get().delete(),
        lambda: Release.objects.all().delete(),
        lambda: Release.objects.update(number=7),
        lambda: Release.objects.bulk_update([Release.objects.get()], ["number"]),
    ],
    ids=["delete", "delete all", "update", "bulk update"],
)
def test_release_cannot_be_changed_or_deleted(change):
    closed_survey()
    build_release("staff", actor="test")
    with pytest.raises(Unchangeable):
        change()


def test_database_refuses_to_change_a_release():
    closed_survey()
    build_release("staff", actor="test")
    with (
        pytest.raises(IntegrityError, match="a release is never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE outputs_release SET number = 7")
    assert Release.objects.get().number == 1


def test_survey_with_a_release_cannot_be_deleted():
    survey = closed_survey()
    build_release("staff", actor="test")
    with pytest.raises(IntegrityError):
        survey.delete()


def test_releases_of_one_survey_have_different_numbers():
    closed_survey()
    built = build_release("staff", actor="test")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(survey=built.survey, number=1, facts={}, tables=[])


def test_release_that_does_not_exist_is_a_lookup_error():
    closed_survey()
    build_release("staff", actor="test")
    with pytest.raises(LookupError, match=r"^There is no release 2 of a survey called staff.$"):
        release("staff", 2)


def test_release_without_a_number_is_the_newest():
    closed_survey()
    build_release("staff", actor="test")
    Survey.objects.update(minimum_responses=100)
    build_release("staff", actor="test")
    assert release("staff").number == 2
    assert str(release("staff", 1).responses) == "80"


def test_notes_of_a_table_say_who_is_in_its_bases_and_how_many_were_imputed():
    closed_survey()
    build_release("staff", actor="test")
    built = release("staff")
    table = built.table("nssec-3")
    assert built.notes_of(table) == [
        "Base asked: everyone.",
        "Base known: everyone except “They were not working” and “Don’t know or prefer not to say”.",
        *registry.get_key(STANDARD).table("nssec-3").notes,
        "NS-SEC, three classes: how many responses were imputed: Imputed: [low]; Not imputed: 80 "
        "(table nssec-3-imputed).",
    ]


@pytest.mark.django_db(transaction=True)
def test_build_release_waits_for_whoever_holds_the_survey():
    closed_survey()
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as holder, connection.cursor() as cursor:
            holder.execute("BEGIN")
            holder.execute("SELECT 1 FROM questionnaire_survey WHERE slug = 'staff' FOR UPDATE")
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                build_release("staff", actor="test")
    finally:
        other.close()


def test_build_release_of_every_pattern_takes_seconds_not_minutes(standard):
    survey = closed_survey([])
    AnswerPattern.objects.bulk_create(
        (
            AnswerPattern(survey=survey, mode="online", answers=answers, n=50)
            for answers in interviews(standard, "online")
        ),
        batch_size=5000,
    )
    start = datetime.now(UTC)
    built = build_release("staff", actor="test")
    assert (datetime.now(UTC) - start).total_seconds() < 10
    assert built.facts["responses"]["value"] == str(19_734 * 50)
