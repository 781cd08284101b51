"""Reads forms that are longer than any other, and only once it is known that their sender may send them.

`DATA_UPLOAD_MAX_MEMORY_SIZE` is one number for every page, and Django reads a form to find its token against forged
ones before it asks who sent it. Were the number larger, or a file taken as usual, anybody could fill the memory, or
the disk, from outside. So these pages are exempt from the common check, ask who it is first, then read up to a length
of their own, and then check the token all the same. Nothing is written to disk: a list of people is not to lie there.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_protect

from questionnaire.views import error_page

# What these pages are called; no other page takes a form of more than 2 MB.
PAGES = ("questionnaire_survey_invitations_check", "questionnaire_survey_invitations_invite")
LONGEST = 32 * 1024 * 1024  # bytes: 200,000 people, each with a reference of 100 characters, compressed as they can be

View = Callable[..., HttpResponse]


class InMemory(MemoryFileUploadHandler):
    """Keeps a file in memory, whatever its length: the form's own length has been looked at before."""

    def handle_raw_input(self, *args, **kwargs) -> None:
        self.activated = True


def takes_a_file(view: View) -> View:
    """The view of a form with a file. It is called once the sender is known."""

    @wraps(view)
    def read(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if _is_too_long(request):
            return error_page(request, 413)
        request.upload_handlers = [InMemory(request)]
        return csrf_protect(view)(request, *args, **kwargs)

    return read


def takes_a_long_form(view: View) -> View:
    """The view of a form without a file, which is `request.long_form`. It is called once the sender is known."""

    @wraps(view)
    def read(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if _is_too_long(request):
            return error_page(request, 413)
        request.long_form = QueryDict(request.read(), encoding="utf-8")
        # Where the token is looked for next, since the form is read already.
        request.META[settings.CSRF_HEADER_NAME] = request.long_form.get("csrfmiddlewaretoken", "")
        return csrf_protect(view)(request, *args, **kwargs)

    return read


def _is_too_long(request: HttpRequest) -> bool:
    return int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST
