"""Sealed boxes: anyone may seal answers to a survey's public key; only the key store can open them.

The private half never enters the database, so neither a dump nor a backup of it opens a single answer.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

# All sealed answers have one length, so that a longer route through the questions does not show.
PLAIN_LENGTH = 1024


class KeyMissing(Exception):
    """The key store does not hold the private half of this survey's key."""


class CannotOpen(Exception):
    """These bytes were not sealed to this key, or hold no answers."""


def seal(public_key: bytes, mode: str, answers: Mapping[str, str]) -> bytes:
    """Seal one interview's answers. ValueError where they do not fit the one length."""
    plain = json.dumps({"mode": mode, "answers": answers}, separators=(",", ":")).encode()
    if len(plain) > PLAIN_LENGTH:
        raise ValueError("These answers are longer than a sealed response may be.")
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(PLAIN_LENGTH))


class Opener:
    """Opens the sealed responses of one survey, with the private half of its key."""

    def __init__(self, private_key: bytes) -> None:
        self._box = SealedBox(PrivateKey(private_key))

    def open(self, sealed: bytes) -> tuple[str, dict[str, str]]:
        """Return mode and answers. CannotOpen where the bytes are not what `seal` made."""
        try:
            content = json.loads(self._box.decrypt(sealed))
            return content["mode"], content["answers"]
        except (CryptoError, ValueError, KeyError, TypeError) as error:
            raise CannotOpen from error


def make_key() -> bytes:
    """Make a key pair, keep the private half in the key store, return the public half (32 bytes)."""
    public, private = key_pair()
    store = Path(settings.KEY_STORE)
    if not store.is_dir():
        store.mkdir(parents=True, mode=0o700)
        _hand_over(store, store.parent)
    path = _path(public)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private)
        file.flush()
        os.fsync(file.fileno())
    _hand_over(path, store)
    _sync(store)
    return public


def opener(public_key: bytes) -> Opener:
    """The opener of what was sealed to `public_key`. KeyMissing where the store does not hold its other half."""
    try:
        private = _path(public_key).read_bytes()
    except FileNotFoundError as error:
        raise KeyMissing(f"{settings.KEY_STORE} does not hold this survey’s key.") from error
    except OSError as error:
        raise KeyMissing(f"{settings.KEY_STORE} cannot be read: {error.strerror}.") from error
    if not _belong_together(public_key, private):
        raise KeyMissing(f"The file in {settings.KEY_STORE} is not this survey’s key.")
    return Opener(private)


def opener_with(public_key: bytes, private: bytes) -> Opener:
    """The opener of what was sealed to `public_key`, with the private half that its owner brought. Else KeyMissing."""
    if not _belong_together(public_key, private):
        raise KeyMissing("The key that was brought is not this survey’s.")
    return Opener(private)


def key_pair() -> tuple[bytes, bytes]:
    """A fresh key pair, (public, private), which nothing keeps. 32 bytes each."""
    private = PrivateKey.generate()
    return bytes(private.public_key), bytes(private)


def _belong_together(public_key: bytes, private: bytes) -> bool:
    return len(private) == PrivateKey.SIZE and bytes(PrivateKey(private).public_key) == bytes(public_key)


def destroy_key(public_key: bytes) -> bool:
    """Overwrite and remove the private half; True where there was one. Calling it again is harmless."""
    path = _path(public_key)
    try:
        with path.open("r+b") as file:
            file.write(bytes(PrivateKey.SIZE))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    _sync(path.parent)
    return True


def _path(public_key: bytes) -> Path:
    return Path(settings.KEY_STORE) / f"{bytes(public_key).hex()}.key"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hand_over(path: Path, like: Path) -> None:
    """Give what root made to the account that owns the folder around it, so that the service can read it."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
