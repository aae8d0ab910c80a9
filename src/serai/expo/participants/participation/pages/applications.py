"""Pages and form of applying as press, delegation or service provider, and of what became of one's own applications."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from serai.expo.base.field_form import choose_from
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain import applications as applying
from serai.expo.participants.participation.domain.applications import QUESTIONS, Question
from serai.expo.participants.participation.domain.decisions import histories_of
from serai.expo.participants.questions.domain.answers import AnswerRefusedError, answers_of_all
from serai.expo.participants.questions.domain.questions import asked_of, questions_of
from serai.expo.participants.questions.pages import add_questions, given_in, refuse
from serai.expo.people.account.models import Role

MOST_PEOPLE = 500


class QuestionsForm(forms.Form):
    """The firm that applies, the questions of the kind, and remarks."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=gettext_lazy("Firm"), empty_label=None)

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
            label=gettext_lazy("Remarks for the organiser"),
            required=False,
            max_length=2_000,
            widget=forms.Textarea({"rows": 3}),
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


ABOUT: Mapping[str, Promise] = {
    Participation.Kind.PRESS: gettext_lazy("Report on the fair. Journalists and media are accredited."),
    Participation.Kind.DELEGATION: gettext_lazy("Come as a group of a country, a region or an association."),
    Participation.Kind.SERVICE: gettext_lazy(
        "Serve the firms of the fair: transport, finance, law, testing or languages."
    ),
}
"""What each way to take part is, in a sentence."""


@require_GET
def ways_in(request: Any) -> HttpResponse:
    """All ways to take part, for who is not signed in too."""
    kinds = [(Participation.Kind(kind), ABOUT[kind]) for kind in applying.QUESTIONS]
    closed = closed_sentence(request.edition, Phase.Kind.APPLY)
    return render(request, "participants/participation/ways_in.html", {"kinds": kinds, "closed": closed})


@require_http_methods(["GET", "POST"])
def apply_as(request: Any, kind: str) -> HttpResponse:
    """The questions of a kind, which everyone reads; to send them one signs in."""
    if kind not in applying.QUESTIONS:
        raise Http404(_("Nobody applies as this here."))
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    form = QuestionsForm(request.edition, kind, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            applying.apply_as(
                request.edition,
                form.cleaned_data["firm"],
                kind,
                form.answers(),
                remarks=form.cleaned_data["remarks"],
                own_answers=form.own_answers,
                user=request.user,
            )
        except AnswerRefusedError as refusal:
            refuse(form, refusal)
        except applying.ApplicationRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your application is with the organiser."))
            return redirect("own-applications", request.edition.slug)
    closed = closed_sentence(request.edition, Phase.Kind.APPLY)
    page = {"form": form, "kind": Participation.Kind(kind), "closed": closed, "has_firm": form.has_firm}
    return render(request, "participants/participation/apply_as.html", page, status=400 if form.errors else 200)


@user_required("GET", "POST")
def own_applications(request: UserRequest) -> HttpResponse:
    """What the reader's firms asked for, every decision with its day and reason; what is open can be taken back."""
    applications = applying.own_applications(request.user, request.edition)
    if request.method == "POST":
        number = request.POST.get("withdraw", "")
        participation = get_object_or_404(applications, pk=number_of(number) or 0)
        with told_to(request, applying.ApplicationRefusedError):
            applying.withdraw(participation, user=request.user)
            messages.success(request, _("The application is withdrawn."))
        return redirect("own-applications", request.edition.slug)
    shown = list(applications)
    histories = histories_of(shown)
    own = answers_of_all(shown)
    asked = {kind for question in questions_of(request.edition) for kind in question.kinds}
    rows = [
        (
            participation,
            [*applying.answers_of(participation), *own[participation.pk]],
            histories[participation.pk],
            participation.kind in asked or bool(own[participation.pk]),
        )
        for participation in shown
    ]
    owned = applying.owned_by(request.user)
    return render(request, "participants/participation/own_applications.html", {"rows": rows, "owned": owned})
