"""The release job: reads a closed survey's counts, has them rounded and attacked, and stores what held.

Nothing else sees exact numbers.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from outputs import disclosure
from outputs.disclosure.protected import ProtectedTable
from outputs.disclosure.shapes import Shape, shape
from outputs.disclosure.truth import by_cell
from outputs.earlier_releases import (
    Before,
    Made,
    earlier_waves,
    printed_bounds,
    printed_rows,
    rounding_of,
    rows_of,
)
from outputs.exact_rows import Counted, exact_rows
from outputs.models import Release, ReleaseBasis
from outputs.release_facts import settings, told, words
from outputs.rounded_rows import Rows, Unsafe, as_they_are, rounded_rows
from questionnaire import audit, registry, selectors
from questionnaire.engine.model import Standard

_METHODS = ("nearest", "nearest_and_left", "controlled", "random")  # as they are tried, the least off first


class Refused(Exception):
    """Why no release can be built, in plain words."""


@transaction.atomic
def build_release(slug: str, actor: str) -> Release:
    """Build and store the next release of a closed survey. Raises Refused.

    Where nothing has changed since the last release, or too little of any row, that one is returned as it is. `is_new`
    on the returned release says which. The survey is locked meanwhile, and from its first release on nothing can be
    added to its counts.
    """
    survey, standard = _survey(slug)
    shaped = shape(standard, settings(survey))
    breakdowns = selectors.groups(survey.id)
    counted = exact_rows(survey, standard, shaped, breakdowns)
    basis, _made = ReleaseBasis.objects.get_or_create(survey_id=survey.id, defaults={"key": secrets.token_bytes(32)})
    last = Release.objects.filter(survey_id=survey.id).order_by("-number").first()
    facts = told(survey, standard, breakdowns)
    fingerprint = _fingerprint(basis, facts, counted)
    if last is not None and last.fingerprint == fingerprint:
        return last
    rows = _protected(survey, standard, shaped, breakdowns, counted, basis, last)
    facts = told(survey, standard, rows.breakdowns)
    if rows.kept and len(rows.kept) == sum(row.shown for row, _atoms in rows.rows) and _told_already(facts, last):
        return last  # every row has changed too little

    policy, by_group = (
        disclosure.policy(
            survey.policy, minimum_responses=minimum, round_to=survey.round_to, method=_widest_method(rows, last)
        )
        for minimum in (survey.minimum_responses, survey.group_minimum)
    )
    responses = last.facts["responses"] if 0 in rows.kept else policy.responses(counted[0][0].people).to_json()
    release = Release(
        survey_id=survey.id,
        number=last.number + 1 if last else 1,
        facts={
            **facts,
            "responses": responses,
            "rounding": policy.rounding | _stayed(rows, last),
            "words": words(survey, policy, by_group, rows.breakdowns),
        },
        tables=[each.to_json() for each in _tables(policy, standard, shaped, rows, last)],
        audit=rows.report,
        fingerprint=fingerprint,
    )
    release.save()
    release.is_new = True
    release.survey.mark_released()
    if survey.kind == "linked":
        basis.counts = _to_compare(rows, basis)
        basis.save(update_fields=["counts"])
    audit.record(actor=actor, action="built release", survey=slug, release=release.number, policy=survey.policy)
    return release


def _protected(
    survey: selectors.SurveyFacts,
    standard: Standard,
    shaped: Shape,
    breakdowns: Sequence[selectors.CountedBreakdown],
    counted: Sequence[Counted],
    basis: ReleaseBasis,
    last: Release | None,
) -> Rows:
    if survey.policy == "exact":
        return as_they_are(counted, breakdowns)
    before = _before(survey, standard, basis, last, shaped, counted)
    waves = earlier_waves(survey, standard, shaped)
    number = last.number + 1 if last else 1
    key = hmac.new(bytes(basis.key), f"release {number}".encode(), hashlib.sha256).digest()
    try:
        return rounded_rows(survey, standard, shaped, breakdowns, counted, before, waves, key)
    except Unsafe:
        raise Refused(
            f"{survey.slug} cannot be released: however its counts are rounded, someone who knows a few of the people "
            "could work out what others answered."
        ) from None


def _told_already(facts: Mapping[str, Any], last: Release) -> bool:
    """Whether the last release says all this of itself: a threshold or a title that has changed makes another."""
    return {**last.facts, **facts} == last.facts


def _widest_method(rows: Rows, last: Release | None) -> str:
    """The method of which a reader must know: that of the last release where its figures stay and lie further off."""
    methods = [rows.method, *([last.facts["rounding"]["method"]] if rows.kept else [])]
    return max(methods, key=_METHODS.index)


def _stayed(rows: Rows, last: Release | None) -> dict[str, list[list[str | int]]]:
    """How the figures of rows were rounded that stay as they were."""
    codes = {made: each for each, made in rows_of(last).items()} if rows.kept else {}
    stayed = [
        [row.where.breakdown, row.where.group_code, *rounding_of(last, *codes[row.where.breakdown, atoms.groups])]
        for place, (row, atoms) in enumerate(rows.rows)
        if place in rows.kept
    ]
    return {"stayed": stayed} if stayed else {}


def _tables(
    policy: disclosure.Policy, standard: Standard, shaped: Shape, rows: Rows, last: Release | None
) -> list[ProtectedTable]:
    """By table, then by row. Of a row whose figures stay as they were, those of the last release."""
    made = rows_of(last) if last else {}
    before = {(each["id"], made[each["breakdown"], each["group_code"]]): each for each in last.tables} if last else {}
    counts = [by_cell(shaped, each) for each in rows.counts[: len(rows.rows)]]
    return [
        replace(ProtectedTable.from_json(before[table.id, (row.where.breakdown, atoms.groups)]), **row.where._asdict())
        if place in rows.kept
        else policy.protect(
            table, row.where, {each.code: counts[place][table.id, each.code] for each in table.categories}, row.shown
        )
        for table in standard.tables
        for place, (row, atoms) in enumerate(rows.rows)
    ]


def _before(
    survey: selectors.SurveyFacts,
    standard: Standard,
    basis: ReleaseBasis,
    last: Release | None,
    shaped: Shape,
    counted: Sequence[Counted],
) -> dict[Made, Before]:
    """What the last release printed, with the counts that it stood for: of an anonymous survey they never change."""
    if last is None:
        return {}
    everything = np.ones(len(shaped.cells), dtype=bool)
    if survey.kind != "linked":
        return printed_rows(last, counted, standard, shaped, everything)
    bounds = printed_bounds(last, standard, shaped, everything)
    counts = {(breakdown, frozenset(map(tuple, made))): (n, cells) for breakdown, made, n, cells in basis.counts}
    return {
        made: Before(np.array(counts[made][1], dtype=np.int64), counts[made][0], *each)
        for made, each in bounds.items()
        if made in counts
    }


def _to_compare(rows: Rows, basis: ReleaseBasis) -> list[list[Any]]:
    """The exact counts that the printed figures of each row stand for: of a row that was kept, those from before."""
    before = {(each[0], frozenset(map(tuple, each[1]))): each for each in basis.counts}
    return [
        before[row.where.breakdown, atoms.groups]
        if place in rows.kept
        else [row.where.breakdown, sorted(atoms.groups), row.people, row.counts.tolist()]
        for place, (row, atoms) in enumerate(rows.rows)
        if row.shown
    ]


def _fingerprint(basis: ReleaseBasis, facts: Mapping[str, Any], counted: Sequence[Counted]) -> str:
    """Tells whether anything has changed, to those alone who hold the key."""
    counts = [[*row.where, row.people, row.shown, row.counts.tolist()] for row, _atoms in counted]
    content = json.dumps([facts, counts], sort_keys=True).encode()
    return hmac.new(bytes(basis.key), content, hashlib.sha256).hexdigest()


def _survey(slug: str) -> tuple[selectors.SurveyFacts, Standard]:
    try:
        survey = selectors.survey_facts(slug, lock=True)
    except ObjectDoesNotExist:
        raise Refused(f"There is no survey called {slug}.") from None
    if survey.state not in ("closed", "released"):
        raise Refused(f"{slug} is {survey.state}. Only a closed survey can be released.")
    try:
        return survey, registry.get_key(survey.standard)
    except LookupError:
        raise Refused(f"{slug} was asked with {survey.standard}, which is not installed here.") from None
