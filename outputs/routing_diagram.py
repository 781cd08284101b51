"""Draws who is asked what as a Mermaid flowchart, from the questions' universes alone."""

from collections.abc import Iterator
from itertools import pairwise

from questionnaire.engine.model import Question, Standard


def flowchart(standard: Standard) -> str:
    """The flowchart's text. Questions that only some are asked stand together in a box where they share a universe.

    Thick arrows join what everyone is asked, in order; a thin one leads to what is asked only after an answer on it.
    """
    return "\n".join(["flowchart TD", *(f"    {line}" for line in _lines(standard, _groups(standard)))])


def _groups(standard: Standard) -> list[list[Question]]:
    """The questions by universe; those of everyone stand alone, since others are asked between them."""
    groups: list[list[Question]] = []
    for question in standard.questions:
        shared = [group for group in groups if question.ask_if and group[0].ask_if == question.ask_if]
        if shared:
            shared[0].append(question)
        else:
            groups.append([question])
    return groups


def _lines(standard: Standard, groups: list[list[Question]]) -> Iterator[str]:
    for group in groups:
        if len(group) == 1:
            yield _node(standard, group[0])
        else:
            yield f'subgraph {_name(group)}[" "]'
            yield from (f"    {_node(standard, question)}" for question in group)
            yield from (f"    {before.id} --> {after.id}" for before, after in pairwise(group))
            yield "end"
    everyone = [question.id for question in standard.questions if not question.ask_if]
    yield from (f"{before} ==> {after}" for before, after in pairwise(everyone))
    for group in groups:
        for earlier, codes in group[0].ask_if.items():
            yield f'{earlier} -->|"{_answers(standard.question(earlier), codes)}"| {_name(group)}'


def _name(group: list[Question]) -> str:
    return group[0].id if len(group) == 1 else "_".join(["with", *(question.id for question in group)])


def _node(standard: Standard, question: Question) -> str:
    """Named with its number; a full stop after it would be read as a list."""
    return f'{question.id}["{standard.questions.index(question) + 1} · {question.name}"]'


def _answers(earlier: Question, codes: tuple[str, ...]) -> str:
    every = {code for asking in earlier.askings.values() for code in asking.codes}
    return "any answer" if every <= set(codes) else "<br>".join(codes)
