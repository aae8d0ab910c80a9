"""A file that was handed in: evidence, a certificate, a logo."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(24)


class Audience(models.TextChoices):
    """Who reads a file or field. Each audience includes those after it, as the firm reads everything of its own."""

    PUBLIC = "public", _("Everyone")
    PARTICIPANTS = "participants", _("Participants of its fairs")
    ORGANISER = "organiser", _("The organiser and the firm")
    FIRM = "firm", _("The firm only")


class Focus(models.TextChoices):
    """Where the part of a picture lies that stays in sight when its edges are cut off."""

    CENTRE = "centre", _("Centre")
    TOP = "top", _("Top")
    BOTTOM = "bottom", _("Bottom")
    LEFT = "left", _("Left")
    RIGHT = "right", _("Right")
    TOP_LEFT = "top-left", _("Top left")
    TOP_RIGHT = "top-right", _("Top right")
    BOTTOM_LEFT = "bottom-left", _("Bottom left")
    BOTTOM_RIGHT = "bottom-right", _("Bottom right")

    @classmethod
    def spots(cls) -> "list[Focus]":
        """All of them as they lie on the picture, row by row from its upper left corner."""
        rows = ("top-left", "top", "top-right", "left", "centre", "right", "bottom-left", "bottom", "bottom-right")
        return [cls(name) for name in rows]


def focus_of(text: str) -> Focus:
    """The spot of a picture that a page sends; the centre where it is none."""
    return Focus(text) if text in Focus.values else Focus.CENTRE


class StoredFile(models.Model):
    """A file in the folder ``files`` of the instance, under its token; its own name is only shown.

    It belongs to a firm, to an organisation that holds fairs, or to a person.
    """

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    firm = models.ForeignKey("Firm", models.CASCADE, null=True, blank=True, related_name="files")
    organisation = models.ForeignKey("Organisation", models.CASCADE, null=True, blank=True, related_name="files")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="files")
    audience = models.CharField(max_length=16, choices=Audience, default=Audience.ORGANISER)
    focus = models.CharField(max_length=16, choices=Focus, default=Focus.CENTRE)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="file_belongs_to_somebody",
                condition=models.Q(firm__isnull=False)
                | models.Q(organisation__isnull=False)
                | models.Q(person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name
