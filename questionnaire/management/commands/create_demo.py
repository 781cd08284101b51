"""Makes the two made-up surveys of a first start: `demo`, open, and `example`, released with simulated answers."""

from django.core.management import call_command
from django.db import transaction

from questionnaire import audit, registry
from questionnaire.fieldwork import surveys
from questionnaire.fieldwork.closing import close
from questionnaire.management.base import SurveyCommand
from questionnaire.models import Survey
from questionnaire.respondent.submission import store
from questionnaire.respondent.views import MODE
from questionnaire.simulation import simulated_interviews
from questionnaire.wizard.interview import Interview

RESPONSES = 2400
FACTS = {
    "organisation": "An example organisation (made up)",
    "purpose": "This survey only shows how the service works. Nobody needs its answers, and nobody acts on them.",
    "contact": "Whoever started this service on this machine.",
}
DEMO = "Demonstration survey (made up)"
EXAMPLE = "Example survey with simulated answers (made up)"


class Command(SurveyCommand):
    help = __doc__

    def run(self, **options) -> None:
        self.actor = audit.command_line()
        if not Survey.objects.filter(slug="demo").exists():
            with transaction.atomic():
                self.open("demo", DEMO, listed=True)
        if not Survey.objects.filter(slug="example").exists():
            self.stdout.write(f"Making up {RESPONSES:,} answers for the example survey")
            with transaction.atomic():  # all or nothing, so that a start that was interrupted makes them anew
                self.answer(self.open("example", EXAMPLE, listed=False))
        example = Survey.objects.filter(slug="example", title=EXAMPLE)  # a survey of somebody's own is left alone
        if example.filter(state__in=[Survey.State.OPEN, Survey.State.STOPPED]).exists():
            close("example", actor=self.actor)
        if example.filter(state=Survey.State.CLOSED).exists():
            call_command("build_release", "example", stdout=self.stdout)

    def open(self, slug: str, title: str, *, listed: bool) -> Survey:
        standard = registry.all_standards()[0].key
        surveys.create(actor=self.actor, slug=slug, title=title, standard=standard, listed=listed, **FACTS)
        return surveys.open_survey(slug, actor=self.actor)

    def answer(self, survey: Survey) -> None:
        for answers in simulated_interviews(survey.definition, MODE, RESPONSES, seed=1):
            interview = Interview.start(survey, MODE)
            interview.answers, interview.number = answers, 1
            store(interview)
