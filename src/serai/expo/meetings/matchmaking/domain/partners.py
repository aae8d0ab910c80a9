"""Matches with their reasons as sentences, and the value of the source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Plant
from serai.expo.meetings.matchmaking.domain.descriptions import with_names
from serai.expo.meetings.matchmaking.domain.market import Read, of_these
from serai.expo.meetings.matchmaking.domain.source_values import values_of_matches
from serai.expo.meetings.matchmaking.domain.value_words import Value
from serai.expo.offers.chains.models import Placement
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.match.evidence import Evidence, EvidenceKind
from serai.match.partners import Match, Relation
from serai.match.placing import Placement as Placed
from serai.match.reasons import Reason, explain, explain_wishes
from serai.world.classifications import countries

RELATIONS: dict[Relation, Promise] = {
    Relation.SUPPLIER: _("could supply it"),
    Relation.CUSTOMER: _("could buy from it"),
}


@dataclass(frozen=True)
class Partner:
    """A partner for a participant, with the reasons as sentences, which anybody may read who sees both."""

    participation: Participation
    match: Match
    sentences: tuple[str, ...]
    wishes: tuple[str, ...] = ()
    """What becomes of the wishes of the two: for the people of the participant only, since it tells figures."""
    value: Value | None = None
    """What the source in this match changes for an average buyer, where something can be told."""

    @property
    def supply(self) -> tuple[str, ...]:
        """The value of the source as a line, none where nothing can be told."""
        return () if self.value is None else (self.value.line,)

    @property
    def relation_label(self) -> Promise:
        return RELATIONS[self.match.relation]

    @property
    def is_public(self) -> bool:
        """Whether the partner has a page in the directory."""
        return self.participation.kind in EXHIBITING


def with_reasons(read: Read, participation: Participation, matches: Sequence[Match]) -> list[Partner]:
    """Partners of a participation in the order of ``matches``, with reasons in the reader's language."""
    return with_reasons_of_all(read, {participation.pk: list(matches)})[participation.pk]


def with_reasons_of_all(read: Read, matches_of: Mapping[int, list[Match]]) -> dict[int, list[Partner]]:
    """Partners of several participations by primary key, with reasons in the reader's language."""
    language = get_language() or "en"
    matches = [match for of_firm in matches_of.values() for match in of_firm]
    if not matches:
        return {firm: [] for firm in matches_of}
    keys = {int(firm) for match in matches for firm in (match.firm, match.partner)}
    participation_of = Participation.objects.select_related("firm").in_bulk(keys)
    values = values_of_matches(participation_of[int(matches[0].firm)].edition_id, matches)
    called = {str(pk): str(in_language(row.firm.name)) or row.firm.legal_name for pk, row in participation_of.items()}
    reasons = [reason for match in matches for reason in match.reasons]
    with_evidence = _with_evidence(read, reasons)
    told_reasons = iter(with_names(read, [with_evidence(reason) for reason in reasons]))

    def partner(match: Match) -> Partner:
        firms = called[match.firm], called[match.partner]
        told = list(islice(told_reasons, len(match.reasons)))
        return Partner(
            participation_of[int(match.partner)],
            match,
            tuple(explain(reason, language, names, firms, read.chains) for reason, names in told),
            tuple(wish for reason, names in told for wish in explain_wishes(reason, language, names, firms)),
            values.get((match.firm, match.partner)),
        )

    return {firm: [partner(match) for match in of_firm] for firm, of_firm in matches_of.items()}


def _with_evidence(read: Read, reasons: Iterable[Reason]) -> Callable[[Reason], Reason]:
    """A function that adds to a reason what led its items to their nodes."""
    places = {place for reason in reasons for place in (reason.own_place, reason.their_place) if place is not None}
    pk_of = {place: read.rows[place.item, place.chain, place.node] for place in places}
    evidence = dict(of_these(Placement.objects.all(), set(pk_of.values()), "evidence"))
    plants = _plants(
        int(what) for of_placement in evidence.values() for kind, what in of_placement if kind == EvidenceKind.PLANT
    )

    def told(place: Placed | None) -> Placed | None:
        if place is None:
            return None
        why = tuple(
            Evidence(EvidenceKind(kind), plants.get(what, what) if kind == EvidenceKind.PLANT else what)
            for kind, what in evidence[pk_of[place]]
        )
        return replace(place, evidence=why)

    return lambda reason: replace(reason, own_place=told(reason.own_place), their_place=told(reason.their_place))


def _plants(pks: Iterable[int]) -> dict[str, str]:
    """Process, place and country of plants in the reader's language, by primary key as text."""
    plants = of_these(Plant.objects.all(), set(pks), "process", "place", "country")
    language = get_language() or "en"
    return {
        str(pk): ", ".join(
            filter(None, (str(in_language(process)), str(in_language(place)), countries.name(country, language)))
        )
        for pk, process, place, country in plants
    }
