"""Every page that respondents meet, in every state that it has, opened one after another.

Each function yields a name while its page is open: the page, and after a colon the state that it is in.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from questionnaire import codes
from questionnaire.views import STATUSES
from tests.functional.steps import (
    EMPLOYEE,
    address,
    answer,
    be_at,
    change,
    choose,
    enter_code,
    follow,
    go_on,
    press,
    start,
    submit,
)
from tests.server import Server


def fresh_code(server: Server, survey: str) -> str:
    """A code of the survey that nobody has used."""
    return codes.shown(codes.make(server.query("SELECT id FROM questionnaire_survey WHERE slug = %s", survey)[0][0]))


def invited_code(server: Server) -> str:
    """A code of someone who is invited."""
    (survey,) = server.query("SELECT id FROM questionnaire_survey WHERE slug = 'by-invitation'")[0]
    code = codes.make(survey)
    server.query(
        "INSERT INTO questionnaire_invitation (survey_id, digest, reference, groups)"
        " VALUES (%s, %s, '', '{\"grade\": \"junior\"}') RETURNING 1",
        survey,
        codes.digest(code),
    )
    return codes.shown(code)


def before(page: Page, server: Server) -> Iterator[str]:
    """Where people arrive: front page, start and privacy pages, the page for a code."""
    page.goto(server.url)
    yield "front"
    for survey, settings in [
        ("told", "everything stated"),
        ("bare", "nothing stated"),
        ("long", "long words"),
        ("exact", "exact counts"),
        ("kiosk", "shared device"),
        ("by-invitation", "invited people"),
    ]:
        page.goto(address(server, survey=survey))
        yield f"start of {survey}: {settings}"
        page.goto(address(server, "privacy", survey))
        yield f"privacy of {survey}: {settings}"
    for survey in ("told", "kiosk"):
        page.goto(address(server, "supervisor", survey))
        yield f"start of {survey}: without an interview"
    page.goto(address(server, survey="draft"))
    yield "not open"
    page.goto(address(server, survey="later"))
    yield "not open: until a day that is settled"
    page.goto(address(server, survey="example"))
    yield "closed"
    page.goto(address(server, survey="abandoned"))
    yield "destroyed"
    page.goto(f"{server.url}/i/")
    yield "code"
    for code, error in [("", "nothing"), ("ABC", "no code"), (codes.make(12_000), "no survey")]:
        enter_code(page, server, code)
        yield f"code: error, {error}"
    enter_code(page, server, fresh_code(server, "example"))
    yield "closed: come with a code"
    enter_code(page, server, fresh_code(server, "told"))
    yield "start of told: come with a code"
    enter_code(page, server, invited_code(server))
    yield "start of by-invitation: come with a code"


def questions(page: Page, server: Server) -> Iterator[str]:
    """Each question, fresh, with an error, with an answer, and newly asked after a change."""
    start(page, server)
    for question, code in EMPLOYEE.items():
        yield question
        go_on(page)
        yield f"{question}: error"
        choose(page, question, code)
    for question in EMPLOYEE:
        change(page, question)
        yield f"{question}: answered"
        follow(page, "Back")
    change(page, "employment_status")
    choose(page, "employment_status", "self_employed_with_employees")
    yield "business_size: newly asked"
    go_on(page)
    yield "business_size: error, newly asked"
    choose(page, "business_size", "1_to_24")
    change(page, "employment_status")
    choose(page, "employment_status", "not_working")
    change(page, "employment_status")
    choose(page, "employment_status", "employee")
    for question in ("employer_size", "supervisor", "parental_occupation"):
        yield f"{question}: newly asked"
        choose(page, question, EMPLOYEE[question])
    change(page, "school_type")
    choose(page, "school_type", "independent")
    change(page, "school_type")
    choose(page, "school_type", "state")
    yield "free_school_meals: newly asked"
    start(page, server)
    answer(page, {"school_type": "independent", "employment_status": "self_employed_with_employees"})
    yield "business_size"


def after(page: Page, server: Server) -> Iterator[str]:
    """From check answers to the end, and what can come instead of it."""
    start(page, server)
    answer(page, EMPLOYEE)
    yield "check answers"
    change(page, "school_type")
    choose(page, "school_type", "independent")
    yield "check answers: one question dropped"
    change(page, "employment_status")
    choose(page, "employment_status", "not_working")
    yield "check answers: several questions dropped"
    submit(page)
    yield "thank you"
    follow(page, "See or change your answers")
    yield "check answers: submitted before"
    page.get_by_role("button", name="Clear my answers").click()
    yield "cleared"
    enter_code(page, server, fresh_code(server, "demo"))
    press(page, "Start now")
    answer(page, EMPLOYEE)
    yield "check answers: come with a code"
    page.goto(address(server))
    page.get_by_role("button", name="Withdraw").click()
    yield "withdrawn"
    start(page, server, "kiosk")
    answer(page, EMPLOYEE)
    yield "check answers: shared device"
    submit(page)
    yield "thank you: shared device"
    start(page, server, "ending")
    answer(page, EMPLOYEE)
    server.query("UPDATE questionnaire_survey SET closes_at = now() WHERE slug = 'ending' RETURNING 1")
    submit(page)
    yield "closed: submitted too late"
    code = invited_code(server)
    enter_code(page, server, code)
    press(page, "Start now")
    answer(page, EMPLOYEE)
    server.query("DELETE FROM questionnaire_invitation WHERE digest = %s RETURNING 1", codes.digest(code))
    submit(page)
    yield "not invited: the code was replaced meanwhile"


def errors(page: Page, server: Server) -> Iterator[str]:
    """Each error page by its address, and as people come upon it."""
    for status in STATUSES:
        page.goto(f"{server.url}/errors/{status}/")
        yield f"error {status}"
    page.goto(address(server, survey="nothing"))
    yield "error 404: no such survey"
    page.goto(address(server, "withdraw"))
    yield "error 405: an address opened that takes presses only"
    be_at(page, server, "no_such_question", {})
    yield "error 404: no such question"
    page.goto(address(server, "school_type"))
    page.context.clear_cookies(name="csrftoken")
    choose(page, "school_type", "state")
    yield "send again"
    page.goto(address(server))
    page.context.clear_cookies()
    press(page, "Start now")
    yield "cookies needed"


GROUPS = {walk.__name__: walk for walk in (before, questions, after, errors)}
