"""Closing a linked survey: each person's answers are kept with their invitation, beside the counts, and once."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from questionnaire import linked, sealing
from questionnaire.fieldwork import advice, breakdowns, closing, copying, invited, retention, surveys
from questionnaire.models import (
    AnswerPattern,
    AuditEntry,
    GroupCount,
    Invitation,
    LinkedResponse,
    MergedGroup,
    SealedResponse,
    Survey,
)
from tests.grouped_survey import GRADE, PEOPLE, answer, closed_with_groups, declare
from tests.integration.test_surveys_admin import FORM, LIST, page_of, signed_in
from tests.integration.test_wizard import BURSARY, EMPLOYEE
from tests.invited_survey import DECLARED, enter, invite
from tests.linked_survey import LINKED, closed, invited_to, kept

NEEDS = "A linked survey is for invited people only, is answered here, and has its key in this service’s key store."
CHOSEN_BEFORE = "the kind of a survey is chosen before the first invitation"


@pytest.fixture
def linked_survey(make_survey) -> Survey:
    return make_survey(**LINKED)


def counted() -> list[list]:
    """Every count, whatever its survey and id."""
    fields = (
        (AnswerPattern, ("mode", "answers", "n")),
        (MergedGroup, ("breakdown", "code", "title", "members")),
        (GroupCount, ("breakdown", "group", "table", "category", "n")),
    )
    return [list(model.objects.order_by("id").values_list(*names)) for model, names in fields]


# ------------------------------------------------------------------------------------------------------ the setting


def test_survey_is_anonymous_where_nothing_else_is_chosen(make_survey):
    assert (make_survey().kind, make_survey("other").is_linked) == ("anonymous", False)


@pytest.mark.parametrize("field", [{"access": "open_link"}, {"origin": "imported"}, {"custody": "owner"}])
def test_linked_survey_that_does_not_know_whom_it_asks_is_refused(make_survey, field):
    with pytest.raises(surveys.Refused, match=NEEDS):
        make_survey(opened=False, **{"kind": "linked", "access": "invited", **field})


@pytest.mark.parametrize("field", [{"access": "open_link"}, {"origin": "imported"}, {"custody": "owner"}])
def test_database_refuses_a_linked_survey_that_does_not_know_whom_it_asks(make_survey, field):
    make_survey(opened=False, kind="linked", access="invited")
    with pytest.raises(IntegrityError, match="linked_survey_knows_whom_it_asks"), transaction.atomic():
        Survey.objects.update(**field)


@pytest.mark.parametrize(("before", "after"), [("linked", "anonymous"), ("anonymous", "linked")])
def test_kind_of_a_draft_is_changed_until_someone_is_invited(make_survey, before, after):
    survey = make_survey(opened=False, kind=before, access="invited", headcount=5, declared=DECLARED)
    assert Survey.objects.update(kind=after) == 1
    Survey.objects.update(kind=before)
    invite()
    survey.kind = after
    with pytest.raises(surveys.Refused, match="chosen before the first invitation"):
        surveys.check_settings(survey)
    with pytest.raises(IntegrityError, match=CHOSEN_BEFORE), transaction.atomic():
        Survey.objects.update(kind=after)
    assert Survey.objects.get().kind == before


def test_form_of_a_draft_takes_the_kind_and_keeps_it_once_someone_is_invited(db):
    keeper = signed_in("add_survey", "change_survey", "view_survey")
    keeper.post(f"{LIST}add/", {**FORM, "kind": "linked", "access": "invited"})
    survey = Survey.objects.get()
    assert survey.kind == "linked"
    Invitation.objects.create(survey=survey, digest=b"d" * 32)
    page = keeper.post(page_of(survey), {**FORM, "kind": "anonymous", "access": "invited"})
    survey.refresh_from_db()
    assert (survey.kind, "chosen before the first invitation" in page.content.decode()) == ("linked", True)


def test_command_creates_a_linked_survey(db):
    call_command("create_survey", "staff", "--kind", "linked", "--access", "invited")
    assert Survey.objects.get().kind == "linked"
    with pytest.raises(CommandError, match="A linked survey is for invited people only"):
        call_command("create_survey", "other", "--kind", "linked")


def test_copy_keeps_the_kind(linked_survey):
    assert copying.copy("staff", "staff-2", actor="test").kind == "linked"


def test_advice_on_a_linked_survey_is_to_assess_it_and_to_destroy_the_codes(linked_survey, make_survey):
    def told(survey: Survey) -> list[str]:
        words = ("data protection impact assessment", "destroy the file of codes")
        return [at for sentence, at in advice.given(survey, ()) if any(each in sentence for each in words)]

    assert (told(linked_survey), told(make_survey("other", access="invited"))) == (["kind", "invitations"], [])


@pytest.mark.parametrize(("kind", "refused"), [("anonymous", True), ("linked", False)])
def test_special_category_data_of_few_people_is_refused_in_anonymous_surveys_only(make_survey, kind, refused):
    declared = {"breakdown": [{**DECLARED["breakdown"][0], "special_category": True}]}
    survey = make_survey(opened=False, kind=kind, access="invited", headcount=5, declared=declared)
    told = [str(fault) for fault in breakdowns.faults(survey) if "special category data" in str(fault)]
    assert bool(told) == refused


# ----------------------------------------------------------------------------------------------------------- closing


def test_answers_are_sealed_while_a_linked_survey_is_open(linked_survey):
    codes = invited_to()
    enter(codes[0]).respond(EMPLOYEE)
    assert (SealedResponse.objects.count(), LinkedResponse.objects.count()) == (1, 0)


def test_closing_keeps_each_answer_with_its_invitation_and_every_invitation(linked_survey):
    survey = closed(invited_to(), EMPLOYEE, BURSARY)
    assert kept() == [("A1", "online", EMPLOYEE), ("A2", "online", BURSARY)]
    people = Invitation.objects.order_by("-reference").values_list("reference", "groups")
    assert list(people) == [
        ("A2", {"grade": "senior", "site": "north"}),
        ("A1", {"grade": "junior", "site": "north"}),
        ("", {"grade": "junior", "site": "south"}),
    ]
    assert (survey.state, survey.invited, SealedResponse.objects.count()) == ("closed", 3, 0)


def test_closing_destroys_the_key_of_a_linked_survey(linked_survey):
    survey = closed(invited_to(), EMPLOYEE)
    with pytest.raises(sealing.KeyMissing):
        sealing.opener(survey.public_key)


def test_who_withdrew_before_closing_is_invited_still_and_nothing_is_kept_of_them(linked_survey):
    codes = invited_to()
    enter(codes[0]).respond(EMPLOYEE)
    enter(codes[0]).post("withdraw")
    closed(codes[1:], BURSARY)
    assert kept() == [("A2", "online", BURSARY)]
    assert Invitation.objects.count() == 3


def test_counts_of_a_linked_survey_are_those_of_an_anonymous_one(db):
    closed_with_groups()
    expected = counted()
    for model in (AnswerPattern, MergedGroup, GroupCount):
        model.objects.all().delete()
    closed_with_groups(slug="linked", kind="linked")
    assert counted() == expected


def test_closing_that_is_run_again_loses_and_doubles_nothing(linked_survey):
    survey = closed(invited_to(), EMPLOYEE, BURSARY)
    before = (kept(), counted(), Invitation.objects.count())
    assert closing.close("staff", actor="test") == 0
    assert (kept(), counted(), Invitation.objects.count()) == before
    assert retention.destroy_due() == ([], [])
    assert survey.keeps_linked_answers


def test_closing_that_is_interrupted_keeps_nothing_half(linked_survey, monkeypatch):
    codes = invited_to()
    for code, given in zip(codes, (EMPLOYEE, BURSARY), strict=False):
        enter(code).respond(given)

    def interrupted(**entry) -> None:
        if entry["action"] == "closed":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(closing.audit, "record", interrupted)
        with pytest.raises(KeyboardInterrupt):
            closing.close("staff", actor="test")
    assert (LinkedResponse.objects.count(), AnswerPattern.objects.count(), SealedResponse.objects.count()) == (0, 0, 2)
    assert Survey.objects.get().state == "stopped"
    closing.close("staff", actor="test")
    assert kept() == [("A1", "online", EMPLOYEE), ("A2", "online", BURSARY)]


def test_row_of_nobody_who_was_invited_is_neither_kept_nor_counted(linked_survey):
    answer(linked_survey, [(EMPLOYEE, None, 1), (EMPLOYEE, {}, 2)])
    assert closing.close("staff", actor="test") == 1
    assert (LinkedResponse.objects.count(), list(AnswerPattern.objects.values_list("n", flat=True))) == (2, [2])


# --------------------------------------------------------------------------------------------------- what ends it all


def test_purge_destroys_linked_answers_and_invitations_too(linked_survey):
    closed(invited_to(), EMPLOYEE)
    surveys.purge("staff", actor="test")
    models = (LinkedResponse, Invitation, AnswerPattern, GroupCount, MergedGroup)
    assert [model.objects.count() for model in models] == [0] * 5


def test_abandoning_destroys_the_invitations_of_a_linked_survey(linked_survey):
    enter(invited_to()[0]).respond(EMPLOYEE)
    closing.stop("staff", actor="test")
    surveys.abandon("staff", actor="test")
    assert [model.objects.count() for model in (LinkedResponse, Invitation, SealedResponse)] == [0] * 3


def test_staff_are_told_that_linked_answers_are_kept_until_they_are_destroyed(linked_survey):
    assert retention.told(closed(invited_to(), EMPLOYEE)) == [
        "Linked answers, invitations and counts are kept until someone destroys them.",
        "What was released stays.",
    ]


# --------------------------------------------------------------------------------------------- changing what is kept


def grouped_linked(people) -> Survey:
    return closed_with_groups(people, {"grade": GRADE}, two_way=(), kind="linked")


def test_change_makes_the_counts_again_as_if_it_had_been_answered_so(db):
    people = [(EMPLOYEE, {"grade": "aa"}, 15), (BURSARY, {"grade": "eo"}, 10), (EMPLOYEE, {"grade": "eo"}, 12)]
    survey = grouped_linked(people)
    row = LinkedResponse.objects.filter(invitation__groups__grade="eo", answers=BURSARY).first()
    assert linked.change(
        survey.pk, bytes(row.invitation.digest), number=row.number + 1, mode="online", answers=EMPLOYEE
    )
    changed = counted()
    for model in (AnswerPattern, MergedGroup, GroupCount):
        model.objects.all().delete()
    expected = [(EMPLOYEE, {"grade": "aa"}, 15), (BURSARY, {"grade": "eo"}, 9), (EMPLOYEE, {"grade": "eo"}, 13)]
    closed_with_groups(expected, {"grade": GRADE}, two_way=(), slug="other", kind="linked")
    assert changed == counted()


def test_staff_are_told_roughly_how_many_answered_after_closing_too(db):
    assert invited.answered(grouped_linked([(EMPLOYEE, {"grade": "aa"}, 12)])) == "about 10"


def test_late_retry_of_an_older_change_changes_nothing(db):
    survey = grouped_linked([(EMPLOYEE, {"grade": "aa"}, 12)])
    digest = bytes(Invitation.objects.first().digest)
    before = counted()
    assert linked.change(survey.pk, digest, number=1, mode="online", answers=BURSARY)
    assert (counted(), LinkedResponse.objects.filter(answers=BURSARY).count()) == (before, 0)


def test_change_after_a_withdrawal_brings_nothing_back(db):
    survey = grouped_linked([(EMPLOYEE, {"grade": "aa"}, 12)])
    digest = bytes(Invitation.objects.first().digest)
    assert linked.withdraw(survey.pk, digest)
    assert not linked.change(survey.pk, digest, number=9, mode="online", answers=BURSARY)
    assert (LinkedResponse.objects.count(), linked.kept(survey.pk, digest)) == (11, None)
    assert [each.n for each in AnswerPattern.objects.all()] == [11]


@pytest.mark.parametrize("kind", ["anonymous", "linked"])
def test_nothing_is_kept_for_a_code_that_is_not_invited(db, kind):
    survey = closed_with_groups(PEOPLE, {"grade": GRADE}, two_way=(), kind=kind)
    unknown = b"u" * 32
    assert (
        linked.is_kept_for(survey.pk, unknown),
        linked.kept(survey.pk, unknown),
        linked.change(survey.pk, unknown, number=9, mode="online", answers=EMPLOYEE),
        linked.withdraw(survey.pk, unknown),
    ) == (False, None, False, False)


def test_audit_of_closing_and_changing_holds_no_answer(db):
    survey = grouped_linked([(EMPLOYEE, {"grade": "aa"}, 12)])
    linked.withdraw(survey.pk, bytes(Invitation.objects.first().digest))
    text = " ".join(f"{each.action} {each.detail}" for each in AuditEntry.objects.all())
    assert [code for code in {*EMPLOYEE, *EMPLOYEE.values()} - {"no", "state"} if code in text] == []


def test_declared_breakdowns_of_a_linked_survey_are_fixed_as_ever(linked_survey):
    with pytest.raises(IntegrityError, match="breakdowns are fixed"), transaction.atomic():
        declare(linked_survey, {"more": GRADE})
