"""The organiser's questions as fields of a form of registration, and what was answered in them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from serai.expo.base.submission import told_in
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
    """Add a field per question. It is required if all kinds of participant in the form are asked it."""
    values_there = values or {}
    for question in questions:
        required = question.required and set(kinds) <= set(question.kinds)
        form.fields[name_of(question)] = _field(question, required=required, value=values_there.get(question.pk))


def given_in(form: forms.BaseForm, questions: Iterable[RegistrationQuestion]) -> dict[int, Any]:
    """What was answered, by the number of the question; None for nothing. Faults stand at their fields then."""
    answers: dict[int, Any] = {}
    for question in questions:
        name = name_of(question)
        if name not in form.fields:
            continue
        value = form.cleaned_data.get(name)
        if question.form == Form.YES_NO:
            value = YES_NO.get(str(value))
        with told_in(form, AnswerRefusedError, field=name):
            answers[question.pk] = check(question, value)
    return answers


def refuse(form: forms.BaseForm, refusal: AnswerRefusedError) -> None:
    """Show at its field why an answer was refused."""
    name = name_of(refusal.question)
    form.add_error(name if name in form.fields else None, str(refusal))


def _field(question: RegistrationQuestion, *, required: bool, value: Any) -> forms.Field:
    usual: dict[str, Any] = {
        "label": title_of(question),
        "help_text": in_language(question.help).text,
        "required": required,
        "initial": value,
    }
    choices = [(choice["key"], in_language(choice["title"]).text) for choice in question.choices]
    if question.form == Form.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *choices], **usual)
    if question.form == Form.CHOICES:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **usual)
    if question.form == Form.YES_NO:
        answer = next((key for key, meant in YES_NO.items() if meant is value), "")
        return forms.ChoiceField(
            choices=[("", "—"), ("yes", _("Yes")), ("no", _("No"))], **(usual | {"initial": answer})
        )
    if question.form == Form.NUMBER:
        return forms.FloatField(**usual)
    if question.form == Form.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=widget, **usual)
    text = forms.Textarea(attrs={"rows": 4}) if question.form == Form.LONG else forms.TextInput()
    return forms.CharField(max_length=MOST_CHARACTERS[Form(question.form)], widget=text, **usual)
