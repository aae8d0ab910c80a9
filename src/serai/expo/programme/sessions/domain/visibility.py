"""What of the programme a reader may see: the public as it was made known, an organiser as it stands."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, exhibitors
from serai.expo.participants.participation.domain.representation import acted_for
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.listing import Listed, listed
from serai.expo.programme.sessions.domain.releases import latest_release, released_sessions
from serai.expo.programme.sessions.models import Appearance, Room, Session, Speaker


def listed_to(user: User | AnonymousUser, edition: Edition, *, with_texts: bool = False) -> Sequence[Listed]:
    """What the sessions that the reader sees are chosen by, in order of time: all as they stand for an organiser; for
    others those made known, and what exhibitors for whom they act have proposed."""
    if user.has_perm("expo.organise_edition", edition):
        return listed(edition, None, with_texts=with_texts, sessions=Session.objects.filter(edition=edition))
    public = listed(edition, latest_release(edition), with_texts=with_texts)
    if not user.is_authenticated:
        return public
    numbers = {entry.number for entry in public}
    own = Session.objects.filter(edition=edition, host__in=acted_for(user, edition).values("pk"))
    more = listed(edition, None, with_texts=with_texts, sessions=own) if own.exists() else []
    return sorted(
        [*public, *(entry for entry in more if entry.number not in numbers)], key=lambda entry: entry.starts_at
    )


def sessions_of(user: User | AnonymousUser, edition: Edition, numbers: Iterable[int]) -> list[Session]:
    """Those of the sessions with these primary keys that the reader sees, as it sees them, in order of time."""
    among = Q(pk__in=list(numbers))
    held = Session.objects.filter(among, edition=edition).select_related("forum__chain", "room", "host__firm")
    held = held.prefetch_related("appearances__speaker").order_by("starts_at", "pk")
    if user.has_perm("expo.organise_edition", edition):
        return list(held)
    public = list(released_sessions(edition, among=among))
    if not user.is_authenticated:
        return public
    own = held.filter(host__in=acted_for(user, edition).values("pk"))
    public += own.exclude(pk__in=[session.pk for session in public])
    return sorted(public, key=lambda session: (session.starts_at, session.pk))


def speakers_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Speaker]:
    """Who speaks in a session that the reader sees; for an organiser every speaker."""
    rows = Speaker.objects.filter(edition=edition)
    if user.has_perm("expo.organise_edition", edition):
        return rows
    shown = [entry.number for entry in listed_to(user, edition)]
    there = Appearance.objects.filter(edition=edition, session__in=shown)
    return rows.filter(pk__in=there.values("speaker"))


def may_be_spoken_for(speaker: Speaker) -> QuerySet[Participation]:
    """The participants one of whom a speaker may be named with: those in the directory of the fair, and whom the
    speaker is named with already."""
    named_with = Participation.objects.filter(edition=speaker.edition, pk=speaker.participation_id or 0)
    return (exhibitors(speaker.edition) | named_with).select_related("firm").order_by("firm__sort_name", "pk")


def firm_shown_with(speaker: Speaker) -> Firm | None:
    """The firm that the speaker's page leads to: one that has a page of its own."""
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
