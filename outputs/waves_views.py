"""The pages that set a release beside those of the waves before it: everyone who answered, then table by table."""

from django.http import HttpRequest, HttpResponse

from outputs.access import visible_release
from outputs.disclosure.protected import ProtectedTable
from outputs.guard import seen_by
from outputs.views import or_404, page, results_page
from outputs.waves import Waves, waves


@results_page
def waves_page(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """Every table of everyone who answered, in every wave."""
    found = _waves(request, survey, number)
    return page(
        request,
        "waves",
        "Waves side by side",
        release=found.newest,
        waves=found,
        tables=[(table, found.everyone(table), found.breaks_of(table)) for table in found.tables],
    )


@results_page
def wave_table_page(request: HttpRequest, survey: str, number: int, table: str) -> HttpResponse:
    """One table in every wave: of everyone who answered, and by each breakdown of which the groups agree."""
    found = _waves(request, survey, number)
    of = or_404(_compared, found, table)
    return page(
        request,
        "wave_table",
        f"{of.title}: waves side by side",
        release=found.newest,
        waves=found,
        table=of,
        everyone=found.everyone(of),
        breaks=found.breaks_of(of),
        broken_down=list(found.broken_down(of)),
    )


def _waves(request: HttpRequest, survey: str, number: int) -> Waves:
    newest = visible_release(request, survey, number)
    return waves(newest, seen_by(request.user))


def _compared(found: Waves, id: str) -> ProtectedTable:
    """A table that is compared over waves. LookupError where there is none of this id."""
    for table in found.tables:
        if table.id == id:
            return table
    raise LookupError(f"{found.newest} compares no table {id} with earlier waves.")
