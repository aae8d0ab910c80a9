"""Leads: people met at the fair, with the next step."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel


class Asked(models.TextChoices):
    """Things that a visitor of a booth asks for."""

    CATALOGUE = "catalogue", _("Catalogue")
    PRICE = "price", _("Price list or quotation")
    SAMPLE = "sample", _("Samples")
    DATA = "data", _("Technical data or certificates")
    VISIT = "visit", _("Visit to the plant")
    MEETING = "meeting", _("Another meeting")
    AGENCY = "agency", _("Agency or distribution")
    PARTNER = "partner", _("Partnership")


class Lead(EditionModel):
    """A person that a firm met at the fair, from a badge or entered by hand. Only the firm reads it."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="leads")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="leads")
    badge = models.ForeignKey("Badge", models.SET_NULL, null=True, blank=True, related_name="leads")
    person = models.CharField(max_length=120)
    position = models.CharField(max_length=120, blank=True)
    firm_name = models.CharField(max_length=300, blank=True)
    other = models.ForeignKey("Participation", models.SET_NULL, null=True, blank=True, related_name="leads_at_others")
    contact = models.CharField(max_length=300, blank=True)
    need = models.TextField(blank=True)
    asked = models.JSONField(default=list, blank=True)
    rating = models.PositiveSmallIntegerField(default=0)
    notes = models.TextField(blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="leads_owned"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=64, blank=True)
    met_at = models.DateTimeField(default=timezone.now)
    met_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="leads_met")

    class Meta:
        ordering: ClassVar = ["-met_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participation", "badge"],
                name="badge_once_a_participant",
                condition=models.Q(badge__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["participation", "key"], name="lead_once_a_key", condition=~models.Q(key="")
            ),
            models.CheckConstraint(name="lead_rating_is_0_to_5", condition=models.Q(rating__gte=0, rating__lte=5)),
        ]
        indexes: ClassVar = [models.Index(fields=["participation", "next_on"])]

    def __str__(self) -> str:
        return f"{self.person} at {self.participation}"
