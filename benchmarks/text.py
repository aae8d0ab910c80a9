"""The speed at which texts are understood, on the hand-written phrases that the repository has."""

import csv
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Finding, cpu_seconds, trial
from serai.match.codes import CodeKind, suggest
from serai.match.codes.suggestion import evidence
from serai.match.language import detect_language
from serai.match.text import tokens
from serai.match.vectors import encode, encoder

PHRASES = Path(__file__).parents[1] / "tests/match/codes_phrases.csv"
LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")


def phrases() -> list[dict[str, str]]:
    """The concepts with their wording in six languages, their codes, and the half that they belong to."""
    with PHRASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line[0] != "#"))


@trial("text-speed")
def speed() -> Iterator[Finding]:
    """How many texts a second does one core understand?"""
    texts = [row[language] for row in phrases() for language in LANGUAGES]
    model = encoder()._model  # type: ignore[attr-defined]
    model(["ready"])
    rates = [len(texts) / cpu_seconds(lambda: model(texts)) for _ in range(5)]
    encode(texts)
    yield Finding("vectors of new texts, the best of five rounds", max(rates), "texts/CPU s", least=1_500)
    yield Finding("vectors of new texts, the median round", sorted(rates)[2], "texts/CPU s")
    yield Finding("vectors of known texts", len(texts) / cpu_seconds(lambda: encode(texts)), "texts/CPU s")
    yield Finding("tokens", len(texts) / cpu_seconds(lambda: [tokens(text) for text in texts]), "texts/CPU s")
    yield Finding(
        "language", len(texts) / cpu_seconds(lambda: [detect_language(text) for text in texts]), "texts/CPU s"
    )
    suggest(["ready"])
    new = [f"{text} 7" for text in texts]
    seconds = cpu_seconds(lambda: evidence(new, kind=CodeKind.ISIC))
    yield Finding("evidence for codes of new texts", len(texts) / seconds, "texts/CPU s")
    seconds = cpu_seconds(lambda: [suggest([text]) for text in texts[:100]])
    yield Finding("codes with words and chances, one text at a time", 10 * seconds, "CPU ms a text")
