"""What the next timetable will do, told before it is made: which meetings it seats, with whom, and what is lacking."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.meeting.domain.permission import wishes_against
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.timetable.domain.candidates import PROPOSALS
from serai.expo.meetings.timetable.models import MeetingTerms, Presence

KIND = Participation.Kind
BUYING = frozenset({KIND.BUYER.value, KIND.DELEGATION.value})
"""Kinds of participants a meeting with whom is a meeting with a buyer."""


@dataclass(frozen=True)
class Forecast:
    """What a timetable made now would seat."""

    pairs: int
    """Pairs of which a side wishes to meet the other."""
    with_buyer: int
    """How many of these pairs have a buyer among them."""
    kinds: Sequence[tuple[str, int]]
    """The pairs by the kinds of their two sides, in words, the most first."""
    told: int
    """Meetings that were told and keep their time."""
    participants: int
    buyers: int
    without_presence: int
    """Of those in a pair, or of all where nobody has a wish, those who did not say when they are there."""
    room: int
    """How many meetings the tables of the fair hold in all its times."""

    @property
    def sentence(self) -> str:
        """What will be done."""
        if self.pairs:
            return ngettext(
                "%(pairs)d pair of participants wishes to meet; it is given a time as far as both are free.",
                "%(pairs)d pairs of participants wish to meet; they are given times as far as both are free.",
                self.pairs,
            ) % {"pairs": self.pairs}
        if not self.participants:
            return ""
        return _(
            "Nobody has wished yet: the best matches will be proposed instead, at most %(most)d for each of the"
            " %(participants)d participants."
        ) % {"most": PROPOSALS, "participants": self.participants}

    @property
    def warnings(self) -> list[str]:
        """What the organiser should know before."""
        warnings = []
        if not self.participants:
            return [_("Nobody is confirmed yet, so there is nobody to seat.")]
        if not self.buyers:
            warnings.append(_("No buyer is confirmed: every meeting will be between exhibitors."))
        elif self.pairs and self.with_buyer * 4 < self.pairs:
            warnings.append(
                _("Only %(some)d of the %(all)d pairs have a buyer among them. Ask the buyers for their wishes first.")
                % {"some": self.with_buyer, "all": self.pairs}
            )
        if self.without_presence:
            warnings.append(
                ngettext(
                    "%d participant did not say who takes meetings and when; it counts as there all the time.",
                    "%d participants did not say who takes meetings and when; they count as there all the time.",
                    self.without_presence,
                )
                % self.without_presence
            )
        if self.pairs > self.room:
            warnings.append(
                _("The tables of the fair hold %(room)d meetings: not all pairs find a place, unless at booths.")
                % {"room": self.room}
            )
        return warnings


def forecast(edition: Edition) -> Forecast:
    """What a timetable made now would seat, in a fixed number of queries."""
    confirmed = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
    kind_of = dict(confirmed.exclude(kind=KIND.PRESS).values_list("pk", "kind"))
    against = wishes_against(edition)
    wishes = Wish.objects.filter(edition=edition).values_list("wisher", "wished", "strength")
    refused = {frozenset(pair) for *pair, strength in wishes if strength == Wish.Strength.NO_THANKS}
    pairs = {
        frozenset((wisher, wished))
        for wisher, wished, strength in wishes
        if strength != Wish.Strength.NO_THANKS
        and (wisher, wished) not in against
        and wisher in kind_of
        and wished in kind_of
    } - refused
    kinds = Counter(tuple(sorted(kind_of[side] for side in pair)) for pair in pairs)
    concerned = {side for pair in pairs for side in pair} or set(kind_of)
    told = set(Presence.objects.filter(edition=edition).values_list("participation", flat=True))
    told |= set(MeetingTerms.objects.filter(edition=edition).values_list("participation", flat=True))
    return Forecast(
        pairs=len(pairs),
        with_buyer=sum(number for of_pair, number in kinds.items() if BUYING.intersection(of_pair)),
        kinds=[(_in_words(of_pair), number) for of_pair, number in kinds.most_common()],
        told=Meeting.objects.filter(edition=edition, state=Meeting.State.SCHEDULED).count(),
        participants=len(kind_of),
        buyers=sum(kind in BUYING for kind in kind_of.values()),
        without_presence=len(concerned - told),
        room=len(slots(edition)) * edition.meeting_tables,
    )


def _in_words(of_pair: Sequence[str]) -> str:
    first, other = (KIND(kind).label for kind in of_pair)
    return f"{first} – {other}"


def count_with_buyer(edition: Edition, meetings: Sequence[Meeting]) -> int:
    """How many of the meetings have a buyer on a side."""
    buying = set(Participation.objects.filter(edition=edition, kind__in=BUYING).values_list("pk", flat=True))
    return sum(meeting.host_id in buying or meeting.guest_id in buying for meeting in meetings)
