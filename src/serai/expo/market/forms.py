"""Forms of offers and needs."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo import certificates
from serai.expo.chains.choices import node_choices
from serai.expo.chains.models import Node
from serai.expo.firms.fields import ROWS
from serai.expo.firms.models import Certification, Firm
from serai.expo.market import asking
from serai.expo.market.codes import Suggested, suggested_codes
from serai.expo.market.fields import (
    AttributesField,
    CountriesField,
    CpcField,
    HsField,
    IsicField,
    SchemesField,
    known_schemes,
    several,
)
from serai.expo.market.models import Agreement, Incoterm, MarketFile, MarketItem, Need, Offer, PartnerKind
from serai.expo.market.units import UNITS
from serai.expo.text import written_languages
from serai.expo.text_form import LocalizedTextFormField, text_fields

WHAT = ("family", "title", "summary", "text", "hs", "cpc", "isic", "node", "attributes")
DELIVERY = ("incoterms", "delivery_place", "delivery_from", "delivery_until")

NOT_OF_THE_ROW = frozenset({"other_certificates", "certifications"})
"""Fields of a form that are no fields of the row: they are kept in others, or apart."""

_CERTIFICATE = ROWS[Certification]
_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ItemForm(forms.ModelForm[MarketItem]):
    """What the forms of offers and needs have in common. ``groups`` is their layout."""

    hs = HsField(label=_("HS codes"), help_text=_("Of 2, 4 or 6 digits, with commas between."))
    cpc = CpcField(label=_("Products and services (CPC)"), help_text=_("Codes of CPC 2.1, 1 to 5 digits."))
    isic = IsicField(label=_("Classes of activity (ISIC)"), help_text=_("For services."))
    node = forms.ModelChoiceField(
        Node.objects.none(),
        label=_("Link of a chain"),
        required=False,
        help_text=_("Where it belongs. Empty: its words and codes decide."),
    )
    certificates = several(_("Certificates"), certificates.choices)
    other_certificates = SchemesField(label=_("Other certificates"), help_text=_("By name, with commas between."))
    attributes = AttributesField(label=_("Specification"), help_text=_("A line each, such as: thickness <= 12 µm"))
    incoterms = several(_("Incoterms"), Incoterm.choices)
    agreements = several(_("Kinds of agreement"), Agreement.choices)
    partner_kinds = several(_("Partner sought"), PartnerKind.choices)
    partner_sizes = several(_("Size of the partner"), Firm.Size.choices)
    countries_wanted = CountriesField(label=_("Countries or regions wanted"), help_text=_("Empty: all."))
    countries_excluded = CountriesField(label=_("Countries or regions excluded"))
    languages = several(_("Languages of the talks"), written_languages)
    musts = several(
        _("Must be met"),
        (),
        help_text=_("Of what you state. What is not ticked is a wish: it counts, and shuts nobody out."),
    )

    COMMON: ClassVar = ["family", "currency", "price_low", "price_high", "delivery_place", "delivery_from"]
    COMMON += ["delivery_until", "development", "rights", "anonymous", "valid_until"]
    LABELS: ClassVar = {
        "family": _("Family"),
        "currency": _("Currency (ISO 4217)"),
        "delivery_place": _("Place of delivery"),
        "delivery_from": _("Delivery from"),
        "delivery_until": _("Delivery until"),
        "development": _("Stage of development"),
        "rights": _("Intellectual property"),
        "anonymous": _("On the market without my name until I accept"),
        "valid_until": _("Valid until"),
        "unit": _("Unit"),
    }
    WIDGETS: ClassVar = {"delivery_from": _DATE, "delivery_until": _DATE, "valid_until": _DATE}

    PARTNER: ClassVar = (
        _("Partner"),
        (
            *("agreements", "partner_kinds", "partner_sizes", "partner_role"),
            *("countries_wanted", "countries_excluded", "languages"),
        ),
    )
    MUSTS: ClassVar = (_("Musts and wishes"), ["musts"])
    SHOWING: ClassVar = (_("Publication"), ["anonymous", "valid_until"])
    GROUPS: ClassVar[tuple[tuple[Any, Sequence[str]], ...]] = ()

    def __init__(self, item: MarketItem, languages: Iterable[str], data: Any = None, *, asked: str = "") -> None:
        own = [name for name in self.base_fields if name not in NOT_OF_THE_ROW]
        lists = {name: value for name in own if isinstance(value := getattr(item, name, None), list)}
        lists["certificates"], lists["other_certificates"] = known_schemes(item.certificates)
        super().__init__(data, instance=item, initial=lists)
        shown = list(languages)
        node = self.fields["node"]
        assert isinstance(node, forms.ModelChoiceField)
        node.queryset = Node.objects.all()
        node.choices = node_choices(item.edition)
        talks = self.fields["languages"]
        assert isinstance(talks, forms.MultipleChoiceField)
        talks.choices = written_languages(item.languages)  # a call or a workbook may have said another
        musts = self.fields["musts"]
        assert isinstance(musts, forms.MultipleChoiceField)
        musts.choices = asking.choices(item)
        texts = (
            ("title", _("Title"), False, 200),
            ("summary", _("Summary"), True, 500),
            ("text", _("Description"), True, 4_000),
            ("partner_role", _("What the partner is to do"), True, 1_000),
        )
        said = {name: getattr(item, name) for name, _label, _long, _longest in texts}
        self.fields |= text_fields(texts, languages=shown, required="title", initial=said, asked=asked)
        self.fields["unit"] = forms.ChoiceField(
            label=_("Unit"), choices=self._units(item), required=False, initial=getattr(item, "unit", "")
        )

    def _units(self, item: MarketItem) -> list[tuple[str, Any]]:
        kept = str(getattr(item, "unit", ""))
        return [*UNITS, *([(kept, kept)] if kept and kept not in dict(UNITS) else [])]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The fields in their groups, and whether a group stands open: the first does, and one with an error."""
        found = []
        for number, (title, names) in enumerate(self.GROUPS):
            fields = [self[name] for name in names]
            found.append((title, fields, number == 0 or any(field.errors for field in fields)))
        return found

    def suggested(self) -> list[Suggested]:
        """The HS codes that the words of the form may have, be the rest of it valid or not."""
        return suggested_codes(self.cleaned_data.get("title", {}), self.cleaned_data.get("text", {}))

    def item(self) -> MarketItem:
        """The offer or the need with all that the form says."""
        for name, value in self.cleaned_data.items():
            if name not in NOT_OF_THE_ROW:
                setattr(self.instance, name, value)
        return self.instance

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as CNY."))
        return code

    def clean(self) -> dict[str, Any]:
        """Each pair of from and to in its order, and money with its currency."""
        values = super().clean() or self.cleaned_data
        values["certificates"] = [*values.get("certificates", []), *values.get("other_certificates", [])]
        pairs = (("price_low", "price_high"), ("delivery_from", "delivery_until"), ("budget_low", "budget_high"))
        for low, high in pairs:
            first, last = values.get(low), values.get(high)
            if first is not None and last is not None and last < first:
                self.add_error(high, _("This is less than where it begins."))
        money = [values.get(name) for pair in (pairs[0], pairs[2]) for name in pair]
        if any(amount is not None for amount in money) and not values.get("currency"):
            self.add_error("currency", _("Say in which currency."))
        return values


class OfferForm(ItemForm):
    """A product or a service."""

    certifications = forms.ModelMultipleChoiceField(
        Certification.objects.none(),
        label=_("Certificates of the firm that it carries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each with its number, validity and file. Below the offer you can enter another."),
    )

    class Meta:
        model = Offer
        fields: ClassVar = [*ItemForm.COMMON, "launch", "launch_at", "minimum_order", "capacity", "capacity_period"]
        fields += ["lead_time_days", "gtin"]
        labels: ClassVar = ItemForm.LABELS | {
            "price_low": _("Price from"),
            "price_high": _("Price to"),
            "launch": _("Shown here for the first time"),
            "launch_at": _("Launch on"),
            "minimum_order": _("Minimum order"),
            "capacity": _("Capacity"),
            "capacity_period": _("Capacity in"),
            "lead_time_days": _("Lead time in days"),
            "gtin": _("Article number (GTIN)"),
        }
        widgets: ClassVar = ItemForm.WIDGETS | {
            "launch_at": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        }

    def __init__(self, item: MarketItem, languages: Iterable[str], data: Any = None, *, asked: str = "") -> None:
        super().__init__(item, languages, data, asked=asked)
        carried = self.fields["certifications"]
        assert isinstance(carried, forms.ModelMultipleChoiceField)
        carried.queryset = Certification.objects.filter(firm=item.participation.firm_id)
        if item.pk and isinstance(item, Offer):
            self.initial["certifications"] = list(item.certifications.all())
        else:
            self.initial["certifications"] = []

    GROUPS: ClassVar = (
        (_("What it is"), WHAT),
        (_("Certificates"), ["certifications", "certificates", "other_certificates"]),
        (
            _("Terms"),
            (
                *("gtin", "minimum_order", "unit", "lead_time_days", "capacity", "capacity_period"),
                *("price_low", "price_high", "currency", *DELIVERY),
            ),
        ),
        (_("Launch and stage"), ["launch", "launch_at", "development", "rights"]),
        ItemForm.PARTNER,
        ItemForm.MUSTS,
        ItemForm.SHOWING,
    )


class NeedForm(ItemForm):
    """What a firm looks for."""

    class Meta:
        model = Need
        fields: ClassVar = [*ItemForm.COMMON, "quantity", "frequency", "budget_low", "budget_high"]
        labels: ClassVar = ItemForm.LABELS | {
            "price_low": _("Target price from"),
            "price_high": _("Target price to"),
            "quantity": _("Quantity"),
            "frequency": _("How often"),
            "budget_low": _("Budget from"),
            "budget_high": _("Budget to"),
        }
        widgets: ClassVar = ItemForm.WIDGETS

    GROUPS: ClassVar = (
        (_("What is needed"), WHAT),
        (_("Certificates required"), ["certificates", "other_certificates"]),
        (
            _("Quantity and terms"),
            (
                *("quantity", "unit", "frequency", "budget_low", "budget_high"),
                *("price_low", "price_high", "currency", *DELIVERY),
            ),
        ),
        (_("Stage"), ["development", "rights"]),
        ItemForm.PARTNER,
        ItemForm.MUSTS,
        ItemForm.SHOWING,
    )


class FileForm(forms.Form):
    """A picture or a document of an offer or a need."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MarketFile.Kind.choices)
    file = forms.FileField(
        label=_("File"), help_text=_("PNG, JPEG or WebP; documents also PDF, DOCX, XLSX, PPTX; at most 5 MB.")
    )
    description = LocalizedTextFormField(label=_("What it shows"), required=False, max_length=300)

    def __init__(self, languages: Iterable[str], data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["description"] = LocalizedTextFormField(
            languages=list(languages), label=_("What it shows"), required=False, max_length=300
        )


class CertificateForm(forms.Form):
    """A certificate of the firm, which an offer carries."""

    scheme = forms.ChoiceField(label=_("Scheme"), choices=certificates.choices, required=False)
    other_scheme = forms.CharField(label=_("Another scheme"), max_length=_CERTIFICATE["scheme"].most, required=False)
    number = forms.CharField(label=_("Number"), max_length=_CERTIFICATE["number"].most, required=False)
    body = forms.CharField(label=_("Issued by"), max_length=_CERTIFICATE["body"].most, required=False)
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=_DATE)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=_DATE)
    file = forms.FileField(label=_("File"), required=False, help_text=_("PDF, PNG, JPEG or WebP; at most 8 MB."))

    def clean(self) -> dict[str, Any]:
        """Another scheme goes before that of the list, and a certificate ends after it begins."""
        values = super().clean() or self.cleaned_data
        values["scheme"] = certificates.canonical(values.pop("other_scheme", "") or values.get("scheme", ""))
        if not values["scheme"]:
            self.add_error("scheme", _("Say after which scheme."))
        begins, ends = values.get("valid_from"), values.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", _("This is less than where it begins."))
        return values


class ReturnForm(forms.Form):
    """Why something goes back to its firm."""

    reason = forms.CharField(
        label=_("What has to be changed"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 2})
    )
