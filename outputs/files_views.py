"""The page that lists a release's files with what each is for, the publication pack first."""

from django.http import HttpRequest, HttpResponse

from outputs.access import visible_release
from outputs.exports.pack import NO_PACK
from outputs.exports.release_files import release_files
from outputs.views import or_404, page, results_page


@results_page
def files_page(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """Every file of one release. An exact release has no pack, and the page says why."""
    release = visible_release(request, survey, number)
    files = or_404(release_files, release)
    packs, alone = files[: not release.is_exact], files[not release.is_exact :]
    context = {"release": release, "packs": packs, "files": alone, "no_pack": NO_PACK}
    return page(request, "files", f"Files of {release}", **context)
