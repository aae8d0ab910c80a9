"""The form of a question, and the form in which a participant changes its answers."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text_form import LANGUAGES, LocalizedTextFormField
from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.questions.domain.answers import Answered
from serai.expo.participants.questions.domain.questions import Choice, QuestionRefusedError, choices_from
from serai.expo.participants.questions.models import RegistrationQuestion
from serai.expo.participants.questions.pages.fields import add_questions, given_in


class QuestionForm(forms.ModelForm[RegistrationQuestion]):
    """A question, its words and its choices in each language."""

    kinds = forms.MultipleChoiceField(
        label=_("Who is asked"), choices=Participation.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    choices = LocalizedTextFormField(
        label=_("Choices"),
        help_text=_("A line each, in each language the same ones in the same order. Only where one chooses."),
        long=True,
        max_length=12_000,
        required=False,
    )

    class Meta:
        model = RegistrationQuestion
        fields: ClassVar = [
            *("title", "help", "form", "choices", "kinds", "required", "personal", "order", "change_until")
        ]
        widgets: ClassVar = {"change_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, question: RegistrationQuestion, data: Any = None) -> None:
        self.known: list[Choice] = list(question.choices)  # the form writes over those of the question
        lines = {
            language: "\n".join(choice["title"][language] for choice in self.known if choice["title"].get(language))
            for language in LANGUAGES
        }
        super().__init__(data, instance=question, initial={"choices": lines})

    def clean_choices(self) -> list[Choice]:
        """The choices with their keys."""
        try:
            return choices_from(self.cleaned_data["choices"], self.known)
        except QuestionRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None


class AnswersForm(forms.Form):
    """The answers of one participant that can still be changed."""

    def __init__(self, kind: str, answered: Iterable[Answered], data: Any = None) -> None:
        super().__init__(data)
        shown = list(answered)
        self.questions = [answer.question for answer in shown]
        add_questions(self, self.questions, kind, values={answer.question.pk: answer.value for answer in shown})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.given = given_in(self, self.questions)
        return cleaned
