"""A participant's outcomes, one outcome with what can be done with it, its documents, and the organiser's ledger."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.filters import read
from serai.expo.base.numbers import number_of
from serai.expo.base.rows import paged, row_of
from serai.expo.base.submission import back_or, told_to
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.meetings.matchmaking.domain.matching import partners_among
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.domain import follow_ups, ledger
from serai.expo.meetings.outcomes.domain.ledger import (
    ENDINGS,
    MOST_BYTES,
    OutcomeRefusedError,
    Terms,
    add_evidence,
    content_of,
)
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of
from serai.expo.participants.participation.pages.guards import ParticipantRequest, acting_among, participant_required

if TYPE_CHECKING:
    from serai.expo.meetings.leads.models import Lead


CURRENCIES = ("USD", "EUR", "CNY", "GBP", "JPY", "AED", "BRL", "CHF", "INR", "KES", "RUB", "SAR", "ZAR")


class TermsForm(forms.Form):
    """The terms of an outcome."""

    title = forms.CharField(label=_("In a few words"), required=False, max_length=200)
    value = forms.DecimalField(label=_("Amount"), required=False, max_digits=15, decimal_places=2, min_value=0)
    currency = forms.ChoiceField(
        label=_("Currency"), required=False, choices=[("", "—"), *((code, code) for code in CURRENCIES)]
    )
    band = forms.ChoiceField(label=_("Or a band"), required=False, choices=[("", _("not said")), *Outcome.Band.choices])
    months = forms.IntegerField(label=_("Over how many months"), required=False, min_value=1, max_value=240)
    confidential = forms.BooleanField(
        label=_("Confidential"), required=False, help_text=_("Its value then counts in sums only, never by itself.")
    )

    def terms(self, language: str) -> Terms:
        """The terms as they were filled in."""
        return Terms(**self.cleaned_data, language=language)


class FollowUpForm(forms.Form):
    """The answer to a follow-up."""

    answer = forms.ChoiceField(label=_("How is it going?"), choices=FollowUp.Answer.choices)
    words = forms.CharField(label=_("In a few words"), required=False, max_length=500)


class EvidenceForm(forms.Form):
    """A document."""

    file = forms.FileField(
        label=_("Document"), help_text=_("PDF, PNG or JPEG, up to 5 MB. Only the parties and the organiser see it.")
    )


def handed_out(kept: OutcomeEvidence) -> HttpResponse:
    """The content, which is downloaded and never shown in a page. Raises Http404 where it is not there any more."""
    try:
        content = content_of(kept)
    except FileNotFoundError:
        raise Http404(gettext("This document is not here any more.")) from None
    answer = HttpResponse(content, kept.file.media_type)
    name = f"evidence-{kept.pk}.{ENDINGS[kept.file.media_type]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@participant_required
def mine(request: ParticipantRequest) -> HttpResponse:
    """Outcomes that wait for the reader's confirmation, due follow-ups, and all other outcomes."""
    own = request.by.participation
    outcomes = list(ledger.of_participation(own).select_related("meeting"))
    waiting = [outcome for outcome in outcomes if ledger.waits_for(outcome, own)]
    page = {
        "own": own,
        "by": request.by,
        "desks": request.desks,
        "waiting": waiting,
        "others": [outcome for outcome in outcomes if outcome not in waiting],
        "due": follow_ups.due_follow_ups(outcomes),
    }
    return render(request, "meetings/outcomes/mine.html", page)


@participant_required("POST")
def claim(request: ParticipantRequest) -> HttpResponse:
    """Claim an outcome of a meeting, of a lead, or with a firm met otherwise; the terms can follow."""
    kind = request.POST.get("kind", "")
    if kind not in Outcome.Kind:
        raise Http404
    lead = _lead(request)
    by, met, others = (acting(request.user, lead.participation), None, []) if lead else _encounter(request)
    try:
        made = ledger.claim(by, Outcome.Kind(kind), meeting=met, lead=lead, others=others)
    except OutcomeRefusedError as refusal:
        messages.error(request, str(refusal))
        if met:
            return redirect("meeting", request.edition.slug, met.pk)
        return redirect("my-outcomes", request.edition.slug)
    messages.success(request, gettext("It stands in the ledger as claimed; the other side is asked to confirm it."))
    return redirect("outcome", request.edition.slug, made.pk)


def _lead(request: ParticipantRequest) -> "Lead | None":
    """The lead of which something came, where one is named. Leads are for those who keep them."""
    number = number_of(request.POST.get("lead"))
    if number is None:
        return None
    related = ("participation__firm", "participation__edition", "other__firm")
    for desk in request.desks:
        lead = desk.leads.filter(pk=number).select_related(*related).first()
        if lead is not None and request.user.has_perm("expo.use_leads", lead.participation):
            return lead
    raise Http404(gettext("There is no such lead of yours."))


def _encounter(request: ParticipantRequest) -> tuple[Acting, Meeting | None, list[Participation]]:
    """For whom the reader claims, the meeting if there is one, and else the other party."""
    number = number_of(request.POST.get("meeting"))
    if number is None:
        return request.by, None, [_partner(request, request.POST.get("firm", ""))]
    missing = gettext("There is no such meeting.")
    meeting = row_of(Meeting.objects.select_related("host__firm", "guest__firm"), number, missing)
    by = acting_among(request, meeting.host, meeting.guest)
    if by is None:
        raise Http404(missing)
    return by, meeting, []


def _partner(request: UserRequest, identifier: str) -> Participation:
    participation = ledger.participant_of(request.edition, identifier)
    if participation is None:
        raise Http404(gettext("No participant of this fair has this identifier."))
    return participation


def _outcome(request: UserRequest, number: int) -> tuple[Outcome, Acting | None]:
    """The outcome, and for whom the reader acts in it: None for an organiser who is no party."""
    rows = ledger.visible_to(request.user, request.edition).select_related("meeting", "edition")
    rows = rows.prefetch_related("parties__participation__firm", "parties__participation__edition")
    row = row_of(rows, number, gettext("There is no such outcome."))
    keys = {party.participation_id for party in row.parties.all()}
    own = next((desk for desk in desks_of(request.user, request.edition) if desk.pk in keys), None)
    return row, acting(request.user, own) if own else None


@user_required
def outcome(request: UserRequest, number: int) -> HttpResponse:
    """An outcome as a party or the organiser sees it."""
    return _page(request, *_outcome(request, number))


def _page(
    request: UserRequest, row: Outcome, by: Acting | None, terms: TermsForm | None = None, code: int = 200
) -> HttpResponse:
    own = next((party for party in row.parties.all() if by and party.participation_id == by.participation.pk), None)
    is_open = own is not None and row.state in ledger.OPEN
    title = next(iter(row.title.values()), "")
    others = [party.participation for party in row.parties.all() if party != own]
    partners = partners_among(own.participation, others) if own and others else {}
    page = {
        "outcome": row,
        "values": [(partner.participation, partner.value) for partner in partners.values()],
        "by": by,
        "party": own,
        "to_confirm": is_open and own is not None and own.confirmed_at is None,
        "can_change": is_open and own is not None and own.claimant,
        "closed": closed_sentence(request.edition, Phase.Kind.OUTCOMES),
        "can_follow": own is not None and row.state in ledger.AGREED,
        "terms_form": terms or TermsForm(initial=model_to_dict(row) | {"title": title}),
        "evidence_form": EvidenceForm(),
        "follow_up_form": FollowUpForm(),
        "follow_ups": row.follow_ups.select_related("answered_by__firm"),
        "evidence": row.evidence.select_related("file"),
        "judges": request.user.has_perm("expo.judge_evidence", row),
    }
    return render(request, "meetings/outcomes/outcome.html", page, status=code)


@user_required("POST")
def act_on_outcome(request: UserRequest, number: int) -> HttpResponse:
    """Confirm, dispute, change or withdraw an outcome, add a party or a document, answer a follow-up, judge."""
    row, by = _outcome(request, number)
    act = request.POST.get("act", "")
    with told_to(request, OutcomeRefusedError):
        if act in JUDGING:
            _judge(request, row, accepted=act == "accept")
        elif act in ACTS:
            if by is None:
                raise PermissionDenied
            if (answer := ACTS[act](request, row, by)) is not None:
                return answer
        else:
            raise Http404
        messages.success(request, gettext("Saved."))
    return back_or(request, "outcome", request.edition.slug, row.pk)


JUDGING = ("accept", "refuse")


def _judge(request: UserRequest, row: Outcome, *, accepted: bool) -> None:
    if not request.user.has_perm("expo.judge_evidence", row):
        raise PermissionDenied
    number = number_of(request.POST.get("evidence")) or 0
    ledger.judge(
        row_of(row.evidence.all(), number, gettext("There is no such document.")), request.user, accepted=accepted
    )


def _amend(request: UserRequest, row: Outcome, by: Acting) -> HttpResponse | None:
    form = TermsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, by, form)
    ledger.amend(row, by, form.terms(get_language() or "en"))
    return None


def _evidence(request: UserRequest, row: Outcome, by: Acting) -> None:
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        raise OutcomeRefusedError(gettext("Choose a file that is not empty."))
    file = form.cleaned_data["file"]
    add_evidence(row, by, file.name, file.read(MOST_BYTES + 1))


def _follow_up(request: UserRequest, row: Outcome, by: Acting) -> None:
    form = FollowUpForm(request.POST)
    follow_up = row.follow_ups.filter(pk=number_of(request.POST.get("follow_up")) or 0).first()
    if follow_up is None or not form.is_valid():
        raise OutcomeRefusedError(gettext("Say what has become of it."))
    follow_ups.answer(follow_up, by, FollowUp.Answer(form.cleaned_data["answer"]), form.cleaned_data["words"])


ACTS: dict[str, Callable[[UserRequest, Outcome, Acting], HttpResponse | None]] = {
    "confirm": lambda _request, row, by: ledger.confirm(row, by),
    "dispute": lambda request, row, by: ledger.dispute(row, by, request.POST.get("words", "")[:500]),
    "withdraw": lambda _request, row, by: ledger.withdraw(row, by),
    "amend": _amend,
    "party": lambda request, row, by: ledger.add_party(row, by, _partner(request, request.POST.get("firm", ""))),
    "evidence": _evidence,
    "follow-up": _follow_up,
}
"""What a party does with an outcome, by the value of the button. An answer is shown in place of the outcome's page."""


@user_required
def document(request: UserRequest, number: int, document: int) -> HttpResponse:
    """Download a document of an outcome, for its parties and the organiser."""
    row, _by = _outcome(request, number)
    return handed_out(row_of(row.evidence.select_related("file"), document, gettext("There is no such document.")))


@organiser_required
def organiser_ledger(request: OrganiserRequest) -> HttpResponse:
    """All outcomes with their number by state and the documents to judge. The numbers are never added up."""
    edition, counts = request.edition, ledger.number_by_state(request.edition)
    wanted = read(ledger.OutcomeFilter, request.GET)
    rows = ledger.narrowed(Outcome.objects.filter(edition=edition), wanted)
    rows = rows.prefetch_related("parties__participation__firm", "evidence")
    waiting = OutcomeEvidence.objects.filter(edition=edition, state=OutcomeEvidence.State.WAITING)
    page = {
        "counts": [(value, label, counts.get(value, 0)) for value, label in Outcome.State.choices],
        "documents": waiting.count(),
        "wanted": wanted,
        "page": paged(request, rows),
    }
    return render(request, "meetings/outcomes/ledger.html", page)


urlpatterns = [
    path("outcomes/", mine, name="my-outcomes"),
    path("outcomes/claim/", claim, name="claim-outcome"),
    path("outcomes/<int:number>/", outcome, name="outcome"),
    path("outcomes/<int:number>/act/", act_on_outcome, name="act-on-outcome"),
    path("outcomes/<int:number>/documents/<int:document>/", document, name="outcome-document"),
    path("organiser/outcomes/", organiser_ledger, name="ledger"),
]
