"""Participants on the organiser's desk: all, one to change, to cancel or to take back; a firm's own way out; and the
forms of both.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import choose_from, country_choices
from serai.expo.base.filters import read
from serai.expo.base.forms import FilterForm
from serai.expo.base.rows import paged
from serai.expo.base.submission import tell_with_undo, told_in, told_to
from serai.expo.base.text import in_language
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.firms.record.domain.fields import ROWS
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.firms.verification.pages import NewFirmForm
from serai.expo.participants.buyers.domain.registration import COMING, visit_of
from serai.expo.participants.contact_persons.domain import contact_persons
from serai.expo.participants.contact_persons.models import column
from serai.expo.participants.contact_persons.pages import language_choices
from serai.expo.participants.own_fields.domain import all_of, fields_of, listed_of, title_of
from serai.expo.participants.participation.domain import withdrawal as cancelling
from serai.expo.participants.participation.domain.applications import own_applications
from serai.expo.participants.participation.domain.changes import (
    ALIKE,
    MOST,
    MOST_M2,
    EditRefusedError,
    Entered,
    edit,
    kinds_for,
    leaders_for,
)
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, history_of
from serai.expo.participants.participation.domain.exhibitors import ParticipationFilter, narrowed


class ParticipantForm(forms.Form):
    """What the organiser changes of a participation; of who does not exhibit, what it has."""

    kind = forms.ChoiceField(label=_("As"))
    section = forms.ModelChoiceField(Section._base_manager.none(), label=_("Section"), required=False)
    pavilion = forms.ChoiceField(label=_("Country pavilion"), required=False)
    area_m2 = forms.IntegerField(label=_("Area granted, in m²"), min_value=1, max_value=MOST_M2, required=False)
    lead = forms.CharField(
        label=_("Stands with"),
        required=False,
        max_length=32,
        help_text=_("The identifier of the chain leader, as its page shows it. Empty: it stands for itself."),
    )
    seats = forms.IntegerField(label=_("Seats of the team"), min_value=0, max_value=MOST)
    meetings_minimum = forms.IntegerField(label=_("Meetings at least"), min_value=0, max_value=MOST)
    meetings_maximum = forms.IntegerField(label=_("Meetings at most"), min_value=0, max_value=MOST)

    def __init__(self, participation: Participation, data: Any = None) -> None:
        leader = participation.lead.firm.identifier if participation.lead else ""
        plain = ("kind", "section", "pavilion", "area_m2", "seats", "meetings_minimum", "meetings_maximum")
        super().__init__(data, initial={name: getattr(participation, name) for name in plain} | {"lead": leader})
        self.participation = participation
        labels = dict(Participation.Kind.choices)
        self._offer("kind", [(kind, labels[kind]) for kind in kinds_for(participation)])
        self._offer("pavilion", country_choices())
        choose_from(self, "section", Section.objects.filter(edition=participation.edition), _title)
        if participation.kind not in ALIKE[0]:
            for name in ("pavilion", "area_m2", "lead", "seats"):
                del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_lead(self) -> Participation | None:
        identifier = self.cleaned_data["lead"].strip()
        if not identifier:
            return None
        if "lead" not in self.changed_data:
            return self.participation.lead
        leader = leaders_for(self.participation).filter(firm__identifier=leading(identifier)).first()
        if leader is None:
            raise forms.ValidationError(
                _("No confirmed exhibitor of this fair who could be its leader has this identifier.")
            )
        return leader

    def changes(self) -> dict[str, Any]:
        """The fields that were changed, so that what another has changed meanwhile stays."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _title(section: Section) -> str:
    return in_language(section.title).text or section.slug


class CancelForm(forms.Form):
    """The organiser's reason for ending a participation."""

    reason = LocalizedTextFormField(
        label=_("Reason"), long=True, max_length=2000, help_text=_("The people of the firm read it in the letter.")
    )


class WithdrawalForm(forms.Form):
    """A firm ends its own participation: it says so twice, and why if it likes."""

    reason = forms.CharField(
        label=_("Why, for the organiser"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    sure = forms.BooleanField(
        label=_("We do not take part any more; I have read what ends."),
        error_messages={"required": _("Confirm that you don't take part any more; nothing was changed.")},
    )


CONTACT = ("name", "email", "phone", "language", "consent_source")


def _field_of_contact(name: str) -> forms.Field:
    """The field of a contact person in the form of a new participant, which may be left empty."""
    of_model = column(name)
    label = format_lazy(_("Contact person: {field}"), field=of_model.verbose_name)
    given: dict[str, Any] = {"label": label, "required": False, "help_text": of_model.help_text}
    if name == "language":
        return forms.ChoiceField(choices=language_choices, **given)
    kind = forms.EmailField if name == "email" else forms.CharField
    return kind(max_length=of_model.max_length, **given)


class AddForm(NewFirmForm):
    """A participant as an organiser writes it down."""

    field_order = ("legal_name", "country", "kind")
    kind = forms.ChoiceField(label=_("As"), choices=Participation.Kind.choices)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for scheme in FirmIdentifier.Scheme:
            self.fields[scheme.value] = forms.CharField(
                label=scheme.label, required=False, max_length=ROWS[FirmIdentifier]["value"].most
            )
        for name in CONTACT:
            self.fields[f"contact_{name}"] = _field_of_contact(name)

    def contact(self) -> dict[str, str]:
        """What was written of a contact person; empty where nobody was named."""
        written = {name: str(self.cleaned_data[f"contact_{name}"]) for name in CONTACT}
        return written if written["name"] or written["email"] or written["phone"] else {}

    def entered(self, language: str) -> Entered:
        """What was written, with the address and the name in a language."""
        written = self.cleaned_data
        numbers = {scheme.value: written[scheme.value] for scheme in FirmIdentifier.Scheme if written[scheme.value]}
        return Entered(
            written["legal_name"], written["country"], language, written["address"], written["website"], numbers
        )


State = Participation.State


@organiser_required("GET")
def participant_list(request: OrganiserRequest) -> HttpResponse:
    """All participations of the fair, of every kind and in every state, narrowed by words, kind, state and section."""
    wanted = read(ParticipationFilter, request.GET)
    rows = narrowed(Participation.objects.filter(edition=request.edition), wanted)
    related = rows.select_related("firm", "section", "lead__firm").order_by("firm__sort_name", "pk")
    page = paged(request, related)
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
            messages.success(request, gettext("It is saved."))
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
            sentence = gettext("The participation is cancelled, and its people are told.")
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
        messages.success(request, gettext("The cancellation is undone."))
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
            messages.success(request, gettext("You do not take part any more; the organiser is told."))
            return redirect("own-applications", request.edition.slug)
    page = {
        "one": participation,
        "form": form,
        "endings": cancelling.what_ends(participation),
        "open": _can_end(participation),
    }
    return render(request, "participants/participation/own_withdrawal.html", page, status=400 if form.errors else 200)
