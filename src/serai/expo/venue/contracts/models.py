"""The contract of a booth, and the organiser's terms that it stands under."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField
from serai.expo.venue.halls.models import Booth


class BoothTerms(EditionModel):
    """The organiser's terms of exhibiting, in a version that stays as it was signed."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="booth_terms")
    version = models.PositiveSmallIntegerField()
    text = LocalizedTextField()
    party = models.TextField(max_length=1000)
    """The organiser as a party: its legal name, address and number in a register."""
    language = models.CharField(max_length=16, default="en")
    """The language of the fair, in which a contract holds beside that of its reader."""
    currency = models.CharField(max_length=3, blank=True, help_text=_("ISO 4217."))
    """That of the prices of booths."""
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "version"], name="booth_terms_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.edition} booth terms {self.version}"


class BoothContract(EditionModel):
    """The contract of an exhibitor's booth: what it says is kept as it was offered, whatever changes later."""

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("a contract", "Offered")
        SIGNED = "signed", pgettext_lazy("a contract", "Signed")
        WITHDRAWN = "withdrawn", pgettext_lazy("a contract", "Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="booth_contracts")
    number = models.PositiveIntegerField()
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="booth_contracts")
    booth = models.ForeignKey(Booth, models.SET_NULL, null=True, blank=True, related_name="contracts")
    terms = models.ForeignKey(BoothTerms, models.RESTRICT, related_name="contracts")
    content = models.JSONField(default=dict)
    """What it says, as plain values: `contracting.content_of`."""
    state = models.CharField(max_length=16, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField(default=timezone.now)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=160, blank=True)
    """Who signed for the exhibitor, as it stands under the signature."""
    signed_as = models.CharField(max_length=160, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    file = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="booth_contracts")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "number"], name="contract_number_once"),
            models.UniqueConstraint(
                fields=["participation", "booth"],
                condition=models.Q(state__in=("offered", "signed")),
                name="one_contract_a_booth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} contract {self.number}: {self.state}"

    @property
    def reference(self) -> str:
        """How it is called on paper."""
        return f"{self.content.get('fair', {}).get('slug', '').upper()}-{self.number:04d}"


STANDING = (BoothContract.State.OFFERED, BoothContract.State.SIGNED)
"""States of contracts that bind their booth."""
