"""Files of breakdowns that would take long to read, or that Python cannot read, are refused in plain words."""

import pytest

from questionnaire.fieldwork import breakdowns
from questionnaire.fieldwork.refusal import Refused

DOTS = ".".join("a" * 22)


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        breakdowns.read_toml_text(text, "b.toml")
    return str(refused.value)


LONG = "b.toml is longer than 200,000 bytes."
LONG_LINE = "b.toml, line {}: it is longer than 2,000 characters; break it."
MANY_DOTS = "b.toml, line {}: it has more than 20 dots outside quotes."
OVER_LINES = "b.toml, line 1: a text must begin and end on one line."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("#\n" * 100_001, LONG, id="long"),
        pytest.param("é" * 100_001, LONG, id="long in bytes"),
        pytest.param(f"\nheadcount = {'9' * 5000}", LONG_LINE.format(2), id="a number of 5,000 digits"),
        pytest.param(".".join("a" * 20_000), LONG_LINE.format(1), id="a key of 20,000 parts"),
        pytest.param(f"\n\n{DOTS} = 1", MANY_DOTS.format(3), id="a key of many parts"),
        pytest.param(f"x = {{y = 'it', {DOTS} = ''}}", MANY_DOTS.format(1), id="after a text"),
        pytest.param(f'x = {{y = "\\"", {DOTS} = ""}}', MANY_DOTS.format(1), id="after an escaped quote"),
        pytest.param(f'x = {{y = "\\\\", {DOTS} = ""}}', MANY_DOTS.format(1), id="after an escaped backslash"),
        pytest.param(f"x = {{y = '\u2028\"', {DOTS} = '\"'}}", MANY_DOTS.format(1), id="what is no end of a line"),
        pytest.param(f'x = {{y = """\n\'""", {DOTS} = \'1\'}}', OVER_LINES, id="after a text over lines"),
        pytest.param("x = '''a\nb'''", OVER_LINES, id="a text over lines"),
    ],
)
def test_file_that_would_take_long_to_read_is_refused_with_the_line(text, said):
    assert refusal(text) == said


@pytest.mark.parametrize("title", [f'"{DOTS}"', f"'{DOTS}'", f'"\\"{DOTS}"', f'\'"""{DOTS}\''])
def test_file_with_many_dots_in_quotes_or_a_comment_is_read(title):
    read = breakdowns.read_toml_text(f"[[breakdown]] # {DOTS} '''\ntitle = {title}\n", "b.toml")
    assert read == {"breakdown": [{"title": title[1:-1].replace("\\", "")}]}


def test_file_with_a_number_that_python_does_not_read_is_refused(monkeypatch):
    monkeypatch.setattr(breakdowns, "LONGEST_LINE", 10_000)
    assert refusal(f"[[breakdown]]\nheadcount = {'9' * 5000}").startswith("b.toml cannot be read: Exceeds the limit")
