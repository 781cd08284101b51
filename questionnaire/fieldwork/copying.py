"""Copies a survey into its next wave: what it asks, tells and breaks down by, but nothing of how it went."""

import re

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from questionnaire import audit
from questionnaire.fieldwork.surveys import Refused, check_settings, locked
from questionnaire.models import Breakdown, Group, Survey, TwoWay

# The new draft begins without these: its own state, key and times, and who was invited.
LEFT_BEHIND = {
    "slug",
    "state",
    "public_key",
    "created_at",
    "opens_at",
    "opened_at",
    "closes_at",
    "stopped_at",
    "purged_at",
    "headcount_date",
    "counts_until",
    "invited",
    "previous",
    "listed",
}
_COUNTED = re.compile(r"(.*)-([1-9]\d{0,5})")  # a name that ends in a number, but not in one like the 07 of 2023-07


def copy(slug: str, new_slug: str, *, actor: str) -> Survey:
    """A new draft like this survey, as the wave after it. Refused where this is unknown or the new name is no good."""
    with transaction.atomic():
        old = locked(slug)
        if Survey.objects.filter(slug=new_slug).exists():
            raise _taken(new_slug)
        new = _like(old, LEFT_BEHIND, slug=new_slug, previous=old)
        check_settings(new)
        try:
            with transaction.atomic():
                new.save()
        except IntegrityError:  # someone else has just taken it
            raise _taken(new_slug) from None
        breakdowns = {each.pk: _copy_breakdown(each, new) for each in old.breakdowns.all()}
        for each in old.two_ways.all():
            TwoWay.objects.create(survey=new, first=breakdowns[each.first_id], second=breakdowns[each.second_id])
        audit.record(actor=actor, action="copied", survey=new_slug, copied_from=slug)
    return new


def suggestion(slug: str) -> str:
    """A name for the wave after this survey that is not taken: with -2 at its end, or the number after its own."""
    counted = _COUNTED.fullmatch(slug)
    stem, number = (counted[1], int(counted[2]) + 1) if counted else (slug, 2)
    room = Survey._meta.get_field("slug").max_length
    while True:
        ending = f"-{number}"
        name = stem[: room - len(ending)].rstrip("-") + ending
        if not Survey.objects.filter(slug=name).exists():
            return name
        number += 1


def _copy_breakdown(old: Breakdown, survey: Survey) -> Breakdown:
    breakdown = _like(old, survey=survey)
    breakdown.save()
    copies = {}
    for group in old.groups.all():
        copies[group.pk] = _like(group, {"parent"}, breakdown=breakdown)
        copies[group.pk].save()
    for group in old.groups.exclude(parent=None):  # a group may stand before the one that it is part of
        Group.objects.filter(pk=copies[group.pk].pk).update(parent=copies[group.parent_id])
    return breakdown


def _like(old: models.Model, without: set[str] = frozenset(), **changed) -> models.Model:
    """A row that is not saved yet, with the fields of another."""
    kept = {
        field.name: getattr(old, field.name)
        for field in old._meta.concrete_fields
        if not field.primary_key and field.name not in without
    }
    return type(old)(**{**kept, **changed})


def _taken(slug: str) -> Refused:
    return Refused(_("There is a survey “%s” already: choose another short name.") % slug)
