"""Questions on the organiser's desk with what was answered, a participant's answers, and the questions as fields of
a form of registration.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.rows import paged
from serai.expo.base.submission import told_in
from serai.expo.base.text import in_language
from serai.expo.base.text_form import LANGUAGES, LocalizedTextFormField
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import (
    OrganiserRequest,
    UserRequest,
    organiser_required,
    renames,
    user_required,
)
from serai.expo.participants.questions.domain import answers as answering
from serai.expo.participants.questions.domain import questions as asking
from serai.expo.participants.questions.domain.answers import (
    MOST_CHARACTERS,
    Answered,
    AnswerRefusedError,
    check,
    title_of,
)
from serai.expo.participants.questions.domain.questions import Choice, Form, QuestionRefusedError, choices_from
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


class QuestionForm(forms.ModelForm[RegistrationQuestion]):
    """A question, its words and its choices in each language."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Who is asked"), choices=Participation.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    choices = LocalizedTextFormField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy(
            "A line each, in each language the same ones in the same order. Only where one chooses."
        ),
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


@organiser_required("GET", "POST")
@renames({RegistrationQuestion: lambda row, user: asking.keep_question(row, user=user)}, asking.QuestionRefusedError)
def questions(request: OrganiserRequest) -> HttpResponse:
    """All questions in their order, with how many answered each."""
    labels = dict(Participation.Kind.choices)
    listed = [(row, [labels[kind] for kind in row.kinds]) for row in asking.questions_of(request.edition)]
    return render(request, "participants/questions/questions.html", {"listed": listed})


@organiser_required("GET", "POST")
def question(request: OrganiserRequest, pk: int = 0) -> HttpResponse:
    """A new question; or one to change, to close or take away, or to ask again."""
    row = _question(request, pk) if pk else RegistrationQuestion(edition=request.edition)
    back = redirect("registration-questions", request.edition.slug)
    if request.method == "POST" and pk and "remove" in request.POST:
        if asking.take_away(row, user=request.user):
            messages.success(request, _("The question is taken away."))
        else:
            messages.success(
                request, _("The question has answers, so it is closed: they stay, and it is asked no more.")
            )
        return back
    if request.method == "POST" and pk and "open" in request.POST:
        asking.open_again(row, user=request.user)
        messages.success(request, _("The question is asked again."))
        return back
    form = QuestionForm(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, asking.QuestionRefusedError):
            asking.keep_question(form.instance, user=request.user)
            messages.success(request, _("The question is kept."))
            return back
    page = {"form": form, "question": row if pk else None}
    return render(request, "participants/questions/question.html", page, status=400 if form.errors else 200)


def _question(request: OrganiserRequest, pk: int) -> RegistrationQuestion:
    rows = RegistrationQuestion.objects.select_related("edition")
    found: RegistrationQuestion = get_object_or_404(rows, pk=pk, edition=request.edition)
    return found


@organiser_required("GET")
def question_answers(request: OrganiserRequest, pk: int) -> HttpResponse:
    """What was answered to a question: how often each choice was made, and by whom what."""
    row = _question(request, pk)
    answers = answering.edition_answers(request.edition, row)
    chosen = request.GET.get("answer", "")
    tallies = answering.tallies(row, [answer.value for answer in answers])
    if (tally := next((tally for tally in tallies if tally.key == chosen), None)) is not None:
        answers = [answer for answer in answers if answering.is_chosen(answer.value, tally.wanted)]
    page = paged(request, answers)
    context = {
        "question": row,
        "tallies": tallies,
        "chosen": chosen,
        "page": page,
        "listed": [(answer, answering.words_of(row, answer.value)) for answer in page],
    }
    return render(request, "participants/questions/answers.html", context)


@user_required("GET", "POST")
def own_answers(request: UserRequest, number: int) -> HttpResponse:
    """What a participant answered, for who edits for it and for the organiser; what may still be changed is a form."""
    rows = Participation.objects.filter(edition=request.edition).select_related("firm", "edition")
    participation = get_object_or_404(rows, pk=number)
    if not request.user.has_perm("expo.edit_desk", participation):
        raise PermissionDenied
    organises = request.user.has_perm("expo.change_people", request.edition)
    answered = answering.answered_by(participation)
    open_ones = [
        answer
        for answer in answered
        if participation.kind in answer.question.kinds
        and answer.question.closed_at is None
        and (organises or answering.can_be_changed(answer.question))
    ]
    form = AnswersForm(participation.kind, open_ones, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.keep_answers(participation, form.given, user=request.user)
        except answering.AnswerRefusedError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your answers are kept."))
            return redirect("registration-answers", request.edition.slug, participation.pk)
    fixed = [answer for answer in answered if answer not in open_ones and answer.value is not None]
    page = {"one": participation, "form": form if open_ones else None, "fixed": fixed}
    return render(request, "participants/questions/own.html", page, status=400 if form.errors else 200)


urlpatterns = [
    path("organiser/questions/", questions, name="registration-questions"),
    path("organiser/questions/new/", question, name="registration-question-new"),
    path("organiser/questions/<int:pk>/", question, name="registration-question"),
    path("organiser/questions/<int:pk>/answers/", question_answers, name="question-answers"),
    path("participations/<int:number>/answers/", own_answers, name="registration-answers"),
]
