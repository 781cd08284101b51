"""Lists every interview that a standard allows: what proofs, tests and simulations run through."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from questionnaire.engine.model import Question, Standard
from questionnaire.engine.route import asked

Codes = Mapping[str, Collection[str]]


def interviews(standard: Standard, mode: str, only: Collection[str] | None = None) -> Iterator[dict[str, str]]:
    """Every complete interview of a mode, as question id -> code in question order.

    With `only`, the distinct interviews over these questions and those that their universes depend on.
    """
    questions = standard.questions if only is None else with_universes(standard, only)
    return _walk(questions, {question.id: question.asking(mode).codes for question in questions}, {})


def sequences(standard: Standard, mode: str) -> set[tuple[str, ...]]:
    """Every sequence of question ids that an interview can take."""
    questions = standard.questions
    codes = {question.id: _routing_apart(questions, question, question.asking(mode).codes) for question in questions}
    return {tuple(interview) for interview in _walk(questions, codes, {})}


@lru_cache(maxsize=256)
def longest(standard: Standard, mode: str, begun: tuple[str, ...] = ()) -> int:
    """The most questions that anyone is asked in this mode whose first questions are those in `begun`, by id."""
    return max(len(ids) for ids in sequences(standard, mode) if ids[: len(begun)] == begun)


def with_universes(standard: Standard, ids: Collection[str]) -> tuple[Question, ...]:
    """These questions and all that decide whether they are asked, in the standard's order."""
    wanted = set(ids)
    for question in reversed(standard.questions):  # a universe names earlier questions only
        if question.id in wanted:
            wanted.update(question.ask_if)
    return tuple(question for question in standard.questions if question.id in wanted)


def _walk(questions: tuple[Question, ...], codes: Codes, answers: dict[str, str]) -> Iterator[dict[str, str]]:
    if not questions:
        yield answers
    elif asked(questions[0], answers):
        for code in codes[questions[0].id]:
            yield from _walk(questions[1:], codes, {**answers, questions[0].id: code})
    else:
        yield from _walk(questions[1:], codes, answers)


def _routing_apart(questions: tuple[Question, ...], question: Question, codes: tuple[str, ...]) -> Collection[str]:
    """One code for each way on: two codes that the same later questions wait for lead to the same questions."""
    return {
        tuple(later.id for later in questions if code in later.ask_if.get(question.id, ())): code for code in codes
    }.values()
