"""Codes: what is typed with a slip is never taken for another code."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire import codes

CODES = st.text(codes.ALPHABET, min_size=15, max_size=15).map(lambda body: body + codes.ALPHABET[codes._weighted(body)])


def test_made_code_is_a_code():
    code = codes.make(1)
    assert codes.typed(code) == code


@given(st.integers(0, 23**3 - 1))
def test_code_names_its_survey(survey):
    assert codes.survey_id(codes.make(survey)) == survey


def test_survey_past_the_last_that_a_code_can_name_is_refused():
    with pytest.raises(ValueError, match="No more surveys"):
        codes.make(23**3)


def test_two_made_codes_differ():
    assert codes.make(1) != codes.make(1)


def test_alphabet_has_no_look_alikes():
    assert set("0O1IL2Z5S68BU") & set(codes.ALPHABET) == set()


@given(CODES)
def test_code_typed_as_shown_is_read(code):
    assert codes.typed(f" {codes.shown(code).lower()} ") == code


@given(CODES, st.integers(0, 15), st.sampled_from(codes.ALPHABET))
def test_code_with_one_wrong_character_is_no_code(code, position, character):
    wrong = code[:position] + character + code[position + 1 :]
    if wrong != code:
        with pytest.raises(codes.NotACode):
            codes.typed(wrong)


@given(CODES, st.integers(0, 14))
def test_code_with_two_neighbours_swapped_is_no_code(code, position):
    swapped = code[:position] + code[position + 1] + code[position] + code[position + 2 :]
    if swapped != code:
        with pytest.raises(codes.NotACode):
            codes.typed(swapped)


@given(st.text())
def test_any_other_text_is_read_or_refused(text):
    with contextlib.suppress(codes.NotACode):
        assert len(codes.typed(text)) == codes.LENGTH


@pytest.mark.parametrize("text", ["", "A", "A" * 17, "O" * 16, "ﬀ" * 8])
def test_text_that_is_no_code_is_refused(text):
    with pytest.raises(codes.NotACode):
        codes.typed(text)


def test_digest_is_of_the_code_alone():
    code = codes.make(1)
    assert codes.digest(codes.typed(codes.shown(code))) == codes.digest(code)
