"""Store the vectors of what the classifications and the chains say: ``python scripts/code_vectors.py``.

To be run after scripts/language_means.py, and when titles or keywords change.
"""

from pathlib import Path

import numpy as np

from serai.match.codes.phrases import phrase_index
from serai.match.codes.vectors import store
from serai.world.chains import builtin_chains

PATH = Path(__file__).parents[1] / "src/serai/match/data/code_vectors.npz"


def main() -> None:
    stored = store(phrase_index(builtin_chains()).phrases)
    np.savez_compressed(
        PATH,
        allow_pickle=False,
        basis=stored.basis.astype(np.float16),
        fingerprints=stored.fingerprints,
        coordinates=stored.coordinates,
    )
    print(f"{PATH.name}: {len(stored.coordinates):,} vectors, {PATH.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
