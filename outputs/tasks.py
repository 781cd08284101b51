"""What workers do for this package: building a release. The queue looks here for it."""

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from outputs.building import TASK
from outputs.models import Building
from questionnaire import audit

ATTEMPTS = 10  # a job that ends its worker each time is not begun for ever


@app.task(name=TASK, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=30))
def build(building_id: int) -> None:
    """Build a release for whoever asked. What came of it is kept; what is refused is not tried again by itself."""
    # Not above: web processes read this file too, and need none of what computes.
    from outputs.release_job import Refused, build_release

    building = Building.objects.select_related("survey").filter(pk=building_id).first()
    if building is None or building.outcome:  # done already, by a worker that ended before it could say so
        return
    try:
        with transaction.atomic():
            release = build_release(building.survey.slug, actor=building.actor)
            building.outcome = Building.Outcome.BUILT if release.is_new else Building.Outcome.UNCHANGED
            building.release = release
            building.save()
    except Refused as refusal:
        with transaction.atomic():
            building.outcome, building.release = Building.Outcome.REFUSED, None
            building.reason = str(refusal)
            building.save()
            audit.record(
                actor=building.actor, action="release refused", survey=building.survey.slug, why=building.reason
            )
