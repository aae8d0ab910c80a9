"""Pairs of records that may be one firm, and what was merged or split."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FirmPair(models.Model):
    """Two firms that may be one, as they were compared, and what a person decided; ``one`` is entered before."""

    class State(models.TextChoices):
        POSSIBLE = "possible", _("Possibly one firm")
        SAME = "same", _("One firm")
        APART = "apart", _("Two firms")

    one = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    other = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.POSSIBLE)
    probability = models.FloatField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-probability", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(name="pair_is_in_order", condition=models.Q(one__lt=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.state} {self.other_id}"


class FirmMerge(models.Model):
    """A merge as it was done, with all that is needed to take it back."""

    survivor = models.ForeignKey("Firm", models.CASCADE, related_name="merges")
    merged = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    steps = models.JSONField(default=list)  # in the order in which they were done
    told = models.JSONField(default=list)  # what a person is told of it: code and what its sentence needs
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"


class FirmParting(models.Model):
    """A record that mixed two firms, parted: what went to the new one, with all that is needed to take it back."""

    origin = models.ForeignKey("Firm", models.CASCADE, related_name="partings")
    parted = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    steps = models.JSONField(default=list)  # in the order in which they were done
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.parted_id} from {self.origin_id}"
