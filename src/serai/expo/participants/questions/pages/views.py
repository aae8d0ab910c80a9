"""Questions on the organiser's desk, with what was answered; and the answers of a participant, to change."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from serai.expo.base.submission import told_in
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.fairs.edition.pages.renames import renames
from serai.expo.participants.questions.domain import answers as answering
from serai.expo.participants.questions.domain import questions as asking
from serai.expo.participants.questions.models import RegistrationQuestion
from serai.expo.participants.questions.pages.fields import refuse
from serai.expo.participants.questions.pages.forms import AnswersForm, QuestionForm

A_PAGE = 50


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
    page = Paginator(answers, A_PAGE).get_page(request.GET.get("page"))
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
