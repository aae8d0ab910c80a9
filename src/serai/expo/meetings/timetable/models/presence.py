"""A person of an exhibitor's team who takes meetings, and when."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from serai.expo.base.scopes import EditionManager


class Presence(models.Model):
    """Somebody of an exhibitor's team who takes meetings, and when that person is away."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="presences")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="presences")
    away = models.JSONField(default=list, blank=True)
    """Spans as [begins, ends] in ISO 8601."""

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["participation", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "user"], name="presence_once_a_person_and_participation")
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.participation}"
