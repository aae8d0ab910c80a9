"""Outcomes: one ledger, in which a claim of one side becomes a fact when both confirm it."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.scopes import EditionManager
from serai.expo.text import LocalizedTextField


class Outcome(models.Model):
    """What came of a meeting. An agreement of three parties is one outcome with three parties, counted once."""

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

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="outcomes")
    meeting = models.ForeignKey("Meeting", models.SET_NULL, null=True, blank=True, related_name="outcomes")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.CLAIMED)
    title = LocalizedTextField()
    value = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text=_("ISO 4217."))
    confidential = models.BooleanField(default=True, help_text=_("Its value is published in sums only."))
    claimed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["-claimed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OutcomeParty(models.Model):
    """A side of an outcome and when it confirmed; the claimant confirms by claiming."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="parties")
    participation = models.ForeignKey("Participation", models.PROTECT, related_name="outcome_parties")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "participation"], name="party_once_an_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.participation} in {self.outcome}"
