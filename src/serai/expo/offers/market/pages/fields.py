"""Fields of the forms of offers and needs: lists of codes, countries, schemes and attributes as people write them."""

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
from serai.expo.base.field_form import LONGEST_LIST, PLAIN
from serai.expo.base.fields import Field
from serai.expo.base.text import written_languages
from serai.expo.base.workbooks.domain.reasons import sentence
from serai.expo.offers.chains.domain.positions import node_choices
from serai.expo.offers.chains.models import Node
from serai.expo.offers.market.domain import attributes
from serai.expo.offers.market.domain.checks import KNOWN
from serai.expo.offers.market.domain.units import UNITS
from serai.expo.offers.market.models import MarketItem
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
        return attributes.write(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[attributes.Attribute]:
        try:
            read = attributes.read(str(super().clean(value) or ""))
        except attributes.UnreadableAttributeError as line:
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
