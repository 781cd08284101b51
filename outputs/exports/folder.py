"""Writes files into a folder, each whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path

from outputs.exports.files import File


def write(files: Iterable[File], folder: Path) -> None:
    """Write the files straight into `folder`, which is made where there is none. OSError where that fails.

    Whoever reads the folder meanwhile finds each file as it was before or as it is now, never a part of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        beside = folder / f".{file.name}-{os.getpid()}"
        try:
            beside.write_bytes(file.content())
            beside.replace(folder / file.name)
        finally:
            beside.unlink(missing_ok=True)
