"""Halls and booths on a ground plan in metres."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from serai.expo.scopes import EditionManager
from serai.expo.text import LocalizedTextField

if TYPE_CHECKING:
    from serai.expo.editions.models import Participation


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
    participations: "models.ManyToManyField[Participation, Stand]" = models.ManyToManyField(
        "Participation", through="Stand", related_name="booths"
    )

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["hall", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "code"], name="booth_once_a_hall")]

    def __str__(self) -> str:
        return f"{self.hall}/{self.code}"

    @property
    def label(self) -> str:
        """The booth as it is signed: with the code of its hall, which many booths' own codes begin with."""
        return self.code if self.code.startswith(self.hall.code) else f"{self.hall.code} {self.code}"


class Stand(models.Model):
    """A participant at a booth. Several may share one: a pavilion, or a chain leader with its suppliers."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="stands")
    booth = models.ForeignKey(Booth, models.CASCADE, related_name="stands")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="stands")

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        ordering: ClassVar = ["booth", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["booth", "participation"], name="participant_once_a_booth")
        ]

    def __str__(self) -> str:
        return f"{self.participation} at {self.booth}"
