"""The firm itself."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
