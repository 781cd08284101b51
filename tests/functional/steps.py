"""What a respondent does in Chromium: start, choose, go on, submit; and what time does to their browser meanwhile."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.test import RequestFactory, override_settings
from playwright.sync_api import BrowserContext, Page, expect

from questionnaire import sealing
from questionnaire.wizard import interview as interviews
from questionnaire.wizard.interview import COOKIE, Interview
from seb_survey.secret_key import kept_secret
from tests.server import Server

EMPLOYEE = {
    "school_type": "state",
    "free_school_meals": "not_applicable",
    "employment_status": "employee",
    "employer_size": "25_or_more",
    "supervisor": "yes",
    "parental_occupation": "clerical",
    "parental_qualification": "degree",
}


def address(server: Server, step: str = "", survey: str = "demo") -> str:
    return f"{server.url}/s/{survey}/{step.replace('_', '-')}/" if step else f"{server.url}/s/{survey}/"


def press(page: Page, button: str) -> None:
    """Press a button that sends a form and wait for the page that comes: going Back before it is there goes too far."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def follow(page: Page, link: str) -> None:
    """Follow a link, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("link", name=link).click()


def start(page: Page, server: Server, survey: str = "demo") -> None:
    page.goto(address(server, survey=survey))
    press(page, "Start now")


def go_on(page: Page) -> None:
    press(page, "Continue")


def select(page: Page, question: str, code: str) -> None:
    page.locator(f"input[name$={question}][value='{code}']").check()


def choose(page: Page, question: str, code: str) -> None:
    select(page, question, code)
    go_on(page)


def answer(page: Page, answers: Mapping[str, str]) -> None:
    for question, code in answers.items():
        expect(page).to_have_url(re.compile(f"/{question.replace('_', '-')}/"))
        choose(page, question, code)


def change(page: Page, question: str) -> None:
    """Press Change beside an answer on the check-answers page."""
    with page.expect_navigation():
        page.locator(f"a[href$='/{question.replace('_', '-')}/']", has_text="Change").click()


def submit(page: Page) -> None:
    press(page, "Submit")


def enter_code(page: Page, server: Server, code: str) -> None:
    page.goto(f"{server.url}/i/")
    page.get_by_label("Enter your code").fill(code)
    go_on(page)


def cookie_of(context: BrowserContext, survey: str = "demo") -> dict:
    """The cookie that holds the interview. StopIteration where the browser has none."""
    return next(cookie for cookie in context.cookies() if (cookie["name"], cookie["path"]) == (COOKIE, f"/s/{survey}/"))


@contextmanager
def held_by(context: BrowserContext, server: Server, survey: str = "demo") -> Iterator[Interview]:
    """The interview that the browser holds, opened with the server's own secret key; what is changed is put back."""
    cookie = cookie_of(context, survey)
    secret = os.environ.get("SECRET_KEY") or kept_secret(server.data_dir)
    with override_settings(SECRET_KEY=secret):
        request = RequestFactory().get("/")
        request.COOKIES[COOKIE] = cookie["value"]
        interview = interviews.read(request, survey)
        yield interview
        sealed = interviews._encrypt(interview)  # saving it would count as a sign of life
    context.add_cookies([{**cookie, "value": sealed}])


def be_at(page: Page, server: Server, step: str, answers: Mapping[str, str], survey: str = "demo") -> None:
    """Open a page as someone who has given these answers, without the pages in between."""
    start_page = page.request.get(address(server, survey=survey)).text()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', start_page)[1]
    page.request.post(address(server, survey=survey), form={"csrfmiddlewaretoken": token}, max_redirects=0)
    with held_by(page.context, server, survey) as interview:
        interview.answers = dict(answers)
    page.goto(address(server, step, survey))


def be_at_check_answers(page: Page, server: Server, survey: str = "demo") -> None:
    """Open check answers as someone who has answered everything."""
    be_at(page, server, "check_answers", EMPLOYEE, survey)


def responses(server: Server, survey: str = "demo") -> list[dict[str, str]]:
    """What has been submitted, opened with the survey's key, in the order of arrival; {} for what was withdrawn."""
    rows = server.query(
        "SELECT public_key, sealed FROM questionnaire_sealedresponse AS response"
        " JOIN questionnaire_survey AS survey ON survey.id = survey_id WHERE slug = %s ORDER BY response.id",
        survey,
    )
    with override_settings(KEY_STORE=os.environ.get("KEY_STORE") or server.data_dir / "keys"):
        return [sealing.opener(key).open(sealed)[1] if sealed else {} for key, sealed in rows]
