"""Editing a text that is kept per language: its languages side by side, each marked as what it is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from serai.expo.text import Said, language_name

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

SIDE_BY_SIDE = 3
"""So many languages are all shown; of more, those without a text can be opened."""


class LocalizedTextWidget(forms.MultiWidget):
    """An input for each language: first those with a text, else the reader's and English; the others can be opened."""

    use_fieldset = True

    def __init__(self, languages: Sequence[str], *, long: bool = False, attrs: dict[str, Any] | None = None) -> None:
        self.languages = tuple(languages)
        widget = forms.Textarea if long else forms.TextInput
        rows = {"rows": 4} if long else {}
        super().__init__(
            {
                language: widget({"lang": language, "dir": Said("", language).direction} | rows)
                for language in self.languages
            },
            attrs,
        )

    def decompress(self, value: Mapping[str, str] | None) -> list[str]:
        return [(value or {}).get(language, "") for language in self.languages]

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002  Django hands it on; templates come from one place here
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        inputs = [
            (
                language,
                language_name(language),
                part["attrs"].get("id", ""),
                each.render(part["name"], part["value"], part["attrs"]),
            )
            for language, part, each in zip(self.languages, widget["subwidgets"], self.widgets, strict=True)
        ]
        parts = zip(self.languages, widget["subwidgets"], strict=True)
        first = {language for language, part in parts if part["value"]} or {get_language(), "en"}
        # Few languages stand side by side, so that each is seen while the other is written.
        few = len(inputs) <= SIDE_BY_SIDE
        shown = inputs if few else [each for each in inputs if each[0] in first] or inputs
        more = [each for each in inputs if each not in shown]
        return render_to_string("web/localized_text.html", {"shown": shown, "more": more})


type Text = tuple[str, Promise | str, bool, int]
"""The name of a field, its label, whether it has several lines, and its most characters."""


class LocalizedTextFormField(forms.MultiValueField):
    """A mapping from language to text. Languages of a text that the form does not show are kept as they are."""

    def __init__(
        self, *, languages: Sequence[str] = LANGUAGES, long: bool = False, max_length: int | None = None, **options: Any
    ) -> None:
        self.languages = tuple(languages)
        self.not_shown: dict[str, str] = {}
        fields = [forms.CharField(required=False, max_length=max_length, label=name) for name in self.languages]
        for unused in ("encoder", "decoder"):  # what the model's field hands on for JSON
            options.pop(unused, None)
        options["widget"] = LocalizedTextWidget(self.languages, long=long)
        super().__init__(fields, require_all_fields=False, **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        # A form's fields are its own copies, so this one may know what the form began with.
        known = form.get_initial_for_field(self, field_name) or {}
        self.not_shown = {language: text for language, text in known.items() if language not in self.languages}
        return super().get_bound_field(form, field_name)

    def compress(self, data_list: Sequence[str]) -> dict[str, str]:
        return {language: text for language, text in zip(self.languages, data_list, strict=False) if text}

    def clean(self, value: Any) -> dict[str, str]:
        """The texts given and those not shown. Raises ValidationError where one is required and none is given."""
        given = super().clean(value) or {}
        if self.required and not given and not self.not_shown:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return self.not_shown | given

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = {language: text for language, text in (initial or {}).items() if text and language in self.languages}
        return before != self.compress([text or "" for text in data or []])


def text_fields(
    texts: Iterable[Text], *, languages: Sequence[str], required: str, initial: Mapping[str, Mapping[str, str]]
) -> dict[str, LocalizedTextFormField]:
    """Fields of a form that edit these texts in these languages; the one named `required` must be given in one."""
    return {
        name: LocalizedTextFormField(
            languages=languages,
            label=label,
            long=long,
            max_length=longest,
            required=name == required,
            initial=initial[name],
        )
        for name, label, long, longest in texts
    }
