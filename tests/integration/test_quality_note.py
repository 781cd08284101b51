"""The quality and methodology note, read by an analyst who has the pack alone: every number is in the CSV files."""

import re

import pytest
from bs4 import BeautifulSoup

from outputs.release_job import build_release
from outputs.releases import Published, release
from questionnaire import registry
from tests.conftest import STANDARD
from tests.counted_survey import closed_survey
from tests.released import by_group, content, hostile, rows

pytestmark = pytest.mark.django_db

each_release = pytest.mark.parametrize("built", [by_group, hostile])


def note(built: Published) -> BeautifulSoup:
    return BeautifulSoup(content(built, "quality-and-methodology.html"), "html.parser")


@each_release
def test_every_figure_of_the_note_stands_in_the_csv_file_that_it_names(built):
    figures = note(built()).find_all("data")
    assert len(figures) > 20
    for figure in figures:
        place = {name.removeprefix("data-").replace("-", "_"): value for name, value in figure.attrs.items()}
        file, column = place.pop("file"), place.pop("column")
        value = place.pop("value")
        (row,) = [
            row
            for row in rows(built(), file)
            if all(row[key].removeprefix("'") == wanted for key, wanted in place.items())
        ]
        assert (row[column], figure.get_text().replace(",", "")) == (value, value or row.get(f"{column}_status", "[x]"))


def test_note_has_no_other_number_than_its_figures_and_what_it_quotes():
    built = by_group()
    page = note(built)
    for element in [*page.find_all(["data", "style"]), page.find("h2", string="The files").find_next("dl")]:
        element.decompose()
    standard = registry.get_key(STANDARD)
    quoted = [
        str(built),
        built.policy,
        *built.notes,
        *built.notes_on_groups,
        *built.collected,
        *(" ".join(pair) for pair in built.symbols),
        *(table.title for table in built.tables),
        *(note for table in built.tables for note in table.notes),
        *(setting["meaning"] for setting in built.facts["settings"]),
        *(text for each in standard.open_questions for text in (each.text, each.meanwhile)),
        *(group["title"] for breakdown in built.breakdowns for group in breakdown["groups"]),
        built.facts["standard"],
        built.facts["licence"],
        "1 October 2026",
        f"{built.built_at:%-d %Y}",
        f"{standard.published:%-d %Y}",
        "95 5",  # the symbols of the response
        str(built.within),
        "SHA256SUMS",
    ]
    assert set(re.findall(r"\d+", page.get_text())) <= set(re.findall(r"\d+", " ".join(quoted)))


def test_note_says_headcount_date_mode_imputation_agreement_and_revisions():
    text = " ".join(note(by_group()).get_text().split())
    for said in (
        "The organisation stated that 2,000 people were in scope on 1 October 2026. People were invited,",
        *by_group().collected,
        "An employee is taken not to have supervised, and an employer to have employed 1 to 24 people.",
        "the agreement of self-coded with interviewer-coded classes as 75 per cent",
        "No earlier wave of this survey is known here.",
        "The figures of a release are never changed.",
    ):
        assert said in text


def test_note_names_the_wave_before():
    earlier = closed_survey(slug="earlier")
    closed_survey(previous=earlier)
    build_release("staff", actor="test")
    assert "The wave before this one is the survey earlier." in " ".join(note(release("staff")).get_text().split())


def test_note_of_an_open_link_says_what_that_means():
    closed_survey()
    build_release("staff", actor="test")
    text = " ".join(note(release("staff")).get_text().split())
    assert (
        "No number of people in scope was stated, so no response rate can be given. Anyone who had the survey’s address"
        in text
    )


def test_note_with_hostile_titles_shows_them_as_text():
    note = BeautifulSoup(content(hostile(), "quality-and-methodology.html"), "html.parser")
    assert note.find_all(["b", "script"]) == []
    assert "<b>&" in note.get_text()
