"""What is stored: surveys and whom they ask; answers, sealed until closing; after closing counts and,
of linked surveys only, each invited person's answers.

What may change in which state of a survey is enforced by triggers of the database as well (migration 0005).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from questionnaire import registry

FEWEST_RESPONSES = 10  # a survey may ask for more, never for fewer
FEWEST_IN_SMALL = 20  # in a group, where few are in scope or nobody was invited
SMALL = 500  # people in scope below which a group needs more answers
EARLIEST, LATEST = 2000, 2200  # years
ROUND_TO = 5  # what counts are rounded to under the policy "rounded"

short_name = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Use small letters, digits and single hyphens only."))


def _near(time: datetime) -> bool:
    return EARLIEST <= time.year <= LATEST


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless this is the name of a time zone, such as Europe/London."""
    if name not in available_timezones():
        raise ValidationError(_("“%s” is no time zone; “Europe/London” is one.") % name)


class Survey(models.Model):
    """One survey of one organisation with one standard.

    Kind, access, origin, release policy, imputation and breakdowns are fixed when it opens: two policies on the same
    answers would give each other away.
    """

    class Kind(models.TextChoices):
        ANONYMOUS = "anonymous", _("anonymous: at closing only counts remain")
        LINKED = "linked", _("linked: each invited person’s answers are kept with their reference and groups")

    class Access(models.TextChoices):
        OPEN_LINK = "open_link", _("anyone with the link")
        INVITED = "invited", _("invited people only")

    class Custody(models.TextChoices):
        SERVICE = "service", _("this service’s key store")
        OWNER = "owner", _("the owner, offline")

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
        PURGED = "purged", _("purged: answers and counts are destroyed")

    slug = models.SlugField(
        _("short name"),
        max_length=40,
        unique=True,
        validators=[short_name],
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
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/London", validators=[check_time_zone])
    opens_at = models.DateTimeField(
        _("opens at"),
        null=True,
        blank=True,
        help_text=_("Once opened, it takes answers from then on; blank: at once."),
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("No answer is taken from then on; it may close earlier."),
    )
    headcount = models.PositiveIntegerField(
        _("people in scope"), null=True, blank=True, help_text=_("How many people the survey is about, asked or not.")
    )
    headcount_date = models.DateField(_("counted on"), null=True, blank=True)
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
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.ANONYMOUS,
        help_text=_("Respondents are told. Chosen before the first invitation, never changed."),
    )
    access = models.CharField(_("who may answer"), max_length=10, choices=Access, default=Access.OPEN_LINK)
    custody = models.CharField(
        _("who keeps the key"),
        max_length=10,
        choices=Custody,
        default=Custody.SERVICE,
        help_text=_("Without the key nobody can ever open the answers, not even this service."),
    )
    unopened_days = models.PositiveSmallIntegerField(
        _("days until unopened answers are destroyed"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("Counted from the end of the survey, where the key to its answers has not been brought by then."),
    )
    counts_until = models.DateField(
        _("counts are destroyed after"),
        null=True,
        blank=True,
        help_text=_("What was published stays published. Blank: they are kept until someone destroys them."),
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
    purged_at = models.DateTimeField(_("purged"), null=True, editable=False)
    invited = models.PositiveIntegerField(_("people invited"), null=True, editable=False)  # known from closing on
    previous = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="later", verbose_name=_("wave before")
    )

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
                name="survey_opens_before_it_closes",
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(opens_at__lt=models.F("closes_at")),
                violation_error_message=_("It would close before it opens."),
            ),
            models.CheckConstraint(
                name="threshold_is_never_lowered", condition=models.Q(minimum_responses__gte=FEWEST_RESPONSES)
            ),
            models.CheckConstraint(
                name="imported_survey_is_never_open",
                condition=~(models.Q(origin="imported") & models.Q(state__in=["open", "stopped"])),
            ),
            models.CheckConstraint(
                name="linked_survey_knows_whom_it_asks",
                condition=~models.Q(kind="linked") | models.Q(access="invited", origin="web", custody="service"),
                violation_error_message=_(
                    "A linked survey is for invited people only, is answered here, and has its key in this service’s "
                    "key store."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/s/{self.slug}/"

    def clean(self) -> None:
        """Raise ValidationError for a time that no survey means, and that some time zones cannot even tell."""
        super().clean()
        far = [name for name in ("opens_at", "closes_at") if (time := getattr(self, name)) and not _near(time)]
        if far:
            reason = _("Choose a time between the years %(first)s and %(last)s.") % {"first": EARLIEST, "last": LATEST}
            raise ValidationError(dict.fromkeys(far, reason))

    @property
    def is_linked(self) -> bool:
        return self.kind == self.Kind.LINKED

    @property
    def keeps_linked_answers(self) -> bool:
        """Whether it has closed and keeps each person's answers, which they may see, change and withdraw."""
        return self.is_linked and self.state in (self.State.CLOSED, self.State.RELEASED)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its times are told."""
        return ZoneInfo(self.time_zone)

    @property
    def is_taking_answers(self) -> bool:
        """Open, its time has come and has not run out. `respondent.submission` asks the database the same."""
        return self.state == self.State.OPEN and not self.is_yet_to_open and not self.is_past_closing

    @property
    def is_yet_to_open(self) -> bool:
        return self.opens_at is not None and timezone.now() < self.opens_at

    @property
    def is_past_closing(self) -> bool:
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def unopened_until(self) -> datetime | None:
        """When the answers of a stopped survey are destroyed if its owner has not brought the key.

        None before it is stopped, and where this service keeps the key: then nobody is waited for.
        """
        if self.stopped_at is None or self.custody != self.Custody.OWNER:
            return None
        return self.stopped_at + timedelta(days=self.unopened_days)

    @property
    def group_minimum(self) -> int:
        """The fewest responses, and the fewest substantive answers, of a group of which anything is shown."""
        small = self.access != self.Access.INVITED or (self.headcount or 0) < SMALL
        return max(self.minimum_responses, FEWEST_IN_SMALL if small else FEWEST_RESPONSES)

    def invites(self, digest: bytes) -> bool:
        """Whether the holder of the code with this digest may answer; an open link takes every code."""
        return self.access == self.Access.OPEN_LINK or self.invitations.filter(digest=digest).exists()

    def mark_released(self) -> None:
        """From now on nothing can be added to the counts: two releases of almost the same answers differ by people.

        Only those who answered a linked survey can still change or withdraw what they answered.
        """
        self.state = self.State.RELEASED
        self.save(update_fields=["state"])

    @property
    def definition(self) -> "registry.Standard":
        """The standard that this survey asks. LookupError where its folder is not installed."""
        return registry.get_key(self.standard)


class Breakdown(models.Model):
    """One way in which a survey's results are broken down, such as by grade; fixed when the survey opens."""

    class Shape(models.TextChoices):
        FLAT = "flat", _("groups side by side")
        ORDER = "order", _("groups in an order, such as grades: small ones join their neighbours")
        TREE = "tree", _("groups within groups, such as teams in departments: small ones join what they are part of")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="breakdowns")
    code = models.SlugField(_("short name"), max_length=40, validators=[short_name])
    title = models.CharField(_("title"), max_length=80)
    shape = models.CharField(_("shape"), max_length=10, choices=Shape, default=Shape.FLAT)
    special_category = models.BooleanField(
        _("special category data"), default=False, help_text=_("As in Article 9 of the UK GDPR: ethnicity, health …")
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["survey", "code"], name="breakdowns_have_names_of_their_own")]

    def __str__(self) -> str:
        return self.title


class Group(models.Model):
    """One group of a breakdown, and how many people in scope are in it (not counting the groups within it)."""

    breakdown = models.ForeignKey(Breakdown, on_delete=models.CASCADE, related_name="groups")
    code = models.SlugField(_("short name"), max_length=60, validators=[short_name])
    title = models.CharField(_("title"), max_length=120)
    headcount = models.PositiveIntegerField(_("people in scope"))
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, verbose_name=_("part of"))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["breakdown", "code"], name="groups_have_names_of_their_own")]

    def __str__(self) -> str:
        return self.title


class TwoWay(models.Model):
    """Two breakdowns whose groups are also shown crossed; chosen before opening."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="two_ways")
    first = models.ForeignKey(Breakdown, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Breakdown, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="a_two_way_table_is_chosen_once")]

    def __str__(self) -> str:
        return _("%(first)s by %(second)s") % {"first": self.first, "second": self.second}


class Invitation(models.Model):
    """One invited person: the digest of their code, the owner's reference, and their groups.

    `groups` maps breakdown codes to group codes. Closing deletes it, unless the survey is linked.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    digest = models.BinaryField(max_length=32)
    reference = models.CharField(max_length=100, blank=True)
    groups = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "digest"], name="one_invitation_a_code"),
            models.UniqueConstraint(
                fields=["survey", "reference"],
                name="one_invitation_a_reference",
                condition=~models.Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return "invitation"


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


class LinkedResponse(models.Model):
    """One invited person's answers to a linked survey, from closing on, for workforce analysis; theirs to withdraw.

    `answers` and `mode` as in AnswerPattern, `number` as in SealedResponse.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    # Nothing to do: with a cascade Django would read every invitation of any survey before it deletes them at closing.
    invitation = models.OneToOneField(Invitation, on_delete=models.DO_NOTHING)
    number = models.BigIntegerField()
    mode = models.CharField(max_length=20)
    answers = models.JSONField()

    class Meta:
        default_permissions = ("view",)  # staff may read them; only the person changes or withdraws them

    def __str__(self) -> str:
        return "linked response"


class AnswerPattern(models.Model):
    """How many respondents gave exactly these answers: all that remains of an anonymous survey after closing.

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


class MergedGroup(models.Model):
    """A group of which counts are kept: one group of a breakdown, or several that were too small to stand alone.

    `members` are codes of groups of the breakdown; each group is a member of exactly one merged group.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    breakdown = models.CharField(max_length=90)
    code = models.CharField(max_length=130)
    title = models.CharField(max_length=250)
    members = models.JSONField()
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["survey", "breakdown", "code"], name="one_merged_group_a_code")]

    def __str__(self) -> str:
        return self.title


class GroupCount(models.Model):
    """How many respondents of a merged group fall into a category of a table. All that closing keeps of groups."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE)
    breakdown = models.CharField(max_length=90)
    group = models.CharField(max_length=130)
    table = models.CharField(max_length=60)
    category = models.CharField(max_length=60)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "breakdown", "group", "table", "category"], name="one_count_a_group_and_category"
            )
        ]

    def __str__(self) -> str:
        return "group count"


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
