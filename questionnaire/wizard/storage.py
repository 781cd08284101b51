"""The wizard's storage: one code a question, kept in the interview's cookie, and nothing else of what was posted."""

from django.http import HttpResponse
from formtools.wizard.storage.base import BaseStorage


class InterviewStorage(BaseStorage):
    """Answers by step. The step that is current is the one in the URL, so that two tabs do not disturb each other."""

    def __init__(self, prefix, request=None, file_storage=None) -> None:
        super().__init__(prefix, request, file_storage)
        self.interview = request.interview
        self.changed = False
        self.init_data()

    def get_step_data(self, step: str) -> dict[str, str] | None:
        """What the form of this step is bound to; None where the question has no answer yet."""
        question = self.interview.definition.question_by_slug(step)
        code = self.interview.answers.get(question.id)
        return None if code is None else {question.id: code}

    def set_step_data(self, step: str, cleaned_data: dict[str, str]) -> None:
        """Take the one cleaned answer of this step."""
        for question_id, code in cleaned_data.items():
            self.interview.answer(question_id, code)
        self.changed = True

    def update_response(self, response: HttpResponse) -> None:
        if self.changed or self.interview.kiosk:  # on a shared device every press counts as a sign of life
            self.interview.save(response)
