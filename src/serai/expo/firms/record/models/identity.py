"""Numbers and other names of a firm."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class FirmIdentifier(models.Model):
    """A number under which a register knows the firm."""

    class Scheme(models.TextChoices):
        LEI = "LEI", "LEI"
        USCC = "USCC", _("Unified social credit code")
        VAT = "VAT", _("VAT number")
        DUNS = "DUNS", "DUNS"
        GLN = "GLN", "GLN"
        UNGM = "UNGM", "UNGM"

    class CheckDigit(models.TextChoices):
        RIGHT = "right", _("Check digit right")
        WRONG = "wrong", _("Check digit wrong")
        NONE = "none", _("Without a check digit")

    class Status(models.TextChoices):
        STATED = "stated", _("Stated by the firm")
        FOUND = "found", _("Found in the register")
        LAPSED = "lapsed", _("Lapsed in the register")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=8, choices=Scheme)
    value = models.CharField(max_length=64)
    check_digit = models.CharField(max_length=8, choices=CheckDigit, default=CheckDigit.NONE)
    status = models.CharField(max_length=8, choices=Status, default=Status.STATED)
    source = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["scheme", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "scheme", "value"], name="identifier_once_a_firm")
        ]
        indexes: ClassVar = [models.Index(fields=["scheme", "value"])]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"


class FirmAlias(models.Model):
    """Another name of the firm, by which it is found too."""

    class Kind(models.TextChoices):
        TRADE = "trade", _("Trade name")
        FORMER = "former", _("Former name")
        BRAND = "brand", _("Brand")
        ROMANISED = "romanised", _("Romanised name")
        VARIANT = "variant", _("Variant in a list")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.TRADE)
    key = models.CharField(max_length=300, db_index=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["firm", "name"], name="alias_once_a_firm")]

    def __str__(self) -> str:
        return self.name
