"""Fit how sure a suggested code is, for serai.match.codes.suggestion: ``python scripts/code_calibration.py``.

A logistic regression, for the five likeliest codes of each phrase that is for fitting, of being right on the logarithm
of the evidence and of its share. Prints `CALIBRATION`, to be written there by hand; that of nodes is fitted on the
phrases for placing. To be run after scripts/code_vectors.py.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from serai.match.codes import CodeKind
from serai.match.codes.suggestion import evidence
from serai.match.evaluation import ranked

WRITTEN = Path(__file__).parents[1] / "tests/match"
LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")
MOST = 5

type Floats = NDArray[np.float64]


def main() -> None:
    rows = [row for row in read("codes_phrases.csv") if row["half"] == "fit"]
    for kind in (CodeKind.HS, CodeKind.ISIC):
        coded = [row for row in rows if row[kind]]
        said = [(row[language], language, row[kind].split()) for language in LANGUAGES for row in coded]
        print(f"    CodeKind.{kind.name}: {fitted(kind, said)},")
    placed = [(row["phrase"], row["language"], row["nodes"].split()) for row in read("placing_phrases.csv")]
    print(f"    CodeKind.NODE: {fitted(CodeKind.NODE, placed)},")


def read(name: str) -> list[dict[str, str]]:
    with (WRITTEN / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line[0] != "#"))


def fitted(kind: CodeKind, said: Sequence[tuple[str, str, list[str]]]) -> tuple[float, ...]:
    names, found = evidence([text for text, _, _ in said], [language for _, language, _ in said], kind=kind)
    best = ranked(found)[:, :MOST]
    strength = np.log(np.take_along_axis(found.astype(np.float64), best, axis=1))
    share = strength - np.log(found.sum(axis=1, keepdims=True, dtype=np.float64))
    right = np.array([[names[code] in codes for code in row] for row, (_, _, codes) in zip(best, said, strict=True)])
    features = np.column_stack([np.ones(strength.size), strength.ravel(), share.ravel()])
    return tuple(round(float(weight), 2) for weight in logistic(features, right.ravel()))


def logistic(features: Floats, right: NDArray[np.bool_]) -> Floats:
    """Newton's method, with a ridge that is too weak to be seen in the second digit."""
    weights = np.zeros(features.shape[1])
    for _round in range(50):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (chance - right) + 1e-3 * weights
        curvature = (features * (chance * (1 - chance))[:, None]).T @ features + 1e-3 * np.eye(len(weights))
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


if __name__ == "__main__":
    main()
