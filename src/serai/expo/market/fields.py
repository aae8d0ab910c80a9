"""Fields of the forms of offers and needs: lists of codes, countries, schemes and attributes as people write them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo import certificates
from serai.expo.market import attributes
from serai.world.classifications import countries, cpc, isic
from serai.world.classifications import harmonized_system as hs


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
    """HS codes of 2, 4 or 6 digits whose chapter or heading there is."""

    def one(self, part: str) -> str:
        code = part.replace(".", "").replace(" ", "")
        if not code.isdigit() or len(code) not in (2, 4, 6) or not _is_hs(code):
            raise forms.ValidationError(_("%(code)s is not a code of HS 2022."), params={"code": part})
        return code


def _is_hs(code: str) -> bool:
    """Whether the heading of a code, or the chapter of two digits, is in HS 2022."""
    return hs.exists(code[:4]) if len(code) > 2 else code in {chapter.code for chapter in hs.chapters()}


class CpcField(ListField):
    """CPC 2.1 codes of 1 to 5 digits that there are."""

    def one(self, part: str) -> str:
        code = part.replace(" ", "")
        if not cpc.exists(code):
            raise forms.ValidationError(_("%(code)s is not a code of CPC 2.1."), params={"code": part})
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


class SchemesField(ListField):
    """Certificates by the names of their schemes: those of the list under one spelling, others as they are written."""

    def one(self, part: str) -> str:
        return certificates.canonical(part)

    def clean(self, value: Any) -> list[str]:
        return certificates.canonical_list(super().clean(value))


def several(label: Any, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    """Some of these, each with a box to tick."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **options
    )


def known_schemes(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names of certificates parted into those of the list and all others."""
    listed = certificates.canonical_list(names)
    known = [name for name in listed if certificates.is_known(name)]
    return known, [name for name in listed if name not in known]
