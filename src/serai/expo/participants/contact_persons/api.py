"""Contact persons of participants: for the organiser and for the firm's own people."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.base.text import WRITTEN
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Key, Line, MailOrNone, Of, one_of, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import ORGANISE, READ, Room
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.participants.contact_persons import domain
from serai.expo.participants.contact_persons.models import ContactPerson

room = Room(_("Contact persons"), domain.ContactRefusedError)


class ContactPersonShown(Schema):
    number: Key
    participation: Annotated[int, Of("participation_id")] = Field(description="Number of the participation")
    salutation: str
    name: str
    position: str
    email: str
    phone: str
    mobile: str
    language: str
    address: str
    postcode: str
    consent_source: str = Field(description="Why one may write to this person; empty: one may not")
    consent_on: date | None
    refused_at: datetime | None = Field(description="Since when this person wants no letters")


class ContactPersonGiven(Schema):
    """What is left out stays as it is, or is empty."""

    salutation: Annotated[Line, Field(max_length=60)] = ""
    name: Annotated[Line, Field(max_length=200)] = ""
    position: Annotated[Line, Field(max_length=200)] = ""
    email: MailOrNone = ""
    phone: Annotated[Line, Field(max_length=60)] = ""
    mobile: Annotated[Line, Field(max_length=60)] = ""
    language: Annotated[str, one_of(WRITTEN, blank=True)] = ""
    address: Annotated[Line, Field(max_length=300)] = ""
    postcode: Annotated[Line, Field(max_length=20)] = ""
    consent_source: Annotated[Line, Field(max_length=200)] = ""
    consent_on: date | None = None


def _participation(request: Call, edition: Edition, number: int, permission: str) -> Participation:
    rows = Participation.objects.filter(edition=edition).select_related("firm", "edition")
    row = row_of(rows, number, _("There is no such participant."))
    if not request.user.has_perm("expo.see_contact_persons", row):
        raise Http404(_("There is no such participant."))
    if not request.user.has_perm(permission, row):
        raise ProblemError(403, _("You may not do this for this firm."))
    return row


def _contact(request: Call, edition: Edition, number: int) -> ContactPerson:
    rows = domain.visible_to(request.user, edition).select_related("participation__firm", "participation__edition")
    row = row_of(rows, number, _("There is no such contact person."))
    if not request.user.has_perm("expo.edit_contact_persons", row.participation):
        raise ProblemError(403, _("You may not do this for this firm."))
    require_unchanged(request, shown(ContactPersonShown, row))
    return row


@room.list("/contact-persons", _("Contact persons of all participants"), ContactPersonShown, scope=ORGANISE)
def all_contact_persons(request: Call, edition: Edition) -> Any:
    return domain.visible_to(request.user, edition).order_by("pk")


@room.list("/participations/{number}/contact-persons", _("Contact persons"), ContactPersonShown, scope=READ)
def contact_persons(request: Call, edition: Edition, number: int) -> Any:
    """Of a participant, for its own people and the organiser."""
    return domain.contact_persons(_participation(request, edition, number, "expo.see_contact_persons"))


@room.post("/participations/{number}/contact-persons", _("Add a contact person"), ContactPersonShown, status=201)
def add_contact_person(request: Call, edition: Edition, number: int, given: ContactPersonGiven) -> Any:
    row = _participation(request, edition, number, "expo.edit_contact_persons")
    return shown(ContactPersonShown, domain.add(row, given.model_dump(), user=request.user))


@room.patch("/contact-persons/{number}", _("Change a contact person"), ContactPersonShown)
def change_contact_person(request: Call, edition: Edition, number: int, given: ContactPersonGiven) -> Any:
    """What is left out stays as it is."""
    row = _contact(request, edition, number)
    return shown(ContactPersonShown, domain.change(row, given.model_dump(exclude_unset=True), user=request.user))


@room.delete("/contact-persons/{number}", _("Forget a contact person"))
def forget_contact_person(request: Call, edition: Edition, number: int) -> Any:
    """Here, in the lists that were imported and in the history of changes."""
    domain.remove(_contact(request, edition, number), user=request.user)
