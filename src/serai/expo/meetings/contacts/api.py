"""The contacts of a person who acts for a participant. Not even the organiser reads them."""

from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.answers import Code, Line
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.meetings.contacts.domain import ContactRefusedError, keep_scanned, kept_for
from serai.expo.meetings.leads.api import LeadShown, lead
from serai.expo.participants.exhibitors.api.represented import For, Mine, acting_for

room = Room(_("Leads"), ContactRefusedError)


class ContactGiven(Schema):
    badge: Code = Field(description="The code of the badge that was scanned")
    note: Annotated[Line, Field(max_length=1000)] = Field(
        "", description="Left empty, the one that was written before stays"
    )
    firm: For = ""


@room.list("/my/contacts", _("My contacts"), LeadShown, lead, scope=READ)
def my_contacts(request: Call, edition: Edition, mine: Query[Mine]) -> Any:
    """Whom you keep as a contact: all of your firm where you keep its leads, else those that you kept yourself."""
    return kept_for(acting_for(request, edition, mine.firm)).select_related("participation__firm")


@room.post("/my/contacts", _("Save a contact"), LeadShown, status=201)
def keep_contact(request: Call, edition: Edition, given: ContactGiven) -> Any:
    """Whom a badge names, once: with what the badge says, and how to reach them where they tell it."""
    return lead(keep_scanned(acting_for(request, edition, given.firm), given.badge, given.note))
