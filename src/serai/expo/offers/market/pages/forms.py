"""Forms of offers and needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serai.expo.base import certificates
from serai.expo.base.field_form import day_input
from serai.expo.base.files.models import Focus
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.firms.record.domain.fields import ROWS
from serai.expo.firms.record.models import Certification
from serai.expo.offers.market.domain.checks import faults_of
from serai.expo.offers.market.domain.codes import Codes, suggested_codes
from serai.expo.offers.market.domain.item_fields import FIELDS
from serai.expo.offers.market.models import MarketFile, MarketItem, Need, Offer
from serai.expo.offers.market.pages.fields import KINDS, SchemesField, Shown, known_schemes

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
