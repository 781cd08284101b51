"""The codebook: as a page of the staff site, as docs/standards/, and its universes in words."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from outputs.codebook import universe
from outputs.codebook_page import page
from outputs.routing_diagram import flowchart
from questionnaire import registry
from tests.conftest import STANDARD


@pytest.fixture(scope="module")
def standard():
    return registry.get_key(STANDARD)


@pytest.fixture
def shown(db):
    client = Client()
    client.force_login(User.objects.create_superuser("analyst"))
    return BeautifulSoup(client.get("/admin/outputs/codebook/gss_seb/2023-07/").content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text().split())


def test_universe_of_a_question_for_all(standard):
    assert universe(standard, standard.question("school_type")) == "Everyone"


def test_universe_that_depends_on_two_questions(standard):
    assert universe(standard, standard.question("parental_occupation"), "face_to_face") == (
        "Those who answered “Employee” or “Self-employed or freelancer without employees” to the question “Employee, "
        "self-employed or not working”, or answered “1 to 24”, “Don’t know” or “Prefer not to say” to the question "
        "“Number of employees (self-employed version)”"
    )


def test_universe_of_every_answer_names_none(standard):
    every = replace(
        standard.question("supervisor"),
        ask_if={"employer_size": standard.question("employer_size").asking("online").codes},
    )
    assert universe(standard, every, "online") == (
        "Those who gave any answer to the question “Number of employees (employed version)”"
    )


def test_flowchart_is_drawn_from_the_universes(standard):
    assert (
        flowchart(standard)
        == """\
flowchart TD
    school_type["1 · School type"]
    free_school_meals["2 · Free school meals"]
    employment_status["3 · Employee, self-employed or not working"]
    subgraph with_employer_size_supervisor[" "]
        employer_size["4 · Number of employees (employed version)"]
        supervisor["6 · Supervisor status"]
        employer_size --> supervisor
    end
    business_size["5 · Number of employees (self-employed version)"]
    parental_occupation["7 · Parental occupation"]
    parental_qualification["8 · Parental qualification"]
    school_type ==> employment_status
    employment_status ==> parental_qualification
    school_type -->|"state<br>state_selective<br>dont_know<br>prefer_not_to_say"| free_school_meals
    employment_status -->|"employee"| with_employer_size_supervisor
    employment_status -->|"self_employed_with_employees"| business_size
    employment_status -->|"employee<br>self_employed_without_employees"| parental_occupation
    business_size -->|"1_to_24<br>dont_know<br>prefer_not_to_say"| parental_occupation"""
    )


def test_codebook_page_has_every_question_with_its_universe(standard, shown):
    assert [words(heading) for heading in shown.select("#content h3")] == [
        f"{number}. {question.name}" for number, question in enumerate(standard.questions, 1)
    ]
    universes = [words(term.find_next("dd")) for term in shown.find_all("dt", string="Universe")]
    assert universes == [universe(standard, question) for question in standard.questions]


def test_codebook_page_has_every_text_once_for_the_modes_that_share_it(shown):
    assert {words(heading) for heading in shown.select("#content h4")} == {
        "Online self-completion, Paper self-completion",
        "Face-to-face interview",
        "Telephone interview",
    }


def test_codebook_page_has_every_derivation_row(standard, shown):
    for decision in standard.decisions:
        table = shown.find(id=f"derivation-{decision.variable}").find_parent("table")
        assert [words(row.find_all("td")[-1]) for row in table.select("tbody tr")] == [
            " ".join(row.source.split()) for row in decision.rows
        ]


def test_codebook_page_has_the_open_questions(standard, shown):
    assert [words(each) for each in shown.select("#content > dl:last-of-type dt")] == [
        " ".join(each.text.split()) for each in standard.open_questions
    ]


def test_docs_page_says_that_the_published_matrix_was_not_laid_beside(standard):
    assert "has not been laid beside it" in page(standard)


def test_docs_page_has_every_text_of_every_question(standard):
    lines = {line.removeprefix("> ") for line in page(standard).splitlines()}
    asked = {
        line.replace("• ", "- ")
        for question in standard.questions
        for asking in question.askings.values()
        for text in (asking.wording, *asking.instructions, asking.if_needed, asking.routing)
        for line in text.strip().splitlines()
        if line
    }
    assert asked - lines == set()


def test_write_docs_check_names_the_stale_page_and_what_mends_it(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(
        CommandError, match=r"^docs/standards/gss-seb-2023-07\.md is stale\. Mend it with: make docs$"
    ) as stale:
        call_command("write_docs", check=True)
    assert (stale.value.returncode, list(tmp_path.iterdir())) == (1, [])


def test_write_docs_writes_what_check_then_finds_current(settings, tmp_path, capsys):
    settings.BASE_DIR = tmp_path
    call_command("write_docs")
    call_command("write_docs", check=True)
    assert capsys.readouterr().out == (
        "docs/standards/gss-seb-2023-07.md: written\ndocs/standards/gss-seb-2023-07.md: current\n"
    )
