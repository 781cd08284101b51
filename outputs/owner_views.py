"""The pages on which an owner decides what stands beside the results of a survey: benchmarks and targets."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from outputs import benchmarks, targets
from outputs.access import visible_release
from outputs.disclosure.protected import ProtectedTable
from outputs.guard import for_staff_who_may
from outputs.owner_forms import BenchmarkForm, TargetForm
from outputs.releases import Published
from outputs.views import or_404, page

PERMISSION = "outputs.set_beside"


@for_staff_who_may(PERMISSION)
def overview(request: HttpRequest, survey: str) -> HttpResponse:
    """Every benchmark and target of a survey, by table; POST switches one of the standard's, or removes one."""
    release = visible_release(request, survey)
    if request.method == "POST":
        _change(request, release)
        return redirect("outputs:beside", survey)
    tables = [
        (
            table,
            benchmarks.on_offer(release, table),
            [each for each in benchmarks.benchmarks_of(release, table) if each.is_own],
            targets.targets_of(release, table),
        )
        for table in release.tables
        if not table.imputed_of
    ]
    return page(request, "owner_overview", _("Benchmarks and targets"), release=release, tables=tables)


@for_staff_who_may(PERMISSION)
def enter_benchmark(request: HttpRequest, survey: str, table: str) -> HttpResponse:
    """The form of a benchmark of the owner's own; POST stores it."""

    def store(release: Published, found: ProtectedTable, form: BenchmarkForm) -> None:
        benchmarks.enter(release, found, form.save(commit=False), actor=request.user.get_username())

    return _form(request, survey, table, BenchmarkForm, _("Enter a benchmark of your own"), store)


@for_staff_who_may(PERMISSION)
def set_target(request: HttpRequest, survey: str, table: str) -> HttpResponse:
    """The form of a target; POST stores it."""

    def store(release: Published, _found: ProtectedTable, form: TargetForm) -> None:
        targets.set_target(release, form.part, form.save(commit=False), actor=request.user.get_username())

    return _form(request, survey, table, TargetForm, _("Set a target"), store)


def _form(request: HttpRequest, survey: str, table: str, kind: type, title: str, store: Callable) -> HttpResponse:
    release = visible_release(request, survey)
    found = or_404(release.table, table)
    if found.imputed_of:
        raise Http404(f"{table} counts what was imputed; nothing is compared with it.")
    form = kind(release, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        store(release, found, form)
        messages.success(request, _("It is stored, and stands beside the table from now on."))
        return redirect("outputs:beside", survey)
    return page(request, "owner_form", title, release=release, table=found, form=form)


def _change(request: HttpRequest, release: Published) -> None:
    """Do what one of the page's buttons says. What is no longer there, or never was, is told."""
    actor = request.user.get_username()
    try:
        match next(((name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"), None):
            case ("on" | "off" as way, key):
                benchmarks.switch(release, key, on=way == "on", actor=actor)
            case ("remove_benchmark", id):
                benchmarks.remove(release, _number(id), actor=actor)
            case ("remove_target", id):
                targets.remove(release, _number(id), actor=actor)
            case _:
                raise LookupError
    except LookupError:
        messages.error(request, _("Nothing was changed: there is no such benchmark or target, perhaps no longer."))
    else:
        messages.success(request, _("It is changed."))


def _number(id: str) -> int:
    """LookupError for what can be no row's id."""
    if not (id.isascii() and id.isdecimal() and len(id) < 19):
        raise LookupError(id)
    return int(id)
