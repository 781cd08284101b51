"""The floor that an interview is measured against: a bare Django view, run with the product's own gunicorn settings.

As many requests as an interview of seven questions, pages of the same length from one template, Django's token against
forged forms, one insert at the end. No wizard, nothing checked, nothing encrypted, no session.
"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from seb_survey.settings import ALLOWED_HOSTS, BASE_DIR, DATABASES, SECRET_KEY

STORED = bytes(1072)  # as long as a sealed response
QUESTION = "Which type of secondary school did you attend for the most time between the ages of 11 and 16?"
OPTIONS = {
    "state": "A state-run or state-funded school",
    "state_selective": "A state-run or state-funded school that selected on the basis of academic ability or faith",
    "independent": "Independent or fee-paying school",
    "independent_bursary": "Independent or fee-paying school, where I received a bursary",
    "outside_uk": "Attended school outside the UK",
    "dont_know": "I don’t know",
    "prefer_not_to_say": "Prefer not to say",
}
LAST_FORM, COMPLETE = 8, 9  # the start page is 0, the questions are 1 to 7

settings.configure(
    SECRET_KEY=SECRET_KEY,
    ALLOWED_HOSTS=ALLOWED_HOSTS,
    DATABASES=DATABASES,
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [BASE_DIR / "tests" / "bench" / "templates"],
        }
    ],
)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a page, or take its form and lead to the next; the last form inserts a row."""
    if request.method == "POST":
        if number == LAST_FORM:
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bare (stored) VALUES (%s)", [STORED])
        return redirect("page", number + 1)
    context = {"question": QUESTION, "options": OPTIONS, "form": number < COMPLETE, "back": f"/{max(0, number - 1)}/"}
    return render(request, "bare.html", context)


urlpatterns = [path("<int:number>/", page, name="page")]
application = get_wsgi_application()
