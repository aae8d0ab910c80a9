"""Hosted buyers: the terms that each accepted, its meetings, and whether it has earned the hosting.

What counts is that the buyer kept its word: a meeting that was held, and one that it came to in vain, since its
exhibitor was absent. The number is the one that the version it accepted suggests, and a measure of the organiser's
budget: no meeting is compulsory (``hosting``), and what a buyer has set for itself is shown beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base import filters
from serai.expo.base.signals import Hook
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.buyers.models import HostedTerms, TermsAccepted


class Standing(models.TextChoices):
    """How a hosted buyer stands to the number of meetings that its terms suggest."""

    EARNED = "earned", pgettext_lazy("a hosted buyer", "Has earned the hosting")
    ON_THE_WAY = "on_the_way", pgettext_lazy("a hosted buyer", "Will reach it with the meetings to come")
    BELOW = "below", pgettext_lazy("a hosted buyer", "Below the minimum")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("a hosted buyer", "Has not accepted the terms")


@dataclass(frozen=True)
class HostedFilter:
    """By what the list can be narrowed."""

    words: str = filters.words("In the names and the identifier of the firm", title=_("Firm"))
    standing: str = filters.code(
        "How it stands to the number that its terms suggest", choices=Standing.choices, title=_("Standing")
    )


@dataclass(frozen=True)
class MeetingCounts:
    """Meetings of a participant: with a time, of these held, missed by its own side, come to in vain, and to come."""

    told: int = 0
    held: int = 0
    missed: int = 0
    in_vain: int = 0
    to_come: int = 0

    def __add__(self, other: "MeetingCounts") -> "MeetingCounts":
        return MeetingCounts(
            self.told + other.told,
            self.held + other.held,
            self.missed + other.missed,
            self.in_vain + other.in_vain,
            self.to_come + other.to_come,
        )


meetings_counted: Hook[[QuerySet[Participation], datetime], Mapping[int, MeetingCounts]] = Hook("meetings counted")
"""The meetings of participants at a moment, by primary key; a participant without meetings is left out."""


def count_meetings(participations: QuerySet[Participation], now: datetime | None = None) -> dict[int, MeetingCounts]:
    """The meetings of each participant that has any, by primary key."""
    answers = meetings_counted.call(participations, now or timezone.now())
    return {key: counts for answer in answers for key, counts in answer.items()}


@dataclass(frozen=True)
class Hosted:
    """A hosted buyer: the newest version of the terms that it accepted, if any, and its meetings."""

    participation: Participation
    accepted: TermsAccepted | None
    met: MeetingCounts

    @property
    def terms(self) -> HostedTerms | None:
        return self.accepted.terms if self.accepted else None

    @property
    def kept(self) -> int:
        """Meetings for which it kept its word."""
        return self.met.held + self.met.in_vain

    @property
    def missing(self) -> int:
        """How many meetings the buyer lacks to the number that its terms suggest."""
        return max(0, self.terms.meetings_suggested - self.kept) if self.terms else 0

    @property
    def standing(self) -> Standing:
        if self.terms is None:
            return Standing.NOT_ACCEPTED
        if not self.missing:
            return Standing.EARNED
        return Standing.ON_THE_WAY if self.met.to_come >= self.missing else Standing.BELOW


def hosted_buyers(edition: Edition, *, now: datetime | None = None) -> list[Hosted]:
    """Those who accepted terms, and those let in who asked to be hosted, by name; always in four queries."""
    theirs = _hosted(edition)
    accepted: dict[int, TermsAccepted] = {}
    rows = TermsAccepted.objects.filter(edition=edition).select_related("terms", "user")
    for acceptance in rows.order_by("terms__version"):
        accepted[acceptance.participation_id] = acceptance
    counts = count_meetings(theirs, now)
    by_name = theirs.select_related("firm").order_by("firm__sort_name", "pk")
    return [Hosted(buyer, accepted.get(buyer.pk), counts.get(buyer.pk, MeetingCounts())) for buyer in by_name]


def narrowed(rows: Iterable[Hosted], wanted: HostedFilter) -> list[Hosted]:
    """Those that the filter leaves."""
    words = wanted.words.casefold()
    return [
        row
        for row in rows
        if words in _names(row).casefold() and (not wanted.standing or row.standing == wanted.standing)
    ]


def _names(hosted: Hosted) -> str:
    firm = hosted.participation.firm
    return " ".join((firm.legal_name, *firm.name.values(), firm.identifier))


def counted(rows: Sequence[Hosted]) -> list[tuple[Standing, int]]:
    """How many buyers have each standing."""
    standings = [row.standing for row in rows]
    return [(standing, standings.count(standing)) for standing in Standing]


def _hosted(edition: Edition) -> QuerySet[Participation]:
    accepted = TermsAccepted.objects.filter(edition=edition).values("participation")
    asked = Q(vetting__hosted=True, state=Participation.State.CONFIRMED)
    return Participation.objects.filter(Q(pk__in=accepted) | asked, edition=edition)
