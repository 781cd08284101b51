"""Renders a question's page: the same for everyone who is asked it at the same place, so it is rendered once and kept.

Only pages on which nothing is chosen yet are kept: of an answer, nothing stays on the server.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from questionnaire import registry

TOKEN = "the-token-against-forged-forms"  # noqa: S105  (stands in a kept page where each reader's own is put)


def with_token(page: str, request: HttpRequest) -> HttpResponse:
    """A kept page, with the reader's own token."""
    return HttpResponse(page.replace(TOKEN, get_token(request)))


@dataclass(frozen=True)
class QuestionPage:
    """All that a question's page tells. `number` of at most `most` questions; `back` and `path` are URLs.

    `current_app` is the instance of the survey's pages that the links on it lead to: None for the survey's own.
    """

    slug: str
    title: str
    kiosk: bool
    standard: str
    mode: str
    question_id: str
    path: str
    back: str
    number: int
    most: int
    newly_asked: bool
    current_app: str | None = None
    chosen: str | None = None
    error: str = ""

    def response(self, request: HttpRequest) -> HttpResponse:
        """The page, with the reader's own token."""
        fresh = self.chosen is None and not self.error
        return with_token((_kept if fresh else _render)(self, get_language()), request)

    def context(self) -> dict:
        """What the template says of the question."""
        standard = registry.get_key(self.standard)
        question = standard.question(self.question_id)
        options = question.asking(self.mode).options
        items = [
            {
                "value": option.code,
                "text": option.label,
                "hint": option.hint,
                "checked": option.code == self.chosen,
                "divider": _("or") if option is options[-1] and option.code == standard.refusal else "",
            }
            for option in options
        ]
        summary = [{"text": self.error, "href": f"#{self.question_id}"}] if self.error else []
        return {"question": question, "asking": question.asking(self.mode), "items": items, "summary": summary}


def _render(page: QuestionPage, language: str) -> str:
    context = {"page": page, "csrf_token": TOKEN, **page.context()}
    return render_to_string("wizard/question.html", context, _request(page.current_app) if page.current_app else None)


def _request(current_app: str) -> HttpRequest:
    """A request of nobody, by which `{% url %}` and the templates know whose pages these are."""
    request = HttpRequest()
    request.current_app = current_app
    return request


_kept = lru_cache(maxsize=1024)(_render)
