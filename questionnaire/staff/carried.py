"""Carries a list of people from the page that checks it to the press that invites them, in that page and nowhere else.

So a list that nobody confirms is never stored. It is encrypted: a page that is saved or cached names nobody.
"""

import hashlib
import json
import zlib

from django.conf import settings
from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from questionnaire.fieldwork.people import People


class NotCarried(ValueError):
    """What came back is not what the page was given: cut off, changed, or another survey's or person's."""


def pack(people: People, invited_before: int, *, survey_id: int, user_id: int) -> str:
    """The list as text, good for this survey and this member of staff only."""
    content = json.dumps([invited_before, people.breakdowns, people.rows], separators=(",", ":"), ensure_ascii=False)
    sealed = _box(settings.SECRET_KEY).encrypt(zlib.compress(content.encode()), _of(survey_id, user_id))
    return URLSafeBase64Encoder.encode(sealed).decode()


def unpack(text: str, *, survey_id: int, user_id: int) -> tuple[People, int]:
    """The list, and how many were invited when it was checked. Raises NotCarried."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            sealed = URLSafeBase64Encoder.decode(text.encode("ascii"))
            content = zlib.decompress(_box(secret).decrypt(sealed, _of(survey_id, user_id)))
        except (CryptoError, ValueError, TypeError):
            continue
        invited_before, breakdowns, rows = json.loads(content)
        return People(tuple(breakdowns), [tuple(row) for row in rows]), invited_before
    raise NotCarried


def _of(survey_id: int, user_id: int) -> bytes:
    return f"{survey_id} {user_id}".encode()


def _box(secret: str) -> Aead:
    return Aead(hashlib.blake2b(secret.encode(), digest_size=Aead.KEY_SIZE, person=b"invitations").digest())
