"""Decides the reported values of one interview: each decision table in turn, the first row that matches."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from questionnaire.engine.model import ANY, IMPUTED, NOT_ASKED, DecisionTable, Row, Standard


class UnderivableError(LookupError):
    """Answers or settings that cannot occur together: no row of a decision table is for them."""


class Derived(dict[str, str]):
    """Variable -> value. A table that imputes settles two: `x`, and `x_imputed`, which is imputed or not_imputed."""

    @property
    def imputed(self) -> frozenset[str]:
        """The variables whose value was imputed."""
        return frozenset(variable for variable in self if self.get(variable + IMPUTED) == "imputed")


def derive(standard: Standard, answers: Mapping[str, str], settings: Mapping[str, str]) -> Derived:
    """The value of every derived variable of a complete interview.

    `answers` are those on the route, by question id; a question without one was not asked. `settings` names an option
    for each of the standard's settings. Raises UnderivableError where answers or settings are not of this standard.
    """
    for setting in standard.settings:
        if settings.get(setting.id) not in [option.code for option in setting.options]:
            raise UnderivableError(f"there is no {setting.id} = {settings.get(setting.id)}")
    return settle(standard.decisions, {**settings, **answers})


def settle(tables: Iterable[DecisionTable], known: Mapping[str, str]) -> Derived:
    """The values that these tables, in order, give to what is known. Raises UnderivableError."""
    known, derived = dict(known), Derived()
    for table in tables:
        values = inputs_of(table, known)
        row = first_row(table, values)
        if row is None:
            raise UnderivableError(f"{table.file} has no row for {describe(table, values)}")
        settled = {table.variable: row.value}
        if table.imputes:
            settled[table.variable + IMPUTED] = "imputed" if row.imputed else "not_imputed"
        known.update(settled)
        derived.update(settled)
    return derived


def inputs_of(table: DecisionTable, known: Mapping[str, str]) -> tuple[str, ...]:
    """The value of each input of the table."""
    return tuple(known.get(name, NOT_ASKED) for name in table.inputs)


def describe(table: DecisionTable, values: tuple[str, ...]) -> str:
    """Values of the inputs, for a person to read."""
    return ", ".join(f"{name} = {value}" for name, value in zip(table.inputs, values, strict=True))


@lru_cache(maxsize=4096)  # a million responses meet a few hundred combinations
def first_row(table: DecisionTable, values: tuple[str, ...]) -> Row | None:
    """The first row that these values of the inputs match."""
    for row in table.rows:
        if all(cell == ANY or value in cell.split("|") for cell, value in zip(row.when, values, strict=True)):
            return row
    return None
