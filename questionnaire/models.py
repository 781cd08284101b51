"""What is stored: surveys; answers, sealed until closing; after closing only counts of answer patterns."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questionnaire import registry

FEWEST_RESPONSES = 10  # a survey may ask for more, never for fewer
ROUND_TO = 5  # what counts are rounded to under the policy "rounded"


class Survey(models.Model):
    """One survey of one organisation with one standard.

    Kind, origin, release policy and imputation are fixed when it opens: two policies on the same answers would
    give each other away.
    """

    class Origin(models.TextChoices):
        WEB = "web", _("answered here")
        IMPORTED = "imported", _("collected earlier and imported")

    class Policy(models.TextChoices):
        ROUNDED = "rounded", _("rounded: safe to publish")
        EXACT = "exact", _("exact: for a statistical office with its own disclosure control")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        STOPPED = "stopped", _("stopped: no more answers are taken, those given are still sealed")
        CLOSED = "closed", _("closed: answers are counted")
        RELEASED = "released", _("released")

    slug = models.SlugField(
        _("short name"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use small letters, digits and single hyphens only."))
        ],
        help_text=_("Part of the survey’s address: small letters, digits and hyphens."),
    )
    title = models.CharField(_("title"), max_length=120)
    organisation = models.CharField(_("organisation that asks"), max_length=120, blank=True)
    purpose = models.TextField(_("purpose, in the organisation’s own words"), max_length=2000, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=200, blank=True)
    signed_name = models.CharField(_("signed by"), max_length=120, blank=True)
    signed_role = models.CharField(_("their role"), max_length=120, blank=True)
    promises = models.TextField(
        _("promises of the organisation"),
        max_length=2000,
        blank=True,
        help_text=_("One a line. Respondents read them as the organisation’s promises, not as this service’s."),
    )
    controller = models.CharField(_("data controller"), max_length=200, blank=True)
    lawful_basis = models.TextField(_("lawful basis"), max_length=1000, blank=True)
    data_protection_contact = models.CharField(_("data protection contact"), max_length=200, blank=True)
    complaints_contact = models.CharField(_("complaints within the organisation"), max_length=200, blank=True)
    host = models.CharField(
        _("who runs the servers"), max_length=200, blank=True, help_text=_("And in which country they stand.")
    )
    address_source = models.TextField(
        _("where addresses come from"),
        max_length=500,
        blank=True,
        help_text=_("How the organisation knows whom to send the link to."),
    )
    mail_provider = models.CharField(_("who carries the mail with the links"), max_length=200, blank=True)
    backup_days = models.PositiveSmallIntegerField(_("days that backups are kept"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes at"), null=True, blank=True, help_text=_("No answer is taken from then on; it may close earlier.")
    )
    kiosk = models.BooleanField(
        _("on shared devices"),
        default=False,
        help_text=_("Answers leave the browser when it is closed, and after five minutes without a press."),
    )
    minimum_responses = models.PositiveSmallIntegerField(
        _("fewest responses of which anything is shown"),
        default=FEWEST_RESPONSES,
        validators=[MinValueValidator(FEWEST_RESPONSES)],
    )
    standard = models.CharField(_("standard"), max_length=60)
    origin = models.CharField(_("origin of the answers"), max_length=10, choices=Origin, default=Origin.WEB)
    policy = models.CharField(_("release policy"), max_length=10, choices=Policy, default=Policy.ROUNDED)
    imputation = models.CharField(_("imputation"), max_length=20, default="standard")
    listed = models.BooleanField(
        _("listed on the front page"), default=False, help_text=_("Anyone can then find it and answer.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    public_key = models.BinaryField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                name="open_survey_has_a_key",
                condition=~models.Q(state__in=["open", "stopped"]) | models.Q(public_key__isnull=False),
            ),
            models.CheckConstraint(
                name="threshold_is_never_lowered", condition=models.Q(minimum_responses__gte=FEWEST_RESPONSES)
            ),
            models.CheckConstraint(
                name="imported_survey_is_never_open",
                condition=~(models.Q(origin="imported") & models.Q(state__in=["open", "stopped"])),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/s/{self.slug}/"

    @property
    def is_taking_answers(self) -> bool:
        """Open, and its time has not run out."""
        return self.state == self.State.OPEN and (self.closes_at is None or timezone.now() < self.closes_at)

    def mark_released(self) -> None:
        """From now on nothing can be added to the counts: two releases of almost the same answers differ by people."""
        self.state = self.State.RELEASED
        self.save(update_fields=["state"])

    @property
    def definition(self) -> "registry.Standard":
        """The standard that this survey asks. LookupError where its folder is not installed."""
        return registry.get_key(self.standard)


class SealedResponse(models.Model):
    """One person's answers, sealed to the survey's key until closing, when the row goes.

    `key` is the digest of the interview's code. `number` is the time in microseconds at which its check-answers page
    was rendered, so that a late retry of an older submission changes nothing.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    key = models.BinaryField(max_length=32)
    number = models.BigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "key"], name="one_response_an_interview")]

    def __str__(self) -> str:
        return "sealed response"


class AnswerPattern(models.Model):
    """How many respondents gave exactly these answers: all that remains after closing.

    `answers` maps question ids to option codes, for the questions that were asked. `mode` is how they were asked.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    mode = models.CharField(max_length=20)
    answers = models.JSONField()
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "mode", "answers"], name="one_row_a_pattern")]

    def __str__(self) -> str:
        return "answer pattern"


class ImportedFile(models.Model):
    """A file of answers collected earlier, taken once. Its digest tells it apart; its rows are not kept."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    mode = models.CharField(max_length=20)
    collected_from = models.DateField()
    collected_to = models.DateField()
    responses = models.PositiveIntegerField()
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["survey", "digest"], name="a_file_is_taken_once")]

    def __str__(self) -> str:
        return f"{self.mode}, {self.collected_from} to {self.collected_to}"


class AuditEntry(models.Model):
    """Who did what to which survey, and when; never an answer, a token or an address."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    survey = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.survey}"
