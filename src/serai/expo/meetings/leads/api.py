"""Leads of the caller's firms, and the contacts of a person who acts for a participant. No organiser reads them."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Code, Line, Words, require_unchanged, shown
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.pagination import Cut, asked_by, filter_of
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.meetings.leads import domain
from serai.expo.meetings.leads.domain import LeadFilter
from serai.expo.meetings.leads.models import Asked, Lead
from serai.expo.participants.exhibitors.api.represented import For, Mine, acting_for, desk_of
from serai.expo.programme.badges.domain.documents import badge_of

room = Room(_("Leads"), domain.LeadRefusedError)


class LeadShown(Schema):
    number: int = Field(description="Its identifier in this interface")
    firm: str = Field(description="Whose lead it is")
    person: str
    position: str
    firm_name: str
    contact: str
    need: str
    asked: list[str]
    rating: int
    notes: str
    next_step: str
    next_on: date | None
    done: bool
    met_at: datetime


class LeadChange(Schema):
    """The fields to change; those left out stay."""

    person: Line | None = Field(None, max_length=120)
    position: Line | None = Field(None, max_length=120)
    firm_name: Line | None = Field(None, max_length=300)
    contact: Line | None = Field(None, max_length=300)
    need: Words | None = None
    asked: list[Asked] | None = Field(None, max_length=20)
    rating: int | None = Field(None, ge=0, le=5)
    notes: Words | None = None
    next_step: Line | None = Field(None, max_length=300)
    next_on: date | None = None
    done: bool | None = Field(None, description="The next step is taken")


class LeadGiven(LeadChange):
    badge: Code = Field("", description="The code of the badge that was scanned, in place of person, position and firm")
    key: Code = Field("", description="Of your own: sent twice, it is kept once")


@asked_by(LeadFilter)
class LeadsWanted(Cut):
    """The filter of the page, of one of your firms or of all."""

    firm: str = Field("", max_length=16, pattern="^[A-Za-z0-9]*$", description="Identifier of one of your firms")


def lead(row: Lead) -> LeadShown:
    return shown(LeadShown, row, number=row.pk, firm=row.participation.firm.identifier, done=row.done_at is not None)


def _rows(request: Call, edition: Edition) -> QuerySet[Lead]:
    return domain.visible_to(request.user, edition).select_related("participation__firm")


def _own(request: Call, edition: Edition, number: int) -> Lead:
    return row_of(_rows(request, edition), number, _("There is no such lead of yours."))


@room.list("/my/leads", _("My firm's leads"), LeadShown, lead, scope=READ)
def my_leads(request: Call, edition: Edition, wanted: Query[LeadsWanted]) -> Any:
    """Whom your firm met. Leads belong to the firm alone; not even the organiser reads them."""
    rows = _rows(request, edition)
    if wanted.firm:
        rows = rows.filter(participation__firm__identifier=leading(wanted.firm))
    return domain.narrowed(rows, filter_of(LeadFilter, wanted))


@room.get("/my/leads/{number}", _("A lead"), LeadShown, scope=READ)
def my_lead(request: Call, edition: Edition, number: int) -> Any:
    return lead(_own(request, edition, number))


@room.post("/firms/{identifier}/leads", _("Keep a lead"), LeadShown, status=201)
def keep_lead(request: Call, edition: Edition, identifier: str, given: LeadGiven) -> Any:
    """Whom your firm met, by hand or by the code of a badge."""
    participation = desk_of(request, edition, identifier, "expo.use_leads")
    made = Lead(edition=edition, participation=participation)
    if given.badge:
        badge = badge_of(edition, given.badge)
        if badge is None:
            raise ProblemError(409, _("This code is of no badge of this fair."))
        made = domain.from_badge(participation, badge, before=bool(given.key))  # as a queue sends it
    return lead(_kept(request, made, given, key=given.key))


@room.patch("/my/leads/{number}", _("Change a lead"), LeadShown)
def change_lead(request: Call, edition: Edition, number: int, given: LeadChange) -> Any:
    row = _own(request, edition, number)
    require_unchanged(request, lead(row))
    return lead(_kept(request, row, given))


def _kept(request: Call, row: Lead, given: LeadChange, key: str = "") -> Lead:
    values = given.model_dump(exclude_unset=True, exclude={"badge", "key", "done"})
    values = {name: value for name, value in values.items() if value is not None or name == "next_on"}
    row = domain.keep_lead(row, values, user=request.user, key=key)
    if given.done is not None and given.done != (row.done_at is not None):
        domain.set_done(row, given.done, user=request.user)
    return row


@room.delete("/my/leads/{number}", _("Remove a lead"))
def remove_lead(request: Call, edition: Edition, number: int) -> Any:
    row = _own(request, edition, number)
    require_unchanged(request, lead(row))
    domain.remove_lead(row, user=request.user)


class ContactGiven(Schema):
    badge: Code = Field(description="The code of the badge that was scanned")
    note: Annotated[Line, Field(max_length=1000)] = Field(
        "", description="Left empty, the one that was written before stays"
    )
    firm: For = ""


@room.list("/my/contacts", _("My contacts"), LeadShown, lead, scope=READ)
def my_contacts(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """Whom you keep as a contact: all of your firm where you keep its leads, else those that you kept yourself."""
    return domain.kept_for(acting_for(request, edition, mine.firm)).select_related("participation__firm")


@room.post("/my/contacts", _("Save a contact"), LeadShown, status=201)
def keep_contact(request: Call, edition: Edition, given: ContactGiven) -> Any:
    """Whom a badge names, once: with what the badge says, and how to reach them where they tell it."""
    return lead(domain.keep_scanned(acting_for(request, edition, given.firm), given.badge, given.note))
