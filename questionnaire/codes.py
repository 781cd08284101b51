"""Codes that a person can read out and type: no look-alikes, and one character that catches every slip.

A code names its survey and holds 54 random bits. Whoever has it can answer, replace or withdraw until closing, and in
a linked survey see, change and withdraw afterwards. That a code exists nowhere but in its digest, and that every
well-formed one is taken, keeps a used one from being told from an unused one.
"""

import hashlib
import secrets

# Without 0 O, 1 I L, 2 Z, 5 S, 6, 8 B and U. That 23 is prime lets the last character catch every single wrong
# character and every swap of two.
ALPHABET = "3479ACDEFGHJKMNPQRTVWXY"
LENGTH = 16
_SURVEY = 3  # characters that name the survey


class NotACode(ValueError):
    """What was typed cannot be a code: it has the wrong length, a character that no code has, or a slip."""


def make(survey_id: int) -> str:
    """A fresh code of a survey, without the hyphens that are shown. ValueError for the 12,168th survey."""
    if not 0 <= survey_id < len(ALPHABET) ** _SURVEY:
        raise ValueError("No more surveys can have codes in this database.")
    random = LENGTH - 1 - _SURVEY
    # One number for all: drawing each character by itself takes three times as long, and lists have 100,000 people.
    body = _written(survey_id, _SURVEY) + _written(secrets.randbelow(len(ALPHABET) ** random), random)
    return body + ALPHABET[_weighted(body)]


def _written(number: int, length: int) -> str:
    """The number in characters of the alphabet, the smallest place first."""
    characters = []
    for _place in range(length):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def survey_id(code: str) -> int:
    """The survey that a code names."""
    return sum(ALPHABET.index(code[power]) * len(ALPHABET) ** power for power in range(_SURVEY))


def shown(code: str) -> str:
    """The code as people read it: XXXX-XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def typed(text: str) -> str:
    """The code that someone typed, in any case, with or without hyphens and blanks. Raises NotACode."""
    code = "".join(text.upper().replace("-", "").replace("–", "").split())
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or ALPHABET[_weighted(code[:-1])] != code[-1]:
        raise NotACode
    return code


def digest(code: str) -> bytes:
    """What is stored of a code: 32 bytes."""
    return hashlib.sha256(code.encode()).digest()


def _weighted(body: str) -> int:
    """Each position weighs differently, so that swapped characters change the sum as wrong ones do."""
    weighted = [(position + 2) * ALPHABET.index(character) for position, character in enumerate(body)]
    return sum(weighted) % len(ALPHABET)
