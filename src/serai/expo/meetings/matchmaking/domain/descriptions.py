"""What a firm says of itself that counts for a reason: of its description the one sentence that fits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from serai.expo.base.text import in_language
from serai.expo.meetings.matchmaking.domain.market import Read
from serai.match.evidence import EvidenceKind
from serai.match.language import detect_language
from serai.match.meanings import meant_with_gloss
from serai.match.placing import Item
from serai.match.reasons import LIKELY, Reason, Told
from serai.match.roles import tells_history
from serai.match.text import LEGAL_FORMS, sentences

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
