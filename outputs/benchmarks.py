"""Decides which benchmarks stand beside a release's table: those that the survey's owner wants, each with its caution.

The standard's own are off until they are switched on. No gap is ever computed: none is measured as the survey is.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from outputs.combined import share_of
from outputs.disclosure.protected import Figure, ProtectedTable
from outputs.models import ChosenBenchmark, OwnBenchmark
from outputs.releases import Published
from outputs.words import labels_of, per_cent, share_in_words
from questionnaire import audit, registry
from questionnaire.engine.model import Benchmark

OWN = "entered by the owner, not protected"


@dataclass(frozen=True)
class Beside:
    """A benchmark and the organisation's share of the same categories, both in per cent of the same base.

    `mark` names it in forms: the key of one of the standard's, the id of one of the owner's own (`is_own`).
    """

    mark: str
    is_own: bool
    label: str
    here: Figure
    base: str
    value: Decimal
    population: str
    period: str
    source: str
    checked_on: date | None
    caution: str

    @property
    def share(self) -> str:
        """The benchmark itself in words."""
        return per_cent(self.value)

    @property
    def headline(self) -> str:
        """Both shares side by side, with the caution; of an owner's own also that it is one."""
        told = {
            "label": self.label,
            "here": share_in_words(self.here),
            "value": self.share,
            "population": self.population,
            "period": self.period,
            "caution": self.caution,
        }
        line = _("%(label)s: here %(here)s; %(population)s, %(period)s: %(value)s. Caution: %(caution)s") % told
        return f"{line} ({OWN})" if self.is_own else line


def benchmarks_of(release: Published, table: ProtectedTable) -> list[Beside]:
    """What stands beside the table of everyone who answered: the standard's that are switched on, then the owner's."""
    chosen = _chosen(release)
    standards = [each for each in _of_standard(release) if each.table == table.id and each.key in chosen]
    own = OwnBenchmark.objects.filter(survey_id=release.row.survey_id, table=table.id)
    return [
        *(_standards(release, table, each) for each in standards),
        *(_owners(release, table, each) for each in own),
    ]


def on_offer(release: Published, table: ProtectedTable) -> list[tuple[Beside, bool]]:
    """The standard's benchmarks of this table, each with whether it is switched on."""
    chosen = _chosen(release)
    return [
        (_standards(release, table, each), each.key in chosen)
        for each in _of_standard(release)
        if each.table == table.id
    ]


@transaction.atomic
def switch(release: Published, key: str, *, on: bool, actor: str) -> None:
    """Switch one of the standard's benchmarks on or off for a survey. LookupError where there is none of this key."""
    registry.get_key(release.facts["standard"]).benchmark(key)
    survey = {"survey_id": release.row.survey_id, "key": key}
    if on:
        _row, changed = ChosenBenchmark.objects.get_or_create(**survey)
    else:
        changed, _rows = ChosenBenchmark.objects.filter(**survey).delete()
    if changed:
        action = "benchmark switched on" if on else "benchmark switched off"
        audit.record(actor=actor, action=action, survey=release.survey, benchmark=key)


@transaction.atomic
def enter(release: Published, table: ProtectedTable, own: OwnBenchmark, *, actor: str) -> None:
    """Store a benchmark of the owner's own, of this table."""
    own.survey_id, own.table = release.row.survey_id, table.id
    own.save()
    audit.record(
        actor=actor, action="benchmark entered", survey=release.survey, table=table.id, per_cent=str(own.value)
    )


@transaction.atomic
def remove(release: Published, id: int, *, actor: str) -> None:
    """Remove a benchmark of the owner's own. LookupError where this survey has none of this id."""
    own = OwnBenchmark.objects.filter(survey_id=release.row.survey_id, pk=id).first()
    if own is None:
        raise LookupError(f"{release.survey} has no benchmark {id} of its owner’s own.")
    own.delete()
    audit.record(
        actor=actor, action="benchmark removed", survey=release.survey, table=own.table, per_cent=str(own.value)
    )


def _chosen(release: Published) -> set[str]:
    return set(ChosenBenchmark.objects.filter(survey_id=release.row.survey_id).values_list("key", flat=True))


def _of_standard(release: Published) -> tuple[Benchmark, ...]:
    """Those of the release's standard; none where it is no longer installed."""
    try:
        return registry.get_key(release.facts["standard"]).benchmarks
    except LookupError:
        return ()


def _standards(release: Published, table: ProtectedTable, of: Benchmark) -> Beside:
    here = share_of(release, table, of.codes, of.base)
    return Beside(
        of.key, False, of.label, here, of.base, of.value, of.population, of.period, of.source, of.checked_on, of.caution
    )


def _owners(release: Published, table: ProtectedTable, of: OwnBenchmark) -> Beside:
    return Beside(
        mark=str(of.pk),
        is_own=True,
        label=labels_of(table, of.codes),
        here=share_of(release, table, of.codes),
        base="known",
        value=of.value,
        population=of.population,
        period=of.period,
        source=of.source,
        checked_on=None,
        caution=of.caution,
    )
