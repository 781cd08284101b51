"""Copies of the standard's folder with something changed, to see whether it is noticed."""

import shutil
from pathlib import Path

from questionnaire import registry

TOML = "standard.toml"
SOURCE = registry.STANDARDS / "gss_seb" / "2023-07"


def copy(tmp_path: Path) -> Path:
    """A copy of the standard's folder."""
    return shutil.copytree(SOURCE, tmp_path / "gss_seb" / "2023-07")


def edit(folder: Path, file: str, *changes: tuple[str | bytes, str | bytes]) -> None:
    """Replace, in order, text that stands in the file exactly once by other text."""
    content = (folder / file).read_bytes()
    for change in changes:
        old, new = (text if isinstance(text, bytes) else text.encode() for text in change)
        assert content.count(old) == 1, f"{change[0]!r} stands in {file} {content.count(old)} times"
        content = content.replace(old, new)
    (folder / file).write_bytes(content)
