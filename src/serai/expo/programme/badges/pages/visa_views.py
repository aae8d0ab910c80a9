"""Letters of invitation for visas: the travellers for whom the reader makes them, and the form of a letter.

Details of a passport are printed and never saved.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from serai.expo.base.exporters import PDF, download
from serai.expo.base.field_form import country_choices
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.pages.guards import UserRequest, user_required
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.programme.badges.domain.visa_letters import Traveller, invitation_pdf, members_of, participants_of

OLDEST = 120
"""Years."""


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}), **options
    )


class PassportField(forms.CharField):
    """A passport number, normalised to capitals without spaces and hyphens."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper().replace(" ", "").replace("-", "")


class TravellerForm(forms.Form):
    """The traveller, with the details of the passport."""

    name = forms.CharField(
        label=_("Name as in the passport"), help_text=_("In Latin letters, as in its lowest two lines."), max_length=120
    )
    born_on = _day(_("Date of birth"))
    nationality = forms.ChoiceField(label=_("Nationality"), choices=country_choices)
    passport = PassportField(
        label=_("Passport number"),
        max_length=20,
        validators=[RegexValidator(r"\A[A-Z0-9]{5,20}\Z", _("A passport number has 5 to 20 letters and digits."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    valid_until = _day(_("Passport valid until"))
    position = forms.CharField(label=_("Position"), max_length=120, required=False)
    arrives_on = _day(_("Arrives on"), required=False)
    leaves_on = _day(_("Leaves on"), required=False)

    def __init__(self, edition: Edition, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.edition = edition

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        today: date = today_at(self.edition)
        born, until = given.get("born_on"), given.get("valid_until")
        arrives, leaves = given.get("arrives_on"), given.get("leaves_on")
        if (born and not today.year - OLDEST <= born.year <= today.year) or (born and born >= today):
            self.add_error("born_on", _("This is no date of birth of somebody who travels."))
        if until and until < max(self.edition.ends_on, leaves or self.edition.ends_on):
            self.add_error(
                "valid_until", _("The passport runs out before the journey ends. It has to be renewed first.")
            )
        if bool(arrives) != bool(leaves):
            self.add_error("leaves_on", _("Give both days of the stay, or neither."))
        elif arrives and leaves and leaves < arrives:
            self.add_error("leaves_on", _("The traveller would leave before arriving."))
        return given

    def traveller(self) -> Traveller:
        return Traveller(**self.cleaned_data)


MOST = 200


@user_required("GET")
def letters(request: UserRequest) -> HttpResponse:
    """Participants and members for whom the reader makes letters; an organiser names the firm."""
    organises = request.user.has_perm("expo.change_entrance", request.edition)
    participants = participants_of(request.user, request.edition)
    sought = request.GET.get("firm", "").strip()[:40]
    if organises:
        participants = participants.filter(firm__identifier=leading(sought.upper())) if sought else participants.none()
    members = members_of(request.user, request.edition)
    if organises:
        members = members.filter(letter=DelegationMember.Letter.WANTED)
    page = {"organises": organises, "sought": sought, "participants": participants[:MOST], "members": members[:MOST]}
    return render(request, "programme/badges/visa_letters.html", page)


@sensitive_post_parameters()
@user_required("GET", "POST")
def of_participant(request: UserRequest, number: int) -> HttpResponse:
    """A letter for a person of a participant."""
    participation = participants_of(request.user, request.edition).filter(pk=number).first()
    return _letter(request, participation, {})


@sensitive_post_parameters()
@user_required("GET", "POST")
def of_member(request: UserRequest, number: int) -> HttpResponse:
    """A letter for a member of a delegation, whose name and days are filled in."""
    member = members_of(request.user, request.edition).filter(pk=number).first()
    initial = {name: getattr(member, name) for name in ("name", "arrives_on", "leaves_on")} if member else {}
    return _letter(request, member, initial)


def _letter(request: UserRequest, of: Participation | DelegationMember | None, initial: dict[str, Any]) -> HttpResponse:
    if of is None:
        raise Http404(gettext("There is nobody here for whom you make letters of invitation."))
    over = today_at(request.edition) > request.edition.ends_on
    form = TravellerForm(request.edition, request.POST if request.method == "POST" and not over else None, initial)
    if form.is_valid():
        letter = invitation_pdf(of, form.traveller(), get_language() or "en", by=request.user)
        return download(letter, "invitation.pdf", PDF)
    page = {"form": form, "of": of, "over": over}
    return render(request, "programme/badges/visa_letter.html", page, status=400 if form.errors else 200)
