"""The ledger of outcomes, in which the claim of one party becomes a fact when all parties confirm it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Outcome(EditionModel):
    """An outcome of a meeting. An agreement of three parties is one outcome with three parties, counted once."""

    class Kind(models.TextChoices):
        SAMPLE = "sample", _("Sample")
        VISIT = "visit", _("Visit")
        QUOTE = "quote", _("Quotation")
        INTENTION = "intention", _("Cooperation intention")
        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        CONTRACT = "contract", _("Contract")
        INVESTMENT = "investment", _("Investment")
        JOINT_VENTURE = "joint_venture", _("Joint venture")
        LICENCE = "licence", _("Licence")

    class State(models.TextChoices):
        CLAIMED = "claimed", _("Claimed by one side")
        CONFIRMED = "confirmed", _("Confirmed by both sides")
        EVIDENCED = "evidenced", _("Evidenced")
        FULFILLED = "fulfilled", _("Fulfilled")
        LAPSED = "lapsed", _("Lapsed")
        DISPUTED = "disputed", _("Disputed")
        WITHDRAWN = "withdrawn", pgettext_lazy("a claim", "Withdrawn")

    class Band(models.TextChoices):
        """A band of the value in US dollars, in place of an amount."""

        UNDER_10K = "under_10k", _("under 10,000 US$")
        UNDER_100K = "under_100k", _("10,000 to 100,000 US$")
        UNDER_1M = "under_1m", _("100,000 to 1 million US$")
        UNDER_10M = "under_10m", _("1 to 10 million US$")
        UNDER_100M = "under_100m", _("10 to 100 million US$")
        OVER_100M = "over_100m", _("over 100 million US$")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="outcomes")
    meeting = models.ForeignKey("Meeting", models.SET_NULL, null=True, blank=True, related_name="outcomes")
    lead = models.ForeignKey("Lead", models.SET_NULL, null=True, blank=True, related_name="outcomes")
    """The lead of which it came, if it came of no meeting of the timetable."""
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.CLAIMED)
    title = LocalizedTextField()
    value = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text=_("ISO 4217."))
    band = models.CharField(max_length=16, choices=Band, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Over how many months."))
    confidential = models.BooleanField(default=True, help_text=_("Its value is published in sums only."))
    claimed_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was fulfilled, lapsed or withdrawn."))

    class Meta:
        ordering: ClassVar = ["-claimed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OutcomeParty(models.Model):
    """A party of an outcome, with its confirmation; the claimant confirms by claiming."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="parties")
    participation = models.ForeignKey("Participation", models.PROTECT, related_name="outcome_parties")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text=_("Why it is disputed."))
    claimant = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "participation"], name="party_once_an_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.participation} in {self.outcome}"


class FollowUp(EditionModel):
    """A question to the parties of a confirmed outcome, so many months later, with their answer."""

    class Answer(models.TextChoices):
        ON_TRACK = "on_track", _("On track")
        DELAYED = "delayed", _("Delayed")
        FULFILLED = "fulfilled", _("Fulfilled")
        LAPSED = "lapsed", _("It will not happen")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="follow_ups")
    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=16, choices=Answer, blank=True)
    words = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("Participation", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["outcome", "months"], name="one_follow_up_a_time")]

    def __str__(self) -> str:
        return f"{self.outcome} after {self.months} months"


class OutcomeEvidence(EditionModel):
    """A document that proves an outcome, which only its parties and the organiser read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the organiser")
        ACCEPTED = "accepted", pgettext_lazy("a document", "Accepted")
        REFUSED = "refused", pgettext_lazy("a document", "Refused")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="evidence")
    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="evidence")
    file = models.ForeignKey("StoredFile", models.CASCADE, related_name="evidence")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.file} for {self.outcome}"
