"""The training of placing, from its labels and phrases to the file that ships."""

from pathlib import Path

import numpy as np
import pytest

from scripts.placing import train
from serai.match.node_head import SIGNALS


def test_training_twice_writes_the_same_bytes(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "STEPS", 2)
    paths = [tmp_path / "first.npz", tmp_path / "second.npz"]
    measured = [path.with_suffix(".out_of_fold.npz") for path in paths]
    for path, out_of_fold in zip(paths, measured, strict=True):
        train.main(real_data, path, out_of_fold, every=150)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert measured[0].read_bytes() == measured[1].read_bytes()
    with np.load(paths[0]) as head:
        assert head["dense"].any()
        assert head["words"].any()
        assert len(head["trained"]) == len(head["new"]) == len(SIGNALS) + 1
