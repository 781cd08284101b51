"""What an organisation sets beside its results, and what analysts miss in them. None of it comes from answers."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

_SHARE = [MinValueValidator(0), MaxValueValidator(100)]


class ChosenBenchmark(models.Model):
    """A benchmark of the standard that the owner of a survey has switched on; all others are off.

    `key` is the benchmark's own (`questionnaire.engine.model.Benchmark.key`).
    """

    survey = models.ForeignKey("questionnaire.Survey", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        permissions = [("set_beside", _("Can set benchmarks and targets beside results"))]
        constraints = [models.UniqueConstraint(fields=["survey", "key"], name="a_benchmark_is_switched_on_once")]

    def __str__(self) -> str:
        return self.key


class OwnBenchmark(models.Model):
    """A share that the owner entered by hand, of categories of a table together, in per cent of those known.

    It is not protected by anything, and goes into no file.
    """

    survey = models.ForeignKey("questionnaire.Survey", on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    codes = models.JSONField()
    value = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2, validators=_SHARE)
    population = models.CharField(_("population"), max_length=200)
    period = models.CharField(_("date"), max_length=60, help_text=_("What it is of: a year, a month or a day."))
    source = models.CharField(_("source"), max_length=300)
    caution = models.CharField(
        _("caution"),
        max_length=300,
        help_text=_("Why it is not quite the same as your figure. It stands in the headline."),
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.value} %, {self.population}, {self.period}"


class Target(models.Model):
    """A share that the owner wants to reach by a day: of categories of a table together, in per cent of those known.

    Of the whole organisation or of one group, by the codes that releases have. It is not protected by anything, and
    goes into no file.
    """

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    survey = models.ForeignKey("questionnaire.Survey", on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=60)
    codes = models.JSONField()
    breakdown = models.CharField(max_length=90)
    group = models.CharField(max_length=130)
    group_title = models.CharField(max_length=250)  # as it read when the target was set
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.AT_LEAST)
    percent = models.DecimalField(_("per cent"), max_digits=5, decimal_places=2, validators=_SHARE)
    by = models.DateField(_("by when"))
    set_on = models.DateField(_("set on"))

    class Meta:
        ordering = ["by", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.percent} %, {self.by}"


class WantedNext(models.Model):
    """What an analyst misses in a survey's results, for its owner to read before the next survey."""

    survey = models.ForeignKey("questionnaire.Survey", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(_("what is wanted"), max_length=200)
    noted_by = models.CharField(max_length=150)
    noted_on = models.DateField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["survey", "text"], name="a_wish_is_noted_once")]

    def __str__(self) -> str:
        return self.text
