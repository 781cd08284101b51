"""What staff see of a linked survey: only with the permission, as a file, and every download is recorded."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission

from questionnaire.fieldwork import inviting
from questionnaire.models import AuditEntry, Invitation, Survey
from tests.integration.test_surveys_admin import page_of, signed_in
from tests.integration.test_wizard import BURSARY, EMPLOYEE
from tests.linked_survey import LINKED, closed, invited_to

VIEW = ("view_survey", "view_linkedresponse")
TOOL = b"Download linked answers"


@pytest.fixture
def survey(make_survey) -> Survey:
    make_survey(**LINKED)
    return closed(invited_to(), EMPLOYEE, BURSARY)


def rows(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode(), newline="")))


def test_file_has_a_row_for_each_person_who_answered(survey, standard):
    response = signed_in(*VIEW).get(page_of(survey, "linked-answers"))
    questions = [question.id for question in standard.questions]
    assert rows(response) == [
        ["reference", "grade", "site", "mode", *questions],
        ["A1", "junior", "north", "online", *(EMPLOYEE.get(question, "") for question in questions)],
        ["A2", "senior", "north", "online", *(BURSARY.get(question, "") for question in questions)],
    ]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="linked-answers-staff.csv"'
    assert "no-store" in response["Cache-Control"]


def test_cell_that_a_spreadsheet_would_calculate_is_text(survey):
    Invitation.objects.filter(reference="A1").update(reference="=1+1")
    found = rows(signed_in(*VIEW).get(page_of(survey, "linked-answers")))
    assert {row[0] for row in found[1:]} == {"'=1+1", "A2"}


def test_download_is_recorded_without_an_answer(survey):
    signed_in(*VIEW).get(page_of(survey, "linked-answers"))
    entry = AuditEntry.objects.last()
    assert (entry.actor, entry.action, entry.survey, entry.detail) == (
        "someone",
        "downloaded linked answers",
        "staff",
        {},
    )


@pytest.mark.parametrize("permissions", [(), ("view_survey", "change_survey", "delete_survey", "view_release")])
def test_staff_without_the_permission_are_refused(survey, permissions):
    before = AuditEntry.objects.count()
    client = signed_in(*permissions)
    assert client.get(page_of(survey, "linked-answers")).status_code == 403
    assert TOOL not in client.get(page_of(survey)).content
    assert AuditEntry.objects.count() == before


def test_people_who_are_not_staff_are_sent_to_sign_in(survey):
    response = signed_in(*VIEW, is_staff=False).get(page_of(survey, "linked-answers"))
    assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/")


def test_survey_page_leads_to_the_file_for_staff_with_the_permission(survey):
    assert TOOL in signed_in(*VIEW).get(page_of(survey)).content


@pytest.mark.parametrize("fields", [LINKED, {**LINKED, "kind": "anonymous"}])
def test_there_is_no_file_before_closing_nor_of_an_anonymous_survey(make_survey, fields):
    client, survey = signed_in(*VIEW), make_survey(**fields)
    assert client.get(page_of(survey, "linked-answers")).status_code == 404
    if not survey.is_linked:
        closed(invited_to(), EMPLOYEE)
        assert client.get(page_of(survey, "linked-answers")).status_code == 404
    assert TOOL not in client.get(page_of(survey)).content


def test_file_is_only_read(survey):
    client = signed_in(*VIEW)
    assert client.post(page_of(survey, "linked-answers")).status_code == 405


def test_linked_responses_are_no_records_of_the_admin(survey):
    client = signed_in(*VIEW, is_superuser=True)
    assert client.get("/admin/questionnaire/linkedresponse/").status_code == 404
    assert b"linkedresponse" not in client.get("/admin/").content
    codenames = Permission.objects.filter(content_type__model="linkedresponse").values_list("codename", flat=True)
    assert list(codenames) == ["view_linkedresponse"]


def test_purge_page_of_a_linked_survey_tells_that_linked_answers_go(survey):
    page = signed_in("view_survey", "change_survey").get(page_of(survey, "purge")).content.decode()
    assert "every linked answer, which its person can then neither see, change nor withdraw" in page


def test_page_before_opening_does_not_say_that_a_linked_survey_keeps_counts_only(make_survey):
    survey = make_survey(opened=False, **LINKED)
    page = signed_in("view_survey").get(page_of(survey, "opening")).content.decode()
    assert ("keeps counts only" in page, "keeps them with their invitations" in page) == (False, True)


def test_codes_of_a_closed_linked_survey_are_not_replaced(survey):
    with pytest.raises(inviting.Refused, match="it takes no more answers"):
        inviting.replace_codes("staff", actor="test")
