"""The speed at which texts are understood, on the hand-written phrases that the repository has."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import Finding, Work, apart, cpu_seconds, trial
from scripts.test import ROOT
from serai.match.codes import CodeKind, suggest
from serai.match.codes.suggestion import evidence
from serai.match.language import detect_language
from serai.match.text import tokens
from serai.match.vectors import encode

PHRASES = ROOT / "tests/match/codes_phrases.csv"
RANDOM = PHRASES.with_name("codes_random.csv")
LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")


def phrases(path: Path = PHRASES) -> list[dict[str, str]]:
    """The concepts with their wording in six languages, their codes, and the half that they belong to."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line[0] != "#"))


@trial("text-speed", tiny={"most": 2, "rounds": 1})
def speed(most: int | None = None, rounds: int = 5) -> Iterator[Finding]:
    """How many texts a second does one core understand?"""
    rates = apart(measured, most=most, rounds=rounds)
    new = rates.pop("vectors of new texts")
    yield Finding("vectors of new texts, the best round", max(new), "texts/CPU s", least=1_500)
    yield Finding("vectors of new texts, the median round", median(new), "texts/CPU s", least=1_500)
    for what, rate in rates.items():
        yield Finding(what, rate, "texts/CPU s")


def measured(most: int | None, rounds: int) -> Mapping[str, Any]:
    """Texts a CPU-second of each step."""
    texts = [row[language] for row in phrases()[:most] for language in LANGUAGES]
    # The encoder remembers texts, so that each round has new ones.
    new_texts = [[f"{text} {number}" for text in texts] for number in range(rounds)]
    encode(texts)
    suggest(["ready"])
    steps: Mapping[str, Work] = {
        "vectors of known texts": lambda: encode(texts),
        "tokens": lambda: [tokens(text) for text in texts],
        "language": lambda: [detect_language(text) for text in texts],
        "evidence for codes of new texts": lambda: evidence([f"{text} new" for text in texts], kind=CodeKind.ISIC),
    }
    some = texts[:100]
    return {
        "vectors of new texts": [len(texts) / cpu_seconds(lambda new=new: encode(new)) for new in new_texts],
        **{what: len(texts) / cpu_seconds(work) for what, work in steps.items()},
        "codes with words and chances, one text at a time": len(some)
        / cpu_seconds(lambda: [suggest([text]) for text in some]),
    }
