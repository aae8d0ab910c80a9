"""A package of participation."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class Package(EditionModel):
    """What an exhibitor gets for its fee. A limit that is empty does not bind; the fair's own limits hold beside it."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="packages")
    code = models.SlugField()
    title = LocalizedTextField()
    text = LocalizedTextField()
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text=_("ISO 4217."))
    meetings_minimum = models.PositiveSmallIntegerField(default=0)
    meetings_maximum = models.PositiveSmallIntegerField(default=40)
    seats = models.PositiveSmallIntegerField(default=5)
    badges = models.PositiveSmallIntegerField(null=True, blank=True)
    offers = models.PositiveSmallIntegerField(null=True, blank=True)
    booth_events = models.PositiveSmallIntegerField(null=True, blank=True)
    launches = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="package_once_an_edition"),
            models.CheckConstraint(
                name="package_meetings_in_their_order",
                condition=models.Q(meetings_minimum__lte=models.F("meetings_maximum")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}/{self.code}"
