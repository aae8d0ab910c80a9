"""Matches with their reasons as sentences, and the effect of the link on supply."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Plant
from serai.expo.meetings.matchmaking.domain.descriptions import with_names
from serai.expo.meetings.matchmaking.domain.market import Read, of_these
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.offers.chains.models import Placement
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.match.evidence import Evidence, EvidenceKind
from serai.match.partners import LinkValues, Match, Relation
from serai.match.placing import Placement as Placed
from serai.match.reasons import Reason, explain, explain_link, explain_links_apart, explain_wishes
from serai.world.classifications import countries
from serai.world.table import WorldTable

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
    supply: tuple[str, ...] = ()
    """Effect of their link on supply by the world table, as far as it tells the partner apart from the others of the
    list; empty where the table lacks them."""

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


def links_for(read: Read, matches: Iterable[Match]) -> LinkValues:
    """Effect of the links of these matches on supply, by the built-in table."""
    return weighted_links(read, matches, MatchingChoice())


def weighted_links(read: Read, matches: Iterable[Match], choice: MatchingChoice) -> LinkValues:
    """Effect of the links of these matches by the built-in table, with the organiser's weights."""
    from serai.match.link_values import link_values  # loads what weighs a link: only where one is asked for

    listed = list(matches)
    pks = {int(key) for match in listed for key in (match.firm, match.partner)}
    of_firm = {str(pk): country for pk, country in of_these(Participation.objects.all(), pks, "firm__country")}
    table, places = _world()
    values = link_values(listed, of_firm, read.chains, table, weights=choice.link_weights, known=places)
    return replace(values, most_lost=choice.most_lost)


@lru_cache(maxsize=1)
def _world() -> tuple[WorldTable, dict[tuple[int, int], Mapping[str, float]]]:
    """The built-in table, and what is known of links of its cells."""
    from serai.world.readers import read

    return read(), {}


def with_reasons_of_all(read: Read, matches_of: Mapping[int, list[Match]]) -> dict[int, list[Partner]]:
    """Partners of several participations by primary key, with reasons in the reader's language."""
    language = get_language() or "en"
    matches = [match for of_firm in matches_of.values() for match in of_firm]
    if not matches:
        return {firm: [] for firm in matches_of}
    link = links_for(read, matches)
    keys = {int(firm) for match in matches for firm in (match.firm, match.partner)}
    participation_of = Participation.objects.select_related("firm").in_bulk(keys)
    called = {str(pk): str(in_language(row.firm.name)) or row.firm.legal_name for pk, row in participation_of.items()}
    reasons = [reason for match in matches for reason in match.reasons]
    with_evidence = _with_evidence(read, reasons)
    told_reasons = iter(with_names(read, [with_evidence(reason) for reason in reasons]))

    def partner(match: Match, supply: tuple[str, ...]) -> Partner:
        firms = called[match.firm], called[match.partner]
        told = list(islice(told_reasons, len(match.reasons)))
        return Partner(
            participation_of[int(match.partner)],
            match,
            tuple(explain(reason, language, names, firms, read.chains) for reason, names in told),
            tuple(wish for reason, names in told for wish in explain_wishes(reason, language, names, firms)),
            supply,
        )

    def listed(of_firm: Sequence[Match]) -> list[Partner]:
        vectors = [link.of(match.firm, match.partner) or {} for match in of_firm]
        alone = len(vectors) == 1
        supplies = [explain_link(vectors[0], language)] if alone else explain_links_apart(vectors, language)
        return [partner(match, supply) for match, supply in zip(of_firm, supplies, strict=True)]

    return {firm: listed(of_firm) for firm, of_firm in matches_of.items()}


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
