"""Says in words how the files in a folder differ from those that a release makes: whether anybody changed them."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from outputs.exports import checksums
from outputs.exports.files import ODS, XLSX, ZIP, File

_SPREADSHEETS = {ODS, XLSX}  # their bytes may change with the libraries that write them, their cells may not
_NOTHING = "nothing"


def differences(files: Iterable[File], folder: Path) -> list[str]:
    """A sentence for each difference; [] where the folder holds these and no other file. OSError where it is none.

    A pack may be kept alone, or be unpacked and thrown away.
    """
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    return list(_differences(tuple(files), found))


def _differences(files: tuple[File, ...], found: Mapping[str, bytes]) -> Iterator[str]:
    packs = {file.name for file in files if file.content_type == ZIP}
    pack_alone = packs and found.keys() == packs
    for file in files:
        if file.name in found:
            yield from (f"{file.name}: {each}" for each in _of_file(file, files, found))
        elif not (pack_alone or file.name in packs):
            yield f"{file.name}: is missing."
    for name in sorted(found.keys() - {file.name for file in files}):
        yield f"{name}: is no file of this release."


def _of_file(file: File, files: tuple[File, ...], found: Mapping[str, bytes]) -> Iterator[str]:
    content = found[file.name]
    if content == file.content():
        return
    if file.content_type in _SPREADSHEETS:
        yield from _of_cells(file.content(), content)
    elif file.content_type == ZIP:
        yield from _of_pack(file, files, content)
    elif file.name == checksums.NAME:
        yield from _of_checksums(content, file.content(), found)
    else:
        yield _first_line(file.content(), content)


def _first_line(made: bytes, content: bytes) -> str:
    lines = zip_longest(made.split(b"\n"), content.split(b"\n"))
    number, (of_release, of_folder) = next((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1])
    if _shown(of_folder) == _shown(of_release):
        return f"line {number} differs only in its line end, or in spaces around it."
    return f"line {number} is {_shown(of_folder)}, where the release has {_shown(of_release)}."


def _shown(line: bytes | None) -> str:
    return _NOTHING if line is None else f"“{line.decode(errors='replace').strip()}”"


def _of_cells(made: bytes, content: bytes) -> Iterator[str]:
    """By cell, with a reader that knows neither of the writers."""
    from python_calamine import CalamineError

    try:
        of_folder = _sheets(content)
    except CalamineError:
        yield "cannot be read as a spreadsheet."
        return
    if _calculates(content):
        yield "holds a formula, and nothing is calculated in the release’s."
    of_release = _sheets(made)
    if list(of_release) != list(of_folder):
        yield f"has the worksheets {', '.join(of_folder)}, where the release has {', '.join(of_release)}."
        return
    for name, rows in of_release.items():
        for number, (ours, theirs) in enumerate(zip_longest(rows, of_folder[name], fillvalue=[]), 1):
            for place, (mine, other) in enumerate(zip_longest(ours, theirs, fillvalue="")):
                if mine != other:
                    cell = f"{chr(ord('A') + place)}{number}"
                    yield f"cell {cell} of {name} is {_cell(other)}, where the release has {_cell(mine)}."


def _cell(value: object) -> str:
    """A number as a person writes it, whatever the file made of it."""
    return f"“{int(value) if isinstance(value, float) and value.is_integer() else value}”"


def _sheets(content: bytes) -> dict[str, list[list]]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        return {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
        }


def _calculates(content: bytes) -> bool:
    """Whether any cell of either kind has a formula: readers tell its last value, and not that it is one."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        parts = [zipped.read(name) for name in zipped.namelist() if name.endswith(".xml")]
    return any(formula in part for part in parts for formula in (b"<f>", b"<f ", b"table:formula="))


def _of_pack(pack: File, files: tuple[File, ...], content: bytes) -> Iterator[str]:
    """The pack holds every file but itself, in a folder of its name."""
    folder = f"{Path(pack.name).stem}/"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            held = {name.removeprefix(folder): zipped.read(name) for name in zipped.namelist() if name != folder}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        yield "cannot be read as a zip archive."
        return
    yield from _differences(tuple(file for file in files if file.content_type != ZIP), held)


def _of_checksums(content: bytes, made: bytes, found: Mapping[str, bytes]) -> Iterator[str]:
    """The sums need not be the release's where a spreadsheet has other bytes, but must be those of the files beside."""
    names = [line.split(b"  ", 1)[1].decode() for line in made.splitlines()]
    of_folder = "".join(f"{sha256(found[name]).hexdigest()}  {name}\n" for name in names if name in found).encode()
    if content != of_folder:
        yield "is not the list of the checksums of the files beside it."
