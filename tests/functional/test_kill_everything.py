"""The product as `make run` starts it: after `kill -9` of everything it is back with all that was stored, once.

As root its web server and database must not be root; Ctrl-C must leave nothing running.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.launched import Launched, launched, status_of
from tests.visitor import Reply, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
BURSARY = {
    "school_type": "independent_bursary",
    "employment_status": "not_working",
    "parental_qualification": "prefer_not_to_say",
}
CRAFT = {
    "school_type": "outside_uk",
    "employment_status": "self_employed_without_employees",
    "parental_occupation": "technical",
    "parental_qualification": "no_qualifications",
}
STORED = """
SELECT (SELECT string_agg(slug || ' ' || state, ', ' ORDER BY slug) FROM questionnaire_survey),
       (SELECT sum(n) FROM questionnaire_answerpattern),
       (SELECT count(*) FROM outputs_release),
       (SELECT count(*) FROM auth_user),
       (SELECT count(*) FROM questionnaire_sealedresponse)
"""
COUNTED = """
SELECT answers ->> 'school_type', n FROM questionnaire_answerpattern p JOIN questionnaire_survey s ON s.id = survey_id
WHERE slug = 'demo' ORDER BY 1
"""
PASSWORD = re.compile(r"First staff account: admin, password (\S+)")
DAC_READ_SEARCH = 1 << 2  # the capability to read any file, as the kernel numbers it


@dataclass(frozen=True)
class Course:
    """What was seen at each point of the course of events."""

    kernel: list[dict[str, str]]  # what the kernel tells of every process but the launcher
    before: list[tuple]
    left_by_kill: list[int]
    seconds: float  # the second start
    after: list[tuple]
    log: list[str]  # what each start wrote
    resumed: Reply
    counted: list[tuple]
    exit_code: int
    left_by_ctrl_c: list[int]
    unreachable: bool


def written(product: Launched, before: list[str]) -> str:
    """What was written since these earlier parts of the log."""
    return product.log.read_text().removeprefix("".join(before))


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    """Start, answer, kill everything, start again, go on answering, close, press Ctrl-C."""
    with launched() as product:
        product.start("--demo")
        log = [written(product, [])]
        for answers in (BURSARY, CRAFT, CRAFT):
            Visitor(product.port, "demo").respond(answers)
        interrupted = Visitor(product.port, "demo")
        interrupted.prepare(CRAFT)
        before = product.query(STORED)
        kernel = [status_of(process) for process in product.processes() if process != product.process.pid]
        product.kill_everything()
        left_by_kill = product.processes()

        seconds = product.start("--demo")
        log.append(written(product, log))
        after = product.query(STORED)
        resumed = interrupted.submit()
        product.manage("close_survey", "demo")
        counted = product.query(COUNTED)
        exit_code = product.press_ctrl_c()
        yield Course(
            kernel=kernel,
            before=before,
            left_by_kill=left_by_kill,
            seconds=seconds,
            after=after,
            log=log,
            resumed=resumed,
            counted=counted,
            exit_code=exit_code,
            left_by_ctrl_c=product.processes(),
            unreachable=not product.ready(),
        )


def test_first_start_has_an_open_and_a_released_survey_and_one_account(course):
    assert course.before == [("demo open, example released", 2400, 1, 1, 3)]


def test_kill_leaves_no_process(course):
    assert course.left_by_kill == []


def test_start_after_the_kill_finds_every_stored_answer_and_doubles_nothing(course):
    assert course.after == course.before


def test_start_after_the_kill_takes_a_few_seconds(course):
    assert course.seconds < 15  # about 2 on a quiet machine


def test_password_is_printed_at_the_first_start_only(course):
    assert [len(PASSWORD.findall(log)) for log in course.log] == [1, 0]


def test_every_start_prints_the_addresses(course):
    told = [re.findall(r"^  (\w+)  ", log, flags=re.MULTILINE) for log in course.log]
    assert told == [["respondents", "staff", "results", "data"]] * 2


def test_interview_interrupted_by_the_kill_is_submitted_afterwards(course):
    assert course.resumed.location == "/s/demo/complete/"


def test_answers_stored_before_the_kill_are_counted_with_those_after_it(course):
    assert course.counted == [("independent_bursary", 1), ("outside_uk", 3)]


def test_ctrl_c_ends_well_and_leaves_no_process(course):
    assert (course.exit_code, course.left_by_ctrl_c, course.unreachable) == (0, [], True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_neither_web_server_nor_database_runs_as_root(course):
    users = {number for status in course.kernel for number in (*status["Uid"].split(), *status["Gid"].split())}
    assert (len(course.kernel) >= 6, "0" in users) == (True, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_web_server_and_database_keep_no_right_of_root_but_to_read_files(course):
    kept = {status[name] for status in course.kernel for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")}
    assert {int(capabilities, 16) & ~DAC_READ_SEARCH for capabilities in kept} == {0}


def test_starts_killed_while_they_set_up_are_made_whole_by_the_next():
    with launched() as product:
        for words, seconds in [("Setting up the database", 0.3), ("account: admin", 0.2), ("Making up", 0.5)]:
            product.launch("--demo")
            while words not in product.log.read_text():
                time.sleep(0.02)
            time.sleep(seconds)
            product.kill_everything()
        product.start("--demo")
        assert product.query(STORED) == [("demo open, example released", 2400, 1, 1, 0)]
