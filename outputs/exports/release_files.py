"""Every file of a release, the publication pack first: what else a release is told in joins PARTS."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from outputs.exports.chart_files import chart_files
from outputs.exports.checksums import checksums
from outputs.exports.codebook_files import codebook_files
from outputs.exports.files import File
from outputs.exports.pack import pack
from outputs.exports.quality_note import quality_note
from outputs.exports.spreadsheet_files import spreadsheet_files
from outputs.exports.table_files import table_files
from outputs.releases import Published
from questionnaire import registry

# Each tells a release in files, in the order in which they are listed.
PARTS: tuple[Callable[[Published], Iterable[File]], ...] = (spreadsheet_files, chart_files, table_files)


def release_files(release: Published) -> tuple[File, ...]:
    """The pack, unless the release is exact, then each of its files alone.

    A file is made when it is first wanted, and once, however many others hold it or its checksum. LookupError where
    the release's standard is no longer installed.
    """
    standard = registry.get_key(release.facts["standard"])
    told = [_made_once(file) for part in (*PARTS, lambda _: codebook_files(standard)) for file in part(release)]
    told.insert(0, _made_once(quality_note(release, standard, told)))
    told.append(checksums(told))
    return (*pack(release, told), *told)


def _made_once(file: File) -> File:
    return replace(file, content=cache(file.content))
