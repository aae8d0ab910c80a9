"""The desks of a buyer and of a delegation: registration, hosted terms, targets, needs, members, and the agenda of
all.
"""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import country_choices
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.firms.record.domain.fields import longest
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.agenda.domain import agenda_by_day
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.meetings.meeting.domain.life import showing
from serai.expo.offers.market.domain import buyer_needs
from serai.expo.offers.market.models import Need
from serai.expo.offers.market.pages.forms import NeedForm
from serai.expo.participants.buyers.domain import hosted_buyers, registration
from serai.expo.participants.buyers.domain.registration import Answers
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.delegations.domain import Journey
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.delegations.pages import member_of
from serai.expo.participants.desk.domain import dues_of, told_duties
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.representation import acting, desks_of
from serai.expo.participants.participation.pages.guards import (
    CHOSEN,
    ParticipantRequest,
    buyer_required,
    participant_required,
)
from serai.expo.participants.questions.domain.answers import AnswerRefusedError, answered_by
from serai.expo.participants.questions.domain.questions import asked_of
from serai.expo.participants.questions.pages import add_questions, given_in, refuse


class RegisterForm(forms.Form):
    """The registration of a firm as a buyer."""

    firm = forms.ModelChoiceField(Firm.objects.none(), label=_("Firm"), required=False)
    legal_name = forms.CharField(
        label=_("Name of the firm"),
        max_length=longest("legal_name"),
        required=False,
        help_text=_("As in its certificate of registration."),
    )
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)
    website = forms.URLField(label=_("Web site"), required=False, max_length=longest("website"), assume_scheme="https")
    position = forms.CharField(label=_("Your position"), max_length=120, required=False)
    purpose = forms.ChoiceField(label=_("You buy"), choices=Vetting.Purpose.choices)
    about = forms.CharField(
        label=_("What you buy, and how much of it a year"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The organiser reads it to let you in; nobody else does."),
    )
    hosted = forms.BooleanField(label=_("We would like to come as a hosted buyer"), required=False)

    def __init__(self, edition: Edition, firms: list[Firm], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = asked_of(edition, Participation.Kind.BUYER)
        add_questions(self, self.questions, Participation.Kind.BUYER)
        firm = self.fields["firm"]
        assert isinstance(firm, forms.ModelChoiceField)
        if firms:
            firm.queryset = Firm.objects.filter(pk__in=[known_firm.pk for known_firm in firms])
            firm.empty_label = str(_("another firm"))
        else:
            del self.fields["firm"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("firm"):
            for name in ("legal_name", "country"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed for a firm that you don't act for yet."))
        self.own_answers = given_in(self, self.questions)
        return cleaned

    def answers(self) -> Answers:
        """What was said."""
        given = self.cleaned_data
        return Answers(given["purpose"], given["position"], given["hosted"], given["about"], self.own_answers)


class TargetsForm(forms.Form):
    """The least and the most meetings that a buyer wants."""

    minimum = forms.IntegerField(label=_("Meetings at least"), min_value=0, max_value=500)
    maximum = forms.IntegerField(label=_("Meetings at most"), min_value=0, max_value=500)


class DelegationForm(forms.Form):
    """A delegation."""

    name = forms.CharField(label=_("Name of the delegation"), max_length=200)
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = country_choices()


class MemberForm(forms.Form):
    """A member of a delegation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    part = forms.ChoiceField(label=_("Part"), choices=DelegationMember.Part.choices, initial="delegate")
    firm = forms.CharField(
        label=_("Identifier of the firm"),
        max_length=32,
        required=False,
        help_text=_("Its people are asked whether you may act for it."),
    )
    arrives_on = forms.DateField(label=_("Arrives on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    leaves_on = forms.DateField(label=_("Leaves on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    letter = forms.BooleanField(label=_("A letter for the visa is wanted"), required=False)

    def journey(self) -> Journey:
        """The journey as entered."""
        given = self.cleaned_data
        letter = DelegationMember.Letter.WANTED if given["letter"] else DelegationMember.Letter.NONE
        return Journey(given["arrives_on"], given["leaves_on"], letter)


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
        "terms": hosted_buyers.current_terms(request.edition),
    }
    if own is not None:
        accepted, answers = hosted_buyers.accepted_by(own), answered_by(own)
        shown |= {
            "by": acting(request.user, own),
            "dues": dues_of(own, told_duties(request.user, own), timezone.now()),
            "accepted": accepted,
            "needs": Need.objects.filter(participation=own).prefetch_related("placements__node__chain"),
            "targets": TargetsForm(initial={"minimum": own.meetings_minimum, "maximum": own.meetings_maximum}),
            "ceiling": hosted_buyers.ceiling(own),
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
            messages.success(request, gettext("Your registration has been received; the organiser looks at it."))
            return redirect("buyer-desk", request.edition.slug)
    return render(request, "site/buyer_desk/register.html", {"form": form})


@user_required("POST")
def tell_more(request: UserRequest, number: int) -> HttpResponse:
    """Answer the organiser's question about the registration."""
    vetting = registration.vettings_of(request.user, request.edition).filter(pk=number).first()
    if vetting is None:
        raise Http404(gettext("There is no such registration."))
    if vetting.state == Vetting.State.ASKED:
        registration.tell_more(vetting, request.POST.get("about", "")[:2000], by=request.user)
        messages.success(request, gettext("Sent to the organiser."))
    return redirect("buyer-desk", request.edition.slug)


@buyer_required("POST")
def accept_terms(request: ParticipantRequest) -> HttpResponse:
    with told_to(request, hosted_buyers.TermsRefusedError):
        hosted_buyers.accept_terms(request.by, number_of(request.POST.get("version")) or 0)
        messages.success(
            request, gettext("You have accepted the terms. How many meetings you take stays yours to say.")
        )
    return redirect("buyer-desk", request.edition.slug)


@participant_required("POST")
def set_targets(request: ParticipantRequest) -> HttpResponse:
    form = TargetsForm(request.POST)
    if form.is_valid():
        with told_to(request, hosted_buyers.TermsRefusedError):
            hosted_buyers.set_targets(request.by, **form.cleaned_data)
            messages.success(request, gettext("Kept. The next timetable follows it."))
    else:
        messages.error(request, gettext("Give two whole numbers."))
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
            messages.success(request, gettext("Your need is kept. Here is who could supply it."))
            return redirect("need-sources", request.edition.slug, need.pk)
    page = {"form": form, "own": request.by.participation}
    return render(request, "site/buyer_desk/need.html", page, status=400 if form.errors else 200)


@buyer_required("GET", "POST")
def need_edit(request: ParticipantRequest, number: int) -> HttpResponse:
    """Change, renew or remove a need of the reader's firm."""
    need = Need.objects.filter(pk=number, participation__in=request.desks).select_related("edition").first()
    if need is None:
        raise Http404(gettext("There is no such need."))
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
            messages.success(request, gettext("Saved."))
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
        raise Http404(gettext("There is no such need."))
    return render(request, "site/buyer_desk/sources.html", {"need": need, "sources": sources_of(need)})


@user_required("GET", "POST")
def delegation(request: UserRequest) -> HttpResponse:
    """The reader's delegation, requests to act for the reader's firm, and the agenda of all members."""
    led = Delegation.objects.filter(edition=request.edition, leader=request.user).first()
    act = request.POST.get("act", "")
    found_form = DelegationForm(request.POST if act == "found" else None)
    member_form = MemberForm(request.POST if act == "add" else None)
    if request.method == "POST":
        with told_to(request, delegating.DelegationRefusedError):
            if _done(request, led, act, found_form, member_form):
                messages.success(request, gettext("Saved."))
                return redirect("delegation", request.edition.slug)
    members = list(led.members.select_related("participation__firm")) if led else []
    may_read = showing(request.edition)
    theirs = [member.participation for member in members if member.participation and member.proxy_since]
    return render(
        request,
        "site/buyer_desk/delegation.html",
        {
            "delegation": led,
            "members": members,
            "days": agenda_by_day(theirs, request.edition, may_read) if theirs else [],
            "hidden": may_read.sentence,
            "asked": delegating.asked_to_let_act(request.user, request.edition),
            "desks": desks_of(request.user, request.edition),
            "found_form": found_form,
            "member_form": member_form,
            "zone": ZoneInfo(request.edition.time_zone),
        },
    )


def _done(
    request: UserRequest, led: Delegation | None, act: str, found_form: DelegationForm, member_form: MemberForm
) -> bool:
    """Do what was asked. Returns False if a form has errors."""
    if act == "found":
        if not found_form.is_valid():
            return False
        delegating.found(request.edition, request.user, **found_form.cleaned_data)
    elif act == "add" and led is not None:
        if not member_form.is_valid():
            return False
        given = member_form.cleaned_data
        delegating.add_member(
            led,
            by=request.user,
            name=given["name"],
            part=given["part"],
            participation=delegating.participant_of(request.edition, given["firm"]),
            journey=member_form.journey(),
        )
    elif act == "remove" and led is not None:
        delegating.remove_member(member_of(request, led.members.all()), by=request.user)
    elif act in ("let", "end"):
        asked = delegating.asked_to_let_act(request.user, request.edition)
        delegating.let_act(member_of(request, asked), by=request.user, let=act == "let")
    else:
        raise Http404
    return True


urlpatterns = [
    path("buyer/", desk, name="buyer-desk"),
    path("buyer/delegation/", delegation, name="delegation"),
    path("buyer/register/", register, name="register-buyer"),
    path("buyer/registrations/<int:number>/", tell_more, name="tell-more"),
    path("buyer/terms/", accept_terms, name="accept-terms"),
    path("buyer/targets/", set_targets, name="set-targets"),
    path("buyer/needs/new/", state_need, name="state-need"),
    path("buyer/needs/<int:number>/", need_sources, name="need-sources"),
    path("buyer/needs/<int:number>/edit/", need_edit, name="need-edit"),
]
