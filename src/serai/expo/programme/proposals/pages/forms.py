"""Forms of the call for proposals: a proposal with its speakers, a review, and the organiser's decision."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from serai.expo.base.choices import choose_from, country_choices
from serai.expo.base.text_form import LocalizedTextFormField
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.expo.programme.proposals.domain.proposals import (
    LONGEST,
    MOST_SPEAKERS,
    SHORTEST,
    ProposalContent,
    SpeakerContent,
    forums_to_choose,
)
from serai.expo.programme.proposals.domain.reviews import HIGHEST, LOWEST
from serai.expo.programme.proposals.models import Proposal
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
