"""Relocation: what follows when exhibitors get, change or lose a booth, or booths get other labels.

The search finds a firm by its booths. The programme and the meetings follow by the hooks below.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import batched

from django_scopes import scope

from serai.expo.base.rooms import Hook
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.search.domain.index import refresh_tokens
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import Booth, Stand

BATCH = 500


@dataclass(frozen=True)
class Relocated:
    """Numbers of announced meetings: those held at another place now, and those left without any place."""

    moved: int = 0
    without_place: int = 0


hosts_relocated = Hook[[Edition, Collection[int], User | None], Relocated]("exhibitors stand at other booths")
"""Called with the primary keys of their participations."""

booths_relabelled = Hook[[Edition, Mapping[Booth, str], Collection[int], User | None], Relocated](
    "booths are relabelled"
)
"""Called with the former label of each booth, and the primary keys of the participations that stand there."""


def stands_changed(edition: Edition, participations: Collection[int], *, by: User | None) -> Relocated:
    """Let everything follow exhibitors, by primary key of participation, that got, changed or lost a booth."""
    concerned = frozenset(participations)
    for batch in batched(sorted(concerned), BATCH):
        refresh_tokens(Participation.objects.filter(edition=edition, pk__in=batch))
    return _total(hosts_relocated.call(edition, concerned, by))


def firms_changed(firms: Collection[Firm], *, by: User | None) -> None:
    """Let everything follow booths that went from one of these firms to another, at any fair, by a merge or a split."""
    by_edition: dict[Edition, set[int]] = defaultdict(set)
    taking_part = Participation._base_manager.filter(firm__in=firms, kind__in=EXHIBITING).select_related("edition")
    for participation in taking_part.only("edition"):
        by_edition[participation.edition].add(participation.pk)
    for edition, participations in by_edition.items():
        with scope(edition=edition):
            stands_changed(edition, participations, by=by)


def booths_renamed(edition: Edition, before: Mapping[int, str], *, by: User | None) -> Relocated:
    """Let everything follow booths that may have other labels; ``before`` has the former ones by primary key."""
    booths = Booth.objects.filter(edition=edition, pk__in=before).select_related("hall")
    former_labels = {booth: before[booth.pk] for booth in booths if booth.label != before[booth.pk]}
    if not former_labels:
        return Relocated()
    hosts = set(Stand.objects.filter(booth__in=former_labels).values_list("participation_id", flat=True))
    refresh_tokens(Participation.objects.filter(edition=edition, pk__in=hosts))
    return _total(booths_relabelled.call(edition, former_labels, hosts, by))


def _total(answers: Iterable[Relocated]) -> Relocated:
    rows = list(answers)
    return Relocated(sum(row.moved for row in rows), sum(row.without_place for row in rows))
