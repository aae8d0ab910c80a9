"""The call for proposals: the reader's own proposals, and the organiser's list with its scores and decisions."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from serai.expo.base.field_form import choose_from, country_choices
from serai.expo.base.filters import read
from serai.expo.base.rows import row_of
from serai.expo.base.submission import told_in, told_to
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.expo.programme.proposals import domain as proposals
from serai.expo.programme.proposals.domain import (
    HIGHEST,
    LONGEST,
    LOWEST,
    MOST_SPEAKERS,
    SHORTEST,
    NotProposedError,
    ProposalContent,
    SpeakerContent,
    forums_to_choose,
    visible_to,
)
from serai.expo.programme.proposals.models import Proposal, ProposalReview
from serai.expo.programme.sessions.domain.visibility import why_closed
from serai.expo.programme.sessions.models import Forum, Room
from serai.expo.programme.sessions.pages.forms import LanguagesField, MomentField, TitledChoiceField

USUAL_MINUTES = 45


class ProposalForm(forms.Form):
    """A proposed session. Its speakers are forms of their own, in ``speakers``."""

    title = LocalizedTextFormField(label=_("Title"), max_length=200)
    summary = LocalizedTextFormField(label=_("Summary"), long=True, required=False, max_length=4000)
    languages = LanguagesField(label=_("Languages spoken"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST, initial=USUAL_MINUTES)
    participation = forms.ModelChoiceField(
        Participation._base_manager.none(),
        label=_("Participant"),
        required=False,
        help_text=_("Where you propose it for a firm."),
    )
    notes = forms.CharField(
        label=_("Notes to the organiser"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the room needs, when you cannot come. Only organisers read it."),
    )

    def __init__(
        self, edition: Edition, user: User, data: Mapping[str, Any] | None = None, proposal: Proposal | None = None
    ) -> None:
        super().__init__(data, initial=model_to_dict(proposal) if proposal else None)
        # Queries of these rows need the scope of the edition.
        forums, firms = forums_to_choose(edition), acted_for(user, edition).select_related("firm").order_by("pk")
        if proposal and proposal.forum_id:
            forums = forums | Forum.objects.filter(edition=edition, pk=proposal.forum_id)
        if forums.exists():
            self.fields["forum"] = TitledChoiceField(
                forums, label=_("Forum"), required=False, help_text=_("Which it is meant for, where you know.")
            )
        choose_from(self, "participation", firms, lambda row: shown_name(row.firm))
        if not firms.exists():
            del self.fields["participation"]
        self.order_fields(["title", "summary", "forum", "minutes", "languages", "participation", "notes"])
        proposer = {"name": {"en": user.name} if user.name else {}, "mail": user.email}
        speakers = proposal.speakers.all() if proposal else ()
        initial = [model_to_dict(speaker) for speaker in speakers] or [proposer]
        self.speakers = [
            ProposedSpeakerForm(
                data,
                prefix=f"speaker-{place}",
                label_suffix="",
                initial=initial[place] if place < len(initial) else {},
                place=place,
            )
            for place in range(MOST_SPEAKERS)
        ]

    def is_valid(self) -> bool:
        # Every form is validated, so that all errors are shown at once.
        return all([super().is_valid(), *(form.is_valid() for form in self.speakers)])

    def content(self) -> ProposalContent:
        """The proposal as it was filled in, once the form is valid."""
        speakers = [SpeakerContent(**form.cleaned_data) for form in self.speakers if form.is_filled]
        return ProposalContent(**self.cleaned_data, speakers=speakers)


class ProposedSpeakerForm(forms.Form):
    """A proposed speaker. An empty form names nobody."""

    name = LocalizedTextFormField(label=_("Name"), max_length=200, required=False)
    position = LocalizedTextFormField(label=_("Position"), max_length=200, required=False)
    affiliation = LocalizedTextFormField(label=_("Organisation"), max_length=200, required=False)
    country = forms.ChoiceField(label=_("Country or region"), required=False, choices=country_choices)
    biography = LocalizedTextFormField(label=_("About"), long=True, max_length=4000, required=False)
    mail = forms.EmailField(label=_("Mail address"), required=False)

    def __init__(self, *args: Any, place: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.heading = _("Speaker %d") % (place + 1)
        self.fields["name"].required = place == 0

    @property
    def is_open(self) -> bool:
        """Whether its fields are shown at once: of the first speaker, and of a speaker with any value."""
        return self.fields["name"].required or bool(self.initial) or self.has_changed()

    @property
    def is_filled(self) -> bool:
        """Whether any field has a value."""
        return any(self.cleaned_data.values())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("name") and any(given.values()) and "name" not in self.errors:
            self.add_error("name", _("Name who would speak."))
        return given


class ReviewForm(forms.Form):
    """An organiser's score of a proposal, with a note."""

    score = forms.TypedChoiceField(
        label=_("Score"),
        coerce=int,
        choices=[(number, number) for number in range(HIGHEST, LOWEST - 1, -1)],
        help_text=_("5 is the best."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only organisers read it."),
    )


class AcceptForm(forms.Form):
    """Time and place of the session of an accepted proposal."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=SHORTEST, max_value=LONGEST)
    answer = forms.CharField(
        label=_("Answer"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, edition: Edition, proposal: Proposal, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix="accept", initial={"forum": proposal.forum_id, "minutes": proposal.minutes})
        rooms = Room.objects.filter(edition=edition, booth__isnull=True)
        self.fields["forum"] = TitledChoiceField(forums_to_choose(edition), label=_("Forum"))
        self.fields["starts_at"] = MomentField(edition, label=_("Begins"))
        self.fields["room"] = TitledChoiceField(rooms, label=_("Room"), required=False)
        self.order_fields(["forum", "starts_at", "minutes", "room", "answer"])


class DeclineForm(forms.Form):
    """The reason why a proposal is declined; the proposer reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


@user_required("GET")
def mine(request: UserRequest) -> HttpResponse:
    """The reader's proposals, with the answers to them."""
    page = {"proposals": proposals.own_proposals(request.user, request.edition), "closed": why_closed(request.edition)}
    return render(request, "programme/proposals/my_proposals.html", page)


@user_required("GET", "POST")
def edit(request: UserRequest, number: int | None = None) -> HttpResponse:
    """The form to propose a session, or to change a proposal on which the organiser has not decided."""
    proposal = None if number is None else _own(request, number)
    if proposal and proposal.state != Proposal.State.SUBMITTED:
        return redirect("my-proposals", request.edition.slug)
    form = ProposalForm(request.edition, request.user, request.POST if request.method == "POST" else None, proposal)
    if request.method == "POST" and form.is_valid():
        with told_in(form, NotProposedError):
            if proposal:
                proposals.change(proposal, form.content(), by=request.user)
            else:
                proposals.submit(request.edition, form.content(), by=request.user)
            messages.success(
                request, gettext("Saved.") if proposal else gettext("Your session is proposed. The organiser decides.")
            )
            return redirect("my-proposals", request.edition.slug)
    wrong = bool(form.errors) or any(speaker.errors for speaker in form.speakers)
    page = {"form": form, "proposal": proposal, "closed": why_closed(request.edition), "wrong": wrong}
    return render(request, "programme/proposals/propose.html", page, status=400 if wrong else 200)


@user_required("POST")
def withdraw(request: UserRequest, number: int) -> HttpResponse:
    proposal = _own(request, number)
    with told_to(request, NotProposedError):
        proposals.withdraw(proposal, by=request.user)
        messages.success(request, gettext("The proposal is withdrawn."))
    return redirect("my-proposals", request.edition.slug)


def _own(request: UserRequest, number: int) -> Proposal:
    rows = proposals.own_proposals(request.user, request.edition)
    return row_of(rows, number, gettext("There is no such proposal."))


PROPOSALS_A_PAGE = 50

ACTS: Mapping[str, tuple[Callable[..., object], Promise]] = {
    "review": (proposals.review, gettext_lazy("Your review is kept.")),
    "accept": (
        proposals.accept,
        gettext_lazy("The proposal is a session now. The public sees it with the next release."),
    ),
    "decline": (proposals.decline, gettext_lazy("The proposal is declined. Its proposer is told.")),
}
"""What an organiser does with a proposal, by the word in the address. Each takes the fields of its form."""


@organiser_required("GET")
def proposal_list(request: OrganiserRequest) -> HttpResponse:
    """All proposals with their mean scores, narrowed by state, the newest or the best first."""
    wanted = read(proposals.ProposalFilter, request.GET)
    rows = proposals.listed(visible_to(request.user, request.edition), wanted)
    page = {
        "page": Paginator(rows, PROPOSALS_A_PAGE).get_page(request.GET.get("page")),
        "states": Proposal.State.choices,
        "wanted": wanted,
        "call": standing(request.edition, Phase.Kind.PROPOSALS),
        "closed": why_closed(request.edition),
        "zone": ZoneInfo(request.edition.time_zone),
    }
    return render(request, "programme/proposals/proposals.html", page)


@organiser_required("GET")
def proposal(request: OrganiserRequest, number: int) -> HttpResponse:
    return _page(request, _proposal(request, number))


@require_POST
@organiser_required
def decide(request: OrganiserRequest, number: int, act: str) -> HttpResponse:
    """Review, accept or decline a proposal, or show the page with the errors of the form."""
    row = _proposal(request, number)
    form = _forms(request, row, {act: request.POST})[act]
    function, success = ACTS[act]
    if form.is_valid():
        with told_in(form, proposals.ReviewRefusedError):
            function(row, **form.cleaned_data, by=request.user)
            messages.success(request, str(success))
            return redirect("proposal", request.edition.slug, row.pk)
    return _page(request, row, {act: form})


def _forms(request: OrganiserRequest, row: Proposal, sent: Mapping[str, Any], own: Any = None) -> dict[str, Form]:
    """The form of each act, bound to the data that was sent for it."""
    return {
        "review": ReviewForm(sent.get("review"), initial=own),
        "accept": AcceptForm(request.edition, row, sent.get("accept")),
        "decline": DeclineForm(sent.get("decline")),
    }


def _page(request: OrganiserRequest, row: Proposal, bound: Mapping[str, Form] | None = None) -> HttpResponse:
    all_reviews = list(ProposalReview.objects.filter(proposal=row).select_related("reviewer"))
    own = next((review for review in all_reviews if review.reviewer_id == request.user.pk), None)
    forms = _forms(request, row, {}, {"score": own.score, "note": own.note} if own else None) | dict(bound or {})
    page = {
        "proposal": row,
        "reviews": all_reviews,
        "forums": forums_to_choose(request.edition).exists(),
        "zone": ZoneInfo(request.edition.time_zone),
        **{f"{act}_form": form for act, form in forms.items()},
    }
    return render(request, "programme/proposals/proposal.html", page, status=400 if bound else 200)


def _proposal(request: OrganiserRequest, number: int) -> Proposal:
    rows = proposals.with_scores(visible_to(request.user, request.edition)).select_related("session__room")
    row: Proposal = row_of(rows, number, gettext("There is no such proposal."))
    return row


urlpatterns = [
    path("programme/proposals/", mine, name="my-proposals"),
    path("programme/proposals/new/", edit, name="proposal-new"),
    path("programme/proposals/<int:number>/", edit, name="proposal-edit"),
    path("programme/proposals/<int:number>/withdraw/", withdraw, name="proposal-withdraw"),
    path("organiser/programme/proposals/", proposal_list, name="proposals"),
    path("organiser/programme/proposals/<int:number>/", proposal, name="proposal"),
    path(
        "organiser/programme/proposals/<int:number>/review/",
        decide,
        {"act": "review"},
        name="proposal-review",
    ),
    path(
        "organiser/programme/proposals/<int:number>/accept/",
        decide,
        {"act": "accept"},
        name="proposal-accept",
    ),
    path(
        "organiser/programme/proposals/<int:number>/decline/",
        decide,
        {"act": "decline"},
        name="proposal-decline",
    ),
]
