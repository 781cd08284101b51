"""The application that gunicorn serves: Django's, which is not told in what characters a request claims to be."""

import os
from collections.abc import Callable, Iterable

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seb_survey.settings")
_django = get_wsgi_application()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Serve one request. Of its Content-Type only the kind and a form's boundary are read.

    Every page and form here is UTF-8. Django would believe in any codec that Python has, `hex` and `idna` among them,
    and fail on the first query string.
    """
    kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    boundaries = [each for each in parameters if each.strip().lower().startswith("boundary=")]
    environ["CONTENT_TYPE"] = ";".join([kind, *boundaries])
    return _django(environ, start_response)
