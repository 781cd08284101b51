"""`make fuzz` in short, what it once found, and that it can find."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fuzz.attack import Attack
from tests.fuzz.observed import GROWTH, Seen, differences, growth, should_not_be_logged
from tests.fuzz.tally import Tally
from tests.server import Server, running_server
from tests.visitor import send_raw

REQUESTS = 500
SEEN = Seen(tables={"survey": (1, "a")}, answers=2, emptied=3, memory={7: 60.0}, log=0)


@pytest.fixture(scope="module")
def attacked() -> Iterator[Server]:
    """A server of its own: an attack leaves surveys and emptied responses behind."""
    with running_server() as server:
        yield server


@pytest.mark.slow
def test_hostile_requests_find_nothing(attacked):
    report = Attack(attacked, first_seed=1).run(REQUESTS)
    assert not report.findings, str(report)


@pytest.mark.parametrize(
    ("line", "header", "status"),
    [
        ("GET /admin/login/", 'Cookie: sessionid="' + "\\000" * 12 + '"', 200),
        ("GET /s/demo/?lost", "Content-Type: text/html; charset=hex", 200),
        ("GET /s/demo/?lost=%ff", "Content-Type: text/html; charset=idna", 200),
        ("GET /s/demo/", "Content-Type: text/html; charset*=nowhere'en'utf-8", 200),
        ("GET /s/demo/", "SCRIPT_NAME: /elsewhere", 200),
        ("PATCH /static/css/seb-survey.css", "Accept: */*", 405),
        ("POST /s/demo/", "Content-Length: 16385", 413),
    ],
)
def test_request_that_once_broke_a_page_is_answered(attacked, line, header, status):
    request = f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{header}\r\n\r\n"
    assert send_raw(attacked.port, request.encode()) == status


def test_form_of_a_wrong_length_stands_in_no_log(attacked):
    head = "POST /s/demo/school-type/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
    before = attacked.log.read_text()
    send_raw(attacked.port, f"{head}school_type=state".encode())
    assert attacked.log.read_text() == before


@pytest.mark.parametrize(
    ("status", "request_", "findings"),
    [
        (500, b"GET / HTTP/1.1", ["status 500"]),
        (503, b"GET / HTTP/1.1", ["status 503"]),
        (501, b"GET / HTTP/1.1\r\nTransfer-Encoding: junk", []),
        (501, b"GET / HTTP/1.1", ["status 501"]),
        (404, b"GET / HTTP/1.1", []),
    ],
)
def test_status_that_blames_the_server_is_a_finding(status, request_, findings):
    tally = Tally()
    tally.answer(status, request_)
    assert [finding.what for finding in tally.findings] == findings


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (SEEN, []),
        (replace(SEEN, tables={"survey": (1, "b")}), ["table survey was changed"]),
        (replace(SEEN, answers=3), ["1 responses were stored"]),
        (replace(SEEN, emptied=4), []),
        (replace(SEEN, emptied=5), ["2 emptied responses were stored by 1 withdrawals"]),
        (replace(SEEN, memory={8: 60.0}), ["worker 7 died"]),
        (replace(SEEN, memory={7: 60.0 + GROWTH}), []),
        (replace(SEEN, memory={7: 61.0 + GROWTH}), [f"worker 7 grew from 60 to {61 + GROWTH} MB"]),
    ],
)
def test_change_under_attack_is_a_finding(after, found):
    assert [*differences(SEEN, after, withdrawn=1), *growth(SEEN, after)] == found


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ("ERROR django.request Internal Server Error: /s/…", True),
        ("ERROR django.security.DisallowedHost Invalid HTTP_HOST header: 'x'.", False),
        ("WARNING django.request Not Found: /elsewhere", False),
        ("WARNING django.request Not Found: /s/demo/supervisor/", True),
        ("WARNING gunicorn.error Invalid request: 'GET /%73/demo/supervisor/'", True),
        ("WARNING gunicorn.error Invalid request: 'school_type=state'", True),
    ],
)
def test_failure_or_answer_in_the_log_is_a_finding(record, found):
    assert should_not_be_logged(record, ("school_type=",)) is found
