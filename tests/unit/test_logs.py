"""Redaction: nothing below `/s/` reaches a log, whoever writes it and however it is wrapped."""

import io
import logging

import pytest

from questionnaire.logs import NoArgumentsOfJobs, NoSurveyPaths, PlainFormatter, redact


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Not Found: /s/staff/supervisor/", "Not Found: /s/…"),
        ("Internal Server Error: /s/staff/", "Internal Server Error: /s/…"),
        ("GET /s/staff/supervisor/?lost HTTP/1.1", "GET /s/… HTTP/1.1"),
        ('"GET /s/staff/supervisor/" 404', '"GET /s/…" 404'),
        ("'/s/staff/business-size/' and </s/staff/supervisor/>", "'/s/…' and </s/…>"),
        ("http://127.0.0.1:8000/s/staff/supervisor/ from elsewhere", "http://127.0.0.1:8000/s/… from elsewhere"),
        ("first /s/a/supervisor/\nsecond /s/b/business-size/", "first /s/…\nsecond /s/…"),
        ("/admin/outputs/staff/1/ and /static/s.css stay", "/admin/outputs/staff/1/ and /static/s.css stay"),
    ],
)
def test_redaction_cuts_every_address_of_a_survey(text, left):
    assert redact(text) == left


@pytest.fixture
def log():
    """What the product's handler writes while the test runs, without the time."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(NoSurveyPaths())
    handler.addFilter(NoArgumentsOfJobs())
    handler.setFormatter(PlainFormatter("%(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_warning_about_a_survey_is_not_written(log):
    logging.getLogger("django.request").warning("Not Found: %s", "/s/staff/supervisor/")
    assert log.getvalue() == ""


def test_error_about_a_survey_is_written_without_its_address(log):
    logging.getLogger("django.request").error("Service Unavailable: %s", "/s/staff/check-answers/")
    assert log.getvalue() == "ERROR django.request Service Unavailable: /s/…\n"


def test_error_elsewhere_is_written_whole(log):
    logging.getLogger("django.request").error("Service Unavailable: %s", "/readyz")
    assert log.getvalue() == "ERROR django.request Service Unavailable: /readyz\n"


def test_address_in_a_traceback_is_cut(log):
    try:
        raise LookupError("no view for /s/staff/supervisor/")
    except LookupError:
        logging.getLogger("django.request").exception("Internal Server Error")
    assert log.getvalue().splitlines()[-1] == "LookupError: no view for /s/…"


def test_any_logger_is_redacted(log):
    logging.getLogger("some.library").error("fetched /s/staff/supervisor/")
    assert log.getvalue() == "ERROR some.library fetched /s/…\n"


JOB = {"task_name": "close_survey", "id": 7, "task_kwargs": {"survey_id": 3}}


def test_job_that_failed_tells_its_kind_of_fault_and_where_but_no_argument_and_no_value(log):
    try:
        raise LookupError("Key (answers)=({school_type: state})")
    except LookupError:
        logging.getLogger("procrastinate.worker").exception(
            "Job close_survey[7](survey_id=3) ended", extra={"job": JOB, "action": "job_error"}
        )
    first, *trace, last = log.getvalue().splitlines()
    assert (first, last) == ("ERROR procrastinate.worker job close_survey[7]: job_error", "LookupError")
    assert [__file__ in line for line in trace] == [True, False]


def test_fault_of_a_worker_itself_is_written_whole(log):
    logging.getLogger("procrastinate.worker.worker").error("Side task listener failed", extra={"job": None})
    assert log.getvalue() == "ERROR procrastinate.worker.worker Side task listener failed\n"
