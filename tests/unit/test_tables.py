"""Exact tables, laid beside a count made by hand."""

import pytest

from outputs import tables
from outputs.tables import tabulate
from questionnaire import registry
from questionnaire.engine.interviews import interviews
from tests.conftest import STANDARD
from tests.counted_survey import EIGHTY, EIGHTY_COUNTED, ROUTINE_SUPERVISOR_UNKNOWN

IMPUTED = {"imputation": "standard"}
STRICT = {"imputation": "strict"}


@pytest.fixture(scope="module")
def standard():
    return registry.get_key(STANDARD)


def test_tabulate_counts_as_a_person_does(standard):
    counts = tabulate(standard, EIGHTY, IMPUTED)
    assert {id: list(table.values()) for id, table in counts.items()} == EIGHTY_COUNTED


def test_tabulate_strict_counts_two_possible_classes_as_unknown(standard):
    counts = tabulate(standard, EIGHTY, STRICT)
    assert list(counts["nssec-5"].values()) == [60, 0, 0, 0, 0, 13, 7]
    assert list(counts["nssec-5-imputed"].values()) == [0, 80]


def test_tabulate_strict_keeps_a_class_of_three_that_is_certain(standard):
    counts = tabulate(standard, [(ROUTINE_SUPERVISOR_UNKNOWN, 4)], STRICT)
    assert counts["nssec-3"]["routine_manual"] == 4


def test_tabulate_keeps_every_table_and_category_in_the_standards_order(standard):
    counts = tabulate(standard, [], IMPUTED)
    assert [(id, list(table)) for id, table in counts.items()] == [
        (table.id, [category.code for category in table.categories]) for table in standard.tables
    ]


def test_tabulate_counts_nobody_as_zero_everywhere(standard):
    assert {n for table in tabulate(standard, [], IMPUTED).values() for n in table.values()} == {0}


def test_tabulate_puts_every_interview_in_one_category_of_each_table(standard):
    every = [(answers, 1) for answers in interviews(standard, "online")]
    assert {sum(table.values()) for table in tabulate(standard, every, IMPUTED).values()} == {len(every)}


def test_tabulate_derives_once_a_pattern_whatever_the_number_of_respondents(standard, monkeypatch):
    derived = []
    derive = tables.derive
    monkeypatch.setattr(tables, "derive", lambda *arguments: derived.append(arguments) or derive(*arguments))
    tabulate(standard, [(answers, 1_000_000) for answers, _n in EIGHTY], IMPUTED)
    assert len(derived) == len(EIGHTY)
