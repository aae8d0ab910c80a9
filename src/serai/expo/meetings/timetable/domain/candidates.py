"""Meetings that a timetable may seat: those that a side wishes for, or the best matches if nobody has a wish.

A wish that the fair's rules do not allow does not count; the other side may wish for the meeting if it may ask.
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
"""Number of best matches that are proposed to a participant if nobody has a wish."""


BY_INDUSTRY = (ReasonKind.SELLS_TO_YOUR_INDUSTRY, ReasonKind.BUYS_FROM_YOUR_INDUSTRY)
"""Reasons too weak for a seat: that two industries trade says little about two firms."""


WORTH_A_SEAT = 0.2
"""Least score of a match that is proposed: on fairs with known partners (`benchmarks/fairs.py`) nine in ten right ones
are above, and of the wrong ones one for every five buyers."""


def candidates(edition: Edition) -> list[Meeting]:
    """All meetings to be seated, with their value. Saves new ones."""
    confirmed = Participation.State.CONFIRMED
    both = {"wisher__state": confirmed, "wished__state": confirmed}
    against = wishes_against(edition)
    all_wishes = Wish.objects.filter(edition=edition, **both).order_by("pk")
    wishes = [wish for wish in all_wishes if (wish.wisher_id, wish.wished_id) not in against]
    if any(wish.strength != Wish.Strength.NO_THANKS for wish in wishes):
        with transaction.atomic():
            _from_wishes(edition, wishes)
    else:
        partners = partners_of_edition(edition, most=PROPOSALS)  # takes long, and nobody else need wait for it
        with transaction.atomic():
            _from_matches(edition, partners)
    # What was told is for its sides to end; nobody is seated anew with who takes no part.
    told_or_possible = ~Q(state__in=UNTOLD) | Q(host__state=confirmed, guest__state=confirmed)
    meetings = Meeting.objects.filter(told_or_possible, edition=edition).exclude(state__in=ENDED)
    return list(meetings.select_related("block").order_by("pk"))


def is_of_a_wish(meeting: Meeting) -> bool:
    """Whether a wish is the only reason for the meeting: it was not told, and nobody else asked for it."""
    return meeting.state in UNTOLD and meeting.source == Meeting.Source.WISH


def _from_wishes(edition: Edition, wishes: Iterable[Wish]) -> None:
    """Give each pair of which a side has a wish a meeting with its value."""
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
    """Propose the matches, each with the score of both sides as its value; the seller is the host.

    A meeting of a wish that was deleted or is against the rules becomes a meeting of the match.
    """
    meeting_of = _known(edition)
    made: dict[tuple[int, int], Meeting] = {}
    carried: dict[tuple[int, int], Meeting] = {}
    for participation, partners in partners_of.items():
        for partner in partners:
            weak = all(reason.kind in BY_INDUSTRY for reason in partner.match.reasons)
            if weak or partner.match.score < WORTH_A_SEAT:  # the best that a firm has may still be nothing
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
    """Update some fields of many meetings. The upsert is many times faster than one UPDATE with a case per row."""
    Meeting.objects.bulk_create(
        meetings, update_conflicts=True, update_fields=fields, unique_fields=["pk"], batch_size=2_000
    )
