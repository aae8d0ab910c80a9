"""Editions of a fair, their sections, and the participation of firms."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Edition(models.Model):
    """One fair at one time and place."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="editions")
    slug = models.SlugField(unique=True)
    name = LocalizedTextField()
    theme = LocalizedTextField()
    city = LocalizedTextField()
    venue = LocalizedTextField()
    languages = models.JSONField(default=list, blank=True)  # in which the fair is written, BCP 47; the main one first
    country = models.CharField(max_length=2, help_text=_("The host, ISO 3166 alpha-2."))
    time_zone = models.CharField(max_length=64, default="UTC")
    starts_on = models.DateField()
    ends_on = models.DateField()
    area_m2 = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    fictional = models.BooleanField(default=False, help_text=_("A demonstration: no firm in it exists."))
    meetings_from = models.TimeField(default=time(9, 30))
    meetings_until = models.TimeField(default=time(17, 30))
    meeting_minutes = models.PositiveSmallIntegerField(default=30)
    meeting_tables = models.PositiveSmallIntegerField(default=300)
    welcome = LocalizedTextField(help_text=_("The organiser's words on the front page, in Markdown."))
    branding = models.JSONField(
        default=dict, blank=True, help_text=_("Colours, tokens of the pictures, and titles of the own pages.")
    )
    country_groups = models.JSONField(
        default=list, blank=True, help_text=_("Keys of the groups of countries for which shares are shown.")
    )
    publishes_at_once = models.BooleanField(
        default=False, help_text=_("What exhibitors offer and need is on the market at once; you read it afterwards.")
    )
    booth_events_maximum = models.PositiveSmallIntegerField(
        default=3, help_text=_("How many events an exhibitor may hold at its booth.")
    )

    class Meta:
        ordering: ClassVar = ["-starts_on", "slug"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="edition_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return self.slug


class Section(EditionModel):
    """A themed area of the fair, most often one chain."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sections")
    slug = models.SlugField()
    title = LocalizedTextField()
    chain = models.ForeignKey("Chain", models.PROTECT, null=True, blank=True, related_name="sections")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "slug"], name="section_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.slug}"


class Participation(EditionModel):
    """A firm in an edition."""

    class Kind(models.TextChoices):
        EXHIBITOR = "exhibitor", _("Exhibitor")
        CO_EXHIBITOR = "co_exhibitor", _("Co-exhibitor")
        BUYER = "buyer", _("Buyer")
        DELEGATION = "delegation", _("Delegation")
        SERVICE = "service", _("Service provider")
        PRESS = "press", _("Press")

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("a participant", "Invited")
        APPLIED = "applied", pgettext_lazy("an application", "Applied")
        WAITING = "waiting", pgettext_lazy("an application", "On the waiting list")
        CONFIRMED = "confirmed", _("Confirmed")
        REJECTED = "rejected", pgettext_lazy("an application", "Not accepted")
        CANCELLED = "cancelled", _("Cancelled")

    OVER = (State.CANCELLED, State.REJECTED)
    """States after which a firm may apply again."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="participations")
    firm = models.ForeignKey("Firm", models.PROTECT, related_name="participations")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.CONFIRMED)
    lead = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="co_exhibitors")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="participations")
    pavilion = models.CharField(max_length=2, blank=True, help_text=_("Country pavilion, ISO 3166 alpha-2."))
    area_m2 = models.PositiveIntegerField(null=True, blank=True)
    area_wanted_m2 = models.PositiveIntegerField(null=True, blank=True)
    remarks = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)  # to the questions of its kind: press, delegation, service
    package = models.ForeignKey("Package", models.SET_NULL, null=True, blank=True, related_name="participations")
    seats = models.PositiveSmallIntegerField(default=5)
    support = models.JSONField(default=list, blank=True, help_text=_("Assistance granted: stand, freight, visa ..."))
    meetings_minimum = models.PositiveSmallIntegerField(default=0)
    meetings_maximum = models.PositiveSmallIntegerField(default=40)
    tokens = models.TextField(blank=True, help_text=_("What the search looks in: tokens between spaces."))
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["firm__sort_name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "firm", "kind"], name="firm_takes_part_once_as_a_kind")
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "kind", "state"])]

    def __str__(self) -> str:
        return f"{self.firm} as {self.kind} in {self.edition}"


class SizeRule(EditionModel):
    """Upper limits of the micro, small and medium size classes, for one country or for all countries.

    The limits are limits of the bands of ``Firm``, so that the band of a firm tells its class. A firm exceeds a class
    by its employees or, if the rule has such a limit and the firm states it, by its turnover.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="size_rules")
    country = models.CharField(
        max_length=2, blank=True, help_text=_("Empty: all countries without a rule of their own.")
    )
    micro_employees = models.PositiveIntegerField(null=True, blank=True)
    small_employees = models.PositiveIntegerField(null=True, blank=True)
    medium_employees = models.PositiveIntegerField()
    micro_turnover = models.PositiveIntegerField(null=True, blank=True)
    small_turnover = models.PositiveIntegerField(null=True, blank=True)
    medium_turnover = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["country", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "country"], name="size_rule_once_a_country")
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.country or '*'}"


class ApplicationDecision(EditionModel):
    """A decision on an application: when, by whom and why. Decisions are added, never changed."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="application_decisions")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=16, choices=Participation.State)
    reason = LocalizedTextField(help_text=_("The applicant reads it."))
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.participation}: {self.state}"


class Phase(EditionModel):
    """When a part of the fair opens and closes by itself. A part of an edition without such a phase is open."""

    class Kind(models.TextChoices):
        APPLY = "apply", _("Applications")
        PROPOSALS = "proposals", _("Call for proposals")
        PROFILE = "profile", _("Profiles and offers")
        NEEDS = "needs", _("Needs")
        WISHES = "wishes", _("Wishes to meet")
        REQUESTS = "requests", _("Requests for meetings")
        TIMETABLE = "timetable", _("Timetable of meetings")
        FAIR = "fair", _("The fair itself")
        OUTCOMES = "outcomes", _("Outcomes")
        FOLLOW_UP = "follow_up", _("Follow-up")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=16, choices=Kind)
    opens_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: open from the start."))
    closes_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: open without end."))

    class Meta:
        ordering: ClassVar = ["opens_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "kind"], name="phase_once_an_edition"),
            models.CheckConstraint(
                name="phase_closes_after_it_opens",
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.kind}"
