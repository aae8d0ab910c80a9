"""Who a firm is: its numbers, its other names, what is known of pairs, and what was merged."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
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


class FirmPair(models.Model):
    """Two firms that may be one, as they were compared, and what a person decided; ``one`` is entered before."""

    class State(models.TextChoices):
        POSSIBLE = "possible", _("Possibly one firm")
        SAME = "same", _("One firm")
        APART = "apart", _("Two firms")

    one = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    other = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.POSSIBLE)
    probability = models.FloatField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-probability", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="pair_once"),
            models.CheckConstraint(name="pair_is_in_order", condition=models.Q(one__lt=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.state} {self.other_id}"


class FirmMerge(models.Model):
    """A merge as it was done, with all that is needed to take it back."""

    survivor = models.ForeignKey("Firm", models.CASCADE, related_name="merges")
    merged = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    steps = models.JSONField(default=list)  # in the order in which they were done
    told = models.JSONField(default=list)  # what a person is told of it: code and what its sentence needs
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"


class FirmParting(models.Model):
    """A record that mixed two firms, parted: what went to the new one, with all that is needed to take it back."""

    origin = models.ForeignKey("Firm", models.CASCADE, related_name="partings")
    parted = models.ForeignKey("Firm", models.CASCADE, related_name="+")
    steps = models.JSONField(default=list)  # in the order in which they were done
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.parted_id} from {self.origin_id}"
