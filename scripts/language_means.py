"""Estimate the mean vector of each language, for serai.match.data: ``python scripts/language_means.py``.

The texts go with the means, for the means of an encoder that an organiser mounts
(serai.match.onnx_encoder.calibration).

From texts that say the same in each language: the half of the phrases in tests/match/codes_phrases.csv that is for
fitting. The other half stays unseen, for measuring.
"""

import csv
from pathlib import Path

import numpy as np

from serai.match.vectors import encode, mean_vectors

ROOT = Path(__file__).parents[1]
DATA = ROOT / "src/serai/match/data"
LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")


def main() -> None:
    with (ROOT / "tests/match/codes_phrases.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(line for line in file if line[0] != "#") if row["half"] == "fit"]
    said = [(language, row[language]) for language in LANGUAGES for row in rows]
    means = mean_vectors(encode([text for _, text in said]), [language for language, _ in said])
    with (DATA / "language_phrases.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(LANGUAGES)
        writer.writerows([row[language] for language in LANGUAGES] for row in rows)
    path = DATA / "language_means.npz"
    np.savez(path, allow_pickle=False, **means)
    print(f"{path.name}: {', '.join(sorted(means))} from {len(rows)} concepts")


if __name__ == "__main__":
    main()
