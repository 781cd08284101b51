"""Writes a key as text that a person can copy, and reads it back: which half it is, and that nothing is missing."""

import hashlib

PUBLIC, PRIVATE = "public", "private"


class NotAKey(ValueError):
    """The text is no key, the other half of one, or a damaged one; the message says which."""


def write(half: str, key: bytes) -> str:
    """`public-<64 digits>-<4 digits>`: the half, the key in hexadecimal digits, and digits that catch every slip."""
    return f"{half}-{key.hex()}-{_check(half, key)}"


def read(half: str, text: str) -> bytes:
    """The key in a text that `write` wrote for this half, blanks and line ends around or in it forgiven."""
    parts = "".join(text.split()).lower().split("-")
    if len(parts) != 3 or parts[0] not in (PUBLIC, PRIVATE):
        raise NotAKey(f"This is no key; a {half} half reads “{half}-…-…”.")
    if parts[0] != half:
        raise NotAKey(f"This is the {parts[0]} half; the {half} half is needed here.")
    try:
        key = bytes.fromhex(parts[1])
    except ValueError:
        key = b""
    if len(key) != 32 or parts[2] != _check(half, key):
        raise NotAKey("This key is damaged: a character is wrong or missing. Copy it again.")
    return key


def _check(half: str, key: bytes) -> str:
    return hashlib.sha256(half.encode() + key).hexdigest()[:4]
