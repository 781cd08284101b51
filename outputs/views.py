"""The results pages of the staff site: releases, their tables and files, and the codebook they are to be read with."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from outputs import overview
from outputs.access import visible_release
from outputs.codebook import derivation, entries
from outputs.dashboard import rates_of, shown, shown_by_group
from outputs.exports.codebook_files import codebook_files
from outputs.exports.files import File, named
from outputs.exports.release_files import release_files
from outputs.guard import seen_by
from questionnaire import audit, registry

View = Callable[..., HttpResponse]
Found = TypeVar("Found")


def results_page(view: View) -> View:
    """For staff who may view releases. Who has not signed in is sent to do so; anyone else is refused with 403."""
    in_admin = admin.site.admin_view(require_safe(view))

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs) -> HttpResponse:
        may = admin.site.has_permission(request) and request.user.has_perm("outputs.view_release")
        if request.user.is_authenticated and not may:
            raise PermissionDenied
        return in_admin(request, **kwargs)

    return guarded


def or_404(find: Callable[..., Found], *names: object) -> Found:
    """What `find` finds by these names; a release, table, standard or file that does not exist is a 404."""
    try:
        return find(*names)
    except LookupError as unknown:
        raise Http404(str(unknown)) from unknown


@results_page
def release_list(request: HttpRequest) -> HttpResponse:
    """Every release, what still waits for one, and the codebook of every installed standard."""
    return page(
        request,
        "releases",
        "Results",
        all_series=overview.all_series(seen_by(request.user)),
        waiting=overview.waiting(),
        standards=registry.all_standards(),
    )


@results_page
def release_page(request: HttpRequest, survey: str, number: int) -> HttpResponse:
    """One release: what it is, and its tables."""
    release = visible_release(request, survey, number)
    standard = or_404(registry.get_key, release.facts["standard"])
    return page(
        request,
        "release",
        str(release),
        release=release,
        standard=standard,
        shown=[shown(release, table) for table in release.tables],
        **rates_of(release),
    )


@results_page
def table_page(request: HttpRequest, survey: str, number: int, table: str) -> HttpResponse:
    """One table with all that is needed to read and quote it."""
    release = visible_release(request, survey, number)
    found = or_404(release.table, table)
    return page(
        request,
        "table",
        found.title,
        release=release,
        shown=shown(release, found),
        broken_down=list(shown_by_group(release, found)),
        notes=[*release.notes_of(found), *release.notes, *release.notes_on_groups],
        file=f"{found.id}.csv",
    )


@results_page
def release_download(request: HttpRequest, survey: str, number: int, file: str) -> HttpResponse:
    """One file of a release. Who fetched it is recorded."""
    release = visible_release(request, survey, number)
    found = or_404(named, or_404(release_files, release), file)
    audit.record(actor=request.user.get_username(), action="downloaded", survey=survey, file=found.name, release=number)
    return download(found)


@results_page
def codebook_page(request: HttpRequest, id: str, version: str) -> HttpResponse:
    """What a standard asks, in every mode, and how its variables are derived."""
    standard = or_404(registry.get, id, version)
    return page(
        request,
        "codebook",
        f"Codebook: {standard.title}, {standard.version}",
        standard=standard,
        entries=entries(standard),
        derivations=[(decision.variable, *derivation(decision)) for decision in standard.decisions],
        files=codebook_files(standard),
    )


@results_page
def codebook_download(request: HttpRequest, id: str, version: str, file: str) -> HttpResponse:
    """One file of a standard's codebook. It says nothing about anyone's answers, so nothing is recorded."""
    standard = or_404(registry.get, id, version)
    return download(or_404(named, codebook_files(standard), file))


def page(request: HttpRequest, template: str, title: str, **context) -> HttpResponse:
    return render(request, f"outputs/{template}.html", admin.site.each_context(request) | {"title": title} | context)


def download(file: File) -> HttpResponse:
    disposition = f'attachment; filename="{file.name}"'
    return HttpResponse(file.content(), content_type=file.content_type, headers={"Content-Disposition": disposition})
