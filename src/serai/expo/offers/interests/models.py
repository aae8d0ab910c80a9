"""What one side of an expression of interest asks as a price, and until when that holds."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.offers.market.models import Incoterm, Interest


class Quotation(EditionModel):
    """A price with its terms, said by the side that would sell to the side that would buy, and read by these two alone.

    A new one takes the place of the one before, which stays as it was.
    """

    class State(models.TextChoices):
        STANDS = "stands", pgettext_lazy("a quotation", "Stands")
        REPLACED = "replaced", pgettext_lazy("a quotation", "Replaced")
        WITHDRAWN = "withdrawn", pgettext_lazy("a quotation", "Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="quotations")
    interest = models.ForeignKey(Interest, models.CASCADE, related_name="quotations")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.STANDS)
    price = models.DecimalField(max_digits=16, decimal_places=4)
    currency = models.CharField(max_length=3, help_text=_("ISO 4217."))
    per = models.DecimalField(max_digits=16, decimal_places=4, default=Decimal(1))
    unit = models.CharField(max_length=16, help_text=_("UN/CEFACT Recommendation 20 code."))
    incoterm = models.CharField(max_length=3, choices=Incoterm, blank=True)
    place = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_until = models.DateField()
    file = models.ForeignKey("StoredFile", models.SET_NULL, null=True, blank=True, related_name="quotations")
    said_at = models.DateTimeField(default=timezone.now)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interest", "version"], name="quotation_version_once"),
            models.UniqueConstraint(
                fields=["interest"], condition=models.Q(state="stands"), name="one_quotation_stands"
            ),
            models.CheckConstraint(name="quotation_price_is_positive", condition=models.Q(price__gt=0, per__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.interest} quotation {self.version}: {self.state}"

    @property
    def price_of_one(self) -> Decimal:
        """The price of one unit, in the same currency, to six decimals."""
        return (self.price / self.per).quantize(Decimal("0.000001"))

    @property
    def has_run_out(self) -> bool:
        """Whether it does not hold any more today."""
        return self.valid_until < timezone.localdate()
