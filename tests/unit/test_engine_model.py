"""Looking things up in a standard by name, and how a fault reads."""

import pytest

from questionnaire import registry
from questionnaire.engine.model import Fault

STANDARD = registry.get("gss_seb", "2023-07")


def test_question_is_found_by_its_slug():
    assert STANDARD.question_by_slug("free-school-meals") is STANDARD.question("free_school_meals")


@pytest.mark.parametrize(
    ("found", "within"),
    [
        (STANDARD.question("supervisor"), STANDARD.questions),
        (STANDARD.mode("paper"), STANDARD.modes),
        (STANDARD.setting("imputation"), STANDARD.settings),
        (STANDARD.table("nssec-3-imputed"), STANDARD.tables),
    ],
)
def test_lookup_finds_the_part_of_that_name(found, within):
    assert [part is found for part in within].count(True) == 1


@pytest.mark.parametrize("kind", ["question", "question_by_slug", "mode", "setting", "table"])
def test_lookup_of_an_unknown_name_is_a_key_error(kind):
    with pytest.raises(KeyError, match="no_such_name"):
        getattr(STANDARD, kind)("no_such_name")


def test_option_is_found_by_its_code():
    assert STANDARD.question("supervisor").asking("online").option("dont_know").label == "I don’t know"


def test_option_that_the_mode_does_not_offer_is_a_key_error():
    with pytest.raises(KeyError, match="dont_know"):
        STANDARD.question("employment_status").asking("online").option("dont_know")


def test_mode_asks_as_itself_unless_told_otherwise():
    assert {mode.id: mode.asks_as for mode in STANDARD.modes} == {
        "online": "online",
        "face_to_face": "face_to_face",
        "telephone": "telephone",
        "paper": "online",
    }


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("nssec5.csv", "line 2", "is wrong"), "nssec5.csv, line 2: is wrong"),
        (Fault("nssec5.csv", "", "is missing"), "nssec5.csv: is missing"),
    ],
)
def test_fault_reads_as_file_place_and_message(fault, text):
    assert str(fault) == text
