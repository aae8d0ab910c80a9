"""What a participant offers and what it needs, in words and in codes."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from stdnum import ean

from serai.expo.base.files.models import Focus
from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models.requirements import asked, usual_musts


class Family(models.TextChoices):
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Services")
    TECHNOLOGY = "technology", _("Technology")
    INVESTMENT = "investment", _("Investment")
    DISTRIBUTION = "distribution", _("Distribution")
    RESEARCH = "research", _("Research and development")
    TESTING = "testing", _("Standards and testing")


class Review(models.TextChoices):
    """Where an offer or a need stands. Only what is published is shown, found, placed on a chain and matched."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    EXPIRED = "expired", _("Expired")


PUBLISHED = models.Q(review=Review.PUBLISHED, anonymous=False)
"""What is shown with its firm's name: what waits for review, has run out or goes without a name is not."""


class Development(models.TextChoices):
    CONCEPT = "concept", _("Concept")
    PROTOTYPE = "prototype", _("Prototype")
    TESTED = "tested", _("Tested")
    ON_MARKET = "on_market", _("On the market")


class Rights(models.TextChoices):
    """Of the ideas in it, as the Enterprise Europe Network asks."""

    SECRET = "secret", _("Secret know-how")
    COPYRIGHT = "copyright", _("Copyright")
    DESIGN = "design", _("Design rights")
    APPLIED = "applied", _("Patent applied for")
    PATENTED = "patented", _("Patent granted")
    LICENSED = "licensed", _("Licensed in")
    NONE = "none", _("None needed")


class Agreement(models.TextChoices):
    """The kinds of agreement of the Enterprise Europe Network's partnership profiles."""

    SUPPLY = "supply", _("Supply")
    MANUFACTURING = "manufacturing", _("Manufacturing")
    SUBCONTRACTING = "subcontracting", _("Subcontracting and outsourcing")
    RECIPROCAL = "reciprocal", _("Reciprocal production")
    INTERMEDIARY = "intermediary", _("Trade intermediary, agent or distributor")
    FRANCHISE = "franchise", _("Franchise")
    LOGISTICS = "logistics", _("Transport and logistics")
    JOINT_VENTURE = "joint_venture", _("Joint venture")
    ACQUISITION = "acquisition", _("Acquisition")
    MERGER = "merger", _("Merger or exchange of shares")
    INVESTMENT = "investment", _("Investment")
    LICENCE = "licence", _("Licence")
    TECHNICAL = "technical", _("Technical cooperation")
    ASSISTANCE = "assistance", _("Commercial agreement with technical assistance")
    RESEARCH = "research", _("Research cooperation")


class PartnerKind(models.TextChoices):
    MAKER = "maker", _("Manufacturer")
    SUPPLIER = "supplier", _("Supplier of materials or parts")
    DISTRIBUTOR = "distributor", _("Distributor or agent")
    BUYER = "buyer", _("End buyer")
    SERVICE = "service", _("Service provider")
    INVESTOR = "investor", _("Investor")
    RESEARCH = "research", _("University or institute")
    PUBLIC = "public", _("Public body")


class Incoterm(models.TextChoices):
    """Incoterms 2020 of the International Chamber of Commerce."""

    EXW = "EXW", "EXW"
    FCA = "FCA", "FCA"
    CPT = "CPT", "CPT"
    CIP = "CIP", "CIP"
    DAP = "DAP", "DAP"
    DPU = "DPU", "DPU"
    DDP = "DDP", "DDP"
    FAS = "FAS", "FAS"
    FOB = "FOB", "FOB"
    CFR = "CFR", "CFR"
    CIF = "CIF", "CIF"


class Period(models.TextChoices):
    ONCE = "once", _("Once")
    DAY = "day", _("A day")
    WEEK = "week", _("A week")
    MONTH = "month", _("A month")
    QUARTER = "quarter", _("A quarter")
    YEAR = "year", _("A year")


DETAILS = (
    *("cpc", "isic", "certificates", "attributes", "price_low", "price_high", "incoterms", "delivery_place"),
    *("delivery_from", "delivery_until", "development", "rights", "agreements", "partner_kinds", "partner_sizes"),
    *("partner_role", "countries_wanted", "countries_excluded", "languages", "minimum_order", "lead_time_days"),
    *("capacity", "gtin", "launch_at", "quantity", "budget_low", "budget_high"),
)
"""What is shown of an offer or a need beside its words, its HS codes and its place on the chains."""


def validate_gtin(value: str) -> None:
    """Raise ValidationError unless this is the number of an article of trade (GS1 GTIN, ISO/IEC 15420): 8, 12, 13 or
    14 digits, the last a check digit."""
    if len(value) not in (8, 12, 13, 14) or not ean.is_valid(value):
        raise ValidationError(_("A GTIN has 8, 12, 13 or 14 digits, and its last one checks the others. Copy it anew."))


def _names(choices: type[models.TextChoices], codes: Iterable[str]) -> list[str]:
    """What the codes are called in the reader's language."""
    titles = dict(choices.choices)
    return [str(titles.get(code, code)) for code in codes]


class MarketItem(EditionModel):
    """What an offer and a need have in common."""

    edition = models.ForeignKey("expo.Edition", models.CASCADE, related_name="%(class)ss")
    participation = models.ForeignKey("expo.Participation", models.CASCADE, related_name="%(class)ss")
    number = models.PositiveSmallIntegerField(default=1, help_text=_("Order within the participation."))
    family = models.CharField(max_length=16, choices=Family, default=Family.GOODS)
    title = LocalizedTextField()
    summary = LocalizedTextField(help_text=_("In a sentence or two, for lists."))
    text = LocalizedTextField()
    hs = models.JSONField(default=list, blank=True, help_text=_("HS 2022 codes, 2 to 6 digits."))
    cpc = models.JSONField(default=list, blank=True, help_text=_("CPC 2.1 codes."))
    isic = models.JSONField(default=list, blank=True, help_text=_("ISIC Rev.4 classes."))
    node = models.ForeignKey("expo.Node", models.SET_NULL, null=True, blank=True, related_name="+")
    """The link of a chain that it serves, where its firm says so; else its words and codes decide."""
    certificates = models.JSONField(default=list, blank=True, help_text=_("Schemes: of a need those required."))
    attributes = models.JSONField(default=list, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text=_("ISO 4217."))
    price_low = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    price_high = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    incoterms = models.JSONField(default=list, blank=True)
    delivery_place = models.CharField(max_length=200, blank=True)
    delivery_from = models.DateField(null=True, blank=True)
    delivery_until = models.DateField(null=True, blank=True)
    development = models.CharField(max_length=16, choices=Development, blank=True)
    rights = models.CharField(max_length=16, choices=Rights, blank=True)
    agreements = models.JSONField(default=list, blank=True)
    partner_kinds = models.JSONField(default=list, blank=True)
    partner_sizes = models.JSONField(default=list, blank=True)
    partner_role = LocalizedTextField()
    countries_wanted = models.JSONField(default=list, blank=True)
    countries_excluded = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    musts = models.JSONField(default=list, blank=True, help_text=_("What it asks that is a must; the rest is a wish."))
    anonymous = models.BooleanField(default=False)
    valid_until = models.DateField(null=True, blank=True)
    renewed_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    review = models.CharField(max_length=16, choices=Review, default=Review.PUBLISHED)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    tokens = models.TextField(blank=True, editable=False)
    """What the words of a reader are looked for in, between spaces. Empty once a text has changed: who looks fills it
    (``visible.with_words``)."""

    class Meta:
        abstract = True
        ordering: ClassVar = ["participation", "number"]

    def __str__(self) -> str:
        return f"{self.pk}"

    def save(self, **options: Any) -> None:
        """Write it; what it is found by is to be made anew where all of it is written."""
        if options.get("update_fields") is None:
            self.tokens = ""
        super().save(**options)

    @property
    def is_need(self) -> bool:
        """Whether it is looked for; else it is offered."""
        return isinstance(self, Need)

    @property
    def must_names(self) -> list[str]:
        """What it states that is a must."""
        return asked(self, must=True)

    @property
    def wish_names(self) -> list[str]:
        """What it states that is a wish."""
        return asked(self, must=False)

    @property
    def agreement_names(self) -> list[str]:
        return _names(Agreement, self.agreements)

    @property
    def partner_kind_names(self) -> list[str]:
        return _names(PartnerKind, self.partner_kinds)

    @property
    def partner_size_names(self) -> list[str]:
        return _names(Firm.Size, self.partner_sizes)

    @property
    def is_detailed(self) -> bool:
        """Whether there is more to show than words and codes."""
        carried = self.certifications.all() if isinstance(self, Offer) and self.pk else ()
        return any(getattr(self, name, None) not in (None, "", [], {}) for name in DETAILS) or bool(carried)


class Offer(MarketItem):
    """A product or service that a participant shows at the fair."""

    launch = models.BooleanField(default=False, help_text=_("Shown here for the first time."))
    launch_at = models.DateTimeField(null=True, blank=True)
    minimum_order = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    capacity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    capacity_period = models.CharField(max_length=8, choices=Period, blank=True)
    unit = models.CharField(max_length=16, blank=True, help_text=_("UN/CEFACT Recommendation 20 code."))
    lead_time_days = models.PositiveSmallIntegerField(null=True, blank=True)
    gtin = models.CharField(max_length=14, blank=True, validators=[validate_gtin])
    """The article number on its package. It names who makes it, so that it is not told of an offer without a name."""
    certifications = models.ManyToManyField("expo.Certification", blank=True, related_name="offers")
    """The certificates of its firm that it carries, each with its file, validity and who verified it."""


class Need(MarketItem):
    """What a participant looks for. The public sees needs of exhibitors only; a buyer's need is its own affair."""

    musts = models.JSONField(
        default=usual_musts, blank=True, help_text=_("What it asks that is a must; the rest is a wish.")
    )

    quantity = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True, help_text=_("UN/CEFACT Recommendation 20 code."))
    frequency = models.CharField(max_length=8, choices=Period, blank=True)
    budget_low = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    budget_high = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)


OF_ONE_ITEM = models.Q(offer__isnull=True, need__isnull=False) | models.Q(offer__isnull=False, need__isnull=True)


class MarketFile(EditionModel):
    """A picture of an offer, or a document that belongs to an offer or a need."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Picture")
        DOCUMENT = "document", _("Document")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="market_files")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="files")
    need = models.ForeignKey(Need, models.CASCADE, null=True, blank=True, related_name="files")
    kind = models.CharField(max_length=16, choices=Kind)
    file = models.FileField(upload_to="market/%Y/%m/")
    media_type = models.CharField(max_length=64)
    description = LocalizedTextField(help_text=_("What a picture shows, for those who can't see it."))
    focus = models.CharField(max_length=16, choices=Focus, default=Focus.CENTRE)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="file_belongs_to_an_offer_or_a_need", condition=OF_ONE_ITEM)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Interest(EditionModel):
    """Somebody answers an offer or a need: the Enterprise Europe Network's three questions.

    Who stays unnamed until it accepts is named to the asker by accepting; the asker is named from the start.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("an expression of interest", "Waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("an expression of interest", "Accepted")
        DECLINED = "declined", pgettext_lazy("an expression of interest", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("an expression of interest", "Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="interests")
    offer = models.ForeignKey(Offer, models.CASCADE, null=True, blank=True, related_name="interests")
    need = models.ForeignKey(Need, models.CASCADE, null=True, blank=True, related_name="interests")
    asker = models.ForeignKey("Participation", models.CASCADE, related_name="interests_said")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    agreement = models.CharField(max_length=16, choices=Agreement, blank=True)
    cooperation = models.TextField(max_length=1000, help_text=_("What kind of cooperation is meant."))
    unclear = models.TextField(max_length=1000, blank=True, help_text=_("What is unclear."))
    about = models.TextField(max_length=2000, help_text=_("Who asks."))
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    answer = models.TextField(max_length=1000, blank=True)
    said_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-said_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="interest_is_in_an_offer_or_a_need", condition=OF_ONE_ITEM),
            models.UniqueConstraint(fields=["asker", "offer"], name="interest_once_an_offer"),
            models.UniqueConstraint(fields=["asker", "need"], name="interest_once_a_need"),
        ]

    def __str__(self) -> str:
        return f"{self.asker} in {self.item}: {self.state}"

    @property
    def item(self) -> MarketItem:
        """The offer or the need that it is about."""
        item = self.offer or self.need
        assert item is not None  # by a constraint
        return item
