"""The wizard: one question a page, along the route that the engine gives, then check answers.

What formtools leaves open is closed here: every page asks "may I be here?", a GET never writes to the database, and
an answer off the route does not exist.
"""

import time
from collections.abc import Callable
from functools import lru_cache, partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from formtools.wizard.views import NamedUrlWizardView

from questionnaire.engine.interviews import longest
from questionnaire.wizard.forms import question_forms
from questionnaire.wizard.interview import Interview
from questionnaire.wizard.pages import QuestionPage

CHECK = "check-answers"


def on_route(step: str, wizard: "QuestionWizard") -> bool:
    """The one condition of every step."""
    return any(question.slug == step for question in wizard.interview.route.questions)


class QuestionWizard(NamedUrlWizardView):
    """Asks the questions of one standard in one mode; a subclass says what submitting does.

    The request carries its interview as `request.interview`.
    """

    storage_name = "questionnaire.wizard.storage.InterviewStorage"
    check_template_name = "wizard/check_answers.html"

    def dispatch(self, request: HttpRequest, *args, step: str, **kwargs) -> HttpResponse:
        self.interview: Interview = request.interview
        return super().dispatch(request, *args, step=step, **kwargs)

    def get(self, request: HttpRequest, *args, step: str, **kwargs) -> HttpResponse:
        if not self.may_visit(step):
            return redirect(self.get_step_url(self.next_step()))
        self.storage.current_step = step
        return self.check_answers() if step == CHECK else self.question_page()

    def post(self, request: HttpRequest, *args, step: str, **kwargs) -> HttpResponse:
        if not self.may_visit(step):
            return redirect(self.get_step_url(self.next_step()))
        self.storage.current_step = step
        if step == CHECK:
            return self.submit()
        form = self.get_form(data=request.POST)
        if not form.is_valid():
            return self.question_page(error=next(iter(form.errors.values()))[0])
        self.storage.set_step_data(step, form.cleaned_data)
        return redirect(self.get_step_url(self.next_step(after=step)))

    def may_visit(self, step: str) -> bool:
        """Whether this step is on the route and not past the first question that is not answered."""
        route = self.interview.route
        if step == CHECK:
            return route.complete
        return any(
            question.slug == step
            for question in route.questions
            if question.id in route.answers or question == route.first_unanswered
        )

    def next_step(self, after: str = "") -> str:
        """Where the respondent should be: the question that follows `after`, or else the first unanswered one.

        Once check answers was shown, a change leads only to what it makes necessary, and back there.
        """
        route = self.interview.route
        if after and not self.interview.reviewing:
            slugs = [question.slug for question in route.questions]
            following = slugs[slugs.index(after) + 1 :]
            return following[0] if following else CHECK
        return route.first_unanswered.slug if route.first_unanswered else CHECK

    def previous_url(self) -> str:
        """Where the Back link leads."""
        if self.interview.reviewing and self.interview.route.complete:
            return self.get_step_url(CHECK)
        slugs = [question.slug for question in self.interview.route.questions]
        position = slugs.index(self.storage.current_step)
        return self.get_step_url(slugs[position - 1]) if position else self.interview.path

    def check_answers(self) -> HttpResponse:
        """Show every answer with a Change link, and number the submission that this page would make."""
        self.interview.number = time.time_ns() // 1000
        self.storage.changed = True
        askings = {question: question.asking(self.interview.mode) for question in self.interview.route.questions}
        rows = [
            {
                "key": asking.wording,
                "value": asking.option(self.interview.answers[question.id]).label,
                "href": self.get_step_url(question.slug),
                "hidden": asking.wording,
            }
            for question, asking in askings.items()
        ]
        dropped = [self.interview.definition.question(question) for question in self.interview.dropped]
        context = {
            "interview": self.interview,
            "rows": rows,
            "back": rows[-1]["href"],
            "dropped": [question.asking(self.interview.mode) for question in dropped],
        }
        return self.response_class(self.request, self.check_template_name, context)

    def submit(self) -> HttpResponse:
        """Take the complete interview; called only where the route is complete."""
        raise NotImplementedError

    def get_step_url(self, step: str) -> str:
        return f"{self.interview.path}{step}/"

    def get_form_prefix(self, step=None, form=None) -> None:
        """No prefix: the field's name is the question's id."""
        return

    def question_page(self, error: str = "") -> HttpResponse:
        """Show the current step's question, with what is wrong with the answer that was sent."""
        interview, route = self.interview, self.interview.route
        question = interview.definition.question_by_slug(self.storage.current_step)
        page = QuestionPage(
            slug=interview.slug,
            title=interview.title,
            kiosk=interview.kiosk,
            standard=interview.standard,
            mode=interview.mode,
            question_id=question.id,
            path=self.get_step_url(question.slug),
            back=self.previous_url(),
            number=route.questions.index(question) + 1,
            most=longest(interview.definition, interview.mode, route.begun),
            newly_asked=interview.reviewing and not route.complete,
            current_app=getattr(self.request, "current_app", None),
            chosen=interview.answers.get(question.id),
            error=error,
        )
        return page.response(self.request)


@lru_cache(maxsize=32)
def wizard_view(wizard: type[QuestionWizard], standard: str, mode: str) -> Callable[..., HttpResponse]:
    """The view that asks this standard (its key) in this mode."""
    forms = question_forms(standard, mode)
    return wizard.as_view(
        form_list=forms,
        condition_dict={slug: partial(on_route, slug) for slug, _form in forms},
        url_name="respondent:step",
        done_step_name=CHECK,
    )
