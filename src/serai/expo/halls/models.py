"""Halls and booths on a ground plan in metres."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.scopes import EditionManager
from serai.expo.text import LocalizedTextField


class Hall(models.Model):
    """A hall: a rectangle of ``width_m`` by ``depth_m`` metres."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="halls")
    code = models.CharField(max_length=64)
    title = LocalizedTextField()
    section = models.ForeignKey("Section", models.SET_NULL, null=True, blank=True, related_name="halls")
    width_m = models.FloatField(null=True, blank=True)
    depth_m = models.FloatField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["order", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="hall_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.code}"


class Booth(models.Model):
    """A booth: a rectangle in its hall, in metres from the hall's corner, where the plan is known."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="booths")
    hall = models.ForeignKey(Hall, models.CASCADE, related_name="booths")
    code = models.CharField(max_length=64)
    x_m = models.FloatField(null=True, blank=True)
    y_m = models.FloatField(null=True, blank=True)
    width_m = models.FloatField(null=True, blank=True)
    depth_m = models.FloatField(null=True, blank=True)
    participation = models.ForeignKey(
        "Participation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="booths",
        help_text=_("Who stands here; co-exhibitors stand with their lead."),
    )

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["hall", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "code"], name="booth_once_a_hall")]

    def __str__(self) -> str:
        return f"{self.hall}/{self.code}"
