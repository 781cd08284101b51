"""What all tests share: a key store of their own, static files without a manifest, and open surveys."""

import signal
from dataclasses import dataclass
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from questionnaire import registry
from questionnaire.fieldwork import surveys

STANDARD = "gss_seb/2023-07"
# What respondents are told, all of it.
STATED = {
    "organisation": "Made-up Office",
    "purpose": "To test.",
    "signed_name": "A. Director",
    "contact": "The survey team",
    "controller": "Made-up Office, 1 Example Street",
    "lawful_basis": "Public task.",
    "data_protection_contact": "The officer",
    "complaints_contact": "The complaints desk",
    "host": "A made-up host, in the United Kingdom",
    "address_source": "The staff directory",
}
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_configure(config: pytest.Config) -> None:
    """Let what tests start be interrupted: a shell that runs the tests in the background has interrupts ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    """Keys go to a folder of the test's own; pages need no collected static files."""
    settings.KEY_STORE = tmp_path / "keys"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC}}


@pytest.fixture
def standard():
    return registry.get_key(STANDARD)


def ready(**others) -> dict:
    """The settings of a survey to which nothing is missing for opening it, with others in their place or beside."""
    now = timezone.now()
    known = {"closes_at": now + timedelta(days=30), "headcount": 600, "headcount_date": now.date() - timedelta(days=9)}
    return {**STATED, **known, **others}


@pytest.fixture
def make_survey(db):
    """Makes surveys; each is open unless told otherwise."""

    def make(slug="staff", *, opened=True, **fields):
        fields = {"title": "Staff survey", "standard": STANDARD, **fields}
        survey = surveys.create(actor="test", slug=slug, **fields)
        return surveys.open_survey(slug, actor="test") if opened else survey

    return make


def move(survey, state):
    """Bring an open survey into a state by the moves that lead there; the database refuses any other."""
    way = ["open", "stopped", "closed", "released"]
    for each in way[way.index(survey.state) + 1 : way.index(state) + 1]:
        survey.state = each
        survey.stopped_at = survey.stopped_at or timezone.now()
        survey.save(update_fields=["state", "stopped_at"])


@pytest.fixture
def survey(make_survey):
    return make_survey()


class Respondent:
    """Someone with a browser of their own, who answers one survey."""

    def __init__(self, slug: str = "staff", *, enforce_csrf_checks: bool = False) -> None:
        self.slug = slug
        self.client = Client(enforce_csrf_checks=enforce_csrf_checks, raise_request_exception=False)

    def url(self, step: str = "") -> str:
        return f"/s/{self.slug}/{step}/" if step else f"/s/{self.slug}/"

    def get(self, step: str = ""):
        return self.client.get(self.url(step))

    def post(self, step: str = "", data: dict | None = None):
        return self.client.post(self.url(step), data or {})

    def start(self):
        return self.post()

    def answer(self, answers: dict[str, str]):
        """Post each answer to its question's page; returns the last response."""
        response = None
        for question, code in answers.items():
            response = self.post(question.replace("_", "-"), {question: code})
        return response

    def check(self):
        return self.get("check-answers")

    def submit(self):
        return self.post("check-answers")

    def respond(self, answers: dict[str, str]):
        """The whole interview, from Start now to Submit; returns the reply to the submission."""
        self.start()
        self.answer(answers)
        self.check()
        return self.submit()


@pytest.fixture
def respondent(survey):
    return Respondent()


@dataclass(frozen=True)
class Shown:
    """What a question's page shows: where Back leads, how far one is, the error, what is said of a change, the options.

    `apart` are the codes of the options that an “or” sets apart, `chosen` those that are chosen already.
    """

    back: str
    progress: str
    error: str
    news: str
    apart: list[str]
    chosen: list[str]

    @classmethod
    def on(cls, response) -> "Shown":
        page = BeautifulSoup(response.content, "html.parser")

        def text(selector: str) -> str:
            found = page.select_one(selector)
            return found.get_text(strip=True) if found else ""

        dividers = page.select(".govuk-radios__divider")
        return cls(
            back=page.select_one(".govuk-back-link")["href"],
            progress=text(".govuk-caption-l"),
            error=text(".govuk-error-summary__list"),
            news=text(".govuk-inset-text"),
            apart=[divider.find_next("input")["value"] for divider in dividers],
            chosen=[radio["value"] for radio in page.select("input[checked]")],
        )
