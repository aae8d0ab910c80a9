"""The buyer's desk: registration, hosted terms, targets, and needs with their sources."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.offers.market.domain import buyer_needs
from serai.expo.offers.market.models import Need
from serai.expo.offers.market.pages.forms import NeedForm
from serai.expo.participants.buyers.domain import hosted_terms, registration
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.desk.domain.dues import dues_of
from serai.expo.participants.desk.domain.duties import told_duties
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import acting, desks_of
from serai.expo.participants.participation.pages.guards import (
    CHOSEN,
    ParticipantRequest,
    buyer_required,
    participant_required,
)
from serai.expo.participants.questions.domain.answers import AnswerRefusedError, answered_by
from serai.expo.participants.questions.pages.fields import refuse
from serai.expo.site.buyer_desk.pages.forms import RegisterForm, TargetsForm


@user_required("GET")
def desk(request: UserRequest) -> HttpResponse:
    """The buyer's desk: vetting, terms, targets and needs. Other readers learn how to register."""
    desks = desks_of(request.user, request.edition)
    chosen = request.session.get(CHOSEN)
    own = next((desk for desk in desks if desk.firm.identifier == chosen), desks[0] if desks else None)
    return render(request, "site/buyer_desk/desk.html", _desk(request, own) | {"desks": desks})


def _desk(request: UserRequest, own: Participation | None) -> dict[str, object]:
    shown: dict[str, object] = {
        "own": own,
        "states_needs": own is not None and own.kind not in EXHIBITING,
        "vettings": registration.vettings_of(request.user, request.edition),
        "terms": hosted_terms.current_terms(request.edition),
    }
    if own is not None:
        accepted, answers = hosted_terms.accepted_by(own), answered_by(own)
        shown |= {
            "by": acting(request.user, own),
            "dues": dues_of(own, told_duties(request.user, own), timezone.now()),
            "accepted": accepted,
            "needs": Need.objects.filter(participation=own).prefetch_related("placements__node__chain"),
            "targets": TargetsForm(initial={"minimum": own.meetings_minimum, "maximum": own.meetings_maximum}),
            "ceiling": hosted_terms.ceiling(own),
            "answers": answers,
        }
    return shown


@user_required("GET", "POST")
def register(request: UserRequest) -> HttpResponse:
    """Register a firm as a buyer: one of the reader's own, or another by its name."""
    firms = list(Firm.objects.filter(roles__user=request.user).order_by("sort_name"))
    form = RegisterForm(request.edition, firms, request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            if cleaned.get("firm"):
                registration.register(request.user, request.edition, cleaned["firm"], form.answers())
            else:
                registration.register_by_name(
                    request.user,
                    request.edition,
                    legal_name=cleaned["legal_name"],
                    country=cleaned["country"],
                    language=get_language() or "en",
                    website=cleaned["website"],
                    answers=form.answers(),
                )
        except AnswerRefusedError as refusal:
            refuse(form, refusal)
        except registration.RegistrationRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your registration has been received; the organiser looks at it."))
            return redirect("buyer-desk", request.edition.slug)
    return render(request, "site/buyer_desk/register.html", {"form": form})


@user_required("POST")
def tell_more(request: UserRequest, number: int) -> HttpResponse:
    """Answer the organiser's question about the registration."""
    vetting = registration.vettings_of(request.user, request.edition).filter(pk=number).first()
    if vetting is None:
        raise Http404(_("There is no such registration."))
    if vetting.state == Vetting.State.ASKED:
        registration.tell_more(vetting, request.POST.get("about", "")[:2000], by=request.user)
        messages.success(request, _("Sent to the organiser."))
    return redirect("buyer-desk", request.edition.slug)


@buyer_required("POST")
def accept_terms(request: ParticipantRequest) -> HttpResponse:
    with told_to(request, hosted_terms.TermsRefusedError):
        hosted_terms.accept_terms(request.by, number_of(request.POST.get("version")) or 0)
        messages.success(request, _("You have accepted the terms. How many meetings you take stays yours to say."))
    return redirect("buyer-desk", request.edition.slug)


@participant_required("POST")
def set_targets(request: ParticipantRequest) -> HttpResponse:
    form = TargetsForm(request.POST)
    if form.is_valid():
        with told_to(request, hosted_terms.TermsRefusedError):
            hosted_terms.set_targets(request.by, **form.cleaned_data)
            messages.success(request, _("Kept. The next timetable follows it."))
    else:
        messages.error(request, _("Give two whole numbers."))
    return redirect("buyer-desk", request.edition.slug)


@buyer_required("GET", "POST")
def state_need(request: ParticipantRequest) -> HttpResponse:
    """State a need and show its sources."""
    blank = Need(edition=request.edition, participation=request.by.participation)
    form = NeedForm(blank, _languages(request.by.participation.firm), request.POST or None)
    asked = "suggest" in request.POST
    if asked:
        return _with_codes(request, form)
    if request.method == "POST" and form.is_valid():
        with told_in(form, buyer_needs.NeedRefusedError):
            need = buyer_needs.state_need(request.by, cast(Need, form.item()))
            messages.success(request, _("Your need is kept. Here is who could supply it."))
            return redirect("need-sources", request.edition.slug, need.pk)
    page = {"form": form, "own": request.by.participation}
    return render(request, "site/buyer_desk/need.html", page, status=400 if form.errors else 200)


@buyer_required("GET", "POST")
def need_edit(request: ParticipantRequest, number: int) -> HttpResponse:
    """Change, renew or remove a need of the reader's firm."""
    need = Need.objects.filter(pk=number, participation__in=request.desks).select_related("edition").first()
    if need is None:
        raise Http404(_("There is no such need."))
    by = acting(request.user, next(desk for desk in request.desks if desk.pk == need.participation_id))
    need.participation = by.participation
    asks = "save" in request.POST or "suggest" in request.POST
    form = NeedForm(need, _languages(by.participation.firm), request.POST if asks else None)
    if "suggest" in request.POST:
        return _with_codes(request, form, need)
    act = next((name for name in ("renew", "remove") if name in request.POST), "save")
    with told_to(request, buyer_needs.NeedRefusedError):
        if act == "renew":
            buyer_needs.renew_need(by, need)
        elif act == "remove":
            buyer_needs.remove_need(by, need)
        elif form.is_valid():
            buyer_needs.change_need(by, cast(Need, form.item()))
        if act != "save" or (form.is_bound and not form.errors):
            messages.success(request, _("Saved."))
            return redirect("buyer-desk", request.edition.slug)
    page = {"form": form, "own": by.participation, "need": need}
    return render(request, "site/buyer_desk/need.html", page, status=400 if form.errors else 200)


def _with_codes(request: ParticipantRequest, form: NeedForm, need: Need | None = None) -> HttpResponse:
    """The form as filled in, with suggested HS codes; nothing is saved."""
    form.is_valid()
    page = {"form": form, "need": need, "asked": True, "codes": form.suggested()}
    return render(request, "site/buyer_desk/need.html", page)


def _languages(firm: Firm) -> list[str]:
    """The languages in which a buyer writes: those of the firm and the reader, and English."""
    return list(dict.fromkeys([firm.language, get_language() or "en", "en"]))


@buyer_required("GET")
def need_sources(request: ParticipantRequest, number: int) -> HttpResponse:
    """The best three sources of a need, and one that makes the supply safer."""
    need = (
        Need.objects.filter(pk=number, participation__in=request.desks)
        .select_related("participation__firm", "participation__edition", "edition")
        .prefetch_related("placements__node__chain")
        .first()
    )
    if need is None:
        raise Http404(_("There is no such need."))
    return render(request, "site/buyer_desk/sources.html", {"need": need, "sources": sources_of(need)})
