"""The publication pack: every file of a release in one zip archive. An exact release has none."""

from collections.abc import Sequence

from outputs.exports.archive import archive
from outputs.exports.files import ZIP, File
from outputs.releases import Published

NO_PACK = (
    "There is no publication pack of this release: its counts are exact, for an office with its own disclosure "
    "control, and must not be published as they stand. Each file can be had by itself."
)


def pack_name(release: Published) -> str:
    return f"{release.survey}-release-{release.number}.zip"


def pack(release: Published, files: Sequence[File]) -> tuple[File, ...]:
    """The pack of these files; () where the release may not be published."""
    if release.is_exact:
        return ()
    return (
        File(pack_name(release), "Publication pack: all of the files below in one", ZIP, lambda: _zip(release, files)),
    )


def _zip(release: Published, files: Sequence[File]) -> bytes:
    folder = pack_name(release).removesuffix(".zip")
    return archive(((f"{folder}/{file.name}", file.content()) for file in files), release.built_at)
