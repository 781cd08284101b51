"""The file by which a reader can tell that the others arrived as they were made."""

from collections.abc import Iterable
from hashlib import sha256

from outputs.exports.files import SUMS, File

NAME = "SHA256SUMS"


def checksums(files: Iterable[File]) -> File:
    """SHA256SUMS of these files, as `sha256sum --check` reads it."""
    files = tuple(files)
    return File(NAME, "Checksums of the other files, for sha256sum --check", SUMS, lambda: _sums(files))


def _sums(files: tuple[File, ...]) -> bytes:
    return "".join(f"{sha256(file.content()).hexdigest()}  {file.name}\n" for file in files).encode()
