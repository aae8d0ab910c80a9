"""Setting a fair up: a new one, its steps, its fields, sections and state, and a copy of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from serai.expo.base.field_form import country_choices
from serai.expo.base.numbers import number_of
from serai.expo.base.submission import told_to
from serai.expo.base.text import grouped_languages, in_language, written_languages
from serai.expo.fairs.edition.domain import changes
from serai.expo.fairs.edition.domain.changes import AddressTakenError, EditionStateError, check_address
from serai.expo.fairs.edition.domain.clone import PARTS, clone_edition, plan_clone
from serai.expo.fairs.edition.domain.phases import closed_sentence
from serai.expo.fairs.edition.models import Edition, Phase, Section
from serai.expo.fairs.edition.pages.guards import OrganiserRequest, UserRequest, organiser_required, user_required
from serai.expo.fairs.jobs.domain import start
from serai.expo.offers.chains.domain.fair_chains import choosable_chains, set_sections
from serai.expo.participants.participation.domain.decisions import (
    DecisionRefusedError,
    answer_invitation,
    invitations_of,
)
from serai.expo.people.account.models import Organisation
from serai.expo.site.setup.domain import shown, steps

DAY = {"type": "date"}
HOUR = {"type": "time"}
MOST_DAYS = 60


def _day(widget_attributes: Mapping[str, str] = DAY) -> forms.DateInput:
    return forms.DateInput(attrs=dict(widget_attributes), format="%Y-%m-%d")


class EditionForm(forms.ModelForm[Edition]):
    """The fields of an edition."""

    class Meta:
        model = Edition
        fields: ClassVar[tuple[str, ...]] = (
            *("name", "theme", "starts_on", "ends_on", "country", "time_zone", "city", "venue", "area_m2"),
            *("meetings_from", "meetings_until", "meeting_minutes", "meeting_tables", "booth_events_maximum"),
            "publishes_at_once",
        )
        labels: ClassVar[dict[str, Any]] = {
            "name": pgettext_lazy("of a thing", "Name"),
            "theme": _("Theme"),
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
            "country": _("Host country or region"),
            "time_zone": _("Time zone"),
            "city": _("City"),
            "venue": _("Venue"),
            "area_m2": _("Area, m²"),
            "meetings_from": _("Meetings from"),
            "meetings_until": _("Meetings until"),
            "meeting_minutes": _("Minutes a meeting"),
            "meeting_tables": _("Tables for meetings"),
            "booth_events_maximum": _("Events at the booth"),
            "publishes_at_once": _("Publish offers and needs without a review before"),
        }
        widgets: ClassVar = {
            "starts_on": _day(),
            "ends_on": _day(),
            "meetings_from": forms.TimeInput(attrs=HOUR, format="%H:%M"),
            "meetings_until": forms.TimeInput(attrs=HOUR, format="%H:%M"),
        }
        help_texts: ClassVar[dict[str, Any]] = {"country": ""}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].required = True
        self.fields["booth_events_maximum"].required = False  # empty: as it is
        self.initial.setdefault("languages", self.instance.languages)
        self.fields["country"] = forms.ChoiceField(label=_("Host country or region"), choices=country_choices())
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=[(zone, zone) for zone in sorted(available_timezones()) if zone != "localtime"],
        )
        self.fields["languages"] = forms.MultipleChoiceField(
            label=_("Languages of the fair"),
            required=False,
            choices=written_languages(self.instance.languages),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
            help_text=_("In which you write its texts. Forms show these languages first."),
        )
        self.fields["more_language"] = forms.ChoiceField(
            label=_("One more language"),
            required=False,
            choices=[("", "—"), *grouped_languages()],
            help_text=_("Type the first letters of its name to find it."),
        )
        self.order_fields([*self.Meta.fields, "languages", "more_language"])

    def clean_booth_events_maximum(self) -> int:
        given = self.cleaned_data["booth_events_maximum"]
        return self.instance.booth_events_maximum if given is None else int(given)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = [*cleaned.get("languages", ()), cleaned.get("more_language", "")]
        self.instance.languages = list(dict.fromkeys(filter(None, chosen)))
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day can't be before the first."))
        elif first and last and last - first > timedelta(days=MOST_DAYS):
            self.add_error("ends_on", gettext("A fair lasts %d days at most.") % MOST_DAYS)
        begins, ends, minutes = (cleaned.get(f"meeting{name}") for name in ("s_from", "s_until", "_minutes"))
        if begins and ends and ends <= begins:
            self.add_error("meetings_until", gettext("Meetings can't end before they begin."))
        if minutes is not None and minutes < 5:
            self.add_error("meeting_minutes", gettext("A meeting lasts 5 minutes at least."))
        return cleaned


class NewEditionForm(EditionForm):
    """A new edition, with its address and organisation."""

    class Meta(EditionForm.Meta):
        fields: ClassVar = ("organisation", "slug", *EditionForm.Meta.fields)
        labels: ClassVar = EditionForm.Meta.labels | {"organisation": _("Held by"), "slug": _("Address")}
        help_texts: ClassVar = EditionForm.Meta.help_texts | {
            "slug": _("The last part of its web address, such as 'fair-2027': letters, digits and hyphens.")
        }

    def __init__(self, organisations: Sequence[Organisation], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held_by = forms.TypedChoiceField(
            label=_("Held by"),
            choices=[(holder.pk, in_language(holder.name).text or holder.slug) for holder in organisations],
            coerce=lambda number: next(holder for holder in organisations if str(holder.pk) == str(number)),
        )
        self.fields["organisation"] = held_by
        self.order_fields(self.Meta.fields)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        try:
            check_address(slug)
        except AddressTakenError as error:
            raise forms.ValidationError(str(error)) from None
        return slug


class CloneForm(forms.ModelForm[Edition]):
    """The copy of an edition: new name, address and days, and the copied parts."""

    class Meta:
        model = Edition
        fields = ("name", "slug", "starts_on", "ends_on")
        labels: ClassVar = {key: NewEditionForm.Meta.labels[key] for key in ("name", "slug", "starts_on", "ends_on")}
        help_texts: ClassVar = {"slug": NewEditionForm.Meta.help_texts["slug"]}
        widgets: ClassVar = {"starts_on": _day(), "ends_on": _day()}

    parts = forms.MultipleChoiceField(
        label=_("What is copied"),
        required=False,
        choices=[(key, format_lazy("{}: {}", title, text)) for key, (title, text) in PARTS.items()],
        initial=list(PARTS),
        widget=forms.CheckboxSelectMultiple,
    )
    invite = forms.BooleanField(
        label=_("Invite the exhibitors again"),
        required=False,
        help_text=_("They stand as invited, which nobody but you and they sees, until they answer."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].required = True

    clean_slug = NewEditionForm.clean_slug

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day can't be before the first."))
        return cleaned


class SectionsForm(forms.Form):
    """The chains for which the fair has a section."""

    chains = forms.MultipleChoiceField(
        label=_("Chains of this fair"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A section that firms are in stays. Without a choice the fair has the first six chains."),
    )

    def __init__(self, edition: Edition, chosen: Sequence[str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"chains": list(chosen)})
        field = self.fields["chains"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (chain.slug, f"{in_language(chain.title).text}: {in_language(chain.summary).text}".rstrip(": "))
            for chain in choosable_chains(edition)
        ]


A_YEAR = timedelta(weeks=52)
"""The usual time to the next fair: it opens on the same day of the week."""


@user_required("GET", "POST")
def new_edition(request: UserRequest) -> HttpResponse:
    """A new fair, for readers with a role in an organisation."""
    organisations = list(changes.organisations_of(request.user))
    if not organisations:
        return render(request, "site/setup/new.html", {"form": None})
    own = {"country": organisations[0].country}
    form = NewEditionForm(organisations, request.POST if request.method == "POST" else None, initial=own)
    if request.method == "POST" and form.is_valid():
        edition = changes.create_edition(form.save(commit=False), user=request.user)
        messages.success(
            request, gettext("The fair is made, as a draft that only you see. Now bring your list of firms.")
        )
        return redirect("import-upload", edition.slug)
    return render(request, "site/setup/new.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET")
def setup(request: OrganiserRequest) -> HttpResponse:
    """The steps of setting the fair up, and which of them are done."""
    listed = steps(request.edition)
    return render(request, "site/setup/steps.html", {"steps": listed, "done": sum(step.done for step in listed)})


@organiser_required("GET", "POST")
def edition_change(request: OrganiserRequest) -> HttpResponse:
    """All fields of the edition."""
    # The form writes the given values into its instance; the frame of the page shows the stored edition.
    edition = Edition.objects.get(pk=request.edition.pk)
    form = EditionForm(request.POST if request.method == "POST" else None, instance=edition)
    if request.method == "POST" and form.is_valid():
        changes.change_edition(form.save(commit=False), user=request.user)
        messages.success(request, gettext("The changes are kept."))
        return redirect("setup", request.edition.slug)
    return render(request, "site/setup/change.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def sections(request: OrganiserRequest) -> HttpResponse:
    """The chains for which the fair has a section."""
    kept = Section.objects.filter(edition=request.edition, chain__isnull=False).values_list("chain__slug", flat=True)
    before = list(kept)
    form = SectionsForm(request.edition, before, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        count = set_sections(request.edition, form.cleaned_data["chains"], user=request.user)
        if set(kept.all()) != set(before):
            start(request.edition, "placing", user=request.user)
            messages.info(request, gettext("Offers and needs are being placed on the chains of the fair."))
        messages.success(request, ngettext("The fair has %d section.", "The fair has %d sections.", count) % count)
        page = "organiser-chains" if request.POST.get("back") == "organiser-chains" else "setup"
        return redirect(page, request.edition.slug)
    return render(request, "site/setup/sections.html", {"form": form}, status=400 if form.errors else 200)


@organiser_required("GET", "POST")
def edition_state(request: OrganiserRequest) -> HttpResponse:
    """Publish the fair, close it, or take either back."""
    if request.method == "POST":
        with told_to(request, EditionStateError):
            changes.change_state(request.edition, request.POST.get("to", ""), user=request.user)
            messages.success(request, gettext("The fair is now: %s.") % request.edition.get_state_display())
        return redirect("edition-state", request.edition.slug)
    missing = [step for step in steps(request.edition)[:-1] if not step.done]
    allowed = changes.NEXT[request.edition.state]
    return render(request, "site/setup/state.html", {"missing": missing, "allowed": allowed})


@organiser_required("POST")
def usual_phases(request: OrganiserRequest) -> HttpResponse:
    """Set the usual dates of those phases that have none."""
    count = changes.propose_phases(request.edition, user=request.user)
    messages.success(request, ngettext("%d phase was changed.", "%d phases were changed.", count) % count)
    return redirect("phases", request.edition.slug)


@organiser_required("GET", "POST")
def clone(request: OrganiserRequest) -> HttpResponse:
    """A copy of the fair for the next time, with its dates moved: shown first if asked, then made."""
    old = request.edition
    new = Edition.objects.get(pk=old.pk)
    new.pk = None
    new._state.adding = True
    new.starts_on, new.ends_on, new.slug = old.starts_on + A_YEAR, old.ends_on + A_YEAR, ""
    form = CloneForm(request.POST if request.method == "POST" else None, instance=new)
    if request.method == "POST" and form.is_valid():
        new, parts, invite = form.save(commit=False), form.cleaned_data["parts"], form.cleaned_data["invite"]
        if "preview" in request.POST:
            plan = shown(old, plan_clone(old, new, parts, invite=invite))
            return render(request, "site/setup/clone.html", {"form": form, "plan": plan})
        copy = clone_edition(old, new, parts, invite=invite, user=request.user)
        messages.success(request, gettext("The copy is made, as a draft that only you see."))
        if copy.invited:
            messages.success(
                request,
                ngettext("%d firm is invited again.", "%d firms are invited again.", copy.invited) % copy.invited,
            )
        return redirect("setup", copy.edition.slug)
    return render(request, "site/setup/clone.html", {"form": form}, status=400 if form.errors else 200)


@user_required("GET", "POST")
def invitations(request: UserRequest) -> HttpResponse:
    """The invitations of the reader's firms to this fair, and their answers."""
    own = invitations_of(request.user, request.edition)
    if request.method == "POST":
        invitation = own.filter(pk=number_of(request.POST.get("invitation")) or 0).first()
        if invitation is None:
            raise PermissionDenied
        with told_to(request, DecisionRefusedError):
            answer_invitation(invitation, "accept" in request.POST, user=request.user)
            messages.success(request, gettext("Thank you: the organiser has your answer."))
        return redirect("invitations", request.edition.slug)
    closed = closed_sentence(request.edition, Phase.Kind.APPLY)
    return render(request, "site/setup/invitations.html", {"invitations": own, "closed": closed})


urlpatterns = [
    path("invitation/", invitations, name="invitations"),
    path("organiser/setup/", setup, name="setup"),
    path("organiser/setup/edition/", edition_change, name="edition-change"),
    path("organiser/setup/sections/", sections, name="sections"),
    path("organiser/setup/phases/", usual_phases, name="usual-phases"),
    path("organiser/setup/state/", edition_state, name="edition-state"),
    path("organiser/clone/", clone, name="clone"),
]

outside_of_editions = [path("new-fair/", new_edition, name="new-edition")]
