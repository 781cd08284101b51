"""Error pages: each in words of its own, without database or session."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from questionnaire.views import STATUSES


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_answers_with_its_status_and_no_query(db, django_assert_num_queries, status):
    with django_assert_num_queries(0):
        response = Client().get(f"/errors/{status}/")
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")


def test_error_pages_have_different_titles(db):
    titles = {Client().get(f"/errors/{status}/").content.split(b"</title>")[0] for status in STATUSES}
    assert len(titles) == len(STATUSES)


def test_page_of_no_error_is_not_there(db):
    assert Client().get("/errors/200/").status_code == 404


def test_method_that_a_page_does_not_take_is_told_in_words(db):
    response = Client().delete("/i/")
    assert (response.status_code, response["Allow"], response.templates[0].name) == (
        405,
        "GET, HEAD, POST",
        "errors/405.html",
    )


def test_page_without_a_csrf_token_says_that_answers_are_kept(db):
    response = Client(enforce_csrf_checks=True).post("/i/", {"code": "x"})
    assert (response.status_code, response.templates[0].name) == (403, "403_csrf.html")


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/no-such-page/", "/admin/questionnaire/survey/1/breakdowns/"])
def test_file_that_anybody_sends_to_staff_pages_is_refused_unread(db, monkeypatch, page):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", lambda *args: pytest.fail("to disk"))
    response = Client().post(page, {"file": SimpleUploadedFile("junk", bytes(20_000_000))})
    assert (response.status_code, response.templates[0].name) == (413, "errors/413.html")


def test_file_of_a_megabyte_that_anybody_sends_to_staff_pages_is_not_written_to_disk(db, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", lambda *args: pytest.fail("to disk"))
    response = Client().post("/admin/login/", {"file": SimpleUploadedFile("junk", bytes(2_000_000))})
    assert response.status_code == 200


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_page_while_the_database_is_down_says_to_try_again(survey, fault):
    def down(*args):
        raise fault("the database does not answer")

    with connection.execute_wrapper(down):
        response = Client().get("/s/staff/")
    assert (response.status_code, response.templates[0].name) == (503, "errors/503.html")
