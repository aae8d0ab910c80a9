"""Matches with their reasons as sentences, and the effect of the link on supply."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Plant
from serai.expo.meetings.matchmaking.domain.market import Read, of_these
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.offers.chains.models import Placement
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.match.evidence import Evidence, EvidenceKind
from serai.match.partners import LinkValues, Match, Relation
from serai.match.reasons import Reason, explain, explain_link, explain_wishes
from serai.world.classifications import countries
from serai.world.table import WorldTable

RELATIONS: dict[Relation, Promise] = {
    Relation.SUPPLIER: _("could supply it"),
    Relation.CUSTOMER: _("could buy from it"),
}


@dataclass(frozen=True)
class Partner:
    """A partner for a participant, with the reasons as sentences."""

    participation: Participation
    match: Match
    sentences: tuple[str, ...]
    supply: tuple[str, ...] = ()
    """Effect of their link on supply by the world table; empty if the table lacks them."""

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
    participation_of = Participation.objects.select_related("firm").in_bulk({int(match.partner) for match in matches})
    reasons = [reason for match in matches for reason in match.reasons]
    theirs = [reason.theirs for reason in reasons]
    pk_of = {placed: read.rows[placed.item, placed.chain, placed.node] for placed in theirs}
    evidence = dict(of_these(Placement.objects.all(), set(pk_of.values()), "evidence"))
    names = read.names(key for reason in reasons for key in (reason.own.item, reason.theirs.item))
    plants = _plants(
        int(what) for of_placement in evidence.values() for kind, what in of_placement if kind == EvidenceKind.PLANT
    )

    def sentences(reason: Reason) -> Iterator[str]:
        why = tuple(
            Evidence(EvidenceKind(kind), plants.get(what, what) if kind == EvidenceKind.PLANT else what)
            for kind, what in evidence[pk_of[reason.theirs]]
        )
        yield explain(replace(reason, theirs=replace(reason.theirs, evidence=why)), language, names, read.chains)
        yield from explain_wishes(reason, language, names)

    return {
        firm: [
            Partner(
                participation_of[int(match.partner)],
                match,
                tuple(sentence for reason in match.reasons for sentence in sentences(reason)),
                explain_link(link.of(match.firm, match.partner) or {}, language),
            )
            for match in of_firm
        ]
        for firm, of_firm in matches_of.items()
    }


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
