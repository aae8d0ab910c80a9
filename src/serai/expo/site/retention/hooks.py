"""Retention in the registries: desk, cloning, terms of each kind of data, and the daily deletion."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from serai.expo.base.audit.domain.erasure import mask_rows_of
from serai.expo.base.daily import daily
from serai.expo.base.retention import kept
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.models import Mail
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingNote, MeetingRequest
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.offers.interests.domain import forget_quotations
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Interest
from serai.expo.participants.delegations.models import DelegationMember
from serai.expo.participants.impersonation.models import Impersonation
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.sessions.models import SignUp
from serai.expo.site.retention.domain import forget_all, forget_visits
from serai.expo.site.retention.models import RetentionChoice

card(
    "retention",
    "after",
    title=_("How long data of persons are kept"),
    text=_("Each kind ends by itself after the fair; another time needs a reason that everyone reads."),
    order=50,
)


copied(RetentionChoice, "retention")


def deleted(model: Any) -> Callable[[Edition], int]:
    """Delete the rows of a model, and mask what the audit trail keeps of them."""

    def forget(edition: Edition) -> int:
        mask_rows_of(edition, model)
        return int(model.objects.filter(edition=edition).delete()[0])

    return forget


kept(
    "leads",
    title=_("Leads"),
    text=_("Whom participants met and keep as a contact, with what was said. They take them home as a table before."),
    days=365,
)(deleted(Lead))
kept(
    "sign-ups",
    title=_("Sign-ups for the programme"),
    text=_("Who had a seat in which session, and who waited for one."),
    days=90,
)(deleted(SignUp))


@kept(
    "people-of-meetings",
    title=_("People of meetings"),
    text=_("Which of its people a side named for a meeting. That it was held stays."),
    days=90,
)
def forget_people_of_meetings(edition: Edition) -> int:
    named = Q(host_person__isnull=False) | Q(guest_person__isnull=False)
    return Meeting.objects.filter(named, edition=edition).update(host_person=None, guest_person=None)


kept("badges", title=_("Badges"), text=_("Name, position and mail address on a badge."), days=180)(deleted(Badge))
kept(
    "delegations",
    title=_("Members of delegations"),
    text=_("Names, days of travel and letters of invitation."),
    days=180,
)(deleted(DelegationMember))


@kept(
    "words",
    title=_("Notes and messages"),
    text=_("What a side noted of a meeting, and what was written with a request. Ratings and answers stay."),
    days=365,
)
def forget_words(edition: Edition) -> int:
    notes = MeetingNote.objects.filter(edition=edition).exclude(note="", next_step="")
    asked = MeetingRequest.objects.filter(edition=edition).exclude(message="")
    interests = Interest.objects.filter(edition=edition).exclude(cooperation="", unclear="", about="", answer="")
    swapped = MeetingExchange.objects.filter(edition=edition).exclude(message="")
    mask_rows_of(edition, MeetingNote, MeetingRequest, MeetingEvent, MeetingExchange, Interest, Quotation)
    # The history repeats what was written with a request.
    told = MeetingEvent.objects.filter(edition=edition).exclude(words="")
    emptied = notes.update(note="", next_step="") + asked.update(message="") + told.update(words="")
    emptied += swapped.update(message="") + forget_quotations(Quotation.objects.filter(edition=edition))
    return emptied + interests.update(cooperation="", unclear="", about="", answer="")


@kept("mail", title=_("Outbox"), text=_("The text of mails. That one was sent, and when, stays."), days=180)
def forget_mail(edition: Edition) -> int:
    return Mail.objects.filter(edition=edition).exclude(body="").update(body="")


@kept(
    "acting",
    title=_("Times of acting for others"),
    text=_("When an organiser acted in the name of a person, and why."),
    days=1095,
)
def forget_acting(edition: Edition) -> int:
    return Impersonation.objects.filter(edition=edition).delete()[0]


daily("forget what has been kept for its time")(forget_all)
daily("forget visits")(forget_visits)
