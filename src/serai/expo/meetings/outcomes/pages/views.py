"""My outcomes, one outcome, stating one in one tap, and the organiser's view of the ledger."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serai.expo.base.filters import read
from serai.expo.base.numbers import number_of
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Participation, Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.outcomes.domain import ledger
from serai.expo.meetings.outcomes.domain.evidence import MOST_BYTES, add_evidence, handed_out
from serai.expo.meetings.outcomes.domain.ledger import OutcomeRefusedError
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence
from serai.expo.meetings.outcomes.pages.forms import EvidenceForm, FollowUpForm, TermsForm
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of
from serai.expo.participants.participation.pages.guards import ParticipantRequest, acting_among, participant_required

if TYPE_CHECKING:
    from serai.expo.meetings.leads.models import Lead


@participant_required
def mine(request: ParticipantRequest) -> HttpResponse:
    """What waits for one's word, what is to be followed up, and all the rest."""
    own = request.by.participation
    outcomes = list(ledger.of_participation(own).select_related("meeting"))
    waiting = [outcome for outcome in outcomes if ledger.waits_for(outcome, own)]
    return render(
        request,
        "meetings/outcomes/mine.html",
        {
            "own": own,
            "by": request.by,
            "desks": request.desks,
            "waiting": waiting,
            "others": [outcome for outcome in outcomes if outcome not in waiting],
            "due": ledger.due_follow_ups(outcomes),
        },
    )


@participant_required
@require_POST
def claim(request: ParticipantRequest) -> HttpResponse:
    """State in one tap what came of a meeting, or with a firm that one met otherwise; the details can follow."""
    kind = request.POST.get("kind", "")
    if kind not in Outcome.Kind:
        raise Http404
    lead = _lead(request)
    by, met, others = (acting(request.user, lead.participation), None, []) if lead else _encounter(request)
    try:
        made = ledger.claim(by, Outcome.Kind(kind), meeting=met, lead=lead, others=others)
    except OutcomeRefusedError as refusal:
        messages.error(request, str(refusal))
        return (
            redirect("meeting", request.edition.slug, met.pk) if met else redirect("my-outcomes", request.edition.slug)
        )
    messages.success(request, _("It stands in the ledger as claimed; the other side is asked to confirm it."))
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
    raise Http404(_("There is no such lead of yours."))


def _encounter(request: ParticipantRequest) -> tuple[Acting, Meeting | None, list[Participation]]:
    number = number_of(request.POST.get("meeting"))
    if number is not None:
        met = Meeting.objects.filter(pk=number).select_related("host__firm", "guest__firm").first()
        by = acting_among(request, met.host, met.guest) if met else None
        if met is None or by is None:
            raise Http404(_("There is no such meeting."))
        return by, met, []
    return request.by, None, [_partner(request, request.POST.get("firm", ""))]


def _partner(request: UserRequest, identifier: str) -> Participation:
    found = (
        Participation.objects.filter(
            edition=request.edition,
            firm__identifier=leading(identifier),
            state=Participation.State.CONFIRMED,
        )
        .select_related("firm", "edition")
        .order_by("pk")
        .first()
    )
    if found is None:
        raise Http404(_("No participant of this fair has this identifier."))
    return found


def _outcome(request: UserRequest, number: int) -> tuple[Outcome, Acting | None]:
    """The outcome, and for whom the reader acts in it; None for an organiser who is no party."""
    found = (
        ledger.visible_to(request.user, request.edition)
        .filter(pk=number)
        .select_related("meeting", "edition")
        .prefetch_related("parties__participation__firm", "parties__participation__edition")
        .first()
    )
    if found is None:
        raise Http404(_("There is no such outcome."))
    keys = {party.participation_id for party in found.parties.all()}
    own = next((desk for desk in desks_of(request.user, request.edition) if desk.pk in keys), None)
    return found, acting(request.user, own) if own else None


@login_required
def outcome(request: UserRequest, number: int) -> HttpResponse:
    """One outcome as a party or the organiser sees it."""
    found, by = _outcome(request, number)
    return _page(request, found, by)


def _page(
    request: UserRequest, found: Outcome, by: Acting | None, terms: TermsForm | None = None, code: int = 200
) -> HttpResponse:
    own = next((party for party in found.parties.all() if by and party.participation_id == by.participation.pk), None)
    initial = {
        "title": next(iter(found.title.values()), ""),
        "value": found.value,
        "currency": found.currency,
        "band": found.band,
        "months": found.months,
        "confidential": found.confidential,
    }
    return render(
        request,
        "meetings/outcomes/outcome.html",
        {
            "outcome": found,
            "by": by,
            "party": own,
            "to_confirm": own is not None and found.state in ledger.OPEN and own.confirmed_at is None,
            "can_change": own is not None and own.claimant and found.state in ledger.OPEN,
            "closed": closed_sentence(request.edition, Phase.Kind.OUTCOMES),
            "can_follow": own is not None and found.state in ledger.AGREED,
            "terms_form": terms or TermsForm(initial=initial),
            "evidence_form": EvidenceForm(),
            "follow_up_form": FollowUpForm(),
            "follow_ups": found.follow_ups.select_related("answered_by__firm"),
            "evidence": found.evidence.select_related("file"),
            "judges": request.user.has_perm("expo.judge_evidence", found),
        },
        status=code,
    )


@login_required
@require_POST
def act_on_outcome(request: UserRequest, number: int) -> HttpResponse:
    """Confirm, dispute, change, withdraw, add a party or a document, say what has become of it; judge a document."""
    found, by = _outcome(request, number)
    act = request.POST.get("act", "")
    try:
        if act in JUDGING:
            _judge(request, found, accepted=act == "accept")
        elif act in ACTS:
            if by is None:
                raise PermissionDenied
            if (shown := ACTS[act](request, found, by)) is not None:
                return shown
        else:
            raise Http404
    except OutcomeRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept."))
    return redirect("outcome", request.edition.slug, found.pk)


JUDGING = ("accept", "refuse")


def _judge(request: UserRequest, found: Outcome, *, accepted: bool) -> None:
    if not request.user.has_perm("expo.judge_evidence", found):
        raise PermissionDenied
    document = found.evidence.filter(pk=number_of(request.POST.get("evidence")) or 0).first()
    if document is None:
        raise Http404(_("There is no such document."))
    ledger.judge(document, request.user, accepted=accepted)


def _confirm(_request: UserRequest, found: Outcome, by: Acting) -> None:
    ledger.confirm(found, by)


def _dispute(request: UserRequest, found: Outcome, by: Acting) -> None:
    ledger.dispute(found, by, request.POST.get("words", "")[:500])


def _withdraw(_request: UserRequest, found: Outcome, by: Acting) -> None:
    ledger.withdraw(found, by)


def _amend(request: UserRequest, found: Outcome, by: Acting) -> HttpResponse | None:
    form = TermsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, by, form)
    ledger.amend(found, by, form.terms(get_language() or "en"))
    return None


def _party(request: UserRequest, found: Outcome, by: Acting) -> None:
    ledger.add_party(found, by, _partner(request, request.POST.get("firm", "")))


def _evidence(request: UserRequest, found: Outcome, by: Acting) -> None:
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        raise OutcomeRefusedError(_("Choose a file that is not empty."))
    file = form.cleaned_data["file"]
    add_evidence(found, by, file.name, file.read(MOST_BYTES + 1))


def _follow_up(request: UserRequest, found: Outcome, by: Acting) -> None:
    form = FollowUpForm(request.POST)
    asked = found.follow_ups.filter(pk=number_of(request.POST.get("follow_up")) or 0).first()
    if asked is None or not form.is_valid():
        raise OutcomeRefusedError(_("Say what has become of it."))
    ledger.answer(asked, by, FollowUp.Answer(form.cleaned_data["answer"]), form.cleaned_data["words"])


ACTS: dict[str, Callable[[UserRequest, Outcome, Acting], HttpResponse | None]] = {
    "confirm": _confirm,
    "dispute": _dispute,
    "withdraw": _withdraw,
    "amend": _amend,
    "party": _party,
    "evidence": _evidence,
    "follow-up": _follow_up,
}


@login_required
def document(request: UserRequest, number: int, document: int) -> HttpResponse:
    """A document of an outcome, for its parties and the organiser; it is downloaded, never shown in the page."""
    found, _by = _outcome(request, number)
    kept: OutcomeEvidence | None = found.evidence.select_related("file").filter(pk=document).first()
    if kept is None:
        raise Http404(_("There is no such document."))
    return handed_out(kept)


@organiser_required
def organiser_ledger(request: OrganiserRequest) -> HttpResponse:
    """Every outcome by state, with documents that wait; claimed, confirmed and evidenced are never added up."""
    counts = ledger.number_by_state(request.edition)
    wanted = read(ledger.OutcomeFilter, request.GET)
    shown = ledger.narrowed(Outcome.objects.filter(edition=request.edition), wanted)
    shown = shown.prefetch_related("parties__participation__firm", "evidence")
    return render(
        request,
        "meetings/outcomes/ledger.html",
        {
            "counts": [(value, label, counts.get(value, 0)) for value, label in Outcome.State.choices],
            "documents": OutcomeEvidence.objects.filter(
                edition=request.edition, state=OutcomeEvidence.State.WAITING
            ).count(),
            "wanted": wanted,
            "page": Paginator(shown, 50).get_page(request.GET.get("page")),
        },
    )
