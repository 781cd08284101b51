"""The worked examples in the standard's folder are true, and there is one for everything that can be decided."""

import csv

import pytest

from questionnaire import registry
from questionnaire.engine.derive import derive, first_row, inputs_of
from questionnaire.engine.route import route

STANDARD = registry.get("gss_seb", "2023-07")
QUESTIONS = [question.id for question in STANDARD.questions]
TABLES = [table.id for table in STANDARD.tables]

with (registry.STANDARDS / STANDARD.key / "examples.csv").open(encoding="utf-8", newline="") as file:
    READER = csv.DictReader(file)
    EXAMPLES = list(READER)


def answers_of(example):
    return {question: example[question] for question in QUESTIONS if example[question]}


def settings_of(example):
    return {"imputation": example["imputation"]}


def test_columns_are_the_questions_and_the_tables():
    assert READER.fieldnames == ["mode", "imputation", *QUESTIONS, *TABLES, "because"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[str(line) for line in range(2, len(EXAMPLES) + 2)])
def test_example_is_a_complete_interview(example):
    found = route(STANDARD, example["mode"], answers_of(example))
    assert (found.complete, found.answers) == (True, answers_of(example))


@pytest.mark.parametrize("example", EXAMPLES, ids=[str(line) for line in range(2, len(EXAMPLES) + 2)])
def test_example_falls_into_the_categories_that_it_names(example):
    derived = derive(STANDARD, answers_of(example), settings_of(example))
    assert {table.id: derived[table.variable] for table in STANDARD.tables} == {id: example[id] for id in TABLES}


def test_examples_all_say_why():
    assert [line for line, example in enumerate(EXAMPLES, 2) if not example["because"]] == []


def test_examples_are_at_least_forty_and_differ():
    different = {(example["mode"], example["imputation"], *answers_of(example).items()) for example in EXAMPLES}
    assert len(different) == len(EXAMPLES) >= 40


def test_examples_cover_every_mode_under_each_imputation():
    pairs = {(example["mode"], example["imputation"]) for example in EXAMPLES}
    assert pairs == {(mode.id, policy) for mode in STANDARD.modes for policy in ("standard", "strict")}


def test_examples_cover_every_row_of_every_decision_table():
    uncovered = {(table.variable, row.line) for table in STANDARD.decisions for row in table.rows}
    for example in EXAMPLES:
        known = {**settings_of(example), **answers_of(example)}
        known |= derive(STANDARD, answers_of(example), settings_of(example))
        for table in STANDARD.decisions:
            uncovered.discard((table.variable, first_row(table, inputs_of(table, known)).line))
    assert uncovered == set()


def test_examples_cover_every_category_of_every_table():
    uncovered = {(table.id, category.code) for table in STANDARD.tables for category in table.categories}
    assert uncovered - {(table, example[table]) for example in EXAMPLES for table in TABLES} == set()


def test_examples_cover_every_cell_of_the_matrix():
    shown = {
        tuple(example[q] for q in ("employment_status", "business_size", "supervisor", "parental_occupation"))
        for example in EXAMPLES
    }
    occupations = ["professional", "managers", "clerical", "routine", "technical"]
    cells = {("self_employed_with_employees", "25_or_more", "", "")}
    for occupation in occupations:
        cells |= {
            ("employee", "", "yes", occupation),
            ("employee", "", "no", occupation),
            ("self_employed_with_employees", "1_to_24", "", occupation),
            ("self_employed_without_employees", "", "", occupation),
        }
    assert cells - shown == set()
