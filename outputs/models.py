"""What is stored of results: releases, which never change, their withdrawals, and how building one went.

No exact number is ever here.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from outputs.owner_models import ChosenBenchmark, OwnBenchmark, Target, WantedNext

__all__ = ["ChosenBenchmark", "OwnBenchmark", "Release", "Target", "Unchangeable", "WantedNext"]


class Unchangeable(Exception):
    """A release is never changed and never deleted: what was published once must stay as it was."""


class ReleaseQuerySet(models.QuerySet):
    def update(self, **changes) -> int:
        raise Unchangeable

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Unchangeable


class Release(models.Model):
    """`facts` and `tables` are what `outputs.releases` reads; both hold protected numbers only.

    `audit` tells how it was attacked before it was built. `fingerprint` is of the counts that it stands for, with a
    key: it tells whether they have changed, and nothing of what they are.
    A trigger in the database refuses UPDATE as well. Raises Unchangeable on saving an existing release and on deletion.
    """

    survey = models.ForeignKey("questionnaire.Survey", on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField(_("number"))
    created_at = models.DateTimeField(_("built"), auto_now_add=True)
    facts = models.JSONField(_("facts"))
    tables = models.JSONField(_("protected tables"))
    audit = models.JSONField(_("audit"), default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)

    is_new = False  # True on the object that has just been stored, and on no other

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["survey", "-number"]
        default_permissions = ("view", "add")
        permissions = [
            ("view_exact_release", _("Can view releases that nothing protects")),
            ("view_release_audit", _("Can view how a release was attacked before it was built")),
        ]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="releases_are_numbered")]

    def __str__(self) -> str:
        return f"{self.survey}, release {self.number}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise Unchangeable
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        raise Unchangeable


class ReleaseBasis(models.Model):
    """What only the release job reads: the key by which a survey's counts are rounded, and what was last released.

    `counts` is kept of linked surveys alone, whose answers can still change: (breakdown, group) -> the exact counts
    that its printed figures stand for. A trigger in the database destroys the row when the survey is purged.
    """

    survey = models.OneToOneField("questionnaire.Survey", on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField()
    counts = models.JSONField(default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "basis of a release"


class Withdrawal(models.Model):
    """That a release is wrong: since when, who said so and why. Only ever added: a trigger refuses all else."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField(_("withdrawn"), auto_now_add=True)
    actor = models.CharField(_("by"), max_length=150)
    reason = models.TextField(_("reason"), max_length=1000)

    class Meta:
        default_permissions = ("add",)
        verbose_name = _("withdrawal of a release")
        verbose_name_plural = _("withdrawals of releases")

    def __str__(self) -> str:
        return f"{self.release}, withdrawn"


class Building(models.Model):
    """That someone asked for a release in the background, and what came of it."""

    class Outcome(models.TextChoices):
        UNDER_WAY = "", _("under way")
        BUILT = "built", _("built")
        UNCHANGED = "unchanged", _("nothing has changed since the last release")
        REFUSED = "refused", _("refused")

    survey = models.ForeignKey("questionnaire.Survey", on_delete=models.CASCADE, related_name="+")
    actor = models.CharField(_("asked for by"), max_length=150)
    at = models.DateTimeField(_("asked for"), auto_now_add=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default=Outcome.UNDER_WAY)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("why it was refused"), blank=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        verbose_name = _("building of a release")
        verbose_name_plural = _("buildings of releases")

    def __str__(self) -> str:
        return f"{self.survey}, {self.get_outcome_display()}"
