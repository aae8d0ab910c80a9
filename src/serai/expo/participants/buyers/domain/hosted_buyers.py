"""Hosted buyers: terms in versions, accepted with the date; the targets that a buyer sets for itself; its meetings,
and whether it has earned the hosting.

What counts is that the buyer kept its word: a meeting that was held, and one that it came to in vain, since its
exhibitor was absent. The organiser suggests a number of meetings in the version that the buyer accepted; no meeting
is compulsory.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rooms import Hook
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.buyers.models import HostedTerms, TermsAccepted
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.people.account.models import User


class Standing(models.TextChoices):
    """How a hosted buyer stands to the number of meetings that its terms suggest."""

    EARNED = "earned", pgettext_lazy("a hosted buyer", "Has earned the hosting")
    ON_THE_WAY = "on_the_way", pgettext_lazy("a hosted buyer", "Will reach it with the meetings to come")
    BELOW = "below", pgettext_lazy("a hosted buyer", "Below the minimum")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("a hosted buyer", "Has not accepted the terms")


@dataclass(frozen=True)
class HostedFilter:
    """By what the list can be narrowed."""

    words: str = filters.words("In the names and the identifier of the firm", title=gettext_lazy("Firm"))
    standing: str = filters.code(
        "How it stands to the number that its terms suggest", choices=Standing.choices, title=gettext_lazy("Standing")
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


CEILING = 40
"""How many meetings one may set for itself who has accepted no terms."""


class TermsRefusedError(ValueError):
    """Why terms or targets cannot be kept, in the reader's language."""


@made_once
def publish_terms(edition: Edition, text: Mapping[str, str], *, suggested: int, maximum: int, by: User) -> HostedTerms:
    """A new version of the terms; who accepted an earlier one accepted that. Raises TermsRefusedError."""
    texts = {language: words.strip() for language, words in text.items() if words.strip()}
    if not texts:
        raise TermsRefusedError(_("Write the terms in one language at least."))
    if not suggested <= maximum:
        raise TermsRefusedError(_("Suggest no more meetings than a buyer may have."))
    last = current_terms(edition)
    made = HostedTerms.objects.create(
        edition=edition,
        version=last.version + 1 if last else 1,
        text=texts,
        meetings_suggested=suggested,
        meetings_maximum=maximum,
    )
    record("hosted_terms.published", made, after=state(made), user=by, edition=edition)
    return made


def current_terms(edition: Edition) -> HostedTerms | None:
    """The newest version."""
    return HostedTerms.objects.filter(edition=edition).first()


def accepted_by(participation: Participation) -> TermsAccepted | None:
    """The newest version that the buyer accepted."""
    accepted = TermsAccepted.objects.filter(participation=participation).select_related("terms", "user")
    return accepted.order_by("-terms__version").first()


@transaction.atomic
def accept_terms(by: Acting, version: int) -> TermsAccepted:
    """Accept the version that was read. Raises TermsRefusedError where there is a newer one, or the firm no buyer."""
    terms = current_terms(by.edition)
    if by.participation.kind not in (Participation.Kind.BUYER, Participation.Kind.DELEGATION):
        raise TermsRefusedError(_("These terms are for buyers."))
    if terms is None or terms.version != version:
        raise TermsRefusedError(_("There is a newer version of the terms. Read it and accept that one."))
    accepted, made = TermsAccepted.objects.get_or_create(
        participation=by.participation, terms=terms, defaults={"edition": by.edition, "user": by.user}
    )
    if made:
        trace("hosted_terms.accepted", accepted, by)
        maximum = max(terms.meetings_maximum, _told(by.participation))
        _set(by, min(terms.meetings_suggested, maximum), maximum)
    return accepted


@transaction.atomic
def set_targets(by: Acting, minimum: int, maximum: int) -> None:
    """How many meetings the participant wants at least and at most: its own to lower, to none at all.

    Raises TermsRefusedError for more than it was granted, and for fewer than it has with a time.
    """
    if not 0 <= minimum <= maximum:
        raise TermsRefusedError(_("Give a least number that is not above the most."))
    most = ceiling(by.participation)
    if maximum > most:
        raise TermsRefusedError(_("You may have up to %d meetings; ask the organiser for more.") % most)
    told = _told(by.participation)
    if maximum < told:
        raise TermsRefusedError(_("You have %d meetings with a time already. Cancel some first.") % told)
    _set(by, minimum, maximum)


def ceiling(participation: Participation) -> int:
    """The most meetings that the participant may set for itself."""
    accepted = accepted_by(participation)
    return max(accepted.terms.meetings_maximum if accepted else CEILING, participation.meetings_maximum)


def _told(participation: Participation) -> int:
    """How many meetings with a time the participant has."""
    counts = count_meetings(Participation.objects.filter(pk=participation.pk))
    return counts.get(participation.pk, MeetingCounts()).told


def _set(by: Acting, minimum: int, maximum: int) -> None:
    own = Participation.objects.get(pk=by.participation.pk)
    before = state(own)
    own.meetings_minimum, own.meetings_maximum = minimum, maximum
    own.save(update_fields=["meetings_minimum", "meetings_maximum"])
    by.participation.meetings_minimum, by.participation.meetings_maximum = minimum, maximum
    trace("participation.targets_set", own, by, before=before)
