"""Estimate the mean vector of each language, for serai.match.data: ``python scripts/language_means.py``.

From texts that say the same in each language: the titles of the nodes of the chains that come with Serai.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np

from serai.match.vectors import Means, encode, mean_vectors
from serai.world.chains import builtin_chains

ROOT = Path(__file__).parents[1]


def main() -> None:
    said: dict[str, list[str]] = defaultdict(list)
    for chain in builtin_chains():
        for node in chain.nodes:
            for language, title in node.title.items():
                said[language].append(title)
    means = _means(said)
    path = ROOT / "src/serai/match/data/language_means.npz"
    np.savez(path, allow_pickle=False, **means)
    print(f"{path.name}: {', '.join(sorted(means))}")


def _means(said: dict[str, list[str]]) -> Means:
    languages = [language for language, texts in said.items() for _ in texts]
    return mean_vectors(encode([text for texts in said.values() for text in texts]), languages)


if __name__ == "__main__":
    main()
