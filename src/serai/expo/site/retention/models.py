"""Terms of retention that an organiser has chosen."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from serai.expo.base.rows import EditionModel


class RetentionChoice(EditionModel):
    """A kind of personal data that a fair keeps for other than the usual number of days, and why."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="retention_choices")
    kind = models.CharField(max_length=32)
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["kind"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "kind"], name="retention_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.kind} {self.days} days"
