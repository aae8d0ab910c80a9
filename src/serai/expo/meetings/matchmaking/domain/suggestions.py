"""Suggestions: whom each participant is advised to meet today, and the account of the exposure promised.

They are made once a day for the whole fair, so that they are spread over it and keep the floors. What a day gave beyond
its promise lowers what the next day owes; what it lacked raises it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.rows import write_in_parts
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.matching import lists_of_edition, reasons_with
from serai.expo.meetings.matchmaking.models import Exposure, Suggestion
from serai.expo.meetings.meeting.domain.permission import permits
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.people.account.models import User

MOST = 10
"""Suggestions a day for each participant."""


@dataclass(frozen=True)
class Suggested:
    """One of today's suggestions, with the reasons in the reader's language."""

    participation: Participation
    reasons: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        return self.participation.kind in EXHIBITING


def suggest(edition: Edition, *, on: date | None = None) -> int:
    """Make the suggestions of a day, by default today, and replace the former ones. Returns their number."""
    on = on or timezone.localdate()
    with scope(edition=edition):
        lists = lists_of_edition(edition, most=MOST, on=on)
        rows = [
            Suggestion(
                edition=edition,
                participation_id=firm,
                partner_id=int(match.partner),
                rank=rank,
                score=match.score,
                made_on=on,
            )
            for firm, matches in lists.matches.items()
            for rank, match in enumerate(matches, start=1)
        ]
        given = Counter(row.partner_id for row in rows)
        exposures = [
            Exposure(edition=edition, participation_id=pk, day=on, promised=promised, given=given[pk])
            for pk, promised in lists.promised.items()
        ]

        def write(participations: Sequence[int]) -> None:
            of_these = {*participations}
            Suggestion.objects.filter(participation__in=participations).delete()
            Exposure.objects.filter(participation__in=participations, day=on).delete()
            Suggestion.objects.bulk_create([row for row in rows if row.participation_id in of_these])
            Exposure.objects.bulk_create([row for row in exposures if row.participation_id in of_these])

        had = {*Suggestion.objects.values_list("participation_id", flat=True)}
        had |= {*Exposure.objects.filter(day=on).values_list("participation_id", flat=True)}
        has = {row.participation_id for row in rows} | {row.participation_id for row in exposures}
        write_in_parts(sorted(had | has), write)
    return len(rows)


@transaction.atomic
def put_first(edition: Edition, pairs: Iterable[tuple[int, int]], *, user: User) -> int:
    """Put partners at the head of lists of suggestions until the lists are made anew; pairs are (participant, partner),
    the last one of a participant comes first. Returns how many there are."""
    rows = Suggestion.objects.filter(edition=edition)
    wanted: dict[int, list[int]] = defaultdict(list)
    for participant, partner in pairs:
        wanted[participant].insert(0, partner)
    for participant, partners in wanted.items():
        former = list(rows.filter(participation=participant).exclude(partner__in=partners).order_by("rank"))
        rows.filter(participation=participant).delete()
        best = max((row.score for row in former), default=1.0)
        heads = [
            Suggestion(
                edition=edition,
                participation_id=participant,
                partner_id=partner,
                score=best,
                made_on=timezone.localdate(),
            )
            for partner in partners
        ]
        for rank, row in enumerate([*heads, *former], 1):
            row.pk, row.rank = None, rank
            row._state.adding = True
        Suggestion.objects.bulk_create([*heads, *former])
    told = sorted((participant, partner) for participant, partners in wanted.items() for partner in partners)
    record("suggestions.put_first", edition, after={"pairs": told}, user=user, edition=edition)
    return len(told)


def suggested_to(participation: Participation, *, most: int = 5) -> list[Suggested]:
    """The best suggestions without a wish, a refusal or a meeting between the two, that the participant may ask."""
    answered = Wish.objects.filter(wisher=participation).values("wished")
    refusing = Wish.objects.filter(wished=participation, strength=Wish.Strength.NO_THANKS).values("wisher")
    meeting = Meeting.objects.filter(edition=participation.edition)
    suggestions = (
        Suggestion.objects.filter(participation=participation, partner__state=Participation.State.CONFIRMED)
        .exclude(partner__in=answered)
        .exclude(partner__in=refusing)
        .exclude(partner__in=meeting.filter(host=participation).values("guest"))
        .exclude(partner__in=meeting.filter(guest=participation).values("host"))
        .select_related("partner__firm")
    )
    permitted = permits(participation.edition)
    partners = [
        suggestion.partner for suggestion in suggestions if permitted.may_ask(participation, suggestion.partner)
    ][:most]
    reasons = reasons_with(participation, partners) if partners else {}
    return [Suggested(partner, reasons.get(partner.pk, ())) for partner in partners]
