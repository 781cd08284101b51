"""What every page carries: headers (nothing from elsewhere, inline, framed or cached), and words where it has none.

And what no page is given: cookies and staff's queries that cannot be looked up, and forms longer than any.
"""

import math
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse

from questionnaire.staff import long_forms
from questionnaire.views import error_page

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LONGEST_FORM = 16 * 1024  # bytes; a respondent's holds one code and the token against forged forms: about 200
# Staff's, with a file. Less than FILE_UPLOAD_MAX_MEMORY_SIZE, so that nothing that anybody sends is written to disk.
LONGEST_STAFF_FORM = 2 * 1024 * 1024


class SecurityHeaders:
    """Sets the content security policy everywhere, and `no-store` on whatever is not a static file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not request.path_info.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store, private"
        return response


class PlainPages:
    """Words where Django has an empty page, for a method that an address does not take, or a fault that is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or getattr(response, "content", b""):  # a file's answer has none
            return response
        page = error_page(request, 405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A database that does not answer is no fault in the page that asked it: try again later."""
        return error_page(request, 503) if isinstance(exception, OperationalError | InterfaceError) else None


class StorableCookies:
    """Drops cookies that hold a NUL: a session's key is looked up as it came, and PostgreSQL has no such text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


class StorableQueries:
    """Refuses queries of staff's pages that hold a NUL: lists look it up as it came; PostgreSQL has no such text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if ("%00" in query or "\0" in query) and _is_staffs(request):
            return error_page(request, 400)
        return self.get_response(request)


class ShortForms:
    """Refuses, unread, what is longer than any form of respondents: decoding can take 500 times its length in memory.

    Staff's forms are longer. Without a file, DATA_UPLOAD_MAX_MEMORY_SIZE holds them; with one, it does not count the
    file, and Django reads all of it before it is known who sent it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > LONGEST_FORM and length > _longest(request):
            return error_page(request, 413)
        return self.get_response(request)


class ForStaff:
    """Mixed into what Django's staff site stands on: on all other pages it does nothing.

    So respondents have no session, nobody who is signed in is known on their pages, and each costs less.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return super().__call__(request) if _is_staffs(request) else self.get_response(request)


class StaffSessions(ForStaff, SessionMiddleware):
    pass


class StaffAccounts(ForStaff, AuthenticationMiddleware):
    pass


class StaffMessages(ForStaff, MessageMiddleware):
    pass


def _is_staffs(request: HttpRequest) -> bool:
    """Whether the request is for a page of the staff site, previews and results among them."""
    return request.path_info.startswith(reverse("admin:index"))


def _longest(request: HttpRequest) -> float:
    """How many bytes a form sent to this address may have."""
    if not _is_staffs(request):
        return LONGEST_FORM
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        name = None
    return math.inf if name in long_forms.PAGES else LONGEST_STAFF_FORM  # those look at the length themselves
