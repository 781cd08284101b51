"""A fixed sample of every interview that the standard allows, walked page by page by the Django client."""

import re
from random import Random

import pytest

from questionnaire.engine.interviews import interviews
from tests.conftest import Respondent
from tests.integration.test_submission import stored

NUMBER = 300
SEED = 2023
RADIO = re.compile(r'name="(\w+)" type="radio"')
STEP = re.compile(r"/s/staff/([a-z-]+)/$")


def walk(answers: dict[str, str]) -> list[str]:
    """Answer whatever is asked, wherever that leads, and submit; returns the ids of the questions that were asked."""
    respondent = Respondent()
    asked = []
    reply = respondent.start()
    while (step := STEP.search(reply.url)[1]) != "check-answers":
        page = respondent.get(step)
        (question,) = set(RADIO.findall(page.content.decode()))
        asked.append(question)
        reply = respondent.post(step, {question: answers[question]})
    respondent.check()
    assert respondent.submit().url == "/s/staff/complete/"
    return asked


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_sampled_interviews_ask_their_questions_in_order_and_seal_their_answers(survey, standard):
    sample = Random(SEED).sample(list(interviews(standard, "online")), NUMBER)
    asked = [walk(answers) for answers in sample]
    assert list(zip(asked, stored(survey), strict=True)) == [(list(answers), ("online", answers)) for answers in sample]
