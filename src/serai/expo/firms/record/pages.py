"""The form of the record of a firm, and its media."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from babel import Locale
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from serai.expo.base.field_form import LONGEST_LIST, PLAIN, country_choices
from serai.expo.base.fields import Field
from serai.expo.base.files.models import Audience
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.base.text import country_name, language_name, written_languages
from serai.expo.base.workbooks.domain.reasons import sentence
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Phase
from serai.expo.fairs.edition.pages.guards import user_required
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain import cells, firm_cells, media
from serai.expo.firms.record.domain.cells import UnreadableError
from serai.expo.firms.record.domain.fields import INCOTERMS
from serai.expo.firms.record.domain.record_pages import Group
from serai.expo.firms.record.domain.visibility import audience_of, key_of
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import is_visible_at
from serai.expo.firms.verification.pages import edited_firm

READERS = "readers-"
"""Before the name of what is read: the field that says who reads it."""

_NONE = [("", "—")]


class CellField(forms.CharField):
    """Several codes as a person writes them, read as a cell of a workbook is."""

    def __init__(
        self,
        most: int | None,
        read: Callable[[str], Sequence[str]],
        say: Callable[[str], str],
        between: str,
        **options: Any,
    ) -> None:
        super().__init__(max_length=LONGEST_LIST, **options)
        self.most, self.read, self.say, self.between = most, read, say, between

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else self.between.join(map(self.say, value))

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        try:
            return list(cells.within(self.read(text), None, self.most)) if text else []
        except UnreadableError as error:
            why = sentence(error.reason, error.details)
            raise forms.ValidationError(why[:1].upper() + why[1:]) from error


def _isic(text: str) -> Sequence[str]:
    """As in a cell; the letter of the section, which some write before the digits, is left out."""
    parts = text.replace("，", ",").split(",")
    short = (part.strip() for part in parts)
    return cells.isic(", ".join(part[1:] if part[:1].isalpha() and part[1:].isdigit() else part for part in short))


def _spoken(text: str) -> Sequence[str]:
    """As in a cell; the code of any language that Babel knows is taken too, as the API takes it."""
    names = Locale("en").languages
    codes = [
        code
        for part in re.split(r"[;；,，、؛،\n]", text)
        if (name := part.strip())
        for code in (
            [name.lower()] if cells.language_code(name) is None and name.lower() in names else firm_cells.spoken(name)
        )
    ]
    return list(dict.fromkeys(codes))


def _language(code: str) -> str:
    """The name of a language where it can be read back, else its code."""
    name = language_name(code)
    try:
        return name if firm_cells.spoken(name) == (code,) else code
    except UnreadableError:
        return code


class FirmField(forms.CharField):
    """A firm of the fair by its identifier; the one that is written there already stays."""

    def __init__(self, page: "Page", **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.page = page

    def prepare_value(self, value: Any) -> Any:
        return value.identifier if isinstance(value, Firm) else value

    def clean(self, value: Any) -> Firm | None:
        text = super().clean(value)
        if not text:
            return None
        identifier = leading(text.strip().upper())
        parent = self.page.firm.parent
        if parent is not None and parent.identifier == identifier:
            return parent
        firm = Firm.objects.filter(identifier=identifier).first()
        if firm is None or not is_visible_at(self.page.user, self.page.edition, firm):
            raise forms.ValidationError(
                gettext_lazy("No firm of this fair has the identifier %(code)s."), params={"code": text}
            )
        return firm


class Page:
    """For whom a form is made: the firm, the reader, the fair, the languages that stand side by side, and the one of
    them that the reader asked for."""

    def __init__(self, firm: Firm, user: Any, edition: Any, languages: Sequence[str], asked: str = "") -> None:
        self.firm, self.user, self.edition, self.languages, self.asked = firm, user, edition, languages, asked


type _Make = Callable[[Field, Page, dict[str, Any]], forms.Field]


def _cell(read: Callable[[str], Sequence[str]], say: Callable[[str], str] = str, between: str = ", ") -> _Make:
    return lambda field, _page, options: CellField(field.most, read, say, between, **options)


def _choice(choices: Callable[[Field], Iterable[tuple[str, str | Promise]]]) -> _Make:
    return lambda field, _page, options: forms.ChoiceField(choices=[*_NONE, *choices(field)], **options)


class _CodeField(forms.CharField):
    def clean(self, value: Any) -> str:
        return str(super().clean(value)).replace(".", "").replace(" ", "")


KINDS: Mapping[str, _Make] = {
    **PLAIN,
    "link": lambda field, _page, options: forms.URLField(max_length=field.most, assume_scheme="https", **options),
    "yes_no": lambda _field, _page, options: forms.NullBooleanField(**options),
    "choice": _choice(lambda field: field.choices.choices if field.choices else ()),
    "incoterms": lambda _field, _page, options: forms.MultipleChoiceField(
        choices=[(term, term) for term in INCOTERMS], widget=forms.CheckboxSelectMultiple, **options
    ),
    "language": _choice(lambda _field: written_languages()),
    "country": lambda _field, _page, options: forms.ChoiceField(choices=country_choices(), **options),
    "firm": lambda _field, page, options: FirmField(page, **options),
    "code": lambda _field, _page, options: _CodeField(max_length=20, **options),
    "isic": _cell(_isic),
    "cpc": _cell(firm_cells.cpc),
    "languages": _cell(_spoken, _language),
    "countries": _cell(firm_cells.markets, country_name, "; "),
    "file": lambda _field, _page, options: forms.FileField(widget=forms.FileInput, **options),
}
"""How a field of each kind is written on a page."""


class RecordForm(forms.Form):
    """The fields of a group as the firm, or a row of it, has them; ``readers`` are those whose audience is chosen."""

    def __init__(
        self,
        group: Group,
        page: Page,
        of: Any,
        data: Any = None,
        files: Any = None,
        *,
        hidden: frozenset[str] = frozenset(),
        readers: Iterable[str] = (),
    ) -> None:
        shown_fields = {field.name: field for field in group.fields if field.name not in hidden}
        initial = {name: getattr(of, name) for name, field in shown_fields.items() if field.kind != "file"}
        super().__init__(data, files, initial=initial)
        self.group, self.known, self.readers = group, shown_fields, tuple(readers)
        for name, field in shown_fields.items():
            options = {"label": field.title, "help_text": field.help, "required": field.required}
            self.fields[name] = KINDS[field.kind](field, page, options)
        for key in self.readers:
            self.fields[READERS + key] = forms.ChoiceField(
                label=gettext_lazy("Who sees it"),
                choices=Audience.choices,
                initial=audience_of(page.firm, key),
                required=False,
            )

    def values(self) -> dict[str, Any]:
        """What was written, by field; files are apart."""
        return {name: self.cleaned_data[name] for name, field in self.known.items() if field.kind != "file"}

    def audiences(self) -> dict[str, str]:
        """Who shall read what; what the form did not say stays."""
        return {key: audience for key in self.readers if (audience := self.cleaned_data[READERS + key])}

    def add_fault(self, field: str, why: str) -> None:
        """Show a fault of the domain beside its field, or above all."""
        self.add_error(field if field in self.fields else None, why)

    def parts(self) -> list[tuple[forms.BoundField, str, forms.BoundField | None]]:
        """Each field, the name of what is chosen for it, and the choice of readers where it is the last of those."""
        last = {key_of(name): name for name in self.known}
        return [
            (
                self[name],
                key_of(name),
                self[READERS + key] if (key := key_of(name)) in self.readers and last[key] == name else None,
            )
            for name in self.known
        ]


@user_required("GET", "POST")
def firm_media(request: Any, identifier: str) -> HttpResponse:
    firm = edited_firm(request, identifier)
    closed = closed_sentence(request.edition, Phase.Kind.PROFILE)
    if request.method == "POST" and not closed:
        with told_to(request, media.MediumRefusedError):
            messages.success(request, _answer(request, firm))
        return redirect("firm-media", request.edition.slug, firm.identifier)
    page = {"firm": firm, "media": firm.media.select_related("file"), "closed": closed}
    return render(request, "firms/record/media.html", page)


def _answer(request: Any, firm: Firm) -> str:
    given = request.POST
    caption = {get_language() or "en": given.get("caption", "").replace("\0", "")}
    if number := given.get("remove"):
        medium = get_object_or_404(firm.media.select_related("file"), pk=number_of(number) or 0)
        media.remove(medium, user=request.user)
        return _("It is removed.")
    if given.get("logo") == "remove":
        media.remove_logo(firm, user=request.user)
        return _("It is removed.")
    if link := given.get("link", "").replace("\0", "").strip():
        media.add_film(firm, link, caption, user=request.user)
        return _("The link is kept.")
    upload = request.FILES.get("file")
    if upload is None:
        raise media.MediumRefusedError(_("Choose a picture, or write the address of a film."))
    if "logo" in given:
        media.set_logo(firm, upload, user=request.user)
    else:
        media.add_picture(firm, upload, caption, user=request.user)
    return _("The picture is kept.")


urlpatterns = [
    path("firms/<slug:identifier>/media/", firm_media, name="firm-media"),
]
