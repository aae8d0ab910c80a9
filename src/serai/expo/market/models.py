"""What a participant offers and what it needs, in words and in codes."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.scopes import EditionManager
from serai.expo.text import LocalizedTextField


class Family(models.TextChoices):
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Services")
    TECHNOLOGY = "technology", _("Technology")
    INVESTMENT = "investment", _("Investment")
    DISTRIBUTION = "distribution", _("Distribution")


class MarketItem(models.Model):
    """What an offer and a need have in common."""

    edition = models.ForeignKey("expo.Edition", models.CASCADE, related_name="%(class)ss")
    participation = models.ForeignKey("expo.Participation", models.CASCADE, related_name="%(class)ss")
    number = models.PositiveSmallIntegerField(default=1, help_text=_("Order within the participation."))
    family = models.CharField(max_length=16, choices=Family, default=Family.GOODS)
    title = LocalizedTextField()
    text = LocalizedTextField()
    hs = models.JSONField(default=list, blank=True, help_text=_("HS 2022 codes, 2 to 6 digits."))
    isic = models.JSONField(default=list, blank=True, help_text=_("ISIC Rev.4 classes."))
    certificates = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["participation", "number"]

    def __str__(self) -> str:
        return f"{self.pk}"


class Offer(MarketItem):
    """A product or service that a participant shows at the fair."""

    launch = models.BooleanField(default=False, help_text=_("Shown here for the first time."))


class Need(MarketItem):
    """What a participant looks for. The public sees needs of exhibitors only; a buyer's need is its own affair."""

    quantity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True, help_text=_("UN/CEFACT Recommendation 20 code."))
    countries_excluded = models.JSONField(default=list, blank=True)
    valid_until = models.DateField(null=True, blank=True)
