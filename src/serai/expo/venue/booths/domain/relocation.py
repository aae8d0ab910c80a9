"""What follows a stand that is made, moved or removed, and a booth that is signed anew: called wherever that is done.

Meetings are held where their host receives, events at a booth where their exhibitor stands, and the search finds a firm
by the booths that it has.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import batched

from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.timetable.domain.relocation import Followed, places_follow
from serai.expo.offers.search.domain.search_text import refresh_tokens
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.domain.booth_events import events_follow, rooms_follow
from serai.expo.venue.halls.models import Booth, Stand

BATCH = 500


def stands_changed(edition: Edition, participations: Collection[int], *, by: User | None) -> Followed:
    """These participants, by primary key, have got, changed or lost a booth. Call inside of the edition's scope.

    Returns which of their meetings are held elsewhere from now on.
    """
    concerned = frozenset(participations)
    for batch in batched(sorted(concerned), BATCH):
        refresh_tokens(Participation.objects.filter(edition=edition, pk__in=batch))
    events_follow(edition, concerned, by=by)
    return places_follow(edition, concerned, by=by)


def firms_changed(firms: Collection[Firm], *, by: User | None) -> None:
    """Booths have gone from one of these firms to another, at any fair, as records are merged and parted."""
    by_edition: dict[Edition, set[int]] = defaultdict(set)
    taking_part = Participation._base_manager.filter(firm__in=firms, kind__in=EXHIBITING).select_related("edition")
    for one in taking_part.only("edition"):
        by_edition[one.edition].add(one.pk)
    for edition, participations in by_edition.items():
        with scope(edition=edition):
            stands_changed(edition, participations, by=by)


def booths_renamed(edition: Edition, before: Mapping[int, str], *, by: User | None) -> Followed:
    """Booths have got other codes, or their hall has; ``before`` has their labels by primary key.

    Call inside of the edition's scope.
    """
    booths = {one.pk: one for one in Booth.objects.filter(edition=edition, pk__in=before).select_related("hall")}
    renamed = {old: booths[pk].label for pk, old in before.items() if booths[pk].label != old}
    if not renamed:
        return Followed()
    signed_anew = [pk for pk, old in before.items() if old in renamed]
    rooms_follow([(booths[pk], before[pk]) for pk in signed_anew], by=by)
    there = set(Stand.objects.filter(booth__in=signed_anew).values_list("participation_id", flat=True))
    refresh_tokens(Participation.objects.filter(edition=edition, pk__in=there))
    return places_follow(edition, there, renamed=renamed, by=by)
