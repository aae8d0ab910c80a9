"""Times in which an organiser acted as a person of a firm. They are kept for three years."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from serai.expo.base.rows import EditionModel


class Impersonation(EditionModel):
    """An organiser acts as a person of a firm of its own fair, until ``ends_at`` at the latest."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="impersonations")
    organiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="acted_as_others")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="acted_for_by")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organiser} as {self.person} in {self.edition}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and timezone.now() < self.ends_at
