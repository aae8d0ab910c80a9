"""A firm over all fairs: its record, identifiers, names, plants, certificates and media."""

import re
import secrets
from datetime import date
from typing import ClassVar, Protocol

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_37_36

from serai.expo.base.text import LocalizedTextField, validate_language


class Firm(models.Model):
    """A firm under an identifier of Serai's own (``firms.identifier``), whatever edition it takes part in.

    A firm that was merged into another stays as a row, so that its identifier still leads to the one it is.
    """

    class Size(models.TextChoices):
        MICRO = "micro", _("Micro (fewer than 10 employees)")
        SMALL = "small", _("Small (10 to 49 employees)")
        MEDIUM = "medium", _("Medium (50 to 249 employees)")
        LARGE = "large", _("Large (250 employees and more)")

    class Ownership(models.TextChoices):
        PRIVATE = "private", _("Privately owned")
        FAMILY = "family", _("Family-owned")
        STATE = "state", _("State-owned")
        LISTED = "listed", _("Listed on an exchange")
        FOREIGN = "foreign", _("Foreign-owned")
        JOINT = "joint", _("Joint venture")
        COOPERATIVE = "cooperative", _("Cooperative")
        PUBLIC_BODY = "public_body", _("Public body")
        NON_PROFIT = "non_profit", _("Non-profit organisation")

    class Employees(models.TextChoices):
        """The bands meet at the limits of the European and the Chinese definitions of a small firm."""

        TO_9 = "1-9", "1–9"
        TO_19 = "10-19", "10–19"
        TO_49 = "20-49", "20–49"
        TO_249 = "50-249", "50–249"
        TO_299 = "250-299", "250–299"
        TO_999 = "300-999", "300–999"
        MORE = "1000-", "≥ 1000"

    class Turnover(models.TextChoices):
        """Millions of US dollars a year."""

        TO_2 = "0-2", "< 2"
        TO_10 = "2-10", "2–10"
        TO_50 = "10-50", "10–50"
        TO_500 = "50-500", "50–500"
        MORE = "500-", "≥ 500"

    class ExportShare(models.TextChoices):
        """Per cent of turnover."""

        NONE = "0", "0 %"
        TO_25 = "1-25", "1–25 %"
        TO_50 = "25-50", "25–50 %"
        TO_75 = "50-75", "50–75 %"
        TO_100 = "75-100", "75–100 %"

    identifier = models.CharField(max_length=16, unique=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_here")

    # What it is called
    legal_name = models.CharField(max_length=300, help_text=_("As in the certificate of registration."))
    name = LocalizedTextField()
    name_key = models.CharField(max_length=300, db_index=True, help_text=_("Folded name, for finding the firm again."))
    sort_name = models.CharField(max_length=300, help_text=_("Romanised name, for ordering."))
    legal_form = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, default="en", validators=[validate_language])
    description = LocalizedTextField()
    website = models.URLField(max_length=500, blank=True)
    logo = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="+")

    # Where it is
    country = models.CharField(max_length=2, db_index=True)
    subdivision = LocalizedTextField()
    city = LocalizedTextField()
    address = LocalizedTextField()
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    point_approximate = models.BooleanField(default=True)

    # What kind of firm it is
    founded = models.PositiveSmallIntegerField(null=True, blank=True)
    size = models.CharField(max_length=8, choices=Size, blank=True)
    women_led = models.BooleanField(null=True, blank=True)
    ownership = models.CharField(max_length=16, choices=Ownership, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="subsidiaries")
    employees = models.CharField(max_length=8, choices=Employees, blank=True)
    turnover = models.CharField(max_length=8, choices=Turnover, blank=True)
    export_share = models.CharField(max_length=8, choices=ExportShare, blank=True)
    isic = models.JSONField(default=list, blank=True)  # ISIC Rev.4 classes
    cpc = models.JSONField(default=list, blank=True)  # CPC 2.1 codes

    # How it trades
    languages = models.JSONField(default=list, blank=True)  # spoken, BCP 47
    markets = models.JSONField(default=list, blank=True)  # ISO 3166 alpha-2
    markets_sought = models.JSONField(default=list, blank=True)
    incoterms = models.JSONField(default=list, blank=True)  # Incoterms 2020
    minimum_order = models.CharField(max_length=100, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)

    # Sustainability
    emissions_year = models.PositiveSmallIntegerField(null=True, blank=True)
    scope_1 = models.FloatField(null=True, blank=True)  # tonnes of CO2 equivalent a year
    scope_2 = models.FloatField(null=True, blank=True)
    carbon_per_unit = models.FloatField(null=True, blank=True)  # kilograms of CO2 equivalent
    carbon_unit = models.CharField(max_length=64, blank=True)  # of what: 'kWh', 't of cathode foil'
    audit = models.CharField(max_length=300, blank=True)  # by whom, after which standard, when

    # Who may read each field where that is not the usual (firms.visibility), and who said it (firms.provenance)
    visibility = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["sort_name", "pk"]
        indexes: ClassVar = [models.Index(fields=["country", "name_key"])]

    def __str__(self) -> str:
        return f"{self.legal_name} ({self.identifier})"


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
PATTERN = re.compile(rf"[A-Z]{{2}}\d{{7}}[{ALPHABET}]{{5}}[0-9A-Z]")


class Chooser(Protocol):
    def choice(self, sequence: str, /) -> str: ...


def new_identifier(country: str, on: date, chooser: Chooser | None = None) -> str:
    """A new identifier for a firm of ``country`` (ISO 3166 alpha-2) entered ``on`` that day."""
    draw = chooser.choice if chooser else secrets.choice
    body = f"{country}{on:%Y%j}" + "".join(draw(ALPHABET) for _ in range(5))
    return body + str(mod_37_36.calc_check_digit(body))


def is_identifier(text: str) -> bool:
    """Whether ``text`` has the form of an identifier and its check digit is right."""
    return bool(PATTERN.fullmatch(text)) and bool(mod_37_36.is_valid(text))


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


class Plant(models.Model):
    """A place where the firm makes something: the process, and how much of it a year."""

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="plants")
    number = models.PositiveSmallIntegerField(default=1)  # order within the firm
    country = models.CharField(max_length=2)
    place = LocalizedTextField()
    process = LocalizedTextField()
    capacity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=64, blank=True)  # with its period: 'GWh/a'
    since = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["number", "pk"]

    def __str__(self) -> str:
        return f"plant {self.number} of {self.firm_id}"


class Flow(models.Model):
    """A product that the firm takes in or puts out, by its code."""

    class Direction(models.TextChoices):
        INPUT = "input", _("Input")
        OUTPUT = "output", _("Output")

    class Share(models.TextChoices):
        """Per cent of what it buys, or of what it sells."""

        TO_5 = "0-5", "< 5 %"
        TO_25 = "5-25", "5–25 %"
        TO_50 = "25-50", "25–50 %"
        TO_100 = "50-100", "≥ 50 %"

    class Scheme(models.TextChoices):
        HS = "hs", "HS 2022"
        CPC = "cpc", "CPC 2.1"

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="flows")
    direction = models.CharField(max_length=8, choices=Direction)
    scheme = models.CharField(max_length=8, choices=Scheme, default=Scheme.HS)
    code = models.CharField(max_length=8)
    text = LocalizedTextField()
    share = models.CharField(max_length=8, choices=Share, blank=True)
    since = models.PositiveSmallIntegerField(null=True, blank=True)
    countries = models.JSONField(default=list, blank=True)  # where it comes from or goes to, ISO 3166 alpha-2

    class Meta:
        ordering: ClassVar = ["direction", "code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "direction", "scheme", "code"], name="flow_once_a_firm")
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.code} of {self.firm_id}"


class Certification(models.Model):
    """A certificate that the firm holds: after which scheme, of which body, for what, and how long.

    ``verified_by`` is the person of an organiser who looked at it; a file alone proves nothing.
    """

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="certifications")
    scheme = models.CharField(max_length=100)  # 'ISO 9001:2015'
    number = models.CharField(max_length=100, blank=True)
    body = models.CharField(max_length=200, blank=True)
    scope = LocalizedTextField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    file = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="certifications")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=300, blank=True)  # 'register of the body', 'seen on paper'

    class Meta:
        ordering: ClassVar = ["scheme", "-valid_until", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="certification_ends_after_it_begins",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}".strip()


class Medium(models.Model):
    """A picture of the firm, or a link to a film, which a reader follows by choice: no page loads it by itself."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        FILM = "film", _("Film")

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="media")
    number = models.PositiveSmallIntegerField(default=1)  # order within the firm
    kind = models.CharField(max_length=8, choices=Kind)
    file = models.ForeignKey("StoredFile", models.CASCADE, null=True, blank=True, related_name="media")
    link = models.URLField(max_length=500, blank=True)
    caption = LocalizedTextField()  # what is seen, for those who do not see it

    class Meta:
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="medium_is_a_picture_or_a_link",
                condition=models.Q(kind="picture", file__isnull=False, link="")
                | (models.Q(kind="film", file__isnull=True) & ~models.Q(link="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.firm_id}"
