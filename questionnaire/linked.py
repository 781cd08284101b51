"""Decides what the holder of a code may see, change and withdraw of a linked survey after closing.

Whatever changes, the counts are made again in the same transaction, with the survey's row locked, so that no release
sees half of it. Respondents' pages stand on this, as outputs stands on `selectors`: neither reads fieldwork itself.
"""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from questionnaire.fieldwork.closing import Pattern, add_counts, canonical
from questionnaire.fieldwork.tally import Tally
from questionnaire.models import AnswerPattern, GroupCount, Invitation, LinkedResponse, Survey


def kept(survey_id: int, digest: bytes) -> LinkedResponse | None:
    """What is kept of the holder of the code with this digest; None where nothing is, or not yet, or no more."""
    return _of(survey_id, digest).filter(survey__in=_keeping(survey_id)).first()


def is_kept_for(survey_id: int, digest: bytes) -> bool:
    """Whether the survey keeps answers after closing and invited the holder of this code, who answered or not."""
    return Invitation.objects.filter(survey__in=_keeping(survey_id), digest=digest).exists()


@transaction.atomic
def change(survey_id: int, digest: bytes, *, number: int, mode: str, answers: Mapping[str, str]) -> bool:
    """Replace what is kept. False where nothing is: a survey that has closed takes nobody's first answers.

    A late retry of an older change changes nothing, and one that comes after a withdrawal brings nothing back.
    """
    survey = _locked(survey_id)
    if survey is None or not (rows := _of(survey_id, digest)).exists():
        return False
    if rows.filter(number__lt=number).update(number=number, mode=mode, answers=dict(answers)):
        _count_again(survey)
    return True


@transaction.atomic
def withdraw(survey_id: int, digest: bytes) -> bool:
    """Delete what is kept, whether anything is or not. False where the survey keeps nothing, or invited nobody so."""
    survey = _locked(survey_id)
    if survey is None or not survey.invites(digest):
        return False
    deleted, _by_model = _of(survey_id, digest).delete()
    if deleted:
        _count_again(survey)
    return True


def _of(survey_id: int, digest: bytes) -> QuerySet[LinkedResponse]:
    return LinkedResponse.objects.filter(survey_id=survey_id, invitation__digest=digest)


def _keeping(survey_id: int) -> QuerySet[Survey]:
    """The survey, where it keeps linked answers: as `Survey.keeps_linked_answers` has it."""
    states = (Survey.State.CLOSED, Survey.State.RELEASED)
    return Survey.objects.filter(pk=survey_id, kind=Survey.Kind.LINKED, state__in=states)


def _locked(survey_id: int) -> Survey | None:
    """Locked before any of its answers is read, so that these are read as the one before has left them."""
    return _keeping(survey_id).select_for_update().first()


def _count_again(survey: Survey) -> None:
    """Make the counts of what is kept now; by group within the groups that closing merged."""
    counts: Counter[Pattern] = Counter()
    tally = Tally(survey)
    rows = LinkedResponse.objects.filter(survey=survey).values_list("mode", "answers", "invitation__groups")
    for mode, answers, groups in rows.iterator(chunk_size=1000):
        pattern = mode, canonical(answers)
        counts[pattern] += 1
        tally.add(pattern, answers, groups)
    AnswerPattern.objects.filter(survey=survey).delete()
    GroupCount.objects.filter(survey=survey).delete()
    add_counts(survey, counts)
    tally.write()
