"""Codes that a person can read out and type: no look-alikes, and one character that catches every slip.

A code of 16 characters holds 67 random bits, so codes are not guessed. Only digests of codes are stored.
"""

import hashlib
import secrets

# Without 0 O, 1 I L, 2 Z, 5 S, 6, 8 B and U. That 23 is prime lets the last character catch every single wrong
# character and every swap of two.
ALPHABET = "3479ACDEFGHJKMNPQRTVWXY"
LENGTH = 16


class NotACode(ValueError):
    """What was typed cannot be a code: it has the wrong length, a character that no code has, or a slip."""


def make() -> str:
    """A fresh random code, without the hyphens that are shown."""
    body = "".join(secrets.choice(ALPHABET) for _position in range(LENGTH - 1))
    return body + ALPHABET[_weighted(body)]


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
    return sum((position + 2) * ALPHABET.index(character) for position, character in enumerate(body)) % len(ALPHABET)
