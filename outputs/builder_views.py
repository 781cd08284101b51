"""The table builder's pages: choose from a release's catalogue, read and fetch the selection, note what is missing."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from outputs import builder, wanted
from outputs.access import visible_release
from outputs.builder import BadQuery, Chosen
from outputs.exports.files import File, named
from outputs.exports.release_files import release_files
from outputs.guard import for_staff_who_may
from outputs.releases import Published
from outputs.views import download, or_404, page, results_page
from questionnaire import audit

LONGEST = 200  # characters of a note
OF_ALL = "tables."  # the names of files that hold every table of a release, or of what is chosen of it, begin so


class WantedForm(forms.Form):
    """What is missing from the catalogue, in one line."""

    wanted = forms.CharField(
        label=gettext_lazy("What is missing"),
        max_length=LONGEST,
        help_text=gettext_lazy("Such as: by length of service. Name no person."),
        error_messages={"required": gettext_lazy("Say what is missing.")},
    )


@results_page
def build(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """The builder; with a query, what it chooses. A query that asks for anything else is told why, with status 400."""
    release = _release(request, survey, number)
    if not request.GET:
        return _page(request, release)
    try:
        selection = builder.read(release, dict(request.GET.lists()))
    except BadQuery as bad:
        return _page(request, release, status=400, faults=bad.faults)
    chosen = Chosen(release.row, release.history, selection=selection)
    return _page(
        request,
        release,
        selection=selection,
        chosen=chosen,
        grids=list(builder.grids(chosen)),
        files=_files(chosen),
        link=request.build_absolute_uri(f"{request.path}?{selection.query}"),
    )


@results_page
def fetch(request: HttpRequest, survey: str, number: int, file: str) -> HttpResponse:
    """One file of what the query chooses. Who fetched it is recorded."""
    release = _release(request, survey, number)
    try:
        selection = builder.read(release, dict(request.GET.lists()))
    except BadQuery as bad:
        return _page(request, release, status=400, faults=bad.faults)
    found = or_404(named, _files(Chosen(release.row, release.history, selection=selection)), file)
    audit.record(
        actor=request.user.get_username(),
        action="downloaded",
        survey=survey,
        file=found.name,
        release=number,
        selection=selection.query,
    )
    return download(found)


@for_staff_who_may("outputs.view_release")
@require_POST
def note_wanted(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """Note what is missing for the next survey; leads back to the builder."""
    release = _release(request, survey, number)
    form = WantedForm(request.POST)
    if not form.is_valid():
        return _page(request, release, status=400, form=form)
    try:
        is_new = wanted.note(release, form.cleaned_data["wanted"], actor=request.user.get_username())
    except wanted.TooMany:
        messages.error(request, _("So much is noted already that nothing more is taken: speak to the survey’s owner."))
    else:
        told = _("It is noted for the next survey.") if is_new else _("That was noted before.")
        messages.success(request, told)
    return redirect("outputs:builder", survey, number)


def _release(request: HttpRequest, survey: str, number: int) -> Published:
    return visible_release(request, survey, number)


def _files(chosen: Chosen) -> list[File]:
    """In every format in which a release gives all its tables in one file."""
    return [file for file in release_files(chosen) if file.name.startswith(OF_ALL)]


def _page(request: HttpRequest, release: Published, *, status: int = 200, **context) -> HttpResponse:
    chosen = {name: set(request.GET.getlist(name)) for name in builder.PARAMETERS}
    chosen["rows"] = chosen["rows"] & builder.ROWS.keys() or {"groups"}
    choices = {
        name: [(value, title, value in chosen[name]) for value, title in offered.items()]
        for name, offered in builder.catalogue(release).items()
    }
    response = page(
        request,
        "builder",
        _("Table builder"),
        release=release,
        choices=choices,
        lacking=builder.lacking(release),
        wanted=wanted.of_survey(release.survey),
        address=reverse("outputs:builder", args=[release.survey, release.number]),
        **{"form": WantedForm(), **context},
    )
    response.status_code = status
    return response
