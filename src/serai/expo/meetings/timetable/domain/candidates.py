"""Which meetings a timetable is made of: those that a side wishes for, and where nobody does yet, the best matches.

A wish that the rules of the fair do not let be is no reason: where the other side may ask, it is for that to wish.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.matching import partners_of_edition
from serai.expo.meetings.matchmaking.domain.partners import Partner
from serai.expo.meetings.meeting.domain.life import ENDED, UNTOLD
from serai.expo.meetings.meeting.domain.permission import wishes_against
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.match.reasons import ReasonKind

WEIGHT = {Wish.Strength.MUST: 3.0, Wish.Strength.WOULD: 1.0}
"""What a wish of one side adds to the value of the meeting; a wish of both sides counts twice."""

PROPOSALS = 3
"""How many of its best matches are proposed to a participant where nobody has wished for anything."""


BY_INDUSTRY = (ReasonKind.SELLS_TO_YOUR_INDUSTRY, ReasonKind.BUYS_FROM_YOUR_INDUSTRY)
"""Reasons that are worth a look but no seat: that two industries trade says little of two firms."""


@transaction.atomic
def candidates(edition: Edition) -> list[Meeting]:
    """All meetings to be seated, with their value; new ones are written."""
    confirmed = Participation.State.CONFIRMED
    both = {"wisher__state": confirmed, "wished__state": confirmed}
    against = wishes_against(edition)
    all_wishes = Wish.objects.filter(edition=edition, **both).order_by("pk")
    wishes = [wish for wish in all_wishes if (wish.wisher_id, wish.wished_id) not in against]
    if any(wish.strength != Wish.Strength.NO_THANKS for wish in wishes):
        _from_wishes(edition, wishes)
    else:
        _from_matches(edition, partners_of_edition(edition, most=PROPOSALS))
    # What was told is for its sides to end; nobody is seated anew with who takes no part.
    told_or_possible = ~Q(state__in=UNTOLD) | Q(host__state=confirmed, guest__state=confirmed)
    meetings = Meeting.objects.filter(told_or_possible, edition=edition).exclude(state__in=ENDED)
    return list(meetings.select_related("block").order_by("pk"))


def is_of_a_wish(meeting: Meeting) -> bool:
    """Whether nothing but a wish of a side carries it yet: neither side has been told, nobody else has asked for it."""
    return meeting.state in UNTOLD and meeting.source == Meeting.Source.WISH


def _from_wishes(edition: Edition, wishes: Iterable[Wish]) -> None:
    """One meeting a pair that is wished for by a side, made when it is not there yet."""
    wishes_of: dict[tuple[int, int], list[Wish]] = {}
    for wish in wishes:
        wishes_of.setdefault(_pair(wish.wisher_id, wish.wished_id), []).append(wish)
    meeting_of = _known(edition)
    hosting = set(Participation.objects.filter(edition=edition, kind__in=EXHIBITING).values_list("pk", flat=True))
    made, changed = [], []
    for pair, of_pair in wishes_of.items():
        value = sum(WEIGHT.get(Wish.Strength(wish.strength), 0.0) for wish in of_pair)
        if not value:
            continue
        if pair in meeting_of:
            meeting = meeting_of[pair]
            meeting.value = value
            meeting.state = Meeting.State.WISHED if meeting.state == Meeting.State.PROPOSED else meeting.state
            changed.append(meeting)
        else:
            host, guest = of_pair[0].wished_id, of_pair[0].wisher_id
            if host not in hosting and guest in hosting:
                host, guest = guest, host
            made.append(Meeting(edition=edition, host_id=host, guest_id=guest, value=value))
    Meeting.objects.bulk_create(made, batch_size=1_000)
    save(changed, ["value", "state"])


def _from_matches(edition: Edition, partners_of: dict[int, list[Partner]]) -> None:
    """Propose the matches, spread over the fair, each worth the score that both sides' gain gives it; the seller is the
    host. Of a pair that a wish carried, taken back or against the rules, the match is the reason from now on."""
    meeting_of = _known(edition)
    made: dict[tuple[int, int], Meeting] = {}
    carried: dict[tuple[int, int], Meeting] = {}
    for participation, partners in partners_of.items():
        for partner in partners:
            if all(reason.kind in BY_INDUSTRY for reason in partner.match.reasons):
                continue
            pair = _pair(participation, partner.participation.pk)
            if pair in meeting_of and is_of_a_wish(meeting_of[pair]):
                carried[pair] = _of_match(meeting_of[pair], partner)
            if pair in meeting_of or pair in made:
                continue
            host, guest = participation, partner.participation.pk
            if partner.match.relation == "supplier":
                host, guest = guest, host
            new = Meeting(edition=edition, host_id=host, guest_id=guest, state=Meeting.State.PROPOSED)
            made[pair] = _of_match(new, partner)
    Meeting.objects.bulk_create(made.values(), batch_size=1_000)
    save(carried.values(), ["value", "source", "reasons"])


def _of_match(meeting: Meeting, partner: Partner) -> Meeting:
    meeting.value, meeting.source = partner.match.score, Meeting.Source.MATCH
    meeting.reasons = [*partner.sentences, *partner.supply]
    return meeting


def _pair(first: int, second: int) -> tuple[int, int]:
    return (min(first, second), max(first, second))


def _known(edition: Edition) -> dict[tuple[int, int], Meeting]:
    return {_pair(meeting.host_id, meeting.guest_id): meeting for meeting in Meeting.objects.filter(edition=edition)}


def save(meetings: Iterable[Meeting], fields: list[str]) -> None:
    """Write some fields of meetings that are there: an upsert, many times as fast as an UPDATE with a case a row."""
    Meeting.objects.bulk_create(
        meetings, update_conflicts=True, update_fields=fields, unique_fields=["pk"], batch_size=2_000
    )
