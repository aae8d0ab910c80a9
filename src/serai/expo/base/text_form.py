"""Editing a text in several languages side by side."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import WRITTEN, Said, content_languages, every_language, grouped_languages, language_name

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

OTHER = ("other-language", "other-text")
"""Endings of the name of a field: for a language that is chosen from all others, and for the text in it."""

SIDE_BY_SIDE = 3
"""Up to this number all languages are shown; of more, those without a text are closed until they are opened."""


class LanguageSelect(forms.Select):
    """A choice of every language, drawn once for each language of a reader: its options are three hundred.

    Where something is chosen it is drawn as any other choice is.
    """

    def __init__(self) -> None:
        super().__init__(choices=[("", "—"), *grouped_languages()])

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        if value not in (None, "", [], [""]):
            return super().render(name, value, attrs, renderer)
        told = attrs or {}
        shared = told | {"id": "ID"} if "id" in told else told
        drawn = _nothing_chosen(get_language() or "", tuple(sorted(shared.items()))).replace(
            '"NAME"', f'"{escape(name)}"', 1
        )
        if "id" in told:
            drawn = drawn.replace('"ID"', f'"{escape(told["id"])}"', 1)
        return mark_safe(drawn)  # noqa: S308  drawn by the template; what is put in is escaped


@lru_cache(maxsize=64)  # a choice is 16 KB
def _nothing_chosen(_reader: str, attrs: tuple[tuple[str, Any], ...]) -> str:
    """The choice in the language that is active, with the words NAME and ID where a field has its own."""
    return forms.Select(choices=LanguageSelect().choices).render("NAME", "", dict(attrs))


class LocalizedTextWidget(forms.MultiWidget):
    """An input for each language: first those with a text, else the reader's and English; the others can be opened.

    ``asked`` is a language in which the reader is about to write; it is among the first. With ``any_language`` the
    widget shows the languages of the interface, those with a text, and one choice of all others: an input for each
    would fill a page.
    """

    use_fieldset = True

    def __init__(
        self,
        languages: Sequence[str],
        *,
        long: bool = False,
        any_language: bool = False,
        asked: str = "",
        attrs: dict[str, Any] | None = None,
    ) -> None:
        self.languages = tuple(languages)
        self.any_language = any_language
        self.asked = asked
        widget = forms.Textarea if long else forms.TextInput
        rows = {"rows": 4} if long else {}
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            language: widget({"lang": language, "dir": Said("", language).direction} | rows)
            for language in self.languages
        }
        if any_language:
            inputs |= zip(OTHER, (LanguageSelect(), widget({"dir": "auto"} | rows)), strict=True)
        super().__init__(inputs, attrs)

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        texts = [(value or {}).get(language, "") for language in self.languages]
        return [*texts, "", ""] if self.any_language else texts

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002  Django hands it on; templates come from one place here
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        parts = dict(zip((*self.languages, *OTHER), zip(widget["subwidgets"], self.widgets, strict=True), strict=False))

        def drawn(language: str) -> tuple[str, str, SafeString]:
            part, input_ = parts[language]
            id_ = part["attrs"].get("id", "")
            return language_name(language), id_, input_.render(part["name"], part["value"], part["attrs"])

        written = {language for language in self.languages if parts[language][0]["value"]}
        offered = [
            language
            for language in self.languages
            if not self.any_language or language in {*LANGUAGES, *content_languages()} or language in written
        ]
        inputs = [(language, *drawn(language)) for language in offered]
        own = content_languages() if self.any_language else ()
        first = {*written, *own, self.asked} if own or written else {get_language(), "en", self.asked}
        inputs.sort(key=lambda drawn_input: drawn_input[0] not in own)
        # Few languages are shown side by side, so that the writer sees one while writing the other.
        few = len(inputs) <= SIDE_BY_SIDE
        shown = inputs if few else [drawn_input for drawn_input in inputs if drawn_input[0] in first] or inputs
        more = [drawn_input for drawn_input in inputs if drawn_input not in shown]
        other = [drawn(name)[1:] for name in OTHER] if self.any_language else []
        # The choice of another language stays open with an error.
        chosen = bool(other and any(parts[name][0]["value"] not in (None, "", [""], []) for name in OTHER))
        return render_to_string(
            "base/localized_text.html", {"shown": shown, "more": more, "other": other, "chosen": chosen}
        )


class LocalizedTextFormField(forms.MultiValueField):
    """A mapping from language to text. Texts in languages that the form does not show stay unchanged.

    Without ``languages`` it offers all that forms offer.
    """

    def __init__(
        self,
        *,
        languages: Sequence[str] | None = None,
        long: bool = False,
        max_length: int | None = None,
        asked: str = "",
        **options: Any,
    ) -> None:
        self.any_language = languages is None
        self.languages = WRITTEN if languages is None else tuple(languages)
        self.known: Mapping[str, str] = {}
        self.long, self.max_length, self.asked = long, max_length, asked
        fields = self._fields()
        for unused in ("encoder", "decoder"):  # options that the model's field passes on for JSON
            options.pop(unused, None)
        options["widget"] = LocalizedTextWidget(self.languages, long=long, any_language=self.any_language, asked=asked)
        super().__init__(fields, require_all_fields=False, **options)

    def _fields(self) -> list[forms.Field]:
        fields: list[forms.Field] = [
            forms.CharField(required=False, max_length=self.max_length, label=name) for name in self.languages
        ]
        if self.any_language:
            codes = [("", ""), *((code, code) for code in dict.fromkeys([*WRITTEN, *every_language()]))]
            fields.append(forms.ChoiceField(required=False, choices=codes))
            fields.append(forms.CharField(required=False, max_length=self.max_length))
        return fields

    def _offer(self, more: Iterable[str]) -> None:
        """Give an input to more languages: those of the fair, and those in which there is a text already."""
        if not (new := [language for language in dict.fromkeys(more) if language not in self.languages]):
            return
        self.languages = (*self.languages, *new)
        self.fields = tuple(self._fields())
        widget = LocalizedTextWidget(
            self.languages, long=self.long, any_language=True, asked=self.asked, attrs=self.widget.attrs
        )
        widget.is_required, widget.is_localized = self.widget.is_required, self.widget.is_localized
        self.widget = widget

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        # A form's fields are its own copies, so this one may know what the form began with.
        self.known = form.get_initial_for_field(self, field_name) or {}
        if self.any_language:
            self._offer([*content_languages(), *self.known])
        return super().get_bound_field(form, field_name)

    def compress(self, data_list: Sequence[str]) -> dict[str, str]:
        texts = {language: text for language, text in zip(self.languages, data_list, strict=False) if text}
        language, text = data_list[len(self.languages) :] or ("", "")
        if text and not language:
            raise forms.ValidationError(_("Say in which language the text is written."))
        if text and texts.get(language, text) != text:
            raise forms.ValidationError(
                _("There are two texts in one language (%(language)s). Keep one of them."),
                params={"language": language_name(language)},
            )
        return texts | ({language: text} if text else {})

    def clean(self, value: Any) -> dict[str, str]:
        """The texts given and those not shown. Raises ValidationError where one is required and none is given."""
        sent = {language for language, text in zip(self.languages, value or [], strict=False) if text is not None}
        shown = {*sent, *LANGUAGES} if self.any_language else {*self.languages}
        kept = {language: text for language, text in self.known.items() if language not in shown}
        given = super().clean(value) or {}
        if self.required and not given and not kept:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return kept | given

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {language: text for language, text in (initial or {}).items() if text and language in self.languages}
        try:
            return before != self.compress([text or "" for text in data or []])
        except forms.ValidationError:
            return True
