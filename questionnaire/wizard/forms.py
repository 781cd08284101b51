"""A form for each question and mode, made from the standard: one field, named as the question, with its options."""

from functools import lru_cache

from django import forms
from django.utils.translation import gettext_lazy as _

from questionnaire import registry
from questionnaire.engine.model import Question


def question_form(question: Question, mode: str) -> type[forms.Form]:
    """The form class of one question. Only the options that this mode offers are valid answers."""
    field = forms.ChoiceField(
        choices=[(option.code, option.label) for option in question.asking(mode).options],
        error_messages={
            "required": question.error,
            "invalid_choice": _("Select one of the answers on this page"),
        },
    )
    return type("QuestionForm", (forms.Form,), {question.id: field})


@lru_cache(maxsize=32)
def question_forms(standard: str, mode: str) -> list[tuple[str, type[forms.Form]]]:
    """(URL step, form class) for each question of the standard (named by its key), in its order."""
    return [(question.slug, question_form(question, mode)) for question in registry.get_key(standard).questions]
