"""Reasons for two firms to meet: the reason as data, and its sentence in the reader's language."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files

from serai.match.evidence import Evidence, EvidenceKind
from serai.match.placing import Placement
from serai.match.requirements import Cut, CutKind, Requirement, State, Wish
from serai.world.chains import Chain
from serai.world.classifications import countries

LONGEST_NAME = 80
"""Characters of an item's name that a sentence shows."""

LONGEST_SAID = 160
"""Characters of a firm's description that a sentence shows."""

MOST_EVIDENCE = 3
"""Pieces of evidence that a sentence shows."""

LIKELY = 0.5
"""Confidence of both placements from which a sentence says that a need and an offer are on one node."""


ALIKE = 0.1
"""Likeness of the words above which a sentence names those in common: below, it is a word or two that all texts use."""


class ReasonKind(StrEnum):
    """What the partner is to the firm: by a stated need, along the chain, or by the trade of their industries."""

    OFFERS_WHAT_YOU_NEED = "offers_what_you_need"
    NEEDS_WHAT_YOU_OFFER = "needs_what_you_offer"
    CAN_SUPPLY_WHAT_YOU_NEED = "can_supply_what_you_need"
    NEEDS_WHAT_YOU_CAN_SUPPLY = "needs_what_you_can_supply"
    FEEDS_YOUR_NODE = "feeds_your_node"
    USES_YOUR_NODE = "uses_your_node"
    SELLS_TO_YOUR_INDUSTRY = "sells_to_your_industry"
    BUYS_FROM_YOUR_INDUSTRY = "buys_from_your_industry"

    @property
    def mirrored(self) -> "ReasonKind":
        """The same reason as the partner sees it."""
        return _MIRRORED[self]


_MIRRORED = {
    ReasonKind.OFFERS_WHAT_YOU_NEED: ReasonKind.NEEDS_WHAT_YOU_OFFER,
    ReasonKind.NEEDS_WHAT_YOU_OFFER: ReasonKind.OFFERS_WHAT_YOU_NEED,
    ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED: ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY,
    ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY: ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED,
    ReasonKind.FEEDS_YOUR_NODE: ReasonKind.USES_YOUR_NODE,
    ReasonKind.USES_YOUR_NODE: ReasonKind.FEEDS_YOUR_NODE,
    ReasonKind.SELLS_TO_YOUR_INDUSTRY: ReasonKind.BUYS_FROM_YOUR_INDUSTRY,
    ReasonKind.BUYS_FROM_YOUR_INDUSTRY: ReasonKind.SELLS_TO_YOUR_INDUSTRY,
}


class Told(StrEnum):
    """How a sentence tells of an offer: the firm names it, says a sentence of itself, or is known to make it."""

    OFFERS = "offers"
    SAYS = "says"
    MAKES = "makes"


@dataclass(frozen=True)
class Reason:
    """One reason for the firm to meet the partner: the keys of its own item and of the partner's."""

    kind: ReasonKind
    own: str
    theirs: str
    own_place: Placement | None
    """Where the chain joins the two: of a need and an offer the node of both, else the two ends of a link."""
    their_place: Placement | None
    likeness: float | None
    """Cosine of the words of the two texts, 0 to 1; None where they share no script and so cannot be compared."""
    strength: float
    """How surely the chain joins them: the chance that both are placed right; 0 where no node is common."""
    meaning: float | None = None
    """Cosine of the vectors of the two texts, 0 to 1; None where there are none."""
    common: tuple[str, ...] = ()
    """Words that a need and an offer share."""
    wishes: tuple[Wish, ...] = ()
    """The wishes of the firm for its item, and whether each is met."""
    their_wishes: tuple[Wish, ...] = ()
    own_told: Told = Told.OFFERS
    their_told: Told = Told.OFFERS

    @property
    def confidence(self) -> float:
        """The chance that both items are placed right; 0 where the chain does not join them."""
        if self.own_place is None or self.their_place is None:
            return 0.0
        return self.own_place.confidence * self.their_place.confidence

    @property
    def mirrored(self) -> "Reason":
        """The same reason as the partner sees it."""
        return replace(
            self,
            kind=self.kind.mirrored,
            own=self.theirs,
            theirs=self.own,
            own_place=self.their_place,
            their_place=self.own_place,
            wishes=self.their_wishes,
            their_wishes=self.wishes,
            own_told=self.their_told,
            their_told=self.own_told,
        )


def explain(
    reason: Reason, language: str, names: Mapping[str, str], firms: tuple[str, str], chains: Sequence[Chain]
) -> str:
    """The sentence for `reason`, in `language` ("en", "zh-hans"); English if not known.

    `names` calls each item by its key in words that the reader understands; what a firm says of itself is a sentence of
    its description. `firms` are the names of the firm and of the partner, since others read the sentence too. Raises
    KeyError where an item has no name or the reason's chain is not among `chains`.
    """
    language = _nearest(language)
    wording = _wordings()[language]
    sentence, buys = _SENTENCES[reason.kind]
    seen = reason if buys else reason.mirrored
    buyer, seller = firms if buys else firms[::-1]
    fields = {"buyer": _isolate(_shorten(buyer), language), "need": _isolate(_shorten(names[seen.own]), language)}
    fields["buying"] = _told(buyer, names[seen.own], seen.own_told, language)
    fields["selling"] = _told(seller, names[seen.theirs], seen.their_told, language)
    if seen.own_place is not None and seen.their_place is not None:
        by_slug = {chain.slug: chain for chain in chains}  # industries that trade may join two chains
        for field, placed in (("own_node", seen.own_place), ("node", seen.their_place)):
            fields[field] = _isolate(_in_language(by_slug[placed.chain].node(placed.node).title, language), language)
        fields["why"] = _why(seen.their_place.evidence, wording, language)
        fields["sure"] = wording["percent"].format(min(99, round(100 * seen.their_place.confidence)))
    fields["beside"] = ""
    if min((placed.confidence if placed else 0.0) for placed in (seen.own_place, seen.their_place)) >= LIKELY:
        fields["beside"] = wording["both_on"].format(**fields)
    elif seen.common and (seen.likeness or 0.0) > ALIKE:
        fields["beside"] = wording["both_say"].format(words=_quoted(seen.common, wording, language))
    # A name that was cut has its own points at the end.
    return wording[sentence].format(**fields).replace("….", "…")


def _told(firm: str, item: str, told: Told, language: str) -> str:
    """What a firm offers, says of itself or makes."""
    wording = _wordings()[language]
    shown = _isolate(_shorten(item, LONGEST_SAID if told is Told.SAYS else LONGEST_NAME), language)
    if told is Told.SAYS:
        shown = wording["open"] + shown + wording["close"]
    return wording[told].format(firm=_isolate(_shorten(firm), language), item=shown)


_SENTENCES: Mapping[ReasonKind, tuple[str, bool]] = {
    ReasonKind.OFFERS_WHAT_YOU_NEED: ("stated", True),
    ReasonKind.NEEDS_WHAT_YOU_OFFER: ("stated", False),
    ReasonKind.CAN_SUPPLY_WHAT_YOU_NEED: ("stated", True),
    ReasonKind.NEEDS_WHAT_YOU_CAN_SUPPLY: ("stated", False),
    ReasonKind.FEEDS_YOUR_NODE: ("fed", True),
    ReasonKind.USES_YOUR_NODE: ("fed", False),
    ReasonKind.SELLS_TO_YOUR_INDUSTRY: ("industry", True),
    ReasonKind.BUYS_FROM_YOUR_INDUSTRY: ("industry", False),
}
"""The sentence of each kind, and whether the firm is the buyer."""


def explain_wishes(reason: Reason, language: str, names: Mapping[str, str], firms: tuple[str, str]) -> tuple[str, ...]:
    """Sentences on the wishes that are met, missed and unknown: those of the firm, then those of the partner.

    For the people of the firm only: the partner's wishes are named without figures, which are confidential.
    """
    language = _nearest(language)
    wording = _wordings()[language]
    sentences = []
    for firm, wishes, item in (
        (firms[0], reason.wishes, reason.own),
        (firms[1], tuple(replace(wish, what="") for wish in reason.their_wishes), reason.theirs),
    ):
        told = [
            wording[f"state_{state}"].format(what=wording["comma"].join(named))
            for state in State
            if (
                named := list(
                    dict.fromkeys(
                        _required(wish.requirement, wish.what, wording, language)
                        for wish in wishes
                        if wish.state is state
                    )
                )
            )
        ]
        if told:
            called = {"firm": _shorten(firm), "item": _shorten(names[item])}
            isolated = {field: _isolate(text, language) for field, text in called.items()}
            sentences.append(wording["wishes"].format(**isolated, told=wording["semicolon"].join(told)))
    return tuple(sentences)


def _required(requirement: Requirement, what: str, wording: Mapping[str, str], language: str) -> str:
    """The name of a requirement with the value asked for: "price (12 USD)"."""
    if requirement is Requirement.COUNTRIES and what:
        what = wording["comma"].join(countries.name(code, language) for code in what.split(", "))
    name = wording[f"requirement_{requirement}"]
    return wording["asked"].format(name=name, what=_isolate(what, language)) if what else name


def explain_cut(cut: Cut, need: str, offer: str, language: str) -> str:
    """The sentence that says why an offer cannot meet a need; `need` and `offer` are names that the reader knows."""
    language = _nearest(language)
    country = cut.kind in (CutKind.COUNTRY, CutKind.BUYER_COUNTRY)
    what = countries.name(cut.what, language) if country else cut.what
    wording = _wordings()[language]
    if cut.requirement is not None:
        what = _required(cut.requirement, cut.what, wording, language)
    fields = {"need": _shorten(need), "offer": _shorten(offer), "what": what}
    return wording[f"cut_{cut.kind}"].format(**{field: _isolate(text, language) for field, text in fields.items()})


@cache
def _wordings() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("serai.match") / "data" / "reasons.toml").read_text(encoding="utf-8"))


def _why(evidence: Sequence[Evidence], wording: Mapping[str, str], language: str) -> str:
    """The strongest pieces of evidence: ", by HS 8507 and the words 'separator', 'film'"; "" without any."""
    shown = evidence[:MOST_EVIDENCE]

    def named(*kinds: EvidenceKind) -> list[Evidence]:
        return [piece for piece in shown if piece.kind in kinds]

    facts = [f"{code.kind.upper()} {code.what}" for code in named(EvidenceKind.HS, EvidenceKind.ISIC)]
    facts += [wording[f"said_{statement.what}"] for statement in named(EvidenceKind.SAID)]
    facts += [
        wording["plant"].format(what=_isolate(_shorten(plant.what), language)) for plant in named(EvidenceKind.PLANT)
    ]
    words = [word.what for word in named(EvidenceKind.WORDS)]
    quoted = wording["words" if len(words) > 1 else "word"] + _quoted(words, wording, language) if words else ""
    why = wording["last"].join(part for part in (wording["comma"].join(facts), quoted) if part)
    return wording["by"].format(why=why) if why else ""


def _quoted(words: Sequence[str], wording: Mapping[str, str], language: str) -> str:
    return wording["comma"].join(wording["open"] + _isolate(word, language) + wording["close"] for word in words)


def _nearest(language: str) -> str:
    """The nearest language that has sentences: "zh-hant" reads "zh-hans", "fr-ca" reads "fr", all others read "en"."""
    base = language.split("-", maxsplit=1)[0]
    same = [code for code in _wordings() if code.split("-", maxsplit=1)[0] == base]
    return next((code for code in (language, *same) if code in _wordings()), "en")


def _in_language(title: Mapping[str, str], language: str) -> str:
    return title.get(language) or title.get("en") or next(iter(title.values()))


def _shorten(name: str, longest: int = LONGEST_NAME) -> str:
    name = " ".join(name.split())
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def _isolate(text: str, language: str) -> str:
    """`text` between marks that keep its direction apart from that of the sentence, where either runs right to left."""
    if language == "ar" or any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
        return f"\u2068{text}\u2069"
    return text
