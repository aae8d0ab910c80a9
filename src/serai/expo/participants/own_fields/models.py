"""A field of the organiser's own, and what a participant has in all of them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class OwnField(EditionModel):
    """A column of an organiser's list that no field of Serai takes. ``column`` is its folded title in lists."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("A number")
        DATE = "date", _("A day")
        CHOICE = "choice", _("One of several choices")

    class Audience(models.TextChoices):
        ORGANISER = "organiser", pgettext_lazy("who reads a field", "Organisers only")
        FIRM = "firm", pgettext_lazy("who reads a field", "The firm itself and organisers")
        PUBLIC = "public", pgettext_lazy("who reads a field", "Everybody")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="own_fields")
    key = models.CharField(max_length=16)
    """By which ``OwnRecord.values`` holds it."""
    column = models.CharField(max_length=300)
    title = LocalizedTextField(verbose_name=_("Title"))
    kind = models.CharField(_("What it holds"), max_length=8, choices=Kind, default=Kind.TEXT)
    audience = models.CharField(_("Who reads it"), max_length=16, choices=Audience, default=Audience.ORGANISER)
    listed = models.BooleanField(_("A column of the list of participants"), default=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "key"], name="own_field_once_a_key"),
            models.UniqueConstraint(fields=["edition", "column"], name="own_field_once_a_column"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.column}"


class OwnRecord(EditionModel):
    """What a participant has in the organiser's own fields: by key a text, a number, or a day as in 2026-11-28."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="own_records")
    participation = models.OneToOneField("Participation", models.CASCADE, related_name="own_record")
    values = models.JSONField(default=dict)
    tokens = models.TextField(blank=True, editable=False)
    """What the organiser's search looks in: tokens between spaces."""

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.participation}"
