"""The badge of a person at a fair."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from serai.expo.scopes import EditionManager
from serai.expo.text import validate_language


class Badge(models.Model):
    """A person who stands for a participant. A lost badge gets a new serial, and its code answers no more."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="badges")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="badges")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="badges")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=16, default="en", validators=[validate_language])
    name_latin = models.CharField(max_length=120, blank=True)
    position = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    serial = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["participation", "pk"]
        indexes: ClassVar = [models.Index(fields=["edition", "participation"])]

    def __str__(self) -> str:
        return f"{self.name} of {self.participation}"
