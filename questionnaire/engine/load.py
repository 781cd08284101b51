"""Reads a standard's folder into the classes of `model`, and refuses whatever they have no place for.

Only the form is judged here: names, types, blanks, doubles. Whether it makes sense is for `check` to say.
"""

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from questionnaire.engine.model import Asking, Benchmark, DecisionTable, Fault, Mode, Question, Row, Standard

FILE = "standard.toml"
BENCHMARKS = "benchmarks.csv"  # a standard need not have any
# Beside them: worked examples; weights for simulated answers.
COMPANIONS = {BENCHMARKS, "examples.csv", "demonstration.csv"}
_OF_BENCHMARK = [
    "table", "category_codes", "label", "value_percent", "base", "population", "period", "checked_on", "source",
    "caution",
]  # fmt: skip
_CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_KINDS = {str: "text", bool: "true or false", date: "a date", tuple: "a list", Mapping: "a table"}


class StandardFault(ValueError):
    """The first thing found in a folder that no standard can be made of, as its `fault`."""

    def __init__(self, file: str, place: str, message: str) -> None:
        self.fault = Fault(file, place, message)
        super().__init__(str(self.fault))


def load(folder: Path) -> Standard:
    """The standard in `folder`, which is named `<id>/<version>`. StandardFault where a file is not as it must be."""
    raw = _toml(folder)
    for key in ("mode", "question", "decisions"):
        if not raw.get(key):
            raise StandardFault(FILE, "", f"lacks {key}")
    modes: tuple[Mode, ...] = _value(tuple[Mode, ...], raw["mode"], "mode")
    for mode in modes:
        if mode.asks_as not in [other.id for other in modes if other.asks_as == other.id]:
            raise StandardFault(FILE, f"mode {mode.id}", f"asks as {mode.asks_as}, which has no text of its own")
    entries = _value(tuple[Mapping[str, Any], ...], raw.pop("question"), "question")
    questions = tuple(_question(entry, modes, n) for n, entry in enumerate(entries, 1))
    variables = _value(tuple[str, ...], raw.pop("decisions"), "decisions")
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in variables and path.name not in COMPANIONS:
            raise StandardFault(path.name, "", f"is not among the decisions of {FILE}")
    decisions = tuple(_decision_table(folder, variable) for variable in variables)
    benchmarks = _benchmarks(folder) if (folder / BENCHMARKS).is_file() else ()
    standard: Standard = _build(Standard, raw, "", questions=questions, decisions=decisions, benchmarks=benchmarks)
    if folder.parts[-2:] != (standard.id, standard.version):
        raise StandardFault(FILE, "", f"its id and version are not those of its folder, {'/'.join(folder.parts[-2:])}")
    return standard


def _toml(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(folder / FILE))
    except tomllib.TOMLDecodeError as error:
        raise StandardFault(FILE, "", f"is not TOML: {error}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark in front
    except FileNotFoundError as error:
        raise StandardFault(path.name, "", "is missing") from error
    except UnicodeDecodeError as error:
        raise StandardFault(path.name, "", "is not UTF-8 text") from error


def _question(raw: dict[str, Any], modes: tuple[Mode, ...], n: int) -> Question:
    """A question in every mode. The question's own keys are how it is asked; a mode's table says what differs."""
    place = f"question {raw.get('id', n)}"
    asking_keys = {field.name for field in fields(Asking)}
    base: Asking = _build(Asking, {key: raw[key] for key in asking_keys & raw.keys()}, place)
    options = {option.code: asdict(option) for option in base.options}
    texts = {}
    for id in {mode.asks_as: None for mode in modes}:
        differs = _value(Mapping[str, Any], raw.get(id, {}), f"{place}, {id}")
        if isinstance(differs.get("options"), list):
            differs = {**differs, "options": [_option(entry, options) for entry in differs["options"]]}
        texts[id] = _build(Asking, {**asdict(base), **differs}, f"{place}, {id}")
    askings = {mode.id: texts[mode.asks_as] for mode in modes}
    own = {key: raw[key] for key in raw.keys() - asking_keys - texts.keys()}
    question: Question = _build(Question, own, place, askings=askings)
    return question


def _option(entry: Any, options: Mapping[str, dict[str, Any]]) -> Any:
    """An option of a mode: a code alone is the question's own option; a table is that option with what differs."""
    differs = {"code": entry} if isinstance(entry, str) else entry
    return {**options.get(str(differs.get("code")), {}), **differs} if isinstance(differs, dict) else differs


def _decision_table(folder: Path, variable: str) -> DecisionTable:
    """Columns: the inputs, the variable, `imputed` (yes or no) where the table imputes, and the source of each row."""
    file = f"{variable}.csv"
    (_line, header), *lines = _lines(folder, file)
    ending = [variable, "imputed", "source"] if "imputed" in header else [variable, "source"]
    inputs = tuple(header[: -len(ending)])
    if not inputs or header[-len(ending) :] != ending:
        raise StandardFault(file, "line 1", f"the columns must be the inputs and then {', '.join(ending)}")
    _refuse_doubles(header, "line 1", file)
    rows = []
    for line, cells in lines:
        cell = _cells(file, line, header, cells)
        imputed = cell.get("imputed", "no")
        if imputed not in ("yes", "no"):
            raise StandardFault(file, f"line {line}", f"imputed must be yes or no, not {imputed}")
        rows.append(Row(tuple(cells[: len(inputs)]), cell[variable], imputed == "yes", cell["source"], line))
    return DecisionTable(variable, inputs, tuple(rows), "imputed" in header)


def _benchmarks(folder: Path) -> tuple[Benchmark, ...]:
    """One benchmark a line. The categories that it takes together are joined by "+"."""
    (_line, header), *lines = _lines(folder, BENCHMARKS)
    if header != _OF_BENCHMARK:
        raise StandardFault(BENCHMARKS, "line 1", f"the columns must be {', '.join(_OF_BENCHMARK)}")
    benchmarks = []
    for line, cells in lines:
        cell = _cells(BENCHMARKS, line, header, cells)
        try:
            value, checked_on = Decimal(cell["value_percent"]), date.fromisoformat(cell["checked_on"])
            if not value.is_finite():
                raise ValueError
        except (InvalidOperation, ValueError) as error:
            wanted = "value_percent must be a number and checked_on a date such as 2026-11-21"
            raise StandardFault(BENCHMARKS, f"line {line}", wanted) from error
        benchmarks.append(
            Benchmark(
                table=cell["table"],
                codes=tuple(cell["category_codes"].split("+")),
                label=cell["label"],
                value=value,
                base=cell["base"],
                population=cell["population"],
                period=cell["period"],
                checked_on=checked_on,
                source=cell["source"],
                caution=cell["caution"],
                line=line,
            )
        )
    return tuple(benchmarks)


def _lines(folder: Path, file: str) -> list[tuple[int, list[str]]]:
    """The lines of a CSV file, numbered and without blanks around what is in their cells; an empty one has a header."""
    reader = csv.reader(io.StringIO(_text(folder / file), newline=""), strict=True)
    try:
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader] or [(1, [])]
    except csv.Error as error:
        raise StandardFault(file, f"line {reader.line_num}", f"is not CSV: {error}") from error


def _cells(file: str, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    """The cells of a line by their columns."""
    if len(cells) != len(header) or not all(cells):
        raise StandardFault(file, f"line {line}", f"must have {len(header)} cells, none of them blank")
    return dict(zip(header, cells, strict=True))


def _build(cls: Any, raw: Any, place: str, **given: Any) -> Any:
    """An instance of a model class from a TOML table, with the fields in `given` already made."""
    raw = dict(_value(Mapping[str, Any], raw, place))
    hints = get_type_hints(cls)
    values = given
    for field in fields(cls):
        key = field.metadata.get("key", field.name)
        required = field.default is MISSING and field.default_factory is MISSING
        if field.name in given:
            continue
        if key in raw:
            inner = f"{place}, {key}" if place else key
            values[field.name] = _value(hints[field.name], raw.pop(key), inner)
            if required and not values[field.name]:
                raise StandardFault(FILE, inner, "is blank")
            if field.name in ("id", "code") and not _CODE.fullmatch(values[field.name]):
                raise StandardFault(FILE, inner, f"{values[field.name]} must be small letters, digits, - and _")
        elif required:
            raise StandardFault(FILE, place, f"lacks {key}")
    if raw:
        raise StandardFault(FILE, place, f"has no place for {', '.join(sorted(raw))}")
    return cls(**values)


def _value(hint: Any, raw: Any, place: str) -> Any:
    """`raw` as the type that a model class declares for it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return raw
    if is_dataclass(hint):
        return _build(hint, raw, place)
    if origin is UnionType:  # something or None, and TOML has no None
        return _value(arguments[0], raw, place)
    if origin is Literal:
        if raw not in arguments:
            raise StandardFault(FILE, place, f"must be one of {', '.join(arguments)}")
        return raw
    kind: Any = origin or hint
    accepted: Any = (list, tuple) if kind is tuple else kind
    if not isinstance(raw, accepted):
        raise StandardFault(FILE, place, f"must be {_KINDS[kind]}")
    if kind is tuple:
        _refuse_doubles([name for name in map(_name, raw) if name], place)
        return tuple(_value(arguments[0], entry, f"{place} {_name(entry) or n}") for n, entry in enumerate(raw, 1))
    if kind is Mapping:
        return {key: _value(arguments[1], entry, f"{place} {key}") for key, entry in raw.items()}
    return raw.strip() if kind is str else raw


def _name(entry: Any) -> str:
    """What an entry of a list is known by: its id or code, or the text that it is."""
    name = entry.get("id") or entry.get("code") if isinstance(entry, dict) else entry
    return name if isinstance(name, str) else ""


def _refuse_doubles(names: list[str], place: str, file: str = FILE) -> None:
    for name in names:
        if names.count(name) > 1:
            raise StandardFault(file, place, f"has {name} twice")
