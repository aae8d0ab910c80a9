"""Phrases by which the classifications and the chains name things, and the codes to which each phrase leads.

Phrases are the titles of ISIC classes, of headings of the Harmonized System and of products of the Central Product
Classification, the parts of these titles, what the trade calls the goods of the headings in six languages
(data/heading_names), and the titles and keywords of the nodes of chains in all their languages. A product leads to the
headings that it is traded under and to the classes that make it by the weights of the concordances, a node in equal
parts to its headings and classes.

Titles of the 5,388 lines of six digits were tried as phrases and left out: they speak of a heading as often as its
chapter is divided, and found 7 % fewer chapters of public tenders.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import numpy as np
from scipy import sparse

from serai.world.chains import Chain
from serai.world.classifications import cpc, isic
from serai.world.classifications import harmonized_system as hs


class CodeKind(StrEnum):
    """What a code is: an HS 2022 heading, an ISIC Rev.4 class, or a node of a chain as "chain/node"."""

    HS = "hs"
    ISIC = "isic"
    NODE = "node"


@dataclass(frozen=True)
class Phrase:
    """A title, a keyword or another name of goods, in a language."""

    text: str
    language: str


@dataclass(frozen=True)
class PhraseIndex:
    """Phrases, each once, and how far each leads to which code."""

    phrases: Sequence[Phrase]
    codes: Mapping[CodeKind, Sequence[str]]
    leads: Mapping[CodeKind, sparse.csr_array]
    """(n_phrases, n_codes) weights from 0 to 1."""


PART = 0.5
"""The weight of a part of a title against the whole."""

_NOT_SPECIFIED = "9999"
_SEPARATOR = re.compile(r"[;,:]| and | or ")
_ASIDE = re.compile(r"(?:other|n\.e\.c|not|whether|of|with|excluding|excl|parts|in|than|for)\b", re.IGNORECASE)
"""How a part begins that says nothing alone."""

type _Weights = Mapping[str, float]
type _Led = tuple[Phrase, Mapping[CodeKind, _Weights]]


def phrase_index(chains: Sequence[Chain]) -> PhraseIndex:
    """The phrases of the classifications and of `chains`."""
    leads: dict[Phrase, dict[CodeKind, dict[str, float]]] = {}
    for phrase, led in (*_of_classifications(), *_of_names(), *_of_chains(chains)):
        of_phrase = leads.setdefault(phrase, {kind: {} for kind in CodeKind})
        for kind, weights in led.items():
            for code, weight in weights.items():
                of_phrase[kind][code] = max(weight, of_phrase[kind].get(code, 0.0))
    codes = {
        CodeKind.HS: [heading.code for heading in hs.headings() if heading.code != _NOT_SPECIFIED],
        CodeKind.ISIC: [activity.code for activity in isic.activities(isic.Level.CLASS)],
        CodeKind.NODE: [f"{chain.slug}/{node.code}" for chain in chains for node in chain.nodes],
    }
    return PhraseIndex(
        list(leads), codes, {kind: _matrix([led[kind] for led in leads.values()], codes[kind]) for kind in CodeKind}
    )


@cache
def _of_classifications() -> Sequence[_Led]:
    headings: dict[str, dict[str, float]] = defaultdict(dict)
    for heading in hs.headings():
        for subclass, weight in cpc.of_heading(heading.code).items():
            headings[subclass][heading.code] = weight
    phrases: list[_Led] = []
    for activity in isic.activities(isic.Level.CLASS):
        phrases += _with_parts(activity.title, {CodeKind.ISIC: {activity.code: 1.0}})
    for product in cpc.products(cpc.Level.SUBCLASS):
        led = {CodeKind.ISIC: cpc.isic_of(product.code), CodeKind.HS: headings[product.code]}
        phrases += _with_parts(product.title, led)
    for heading in hs.headings():
        if heading.code != _NOT_SPECIFIED:
            makers = hs.isic_of_heading(heading.code)
            phrases += _with_parts(heading.title, {CodeKind.HS: {heading.code: 1.0}, CodeKind.ISIC: makers})
    return phrases


def _with_parts(title: str, led: Mapping[CodeKind, _Weights]) -> Iterator[_Led]:
    yield Phrase(title, "en"), led
    less = {kind: {code: PART * weight for code, weight in weights.items()} for kind, weights in led.items()}
    for part in (part.strip() for part in _SEPARATOR.split(title)):
        if len(part) > 3 and part != title and not _ASIDE.match(part):
            yield Phrase(part, "en"), less


def heading_names() -> Iterator[tuple[str, str, str]]:
    """Language, heading and name of all goods in data/heading_names, as the trade calls them."""
    for file in sorted((files("serai.match") / "data" / "heading_names").iterdir(), key=lambda file: file.name):
        language, _dot, ending = file.name.partition(".")
        for line in file.read_text(encoding="utf-8").splitlines() if ending == "txt" else ():
            if not line.startswith("#"):
                code, _space, names = line.partition(" ")
                yield from ((language, code, name.strip()) for name in names.split(";"))


@cache
def _of_names() -> Sequence[_Led]:
    return [
        (Phrase(name, language), {CodeKind.HS: {code: 1.0}, CodeKind.ISIC: hs.isic_of_heading(code)})
        for language, code, name in heading_names()
    ]


def _of_chains(chains: Sequence[Chain]) -> Iterator[_Led]:
    for chain in chains:
        for node in chain.nodes:
            led = {
                CodeKind.NODE: {f"{chain.slug}/{node.code}": 1.0},
                CodeKind.HS: dict.fromkeys(node.hs, 1 / max(1, len(node.hs))),
                CodeKind.ISIC: dict.fromkeys(node.isic, 1 / max(1, len(node.isic))),
            }
            for language, title in node.title.items():
                yield Phrase(title, language), led
            for language, keywords in node.keywords.items():
                for keyword in keywords:
                    yield Phrase(keyword, language), led


def _matrix(rows: Iterable[_Weights], codes: Sequence[str]) -> sparse.csr_array:
    place = {code: number for number, code in enumerate(codes)}
    kept = [{place[code]: weight for code, weight in row.items() if code in place} for row in rows]
    return sparse.csr_array(
        (
            np.array([weight for row in kept for weight in row.values()], dtype=np.float32),
            np.array([column for row in kept for column in row], dtype=np.int64),
            np.cumsum([0, *map(len, kept)]),
        ),
        shape=(len(kept), len(codes)),
    )
