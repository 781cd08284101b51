"""The life of a survey as the database itself enforces it: lawful moves, fixed columns, records only added to."""

import itertools
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from questionnaire.admin import MENDABLE, SECTIONS
from questionnaire.fieldwork import breakdowns
from questionnaire.models import AuditEntry, Breakdown, Group, Survey, TwoWay
from tests.conftest import move

pytestmark = pytest.mark.slow  # many, though none of them takes long

STATES = ["draft", "open", "stopped", "closed", "released", "purged"]
LAWFUL = {
    ("draft", "open"),
    ("draft", "closed"),
    ("open", "stopped"),
    ("stopped", "closed"),
    ("stopped", "purged"),
    ("closed", "released"),
    ("closed", "purged"),
    ("released", "purged"),
}
# Every column that opening fixes, with another value.
FIXED = {
    "slug": "another",
    "title": "Another",
    "organisation": "Another",
    "purpose": "Another",
    "signed_name": "Another",
    "signed_role": "Another",
    "promises": "Another",
    "controller": "Another",
    "lawful_basis": "Another",
    "address_source": "Another",
    "time_zone": "Europe/Paris",
    "headcount": 12,
    "headcount_date": "2020-01-01",
    "kiosk": True,
    "kind": "linked",
    "access": "invited",
    "custody": "owner",
    "unopened_days": 1,
    "standard": "gss_seb/1999-01",
    "policy": "exact",
    "imputation": "strict",
    "origin": "imported",
    "public_key": b"k" * 32,
    "created_at": datetime(2020, 1, 1, tzinfo=UTC),
    "opened_at": datetime(2020, 1, 1, tzinfo=UTC),
}
MENDED = {
    "contact": "Mended",
    "data_protection_contact": "Mended",
    "complaints_contact": "Mended",
    "host": "Mended",
    "mail_provider": "Mended",
    "backup_days": 30,
    "opens_at": datetime(2026, 1, 1, tzinfo=UTC),
    "closes_at": datetime(2050, 1, 1, tzinfo=UTC),
    "counts_until": "2051-01-01",
    "minimum_responses": 30,
    "listed": True,
}
TREE = {
    "breakdown": [
        {"id": code, "title": code, "group": [{"id": g, "title": g, "headcount": 1} for g in ("one", "two")]}
        for code in ("grade", "place")
    ],
    "two_way": [{"first": "grade", "second": "place"}],
}


def run(sql: str, *values: object) -> str:
    """Run it; "" where the database did it, otherwise its words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError as error:
        return error.__cause__.diag.message_primary
    return ""


def set_column(column: str, value: object) -> str:
    return run(f'UPDATE questionnaire_survey SET "{column}" = %s', value)  # noqa: S608


@pytest.fixture
def in_state(make_survey):
    """Makes a survey in a state, with two breakdowns and a two-way table."""

    def make(state: str) -> Survey:
        survey = make_survey(opened=False, origin="imported" if state == "closed from imports" else "web")
        breakdowns.declare(survey, TREE)
        if state != "draft":
            Survey.objects.update(state="open", public_key=b"p" * 32, opened_at=datetime(2026, 2, 2, tzinfo=UTC))
            survey.refresh_from_db()
            move(survey, "released" if state == "purged" else state)
        if state == "purged":
            Survey.objects.update(state="purged")
        survey.refresh_from_db()
        return survey

    return make


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(STATES, 2)))
def test_database_takes_lawful_moves_and_no_others(in_state, before, after):
    survey = in_state(before)
    key = {"public_key": b"k" * 32} if before == "draft" else {}
    told = run("UPDATE questionnaire_survey SET state = %s, public_key = %s", after, *key.values() or [b"p" * 32])
    lawful = (before, after) in LAWFUL
    assert told == ("" if lawful else f"a survey does not go from {before} to {after}")
    survey.refresh_from_db()
    assert survey.state == (after if lawful else before)


def test_state_that_is_none_is_refused(in_state):
    in_state("draft")
    assert set_column("state", "anything") == "a survey does not go from draft to anything"


@pytest.mark.parametrize("state", STATES[1:])
@pytest.mark.parametrize("column", FIXED)
def test_column_that_opening_fixed_is_refused_in_every_later_state(in_state, state, column):
    in_state(state)
    before = Survey.objects.values().get()
    words = (
        "when something happened is never changed" if column == "opened_at" else "this is fixed since the survey opened"
    )
    assert set_column(column, FIXED[column]) == words
    assert Survey.objects.values().get() == before


@pytest.mark.parametrize("column", sorted(set(FIXED) - {"opened_at", "created_at", "kind"}))
def test_column_that_opening_fixes_can_be_changed_in_a_draft(in_state, column):
    in_state("draft")
    assert set_column(column, FIXED[column]) == ""


PASSED = "a time that has passed is never changed"
BETWEEN = "a threshold is not changed between the end and the closing"


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("draft", {}),
        ("open", {"opens_at": PASSED}),
        ("stopped", {"opens_at": PASSED, "closes_at": PASSED, "minimum_responses": BETWEEN}),
        *((state, {"opens_at": PASSED, "closes_at": PASSED}) for state in STATES[3:]),
    ],
)
def test_what_can_be_mended_can_be_mended_while_it_may(in_state, state, refused):
    in_state(state)
    found = {column: set_column(column, value) for column, value in MENDED.items()}
    assert found == {**dict.fromkeys(MENDED, ""), **refused}


def test_closing_time_that_has_passed_is_never_changed(make_survey):
    make_survey(closes_at=datetime(2026, 1, 5, tzinfo=UTC))
    assert set_column("closes_at", datetime(2050, 1, 5, tzinfo=UTC)) == PASSED


def test_opening_time_that_is_to_come_can_be_changed(make_survey):
    make_survey(opens_at=datetime(2050, 1, 5, tzinfo=UTC))
    assert set_column("opens_at", datetime(2049, 1, 5, tzinfo=UTC)) == ""


def test_counts_are_never_kept_longer_than_was_said(make_survey):
    make_survey(counts_until=date(2050, 1, 5))
    longer = "counts are never kept longer than was said"
    days = (date(2050, 1, 6), None, date(2050, 1, 4))
    assert [set_column("counts_until", day) for day in days] == [longer, longer, ""]


def test_survey_that_begins_as_anything_but_a_draft_is_refused(make_survey):
    survey = make_survey(opened=False)
    survey.pk, survey.slug, survey.state, survey.public_key = None, "another", "open", b"k" * 32
    survey._state.adding = True
    with pytest.raises(IntegrityError, match="a survey begins as a draft"), transaction.atomic():
        survey.save()


def test_every_column_is_either_fixed_or_mendable_or_moves_with_the_state():
    moving = {"id", "state", "stopped_at", "purged_at", "invited", "previous_id"}
    columns = {field.column for field in Survey._meta.concrete_fields}
    assert columns == {*FIXED, *MENDED, *moving}


def test_form_lets_be_mended_what_the_database_does():
    assert set(MENDABLE) == set(MENDED)
    assert {field for _heading, fields in SECTIONS for field in fields} - set(MENDABLE) == set(FIXED) - {
        "public_key",
        "created_at",
        "opened_at",
    }


@pytest.mark.parametrize("state", [state for state in STATES[1:] if state != "stopped"])
def test_threshold_can_be_raised_and_never_lowered(in_state, state):
    in_state(state)
    assert (set_column("minimum_responses", 30), set_column("minimum_responses", 29)) == (
        "",
        "a threshold is never lowered",
    )
    assert Survey.objects.get().minimum_responses == 30


def test_threshold_of_a_draft_is_lowered_to_the_least_that_there_is_and_no_further(in_state):
    in_state("draft")
    assert (set_column("minimum_responses", 30), set_column("minimum_responses", 10)) == ("", "")
    assert "threshold_is_never_lowered" in set_column("minimum_responses", 9)


def test_when_it_stopped_is_set_once(in_state):
    in_state("stopped")
    assert Survey.objects.get().stopped_at is not None
    assert set_column("stopped_at", datetime(2026, 4, 4, tzinfo=UTC)) == "when something happened is never changed"


@pytest.mark.parametrize("state", STATES[1:])
def test_only_a_draft_is_deleted(in_state, state):
    in_state(state)
    assert run("DELETE FROM questionnaire_survey") == "only a draft may be deleted"


ROWS = {
    "breakdown added": "INSERT INTO questionnaire_breakdown (survey_id, code, title, shape, special_category, position)"
    " SELECT survey_id, 'more', 'More', 'flat', false, 9 FROM questionnaire_breakdown LIMIT 1",
    "breakdown changed": "UPDATE questionnaire_breakdown SET special_category = true",
    "breakdown deleted": "DELETE FROM questionnaire_breakdown",
    "group added": "INSERT INTO questionnaire_group (breakdown_id, code, title, headcount, position)"
    " SELECT breakdown_id, 'more', 'More', 1, 9 FROM questionnaire_group LIMIT 1",
    "group changed": "UPDATE questionnaire_group SET headcount = headcount + 1",
    "group deleted": "DELETE FROM questionnaire_group",
    "two-way table added": "INSERT INTO questionnaire_twoway (survey_id, first_id, second_id)"
    " SELECT survey_id, second_id, first_id FROM questionnaire_twoway",
    "two-way table changed": "UPDATE questionnaire_twoway SET first_id = second_id",
    "two-way table deleted": "DELETE FROM questionnaire_twoway",
}


@pytest.mark.parametrize("state", STATES[1:])
@pytest.mark.parametrize("sql", ROWS.values(), ids=ROWS)
def test_breakdowns_are_fixed_once_it_opened(in_state, state, sql):
    in_state(state)
    before = [list(model.objects.values()) for model in (Breakdown, Group, TwoWay)]
    assert run(sql) == "breakdowns are fixed since the survey opened"
    assert [list(model.objects.values()) for model in (Breakdown, Group, TwoWay)] == before


@pytest.mark.parametrize("state", STATES[1:])
def test_breakdown_of_an_open_survey_cannot_be_moved_to_a_draft(in_state, make_survey, state):
    in_state(state)
    draft = make_survey("draft", opened=False)
    assert run("UPDATE questionnaire_breakdown SET survey_id = %s", draft.pk) == (
        "breakdowns are fixed since the survey opened"
    )


@pytest.mark.parametrize(
    "sql", ["UPDATE questionnaire_auditentry SET actor = 'nobody'", "DELETE FROM questionnaire_auditentry"]
)
def test_audit_record_is_only_added_to(in_state, sql):
    in_state("draft")
    before = list(AuditEntry.objects.values())
    assert run(sql) == "the audit record is only added to"
    assert (list(AuditEntry.objects.values()), len(before)) == (before, 1)
