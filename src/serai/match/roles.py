"""Roles of the words of a clause: the product itself, its materials and uses (aside), and products that the firm buys.

"Cells with ceramic separators for buses" are cells: the words behind "with" and "for" are aside. "We use separators
from Japan" offers no separators: a product that a firm uses, buys or looks for is not an offer. The roles are told by a
few plain words in six languages; in a text without them all words are about the product itself.

In Chinese the words aside stand before the product: 用于电池的隔膜, 动力电池用隔膜.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serai.match.text import CLAUSE_END, SENTENCE_END, clean, sentences, words_of

_NOT_FOR = r"(?<!look )(?<!looks )(?<!looking )(?<!search )(?<!searching )(?<!ask )(?<!asking )"
_ASIDE = re.compile(
    r"\b(?:"
    # English
    + _NOT_FOR + r"for|with|made (?:of|from|by)|from|based on|containing|equipped with|using|used (?:in|by|as)"
    r"|applied in|to be used"
    # French, Spanish
    r"|pour|avec|à base de|à partir de|contenant|destinée?s? (?:à|aux?)|utilisée?s? (?:dans|par)"
    r"|para|con|a base de|a partir de|destinad[oa]s? a|utilizad[oa]s? (?:en|por)"
    # Russian
    r"|для|из|с|со|на основе|с использованием|применяем\w\w в|используем\w\w в"
    # Arabic
    r"|لأجل|من أجل|باستخدام|مع|المستخدمة? في|تستخدم في|مصنوعة? من|لل(?=\w{3})"
    r")\b|\bلل(?=\w{3})"
    # Chinese: up to 的 or the end of the clause
    r"|用于|应用于|适用于|针对|采用|使用|利用|基于|含有|配备|搭载",
    re.IGNORECASE,
)  # fmt: skip
_BEFORE = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:专用|(?<![使采利作应费信耐实有公备适运引通专])用)(?![于户途品电水人量法具料])"
)
"""Ends the words aside in Chinese; the product follows."""

_BOUGHT_IN = re.compile(r"[,;，；][^,;.，；。]*(?:\bbought[ -]in\b|外购)[^,;.，；。]*", re.IGNORECASE)
"""A part of a sentence, behind another, that says that its product is bought: "cells, separators bought in"."""

_BUYS = re.compile(
    r"\b(?:"
    r"we (?:also )?(?:use|buy|purchase|procure|source|need|require|consume)|(?:buys|purchases|procures|sources)"
    r"|(?:purchased|sourced|bought|procured) from|(?:looking|searching) for|look for|in need of"
    r"|nous (?:utilisons|achetons|recherchons|cherchons|consommons)|à la recherche de"
    r"|utilizamos|usamos|compramos|buscamos|necesitamos|adquirimos|consumimos"
    r"|используем|закупаем|покупаем|приобретаем|ищем|применяем|потребляем"
    r"|نشتري|نستخدم|نبحث عن|نحتاج"
    r")\b|采购|购买|求购|寻求|寻找|我们使用|我们需要",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"\b(?:makes?|making|produc(?:e|es|ing)|manufactur(?:e|es|ing)|offers?|suppl(?:y|ies)|sells?|provides?|exports?"
    r"|(?:nous )?(?:fabriquons|produisons|offrons|fournissons|vendons)|fabricamos|producimos|ofrecemos|vendemos"
    r"|производим|выпускаем|предлагаем|поставляем|продаем|ننتج|نصنع|نقدم|نبيع)\b|生产|制造|供应|提供|销售",
    re.IGNORECASE,
)

_HISTORY = re.compile(
    r"\bwas (?:founded|incorporated|established)\b|\bis (?:headquartered|based)\b|\bformerly known as\b"
    r"|^formerly\b|\bchanged its name\b|成立于|创立于|总部位于|前身",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """The words of a clause: all of them, those of the product itself, and those aside."""

    whole: tuple[str, ...]
    itself: tuple[str, ...]
    aside: tuple[str, ...]


def clauses_of(text: str, *, offered: bool) -> Iterator[Clause]:
    """The clauses of a text that have words; if the text is of an offer, without products that the firm buys.

    In a need, a product that the firm buys is the product needed.
    """
    for sentence in SENTENCE_END.split(clean(text)):
        kept = _offered(sentence) if offered else sentence
        for part in CLAUSE_END.split(kept):
            whole = words_of(part)
            if not whole:
                continue
            itself, aside = _parted(part)
            yield Clause(whole, whole, ()) if not aside else Clause(whole, words_of(itself), words_of(aside))


def what_is_offered(text: str) -> str:
    """The text of an offer without products that the firm buys or uses."""
    text = _BOUGHT_IN.sub("", text)
    return text if _BUYS.search(text) is None else "\n".join(map(_offered, SENTENCE_END.split(clean(text))))


def product_itself(text: str) -> str:
    """A text of one sentence without the materials and uses that it names; empty where it has more sentences."""
    if len(sentences(text)) != 1:
        return ""
    return ", ".join(itself for clause in CLAUSE_END.split(clean(text)) if (itself := _parted(clause)[0].strip()))


def tells_history(sentence: str) -> bool:
    """Whether a sentence tells where a firm comes from, and not what it does."""
    return _HISTORY.search(sentence) is not None


def _offered(sentence: str) -> str:
    """The sentence without the parts from a word of buying up to a word of making."""
    kept, rest = "", sentence
    while buys := _BUYS.search(rest):
        kept += rest[: buys.start()]
        makes = _MAKES.search(rest, buys.end())
        rest = rest[makes.start() :] if makes else ""
    return kept + rest


def _parted(clause: str) -> tuple[str, str]:
    """The part of a clause about the product itself, and the part aside."""
    before = _BEFORE.search(clause)
    if before:
        return clause[before.end() :], clause[: before.start()]
    aside = _ASIDE.search(clause)
    if aside is None:
        return clause, ""
    end = clause.find("的", aside.end()) if "\u4e00" <= aside.group()[0] <= "\u9fff" else -1
    end = len(clause) if end < 0 else end
    return f"{clause[: aside.start()]} {clause[end:]}", clause[aside.end() : end]
