"""Forms of offers and needs, and their fields: lists of codes, countries, schemes and attributes as people write
them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models.fields import BLANK_CHOICE_LABEL
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base import certificates
from serai.expo.base.field_form import LONGEST_LIST, PLAIN, day_input
from serai.expo.base.fields import Field
from serai.expo.base.files.models import Focus
from serai.expo.base.text import written_languages
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.base.workbooks.domain.reasons import sentence
from serai.expo.firms.record.domain.fields import ROWS
from serai.expo.firms.record.models import Certification
from serai.expo.offers.chains.domain.positions import node_choices
from serai.expo.offers.chains.models import Node
from serai.expo.offers.market.domain import specification
from serai.expo.offers.market.domain.item_fields import FIELDS, KNOWN, faults_of
from serai.expo.offers.market.domain.specification import UNITS, Codes, suggested_codes
from serai.expo.offers.market.models import MarketFile, MarketItem, Need, Offer
from serai.expo.offers.market.models import requirements as asking
from serai.world.classifications import countries


class ListField(forms.CharField):
    """Short texts with commas between, as a list."""

    def __init__(self, *, most: int | None = None, **options: Any) -> None:
        super().__init__(max_length=LONGEST_LIST, **options)
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        for other in "，、;；\n":
            text = text.replace(other, ",")
        parts = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
        if self.most is not None and len(parts) > self.most:
            raise forms.ValidationError(sentence("too_many", {"most": self.most}))
        return [self.one(part) for part in parts]

    def one(self, part: str) -> str:
        """A part as it is kept. Raises ValidationError."""
        return part


class CodesField(ListField):
    """Codes of a nomenclature, each read by ``read``; ``sentence`` says that there is no such ``%(code)s``."""

    def __init__(self, kind: str, read: Callable[[str], str], sentence: str | Promise, **options: Any) -> None:
        super().__init__(**options)
        self.is_known, self.read, self.sentence = KNOWN[kind], read, sentence

    def one(self, part: str) -> str:
        code = self.read(part)
        if not self.is_known(code):
            raise forms.ValidationError(str(self.sentence), params={"code": part})
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
        country = countries.find(part)
        if country is None:
            raise forms.ValidationError(_("No country or region is called %(name)s."), params={"name": part})
        return country.alpha2


class AttributesField(forms.CharField):
    """Attributes of a specification, a line each."""

    def __init__(self, field: Field, **options: Any) -> None:
        super().__init__(max_length=LONGEST_LIST, widget=forms.Textarea(attrs={"rows": 4}), **options)
        self.most, self.each = field.most, field.each or 0

    def prepare_value(self, value: Any) -> Any:
        return specification.write(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[specification.Attribute]:
        try:
            read = specification.read(str(super().clean(value) or ""))
        except specification.UnreadableAttributeError as line:
            raise forms.ValidationError(
                _("'%(line)s' can't be read. Write a name, a sign and a value, as in: thickness <= 12 µm"),
                params={"line": str(line)},
            ) from None
        if self.most is not None and len(read) > self.most:
            raise forms.ValidationError(sentence("too_many", {"most": self.most}))
        for part in (part for attribute in read for part in attribute):
            MaxLengthValidator(self.each)(part)
        return read


class CurrencyField(forms.CharField):
    """The three letters of a currency."""

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A currency has three letters, such as CNY."))
        return code


class SchemesField(ListField):
    """Certificates by the names of their schemes: those of the list under one spelling, others as they are written."""

    def __init__(self, field: Field, **options: Any) -> None:
        super().__init__(most=field.most, **options)
        self.each = field.each or 0

    def one(self, part: str) -> str:
        name = certificates.canonical(part)
        MaxLengthValidator(self.each)(name)
        return name

    def clean(self, value: Any) -> list[str]:
        return certificates.canonical_list(super().clean(value))


def known_schemes(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names of certificates parted into those of the list and all others."""
    listed = certificates.canonical_list(names)
    known = [name for name in listed if certificates.is_known(name)]
    return known, [name for name in listed if name not in known]


@dataclass(frozen=True)
class Shown:
    """For what a form is made: the item, the languages that stand side by side, and the one that was asked for."""

    item: MarketItem
    languages: tuple[str, ...]
    asked: str


type _Make = Callable[[Field, Shown, dict[str, Any]], forms.Field]


def _codes(kind: str, read: Callable[[str], str], sentence: str | Promise) -> _Make:
    return lambda field, _shown, options: CodesField(kind, read, sentence, most=field.most, **options)


def _one(
    choices: Callable[[Field, MarketItem], Any], kind: type[forms.ChoiceField] = forms.ChoiceField, **more: Any
) -> _Make:
    return lambda field, shown, options: kind(choices=choices(field, shown.item), **more, **options)


def _several(choices: Callable[[Field, MarketItem], Any]) -> _Make:
    return _one(choices, forms.MultipleChoiceField, widget=forms.CheckboxSelectMultiple)


def _choices(field: Field, _item: MarketItem) -> list[tuple[str, Any]]:
    return [*([] if field.required else [("", BLANK_CHOICE_LABEL)]), *(field.choices.choices if field.choices else ())]


def _units(_field: Field, item: MarketItem) -> list[tuple[str, Any]]:
    kept = str(getattr(item, "unit", ""))
    return [*UNITS, *([(kept, kept)] if kept and kept not in dict(UNITS) else [])]


def _node(_field: Field, shown: Shown, options: dict[str, Any]) -> forms.Field:
    field = forms.ModelChoiceField(Node.objects.all(), **options)
    field.choices = node_choices(shown.item.edition)
    return field


KINDS: Mapping[str, _Make] = {
    **PLAIN,
    "choice": _one(_choices),
    "unit": _one(_units),
    "several": _several(lambda field, _item: field.choices.choices if field.choices else ()),
    "schemes": _several(lambda _field, _item: certificates.choices()),
    "languages": _several(lambda _field, item: written_languages(item.languages)),  # a call may have given another one
    "musts": _several(lambda _field, item: asking.choices(item)),
    "hs": _codes("hs", lambda code: code.replace(".", "").replace(" ", ""), _("%(code)s is not a code of HS 2022.")),
    "cpc": _codes("cpc", lambda code: code.replace(" ", ""), _("%(code)s is not a code of CPC 2.1.")),
    "isic": _codes("isic", str.upper, _("%(code)s is not a class of ISIC.")),
    "countries": lambda field, _shown, options: CountriesField(most=field.most, **options),
    "attributes": lambda field, _shown, options: AttributesField(field, **options),
    "node": _node,
    "currency": lambda field, _shown, options: CurrencyField(max_length=field.most, **options),
    "gtin": PLAIN["line"],
    "moment": lambda _field, _shown, options: forms.DateTimeField(
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}), **options
    ),
}
"""How a field of each kind is written on a page."""


FIRST = ("title", "family", "text")
"""The fields that are asked for first; the others are folded."""

GROUPS: Mapping[str, Mapping[type[MarketItem], str | Promise]] = {
    "what": {Offer: _("What it is"), Need: _("What is needed")},
    "details": dict.fromkeys((Offer, Need), _("Codes, node and specification")),
    "certificates": {Offer: _("Certificates"), Need: _("Certificates required")},
    "terms": {Offer: _("Terms"), Need: _("Quantity and terms")},
    "stage": {Offer: _("Launch and stage"), Need: _("Stage")},
    "partner": dict.fromkeys((Offer, Need), _("Partner")),
    "musts": dict.fromkeys((Offer, Need), _("Musts and wishes")),
    "publication": dict.fromkeys((Offer, Need), _("Publication")),
}
"""The groups of fields, by the page on which the table (``market.item_fields``) puts a field."""

NOT_OF_THE_ROW = frozenset({"other_certificates", "certifications"})
"""Fields of a form that are no fields of the row: they are kept in others, or apart."""

_CERTIFICATE = ROWS[Certification]


class ItemForm(forms.Form):
    """The form of an offer or a need, made of the table of its fields."""

    def __init__(self, item: MarketItem, languages: Iterable[str], data: Any = None, *, asked: str = "") -> None:
        self.instance, self.table = item, FIELDS[type(item)]
        initial = {name: getattr(item, name) for name in self.table} | {"node": item.node_id}
        initial["certificates"], initial["other_certificates"] = known_schemes(item.certificates)
        super().__init__(data, initial=initial)
        shown = Shown(item, tuple(languages), asked)
        for name, field in self.table.items():
            options = {"label": field.title, "help_text": field.help, "required": field.required}
            self.fields[name] = KINDS[field.kind](field, shown, options)
            if field.kind == "schemes":
                options = {"label": _("Other certificates"), "help_text": _("By name, with commas between.")}
                self.fields["other_certificates"] = SchemesField(field, required=False, **options)

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The fields in their groups, and whether a group stands open: the first does, one with an error, and the codes
        where they are suggested or the item is there already.
        """
        pages = {name: field.page for name, field in self.table.items()} | dict.fromkeys(NOT_OF_THE_ROW, "certificates")
        pages |= {name: "details" for name, page in pages.items() if page == "what" and name not in FIRST}
        opened = {"what", "details"} if self.instance.pk or "suggest" in self.data else {"what"}
        names = (*FIRST, *(name for name in self.fields if name not in FIRST))
        found = []
        for page, titles in GROUPS.items():
            fields = [self[name] for name in names if pages[name] == page]
            found.append((titles[type(self.instance)], fields, page in opened or any(field.errors for field in fields)))
        return found

    def suggested(self) -> Codes:
        """The HS codes that the words of the form may have, be the rest of it valid or not."""
        return suggested_codes(self.cleaned_data.get("title", {}), self.cleaned_data.get("text", {}))

    def item(self) -> MarketItem:
        """The offer or the need with all that the form says."""
        for name, value in self.cleaned_data.items():
            if name not in NOT_OF_THE_ROW:
                setattr(self.instance, name, value)
        return self.instance

    def clean(self) -> dict[str, Any]:
        """What must hold of an item, whoever writes it (``checking``)."""
        values = super().clean() or self.cleaned_data
        if "certificates" in self.fields:
            values["certificates"] = [*values.get("certificates", []), *values.get("other_certificates", [])]
        for name, why in faults_of(self.item()).items():
            if name in values:  # of any other something else is wrong
                self.add_error(name, why)
        return values


class OfferForm(ItemForm):
    """A product or a service."""

    def __init__(self, item: MarketItem, languages: Iterable[str], data: Any = None, *, asked: str = "") -> None:
        super().__init__(item, languages, data, asked=asked)
        self.fields["certifications"] = forms.ModelMultipleChoiceField(
            Certification.objects.filter(firm=item.participation.firm_id),
            label=_("Certificates of the firm that it carries"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Each with its number, validity and file. Below the offer you can enter another."),
        )
        self.initial["certifications"] = list(item.certifications.all()) if item.pk and isinstance(item, Offer) else []
        self.order_fields([*(name for name, field in self.table.items() if field.page == "what"), "certifications"])


class NeedForm(ItemForm):
    """What a firm looks for."""


class BriefForm(ItemForm):
    """The title and the price of an offer or a need, changed where it is listed.

    A fault elsewhere in the item is told on its own page.
    """

    def __init__(self, item: MarketItem, languages: Iterable[str], data: Any = None) -> None:
        super().__init__(item, languages, data)
        self.fields = {name: self.fields[name] for name in ("title", "price_low", "price_high", "currency")}


class FileForm(forms.Form):
    """A picture or a document of an offer or a need."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MarketFile.Kind.choices)
    file = forms.FileField(
        label=_("File"), help_text=_("PNG, JPEG or WebP; documents also PDF, DOCX, XLSX, PPTX; at most 5 MB.")
    )
    description = LocalizedTextFormField(label=_("What it shows"), required=False, max_length=300)
    focus = forms.ChoiceField(
        label=_("What must stay in sight"), choices=Focus.choices, initial=Focus.CENTRE, required=False
    )

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
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=day_input())
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=day_input())
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
