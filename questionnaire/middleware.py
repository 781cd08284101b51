"""What every page carries: headers (nothing from elsewhere, inline, framed or cached), and words where it has none.

And what no page is given: cookies that cannot be looked up, and forms longer than any.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from questionnaire.views import error_page

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LONGEST_FORM = 16 * 1024  # bytes; a respondent's holds one code and the token against forged forms: about 200


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


class ShortForms:
    """Refuses, unread, what is longer than any form of respondents: decoding can take 500 times its length in memory.

    Staff's forms are longer, and held to DATA_UPLOAD_MAX_MEMORY_SIZE alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > LONGEST_FORM and not request.path_info.startswith(reverse("admin:index")):
            return error_page(request, 413)
        return self.get_response(request)
