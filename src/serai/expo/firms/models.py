"""The firm: one record that lives across editions."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.text import LocalizedTextField, validate_language


class Firm(models.Model):
    """A firm under an identifier of Serai's own (``firms.identifier``), whatever edition it takes part in."""

    class Size(models.TextChoices):
        MICRO = "micro", _("Micro (fewer than 10 employees)")
        SMALL = "small", _("Small (10 to 49 employees)")
        MEDIUM = "medium", _("Medium (50 to 249 employees)")
        LARGE = "large", _("Large (250 employees and more)")

    identifier = models.CharField(max_length=16, unique=True)
    legal_name = models.CharField(max_length=300, help_text=_("As in the certificate of registration."))
    name = LocalizedTextField()
    name_key = models.CharField(max_length=300, db_index=True, help_text=_("Folded name, for finding the firm again."))
    sort_name = models.CharField(max_length=300, help_text=_("Romanised name, for ordering."))
    country = models.CharField(max_length=2, db_index=True)
    city = LocalizedTextField()
    language = models.CharField(max_length=16, default="en", validators=[validate_language])
    description = LocalizedTextField()
    website = models.URLField(max_length=500, blank=True)
    founded = models.PositiveSmallIntegerField(null=True, blank=True)
    size = models.CharField(max_length=8, choices=Size, blank=True)
    women_led = models.BooleanField(null=True, blank=True)
    identifiers = models.JSONField(default=dict, blank=True, help_text=_("LEI, USCC, VAT, DUNS, GLN."))
    isic = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["sort_name", "pk"]
        indexes: ClassVar = [models.Index(fields=["country", "name_key"])]

    def __str__(self) -> str:
        return f"{self.legal_name} ({self.identifier})"
