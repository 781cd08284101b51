"""What a standard asks and how its variables are made, in words: one source for the page, the files and the docs."""

from collections.abc import Iterator
from dataclasses import dataclass

from outputs.words import either
from questionnaire.engine.model import ANY, Asking, DecisionTable, Mode, Question, Row, Standard


@dataclass(frozen=True)
class Way:
    """The modes that ask a question with the same text, and that text."""

    modes: tuple[Mode, ...]
    asking: Asking


@dataclass(frozen=True)
class Entry:
    """A question with its universe in words, the variables derived from it and every way in which it is asked."""

    question: Question
    universe: str
    used_in: tuple[str, ...]
    ways: tuple[Way, ...]


def entries(standard: Standard) -> tuple[Entry, ...]:
    """Every question, in order."""
    return tuple(
        Entry(
            question,
            universe(standard, question),
            tuple(decision.variable for decision in standard.decisions if question.id in decision.inputs),
            _ways(standard, question),
        )
        for question in standard.questions
    )


def universe(standard: Standard, question: Question, mode: str | None = None) -> str:
    """Who is asked: in one mode, in the words of its options; without a mode, over all modes together."""
    if not question.ask_if:
        return "Everyone"
    modes = [mode] if mode else [each.id for each in standard.modes]
    return "Those who " + ", or ".join(
        _condition(standard.question(earlier), codes, modes) for earlier, codes in question.ask_if.items()
    )


def _condition(earlier: Question, codes: tuple[str, ...], modes: list[str]) -> str:
    """“answered … to …”; of an option that some modes word otherwise, the words of the first."""
    labels: dict[str, str] = {}
    for mode in modes:
        for option in earlier.asking(mode).options:
            labels.setdefault(option.code, option.label)
    if set(labels) <= set(codes):
        return f"gave any answer to the question “{earlier.name}”"
    named = either([f"“{label}”" for code, label in labels.items() if code in codes])
    return f"answered {named} to the question “{earlier.name}”"


def cell_words(cell: str) -> str:
    """A cell of a decision table for a person to read."""
    return "any" if cell == ANY else either(cell.split("|"))


def derivation(decision: DecisionTable) -> tuple[list[str], Iterator[list[str]]]:
    """Columns and rows of a decision table, as its files have them, numbered in the order in which they are tried."""
    columns = ["row", *decision.inputs, decision.variable, *(["imputed"] if decision.imputes else []), "source"]
    return columns, (_derivation_row(decision, number, row) for number, row in enumerate(decision.rows, 1))


def _derivation_row(decision: DecisionTable, number: int, row: Row) -> list[str]:
    imputed = ["yes" if row.imputed else "no"] if decision.imputes else []
    return [str(number), *row.when, row.value, *imputed, row.source]


def _ways(standard: Standard, question: Question) -> tuple[Way, ...]:
    return tuple(
        Way(tuple(mode for mode in standard.modes if mode.asks_as == own.id), question.asking(own.id))
        for own in standard.modes
        if own.asks_as == own.id
    )
