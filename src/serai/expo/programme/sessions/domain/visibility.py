"""The part of the programme that a user may read: the last release, or everything for an organiser; and whether the
fair calls for proposals.
"""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.domain.phases import standing, today_at
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, exhibitors
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.releases import latest_release, released_sessions
from serai.expo.programme.sessions.domain.session_list import ListedSession, list_sessions
from serai.expo.programme.sessions.models import Appearance, Room, Session, Speaker


def listed_to(user: User | AnonymousUser, edition: Edition, *, with_texts: bool = False) -> Sequence[ListedSession]:
    """Sessions that the user may read, in order of time: all for an organiser; for others the released ones, and those
    proposed by exhibitors for whom they act."""
    if user.has_perm("expo.read_programme", edition):
        return list_sessions(edition, None, with_texts=with_texts, sessions=Session.objects.filter(edition=edition))
    public = list_sessions(edition, latest_release(edition), with_texts=with_texts)
    if not user.is_authenticated:
        return public
    numbers = {entry.number for entry in public}
    own = Session.objects.filter(edition=edition, host__in=acted_for(user, edition).values("pk"))
    more = list_sessions(edition, None, with_texts=with_texts, sessions=own) if own.exists() else []
    return sorted(
        [*public, *(entry for entry in more if entry.number not in numbers)], key=lambda entry: entry.starts_at
    )


def sessions_of(user: User | AnonymousUser, edition: Edition, numbers: Iterable[int]) -> list[Session]:
    """Sessions with these primary keys as the user may read them, in order of time."""
    among = Q(pk__in=list(numbers))
    held = Session.objects.filter(among, edition=edition).select_related("forum__chain", "room", "host__firm")
    held = held.prefetch_related("appearances__speaker").order_by("starts_at", "pk")
    if user.has_perm("expo.read_programme", edition):
        return list(held)
    public = list(released_sessions(edition, among=among))
    if not user.is_authenticated:
        return public
    own = held.filter(host__in=acted_for(user, edition).values("pk"))
    public += own.exclude(pk__in=[session.pk for session in public])
    return sorted(public, key=lambda session: (session.starts_at, session.pk))


def speakers_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Speaker]:
    """Speakers of the sessions that the user may read; all for an organiser."""
    rows = Speaker.objects.filter(edition=edition)
    if user.has_perm("expo.read_programme", edition):
        return rows
    shown = [entry.number for entry in listed_to(user, edition)]
    there = Appearance.objects.filter(edition=edition, session__in=shown)
    return rows.filter(pk__in=there.values("speaker"))


def may_be_spoken_for(speaker: Speaker) -> QuerySet[Participation]:
    """Participants whom a speaker can represent: those in the exhibitor directory, and the present one."""
    named_with = Participation.objects.filter(edition=speaker.edition, pk=speaker.participation_id or 0)
    return (exhibitors(speaker.edition) | named_with).select_related("firm").order_by("firm__sort_name", "pk")


def firm_shown_with(speaker: Speaker) -> Firm | None:
    """The speaker's firm, if it has a page in the exhibitor directory."""
    participation = speaker.participation
    there = (
        participation is not None
        and participation.kind in EXHIBITING
        and participation.state == Participation.State.CONFIRMED
    )
    return participation.firm if participation and there else None


def rooms_visible_to(_user: User | AnonymousUser, edition: Edition) -> QuerySet[Room]:
    """Every room."""
    return Room.objects.filter(edition=edition)


def why_closed(edition: Edition) -> str:
    """Why nobody can propose a session now, as a sentence; empty while the call is open."""
    if today_at(edition) > edition.ends_on:
        return _("The fair is over; no sessions are proposed to it any more.")
    call = standing(edition, Phase.Kind.PROPOSALS)
    # Without dates there is no call, unlike phases that every fair has.
    return call.sentence if call.is_set else _("This fair has not called for proposals.")
