"""Forms of offers and needs."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.firms.models import Firm
from serai.expo.market import attributes
from serai.expo.market.models import Agreement, Incoterm, MarketFile, MarketItem, Need, Offer, PartnerKind
from serai.expo.market.units import UNITS
from serai.expo.text_form import LocalizedTextFormField, text_fields
from serai.world.classifications import countries, isic
from serai.world.classifications import harmonized_system as hs

DELIVERY = ("incoterms", "delivery_place", "delivery_from", "delivery_until")

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ListField(forms.CharField):
    """Short texts with commas between, as a list."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {"required": False, "max_length": 600}
        super().__init__(**(defaults | options))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        for other in "，、;；\n":
            text = text.replace(other, ",")
        found = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
        return [self.one(part) for part in found]

    def one(self, part: str) -> str:
        """A part as it is kept. Raises ValidationError."""
        return part


class HsField(ListField):
    """HS codes of 4 or 6 digits whose heading there is."""

    def one(self, part: str) -> str:
        code = part.replace(".", "").replace(" ", "")
        if not code.isdigit() or len(code) not in (4, 6) or not hs.exists(code[:4]):
            raise forms.ValidationError(_("%(code)s is not a code of HS 2022."), params={"code": part})
        return code


class IsicField(ListField):
    """ISIC Rev.4 classes, with or without the letter of their section."""

    def one(self, part: str) -> str:
        code = part.upper()
        if not isic.exists(code.lstrip("ABCDEFGHIJKLMNOPQRSTU") or code):
            raise forms.ValidationError(_("%(code)s is not a class of ISIC."), params={"code": part})
        return code


class CountriesField(ListField):
    """Countries and regions by name in any language of the interface, or by code."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            language = get_language() or "en"
            # A comma in a name ("Korea, Republic of") would read as two countries.
            return ", ".join(name if "," not in (name := countries.name(code, language)) else code for code in value)
        return value

    def one(self, part: str) -> str:
        found = countries.find(part)
        if found is None:
            raise forms.ValidationError(_("No country or region is called %(name)s."), params={"name": part})
        return found.alpha2


class AttributesField(forms.CharField):
    """Attributes of a specification, a line each."""

    def __init__(self, **options: Any) -> None:
        area = forms.Textarea(attrs={"rows": 4})
        defaults: dict[str, Any] = {"required": False, "max_length": 4_000, "widget": area}
        super().__init__(**(defaults | options))

    def prepare_value(self, value: Any) -> Any:
        return attributes.write(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[attributes.Attribute]:
        try:
            return attributes.read(str(super().clean(value) or ""))
        except attributes.UnreadableAttributeError as line:
            raise forms.ValidationError(
                _("'%(line)s' can't be read. Write a name, a sign and a value, as in: thickness <= 12 µm"),
                params={"line": str(line)},
            ) from None


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class ItemForm(forms.ModelForm[MarketItem]):
    """What the forms of offers and needs have in common. ``groups`` is their layout."""

    hs = HsField(label=_("HS codes"), help_text=_("Of 4 or 6 digits, with commas between."))
    isic = IsicField(label=_("Classes of activity (ISIC)"), help_text=_("For services."))
    certificates = ListField(label=_("Certificates"), help_text=_("Such as ISO 9001, CE; with commas between."))
    attributes = AttributesField(label=_("Specification"), help_text=_("A line each, such as: thickness <= 12 µm"))
    incoterms = _several(_("Incoterms"), Incoterm.choices)
    agreements = _several(_("Kinds of agreement"), Agreement.choices)
    partner_kinds = _several(_("Partner sought"), PartnerKind.choices)
    partner_sizes = _several(_("Size of the partner"), Firm.Size.choices)
    countries_wanted = CountriesField(label=_("Countries or regions wanted"), help_text=_("Empty: all."))
    countries_excluded = CountriesField(label=_("Countries or regions excluded"))
    languages = _several(_("Languages of the talks"), settings.LANGUAGES)

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
        "anonymous": _("Without my name until I accept"),
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
    SHOWING: ClassVar = (_("Publication"), ["anonymous", "valid_until"])
    GROUPS: ClassVar[tuple[tuple[Any, Sequence[str]], ...]] = ()

    def __init__(self, item: MarketItem, languages: Iterable[str], data: Any = None) -> None:
        lists = {name: getattr(item, name) for name in self.base_fields if isinstance(getattr(item, name, None), list)}
        super().__init__(data, instance=item, initial=lists)
        shown = list(languages)
        texts = (
            ("title", _("Title"), False, 200),
            ("text", _("Description"), True, 4_000),
            ("partner_role", _("What the partner is to do"), True, 1_000),
        )
        said = {name: getattr(item, name) for name, _label, _long, _longest in texts}
        self.fields |= text_fields(texts, languages=shown, required="title", initial=said)
        self.fields["unit"] = forms.ChoiceField(label=_("Unit"), choices=self._units(item), required=False)

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

    def item(self) -> MarketItem:
        """The offer or the need with all that the form says."""
        for name, value in self.cleaned_data.items():
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

    class Meta:
        model = Offer
        fields: ClassVar = [*ItemForm.COMMON, "launch", "launch_at", "minimum_order", "capacity", "capacity_period"]
        fields += ["lead_time_days"]
        labels: ClassVar = ItemForm.LABELS | {
            "price_low": _("Price from"),
            "price_high": _("Price to"),
            "launch": _("Shown here for the first time"),
            "launch_at": _("Launch on"),
            "minimum_order": _("Minimum order"),
            "capacity": _("Capacity"),
            "capacity_period": _("Capacity in"),
            "lead_time_days": _("Lead time in days"),
        }
        widgets: ClassVar = ItemForm.WIDGETS | {
            "launch_at": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        }

    GROUPS: ClassVar = (
        (_("What it is"), ["family", "title", "text", "hs", "isic", "certificates", "attributes"]),
        (
            _("Terms"),
            (
                *("minimum_order", "unit", "lead_time_days", "capacity", "capacity_period"),
                *("price_low", "price_high", "currency", *DELIVERY),
            ),
        ),
        (_("Launch and stage"), ["launch", "launch_at", "development", "rights"]),
        ItemForm.PARTNER,
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
        (_("What is needed"), ["family", "title", "text", "hs", "isic", "certificates", "attributes"]),
        (
            _("Quantity and terms"),
            (
                *("quantity", "unit", "frequency", "budget_low", "budget_high"),
                *("price_low", "price_high", "currency", *DELIVERY),
            ),
        ),
        (_("Stage"), ["development", "rights"]),
        ItemForm.PARTNER,
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


class ReturnForm(forms.Form):
    """Why something goes back to its firm."""

    reason = forms.CharField(
        label=_("What has to be changed"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 2})
    )
