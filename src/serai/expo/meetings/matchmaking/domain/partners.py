"""Matches with their reasons as sentences: what links two firms, the sentence of a firm's description that fits, and
the value of the source.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.models import Plant
from serai.expo.meetings.matchmaking.domain.market import Read, of_these
from serai.expo.meetings.matchmaking.domain.source_values import Value, values_of_matches
from serai.expo.offers.chains.models import Placement
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.match.evidence import Evidence, EvidenceKind
from serai.match.language import detect_language
from serai.match.meanings import meant_with_gloss
from serai.match.partners import Match, Relation
from serai.match.placing import Item
from serai.match.placing import Placement as Placed
from serai.match.reasons import LIKELY, Reason, Told, explain, explain_wishes
from serai.match.roles import tells_history
from serai.match.text import LEGAL_FORMS, sentences
from serai.world.classifications import countries

TELLING = 20
"""Bytes in UTF-8 above which a sentence may tell what a firm does: a Han character counts as three letters."""

_ENDS_AS_NAME = re.compile(rf"\b(?:{'|'.join(map(re.escape, LEGAL_FORMS))})$", re.IGNORECASE)

_TELLS_NOTHING = re.compile(r"https?://|\bwww\.|^(?:is|are|was|were|has|have|presents|provides|offers)\b|^[(,]")
"""An address, or the rest of a sentence that was cut in a name that ends in another stop ("S.L. is a maker")."""

KNOWN = (EvidenceKind.PLANT, EvidenceKind.SAID)
"""Evidence that is stronger than what a firm writes: then its product is told by the node."""

type Named = tuple[Reason, Mapping[str, str]]
"""A reason with the names of its two items."""


def with_names(read: Read, reasons: Sequence[Reason]) -> list[Named]:
    """Each reason with the names of its items in the reader's language.

    A description is told by the sentence that led to the node that joins the two firms, else by the sentence that means
    most nearly what the other firm says. What a plant or a list tells of a firm is told by the node. All sentences are
    read by the encoder at once.
    """
    names = read.names(key for reason in reasons for key in (reason.own, reason.theirs))
    titles = {(chain.slug, node.code): node.title for chain in read.chains for node in chain.nodes}
    item_of = {item.key: item for item in read.market.items}
    asked: dict[tuple[str, str], None] = {}
    named: list[tuple[Reason, dict[str, str]]] = []
    for reason in reasons:
        sides = (
            ("own", reason.own_place, reason.own, reason.theirs),
            ("their", reason.their_place, reason.theirs, reason.own),
        )
        told, called = reason, {key: names[key] for key in (reason.own, reason.theirs)}
        for side, place, key, other in sides:
            if item_of[key].named:
                continue
            led = place.evidence if place is not None and _joins(reason) else ()
            if place is not None and any(piece.kind in KNOWN for piece in led[:1]):
                called[key] = str(in_language(titles[place.chain, place.node]))
                is_own = side == "own"
                told = replace(told, own_told=Told.MAKES) if is_own else replace(told, their_told=Told.MAKES)
            elif sentence := next(
                filter(_tells, (piece.what for piece in led if piece.kind is EvidenceKind.SENTENCE)), ""
            ):
                called[key] = sentence
            elif item_of[key].text.strip():
                asked[key, other] = None
                del called[key]
        named.append((told, called))
    closest = _closest(read, item_of, list(asked))
    return [
        (reason, called | {key: closest[key, other] for key, other in _pairs(reason) if key not in called})
        for reason, called in named
    ]


def _pairs(reason: Reason) -> tuple[tuple[str, str], tuple[str, str]]:
    return (reason.own, reason.theirs), (reason.theirs, reason.own)


def _joins(reason: Reason) -> bool:
    """Whether the sentence of the reason tells the nodes on which the two items are."""
    places = reason.own_place, reason.their_place
    return all(place is not None and place.confidence >= LIKELY for place in places)


def _closest(read: Read, item_of: Mapping[str, Item], asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """For each item and another the sentence of the first that is nearest in meaning to the second."""
    text_of = {key: item_of[key].text.strip() for key, _other in asked}
    sentences_of = {key: telling_sentences(text) for key, text in text_of.items()}
    if read.by is None:
        return {(key, other): sentences_of[key][0] for key, other in asked}
    texts = [sentence for some in sentences_of.values() for sentence in some]
    language_of = {key: detect_language(text) for key, text in text_of.items()}
    languages = [language_of[key] for key, some in sentences_of.items() for _sentence in some]
    starts = np.cumsum([0, *(len(some) for some in sentences_of.values())]).tolist()
    span = dict(zip(sentences_of, pairwise(starts), strict=True))
    vectors = meant_with_gloss(texts, languages, read.by)
    row_of = {item.key: row for row, item in enumerate(read.market.items)}
    chosen = {}
    for key, other in asked:
        first, last = span[key]
        nearness = vectors[first:last] @ read.market.vector(row_of[other])
        chosen[key, other] = sentences_of[key][int(nearness.argmax())]
    return chosen


def telling_sentences(text: str) -> Sequence[str]:
    """The sentences of a text that tell what a firm does, if there are any; else all, else the text.

    Neither the shortest ("Proven at scale") do, nor a name, an address, nor when and where a firm was founded.
    """
    every = sentences(text) or (text,)  # "***" has no sentence
    longer = [sentence for sentence in every if len(sentence.encode()) > TELLING] or every
    return [sentence for sentence in longer if _tells(sentence)] or longer


def _tells(sentence: str) -> bool:
    """Whether a sentence may tell what a firm does: it is neither the end of its name, its history nor its address."""
    return not (_ENDS_AS_NAME.search(sentence) or _TELLS_NOTHING.search(sentence) or tells_history(sentence))


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
