"""Decides which questions are asked: one forward pass over the universes.

An answer counts only while its own question is on the route, so what is left behind by going back can never steer,
be stored or be counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from questionnaire.engine.model import Question, Standard


@dataclass(frozen=True, slots=True)
class Route:
    """The way through the questions as far as the answers determine it.

    `questions`: all whose universe is met. `answers`: question id -> code, only what is on the route and offered in
    the mode, in the order of the questions.
    """

    questions: tuple[Question, ...]
    answers: dict[str, str]
    first_unanswered: Question | None

    @property
    def complete(self) -> bool:
        return self.first_unanswered is None

    @property
    def begun(self) -> tuple[str, ...]:
        """The ids of the questions up to the first unanswered one: what no later answer can change."""
        ids = tuple(question.id for question in self.questions)
        return ids if self.first_unanswered is None else ids[: ids.index(self.first_unanswered.id) + 1]


def route(standard: Standard, mode: str, answers: Mapping[str, str]) -> Route:
    """The route that these answers give. A code that the mode does not offer counts as unanswered."""
    questions = []
    kept: dict[str, str] = {}
    first_unanswered = None
    for question, codes in _plan(standard, mode):
        if asked(question, kept):
            questions.append(question)
            code = answers.get(question.id)
            if code in codes:
                kept[question.id] = code
            elif first_unanswered is None:
                first_unanswered = question
    return Route(tuple(questions), kept, first_unanswered)


def asked(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether answers on the route so far put the question on it."""
    for earlier, codes in question.ask_if.items():  # a loop, not any(): every page asks this many times
        if answers.get(earlier) in codes:
            return True
    return not question.ask_if


@lru_cache(maxsize=64)
def _plan(standard: Standard, mode: str) -> tuple[tuple[Question, tuple[str, ...]], ...]:
    """Each question with the codes that the mode offers, so that a page does not collect them again."""
    return tuple((question, question.asking(mode).codes) for question in standard.questions)
