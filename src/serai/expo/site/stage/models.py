"""Screens of the stage."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField
from serai.expo.programme.sessions.models import Room

SHORTEST, LONGEST = 5, 300
"""Limits of the seconds for which a slide is shown."""


class Screen(EditionModel):
    """A screen of the fair: which slides it shows, in which order and languages, and for how long each."""

    class Scheme(models.TextChoices):
        DARK = "dark", pgettext_lazy("a screen", "Dark")
        LIGHT = "light", pgettext_lazy("a screen", "Light")
        AUTO = "auto", _("As the device is set")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="screens")
    slug = models.SlugField(_("Short name for its address"), max_length=60)
    title = LocalizedTextField(verbose_name=pgettext_lazy("of a thing", "Name"))
    slides = models.JSONField(default=list, blank=True)
    """Keys of the slides in their order (``domain.py``)."""
    seconds = models.PositiveSmallIntegerField(
        _("Seconds a slide"), default=12, validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    languages = models.JSONField(_("Languages, one round each"), default=list, blank=True)
    room = models.ForeignKey(
        Room,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="screens",
        verbose_name=_("Programme of this room only"),
    )
    scheme = models.CharField(_("Colours"), max_length=8, choices=Scheme, default=Scheme.DARK)

    class Meta:
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "slug"], name="screen_once_an_edition"),
            models.CheckConstraint(
                name="slide_is_shown_for_a_while", condition=models.Q(seconds__gte=SHORTEST, seconds__lte=LONGEST)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}/{self.slug}"
