"""The form of an application: the questions of its kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import choose_from
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.applications import QUESTIONS, Question
from serai.expo.participants.questions.domain.questions import asked_of
from serai.expo.participants.questions.pages.fields import add_questions, given_in
from serai.expo.people.account.models import Role

MOST_PEOPLE = 500


class QuestionsForm(forms.Form):
    """The firm that applies, the questions of the kind, and remarks."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=_("Firm"), empty_label=None)

    def __init__(self, edition: Edition, kind: str, user: Any, data: Any = None) -> None:
        super().__init__(data)
        self.kind = kind
        kinds = (Role.Kind.OWNER, Role.Kind.MANAGER)
        firms = Firm.objects.filter(roles__user_id=user.pk, roles__kind__in=kinds) if user.pk else Firm.objects.none()
        choose_from(self, "firm", firms.distinct(), shown_name)
        self.has_firm = bool(user.pk) and firms.exists()
        for question in QUESTIONS[kind]:
            self.fields[question.name] = _field(question)
        self.own_questions = asked_of(edition, kind)
        add_questions(self, self.own_questions, kind)
        self.fields["remarks"] = forms.CharField(
            label=_("Remarks for the organiser"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.own_answers = given_in(self, self.own_questions)
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What was answered, by the name of the question."""
        return {question.name: self.cleaned_data[question.name] for question in QUESTIONS[self.kind]}


def _field(question: Question) -> forms.Field:
    needed, title = question.is_needed, str(question.title)
    if question.choices:
        return forms.ChoiceField(label=title, choices=[("", "—"), *question.choices], required=needed)
    if question.is_number:
        return forms.IntegerField(label=title, min_value=1, max_value=MOST_PEOPLE, required=needed)
    widget = forms.Textarea({"rows": 3}) if question.is_long else forms.TextInput()
    return forms.CharField(label=title, max_length=2_000 if question.is_long else 300, required=needed, widget=widget)
