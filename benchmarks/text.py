"""The speed at which texts are understood, on the hand-written phrases that the repository has."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import Finding, cpu_seconds, trial
from serai.match.codes import CodeKind, suggest
from serai.match.codes.suggestion import evidence
from serai.match.language import detect_language
from serai.match.text import tokens
from serai.match.vectors import encode, encoder

PHRASES = Path(__file__).parents[1] / "tests/match/codes_phrases.csv"
RANDOM = PHRASES.with_name("codes_random.csv")
LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")


def phrases(path: Path = PHRASES) -> list[dict[str, str]]:
    """The concepts with their wording in six languages, their codes, and the half that they belong to."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line[0] != "#"))


@trial("text-speed")
def speed() -> Iterator[Finding]:
    """How many texts a second does one core understand?"""
    # Two threads that wait for a busy core count their waiting as work: one thread, in a process of its own.
    code = "import json; from benchmarks.text import measured; print(json.dumps(measured()))"
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    said = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, check=True).stdout
    found = json.loads(said)
    rates = found["vectors of new texts"]
    yield Finding("vectors of new texts, the best of five rounds", max(rates), "texts/CPU s", least=1_500)
    yield Finding("vectors of new texts, the median round", median(rates), "texts/CPU s", least=1_500)
    for what in ("vectors of known texts", "tokens", "language", "evidence for codes of new texts"):
        yield Finding(what, found[what], "texts/CPU s")
    what = "codes with words and chances, one text at a time"
    yield Finding(what, found[what], "CPU ms a text")


def measured() -> Mapping[str, Any]:
    """Texts a CPU-second of each step; CPU-milliseconds a text of codes with words."""
    texts = [row[language] for row in phrases() for language in LANGUAGES]
    model = encoder()._model  # type: ignore[attr-defined]
    model(["ready"])
    found: dict[str, Any] = {"vectors of new texts": [len(texts) / cpu_seconds(lambda: model(texts)) for _ in range(5)]}
    encode(texts)
    found["vectors of known texts"] = len(texts) / cpu_seconds(lambda: encode(texts))
    found["tokens"] = len(texts) / cpu_seconds(lambda: [tokens(text) for text in texts])
    found["language"] = len(texts) / cpu_seconds(lambda: [detect_language(text) for text in texts])
    suggest(["ready"])
    new = [f"{text} 7" for text in texts]
    found["evidence for codes of new texts"] = len(texts) / cpu_seconds(lambda: evidence(new, kind=CodeKind.ISIC))
    seconds = cpu_seconds(lambda: [suggest([text]) for text in texts[:100]])
    found["codes with words and chances, one text at a time"] = 10 * seconds
    return found
