"""Decides what is said of an owner's targets: the share as it is, and whether it is reached only where that is certain.

A target is kept over the waves: those of the waves before stand beside a later wave's figures too.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outputs.combined import is_at_least, is_at_most, share_of
from outputs.disclosure.protected import ORGANISATION, Figure, ProtectedTable
from outputs.models import Target
from outputs.releases import Published
from outputs.words import labels_of, per_cent, share_in_words
from questionnaire import audit, selectors


@dataclass(frozen=True)
class Aim:
    """A target beside a release's figures. `here` is None where the release does not show its group.

    `reached` is None where it cannot be said: some counts that the rounding allows reach it, and others do not.
    """

    id: int
    label: str
    group: str  # blank: the whole organisation
    direction: str
    percent: Decimal
    by: date
    set_on: date
    here: Figure | None
    reached: bool | None

    @property
    def wanted(self) -> str:
        """The target in words."""
        told = {
            "label": self.label,
            "group": f", {self.group}" if self.group else "",
            "direction": self.direction,
            "percent": per_cent(self.percent),
            "by": date_format(self.by, "j F Y"),
        }
        return _("%(label)s%(group)s: %(direction)s %(percent)s by %(by)s") % told

    @property
    def verdict(self) -> str:
        """How it stands in this release, claiming nothing that rounding leaves open."""
        if self.here is None:
            return _("This group is not shown in this release.")
        here = _("Here: %s.") % share_in_words(self.here)
        if self.reached is None:
            return here + " " + _("Whether it is reached cannot be said: what is shown leaves both possible.")
        return here + " " + (_("Reached.") if self.reached else _("Not reached."))


def targets_of(release: Published, table: ProtectedTable) -> list[Aim]:
    """Every target of the table, of this survey and of the waves before, by the day by which it is to be reached."""
    return [_aim(release, table, target) for target in _targets(release).filter(table=table.id)]


@transaction.atomic
def set_target(release: Published, part: ProtectedTable, target: Target, *, actor: str) -> None:
    """Store a target for the table of one group, or of everyone who answered."""
    target.survey_id, target.table = release.row.survey_id, part.id
    target.breakdown, target.group, target.group_title = part.breakdown, part.group_code, part.group
    target.save()
    _record(actor, "target set", release.survey, target)


@transaction.atomic
def remove(release: Published, id: int, *, actor: str) -> None:
    """Remove a target of this survey or of a wave before. LookupError where there is none of this id."""
    target = _targets(release).filter(pk=id).first()
    if target is None:
        raise LookupError(f"{release.survey} has no target {id}.")
    target.delete()
    _record(actor, "target removed", release.survey, target)


def _record(actor: str, action: str, survey: str, target: Target) -> None:
    audit.record(
        actor=actor,
        action=action,
        survey=survey,
        table=target.table,
        group=target.group_title,
        per_cent=str(target.percent),
        by=target.by.isoformat(),
    )


def _targets(release: Published):
    return Target.objects.filter(survey_id__in=selectors.with_waves_before(release.row.survey_id))


def _aim(release: Published, table: ProtectedTable, target: Target) -> Aim:
    part = release.part(table.id, target.breakdown, target.group)
    compare = is_at_least if target.direction == Target.Direction.AT_LEAST else is_at_most
    return Aim(
        id=target.pk,
        label=labels_of(table, target.codes),
        group="" if target.breakdown == ORGANISATION else target.group_title,
        direction=target.get_direction_display(),
        percent=target.percent,
        by=target.by,
        set_on=target.set_on,
        here=share_of(release, part, target.codes) if part else None,
        reached=compare(release, part, target.codes, target.percent) if part else None,
    )
