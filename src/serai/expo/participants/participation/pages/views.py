"""Participants on the organiser's desk: all, one to change, to cancel or to take back; and a firm's own way out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.filter_form import FilterForm
from serai.expo.base.filters import read
from serai.expo.base.submission import told_in, told_to
from serai.expo.base.undo import tell_with_undo
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.participants.buyers.domain.visits import COMING, visit_of
from serai.expo.participants.contact_persons.domain.contacts import contact_persons
from serai.expo.participants.own_fields.domain.fields import all_of, fields_of, listed_of, title_of
from serai.expo.participants.participation.domain import withdrawal as cancelling
from serai.expo.participants.participation.domain.applications import own_applications
from serai.expo.participants.participation.domain.changes import EditRefusedError, edit
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError
from serai.expo.participants.participation.domain.filter import ParticipationFilter, narrowed
from serai.expo.participants.participation.domain.history import history_of
from serai.expo.participants.participation.pages.forms import CancelForm, ParticipantForm, WithdrawalForm

State = Participation.State
A_PAGE = 50


@organiser_required("GET")
def participant_list(request: OrganiserRequest) -> HttpResponse:
    """All participations of the fair, of every kind and in every state, narrowed by words, kind, state and section."""
    wanted = read(ParticipationFilter, request.GET)
    rows = narrowed(Participation.objects.filter(edition=request.edition), wanted)
    related = rows.select_related("firm", "section", "lead__firm").order_by("firm__sort_name", "pk")
    page = Paginator(related, A_PAGE).get_page(request.GET.get("page"))
    fields, values = listed_of(request.edition, page)
    keys = [(field.key, title_of(field)) for field in fields_of(request.edition)]
    form = FilterForm(wanted, choices={"own": keys}, always=("q", "kind", "state", *(("own", "holds") if keys else ())))
    listed = [(participation, values[participation.pk]) for participation in page]
    context = {"page": page, "listed": listed, "titles": [title_of(field) for field in fields], "form": form}
    return render(request, "participants/participation/participants.html", context)


def _of(edition: Edition) -> QuerySet[Participation]:
    return Participation.objects.filter(edition=edition).select_related("firm", "section", "lead__firm", "edition")


@organiser_required("GET", "POST")
def participant(request: OrganiserRequest, number: int) -> HttpResponse:
    """One participation: what the organiser changes of it, how it came to be, and how it ends or comes back."""
    row = get_object_or_404(_of(request.edition), pk=number)
    form = ParticipantForm(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            edit(row, form.changes(), by=request.user)
        except EditRefusedError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("It is saved."))
            return redirect("participant", request.edition.slug, row.pk)
        row = get_object_or_404(_of(request.edition), pk=number)
    page = {
        "participation": row,
        "form": form,
        "moments": history_of(row),
        "contacts": contact_persons(row),
        "visit": visit_of(row) if row.kind in COMING else None,
        "own_fields": all_of(row),
        "led": row.co_exhibitors.select_related("firm").order_by("firm__sort_name", "pk"),
        "can_be_cancelled": _can_end(row),
        "can_be_restored": cancelling.can_be_restored(row),
    }
    return render(request, "participants/participation/participant.html", page, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def participant_cancel(request: OrganiserRequest, number: int) -> HttpResponse:
    """What ends with a confirmed participation, and the reason that its people read."""
    row = get_object_or_404(_of(request.edition), pk=number)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_in(form, DecisionRefusedError):
            cancelling.cancel(row, form.cleaned_data["reason"], by=request.user)
            sentence = _("The participation is cancelled, and its people are told.")
            restore = reverse("participant-restore", args=[request.edition.slug, row.pk])
            tell_with_undo(request, sentence, restore, ("to", State.CONFIRMED.value))
            return redirect("participant", request.edition.slug, row.pk)
    page = {"participation": row, "form": form, "endings": cancelling.what_ends(row), "open": _can_end(row)}
    return render(
        request, "participants/participation/participant_cancel.html", page, status=400 if form.errors else 200
    )


def _can_end(participation: Participation) -> bool:
    return participation.state == State.CONFIRMED and not cancelling.is_over(participation)


@organiser_required("POST")
def participant_restore(request: OrganiserRequest, number: int) -> HttpResponse:
    """Undo a cancellation: confirmed again, or back among the applications."""
    row = get_object_or_404(_of(request.edition), pk=number)
    with told_to(request, DecisionRefusedError):
        cancelling.restore(row, request.POST.get("to", ""), by=request.user)
        messages.success(request, _("The cancellation is undone."))
    return redirect("participant", request.edition.slug, row.pk)


@user_required("GET", "POST")
def own_withdrawal(request: UserRequest, number: int) -> HttpResponse:
    """An owner ends the confirmed participation of the firm, having read what ends with it."""
    applications = own_applications(request.user, request.edition).select_related("firm", "edition__organisation")
    participation = get_object_or_404(applications, pk=number)
    if not cancelling.owns(request.user, participation):
        raise PermissionDenied
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["reason"]
        with told_in(form, DecisionRefusedError):
            cancelling.step_back(participation, {get_language() or "en": words} if words else {}, by=request.user)
            messages.success(request, _("You do not take part any more; the organiser is told."))
            return redirect("own-applications", request.edition.slug)
    page = {
        "one": participation,
        "form": form,
        "endings": cancelling.what_ends(participation),
        "open": _can_end(participation),
    }
    return render(request, "participants/participation/own_withdrawal.html", page, status=400 if form.errors else 200)
