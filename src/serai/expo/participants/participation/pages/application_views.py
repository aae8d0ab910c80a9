"""Pages of applying as press, delegation or service provider, and of what became of one's own applications."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.participants.participation.domain import applications as applying
from serai.expo.participants.participation.domain.history import histories_of
from serai.expo.participants.participation.pages.application_forms import QuestionsForm
from serai.expo.participants.questions.domain.answers import AnswerRefusedError, answers_of_all
from serai.expo.participants.questions.domain.questions import questions_of
from serai.expo.participants.questions.pages.fields import refuse

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
