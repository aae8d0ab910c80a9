"""What of the programme ends with a participation: events at its booth, and the seats of its people.

Who speaks goes on being named: whether somebody speaks for the firm or as a person is for the organiser to know.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.editions.cancelling import Leaving, ends
from serai.expo.editions.models import Participation
from serai.expo.editions.phases import moment
from serai.expo.people.models import Role
from serai.expo.programme.booth_events import withdraw_proposal
from serai.expo.programme.editing import cancel
from serai.expo.programme.models import Session, SignUp
from serai.expo.programme.signing_up import TAKEN, withdraw
from serai.expo.text import in_language


def _events(one: Participation, at: datetime) -> QuerySet[Session]:
    found = Session.objects.filter(host=one, starts_at__gt=at).exclude(state=Session.State.CANCELLED)
    return found.select_related("edition", "forum")


def _end_events(leaving: Leaving, found: list[Session]) -> None:
    """What nobody has decided on is taken back; what was to be held is cancelled, and who signed up sees why."""
    for one in found:
        if one.state == Session.State.PROPOSED:
            withdraw_proposal(one, by=leaving.user)
        else:
            cancel(one, _("The exhibitor takes no part in the fair any more."), by=leaving.user)


def _seats(one: Participation, at: datetime) -> QuerySet[SignUp]:
    """Those of people who take part in the fair through no other participant, in sessions to come."""
    others = Participation.objects.filter(edition=one.edition, state=Participation.State.CONFIRMED).exclude(pk=one.pk)
    elsewhere = Role.objects.filter(user=OuterRef("user"), firm__participations__in=others)
    own = Role.objects.filter(user=OuterRef("user"), firm=one.firm_id)
    found = SignUp.objects.filter(Exists(own), ~Exists(elsewhere), state__in=TAKEN, session__starts_at__gt=at)
    return found.filter(edition=one.edition).select_related("user", "session__edition", "session__forum")


def _give_up(leaving: Leaving, found: list[SignUp]) -> None:
    for one in found:
        withdraw(one.user, one.session, by=leaving.user)


def _speaking(one: Participation, at: datetime) -> QuerySet[Session]:
    """The sessions to come of others than itself in which its people are named."""
    people = Role.objects.filter(firm=one.firm_id).values("user")
    own = Q(appearances__speaker__participation=one) | Q(appearances__speaker__user__in=people)
    found = Session.objects.filter(own, edition=one.edition, starts_at__gt=at).exclude(host=one)
    return found.exclude(state=Session.State.CANCELLED).select_related("edition", "forum").distinct()


def _session(one: Session) -> str:
    return f"{in_language(one.title).text or in_language(one.forum.title).text} ({moment(one.edition, one.starts_at)})"


ends(
    "booth-events",
    rows=_events,
    end=_end_events,
    words=lambda count: (
        ngettext("%d event at its booth is cancelled.", "%d events at its booth are cancelled.", count) % count
    ),
)
ends(
    "seats-at-sessions",
    rows=_seats,
    end=_give_up,
    words=lambda count: (
        ngettext(
            "%d seat at a session that one of its people has is given up.",
            "%d seats at sessions that its people have are given up.",
            count,
        )
        % count
    ),
)
ends(
    "speakers",
    rows=_speaking,
    words=lambda count: (
        ngettext(
            "%d session goes on naming its people as speakers until the organiser changes it:",
            "%d sessions go on naming its people as speakers until the organiser changes them:",
            count,
        )
        % count
    ),
    named=_session,
)
