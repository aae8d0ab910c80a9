"""What this room tells the registries: letters, desk, cloning, leaving."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django_scopes import scope

from serai.expo.base.text import in_language
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.domain.phases import moment
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.offers.chains.domain.own_chains import chain_replaced
from serai.expo.offers.chains.models import Chain
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.packages.domain import limit
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.domain.booth_events import move_events, rename_rooms, withdraw_proposal
from serai.expo.programme.sessions.domain.changes import cancel
from serai.expo.programme.sessions.domain.sign_ups import TAKEN, withdraw
from serai.expo.programme.sessions.models import Forum, Room, Session, SignUp
from serai.expo.venue.halls.domain.relocation import booths_relabelled, hosts_relocated

letter(
    "seat-free",
    title=gettext_lazy("A seat of a session becomes free"),
    when=gettext_lazy("To the first in the line, who has the seat from then on."),
    places={
        "session": (gettext_lazy("the title of the session"), gettext_lazy("Batteries after lithium")),
        "begins": (gettext_lazy("when it begins"), "2026-11-28, 10:00"),
    },
    needed=("session",),
    words=lambda: (
        _("You have a seat: %s") % "{session}",
        _(
            "Dear {name},\n\na seat has become free, and it is yours:\n\n{session}\n{begins}\n\n"
            "If you can't come, give it up on the page of the session, so that the next in the line has it.\n\n{link}"
        ),
    ),
)

SESSIONS: dict[str, Place] = {
    "sessions": (
        gettext_lazy("the sessions of the reader, by lines"),
        "- 2026-11-28, 10:00-11:00 · Hall B · Batteries after lithium",
    ),
    "agenda": (gettext_lazy("the address of the reader's agenda"), "https://fair.example/agenda/"),
}

letter(
    "session-changed",
    title=gettext_lazy("A session has another time or room"),
    when=gettext_lazy("Once to everybody who has signed up or speaks, and to the host, when the change is made known."),
    places=SESSIONS,
    needed=("sessions",),
    words=lambda: (
        _("Another time or room for sessions of yours"),
        _("These sessions are now held so:") + "\n\n{sessions}\n\n" + _("Your agenda: %s") % "{agenda}",
    ),
)
letter(
    "session-cancelled",
    title=gettext_lazy("A session is cancelled"),
    when=gettext_lazy("At once, to everybody who has signed up or speaks, and to the host."),
    places=SESSIONS | {"reason": (gettext_lazy("the reason, where one was said"), gettext_lazy("The speaker is ill."))},
    needed=("sessions",),
    words=lambda: (
        _("A session of yours is cancelled"),
        _("This session does not take place:") + "\n\n{sessions}\n\n{reason}\n\n" + _("Your agenda: %s") % "{agenda}",
    ),
)

card(
    "organiser-programme",
    "build",
    title=gettext_lazy("Programme"),
    text=gettext_lazy("Forums, sessions and speakers; conflicts, proposals and releases."),
    order=45,
)


AS_A_BLOCK = {"title": {}, "summary": {}, "reason": "", "state": Session.State.PROPOSED}

copied(Room, "rooms", whole=True)
copied(Forum, "rooms", only=~Q(kind=Forum.Kind.BOOTH_EVENT))
copied(
    Session,
    "sessions",
    shifted=("starts_at", "ends_at"),
    anew=AS_A_BLOCK,
    only=Q(host__isnull=True) & ~Q(state=Session.State.CANCELLED),
)


def _events(participation: Participation, at: datetime) -> QuerySet[Session]:
    events = Session.objects.filter(host=participation, starts_at__gt=at).exclude(state=Session.State.CANCELLED)
    return events.select_related("edition", "forum")


def _end_events(leaving: Leaving, events: list[Session]) -> None:
    """Delete undecided events and cancel the others with the reason."""
    for event in events:
        if event.state == Session.State.PROPOSED:
            withdraw_proposal(event, by=leaving.user)
        else:
            cancel(event, _("The exhibitor takes no part in the fair any more."), by=leaving.user)


def _seats(participation: Participation, at: datetime) -> QuerySet[SignUp]:
    """Seats at coming sessions of people who are at the fair through no other participant."""
    others = Participation.objects.filter(edition=participation.edition, state=Participation.State.CONFIRMED).exclude(
        pk=participation.pk
    )
    elsewhere = Role.objects.filter(user=OuterRef("user"), firm__participations__in=others)
    own = Role.objects.filter(user=OuterRef("user"), firm=participation.firm_id)
    seats = SignUp.objects.filter(Exists(own), ~Exists(elsewhere), state__in=TAKEN, session__starts_at__gt=at)
    return seats.filter(edition=participation.edition).select_related("user", "session__edition", "session__forum")


def _give_up(leaving: Leaving, seats: list[SignUp]) -> None:
    for seat in seats:
        withdraw(seat.user, seat.session, by=leaving.user)


def _speaking(participation: Participation, at: datetime) -> QuerySet[Session]:
    """Coming sessions of other hosts that name the participant's people as speakers."""
    people = Role.objects.filter(firm=participation.firm_id).values("user")
    own = Q(appearances__speaker__participation=participation) | Q(appearances__speaker__user__in=people)
    sessions = Session.objects.filter(own, edition=participation.edition, starts_at__gt=at).exclude(host=participation)
    return sessions.exclude(state=Session.State.CANCELLED).select_related("edition", "forum").distinct()


def _session(session: Session) -> str:
    title = in_language(session.title).text or in_language(session.forum.title).text
    return f"{title} ({moment(session.edition, session.starts_at)})"


ends(
    "booth-events",
    rows=_events,
    end=_end_events,
    words=ngettext_lazy("%d event at its booth is cancelled.", "%d events at its booth are cancelled."),
)
ends(
    "seats-at-sessions",
    rows=_seats,
    end=_give_up,
    words=ngettext_lazy(
        "%d seat at a session that one of its people has is given up.",
        "%d seats at sessions that its people have are given up.",
    ),
)
ends(
    "speakers",
    rows=_speaking,
    words=ngettext_lazy(
        "%d session goes on naming its people as speakers until the organiser changes it:",
        "%d sessions go on naming its people as speakers until the organiser changes them:",
    ),
    named=_session,
)


def _booth_events(exhibitor: Participation) -> int:
    return Session.objects.filter(host=exhibitor, state__in=(Session.State.PROPOSED, Session.State.CONFIRMED)).count()


limit("booth_events", gettext_lazy("Events at the booth"), _booth_events, order=50)


@privacy.erasing.register
def give_up_seats(user: User) -> None:
    """Give up every seat of a person, so that the next in the line has it."""
    for seat in SignUp.objects.filter(user=user, state__in=TAKEN).select_related("session__edition"):
        with scope(edition=seat.session.edition):
            withdraw(user, seat.session)


hosts_relocated.register(move_events)
booths_relabelled.register(rename_rooms)


@chain_replaced.register
def _move_forums(edition: Edition, old: Chain, new: Chain, _user: User | None) -> None:
    Forum.objects.filter(edition=edition, chain=old).update(chain=new)


entry(
    "desk-events",
    "participation",
    title=gettext_lazy("Events at the booth"),
    duty="edit",
    of_firm=True,
    kinds=EXHIBITING,
    order=30,
)
