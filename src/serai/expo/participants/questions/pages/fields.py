"""The organiser's questions as fields of a form of registration, and what was answered in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.participants.questions.domain.answers import MOST_CHARACTERS, AnswerRefusedError, check, title_of
from serai.expo.participants.questions.domain.questions import Form
from serai.expo.participants.questions.models import RegistrationQuestion

YES_NO = {"yes": True, "no": False}


def name_of(question: RegistrationQuestion) -> str:
    """The name of a question's field."""
    return f"question-{question.pk}"


def add_questions(
    form: forms.BaseForm,
    questions: Iterable[RegistrationQuestion],
    *kinds: str,
    values: Mapping[int, Any] | None = None,
) -> None:
    """Add a field for each question; it is required where every one of the kinds that the form is for is asked it."""
    known = values or {}
    for one in questions:
        required = one.required and set(kinds) <= set(one.kinds)
        form.fields[name_of(one)] = _field(one, required=required, value=known.get(one.pk))


def given_in(form: forms.BaseForm, questions: Iterable[RegistrationQuestion]) -> dict[int, Any]:
    """What was answered, by the number of the question; None for nothing. Faults stand at their fields then."""
    found: dict[int, Any] = {}
    for one in questions:
        name = name_of(one)
        if name not in form.fields:
            continue
        value = form.cleaned_data.get(name)
        if one.form == Form.YES_NO:
            value = YES_NO.get(str(value))
        try:
            found[one.pk] = check(one, value)
        except AnswerRefusedError as refusal:
            form.add_error(name, str(refusal))
    return found


def refuse(form: forms.BaseForm, refusal: AnswerRefusedError) -> None:
    """Show at its field why an answer was refused."""
    name = name_of(refusal.question)
    form.add_error(name if name in form.fields else None, str(refusal))


def _field(one: RegistrationQuestion, *, required: bool, value: Any) -> forms.Field:
    usual: dict[str, Any] = {
        "label": title_of(one),
        "help_text": in_language(one.help).text,
        "required": required,
        "initial": value,
    }
    choices = [(choice["key"], in_language(choice["title"]).text) for choice in one.choices]
    if one.form == Form.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *choices], **usual)
    if one.form == Form.CHOICES:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **usual)
    if one.form == Form.YES_NO:
        said = next((key for key, meant in YES_NO.items() if meant is value), "")
        return forms.ChoiceField(choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **(usual | {"initial": said}))
    if one.form == Form.NUMBER:
        return forms.FloatField(**usual)
    if one.form == Form.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=widget, **usual)
    text = forms.Textarea(attrs={"rows": 4}) if one.form == Form.LONG else forms.TextInput()
    return forms.CharField(max_length=MOST_CHARACTERS[Form(one.form)], widget=text, **usual)
