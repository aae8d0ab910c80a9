"""A model in a folder becomes an encoder; what is wrong with it is said in a sentence."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from serai.match.meanings import meanings, meant_with_gloss
from serai.match.onnx_encoder import MountingError, load, mounted, prepare, read_mounting, read_prepared, verify
from serai.match.onnx_encoder.calibration import LEAST_APART, sample
from serai.match.onnx_encoder.folder import Mounting, Pooling
from serai.match.onnx_encoder.tokenizer import Pieces
from serai.match.vectors import DIMENSION, Encoder, Scale, centred, encode, encoder, meant
from tests.match.tiny_encoder import QUERY, describe, look_up, unigram, write_encoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_encoder(tmp_path / "tiny")


# What the folder says


def test_the_description_is_read_and_the_files_are_those_that_it_names(folder: Path) -> None:
    read = read_mounting(folder)
    assert (read.name, read.dimension, read.pooling, read.query, read.passage) == ("tiny", 96, Pooling.MEAN, QUERY, "")
    assert read.identity.startswith("tiny@")
    verify(read)


def test_the_identity_changes_with_all_that_changes_a_vector(folder: Path) -> None:
    told = {"name": "tiny", "dimension": 96, "pooling": "mean", "query": QUERY}
    seen = {read_mounting(folder).identity}
    for change in ({"pooling": "first"}, {"query": ""}, {"passage": "p: "}, {"longest": 64}, {"output": "x"}):
        describe(folder, told | change)
        seen.add(read_mounting(folder).identity)
    (folder / "model.onnx").write_bytes(b"other weights")
    describe(folder, told)
    seen.add(read_mounting(folder).identity)
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"dimension": "96"}, "gives 'dimension' something else than a value of the kind whole number"),
        ({"dimension": 4096}, "says 4096 dimensions; from 1 to 2048"),
        ({"pooling": "max"}, "says the pooling 'max'; known are: mean, first, none"),
        ({"name": "a/b"}, "has the name 'a/b'"),
        ({"longest": 2}, "at most 2 pieces"),
        ({"poolin": "mean"}, "has the unknown key 'poolin'"),
    ],
)
def test_a_description_that_cannot_be_is_refused_in_a_sentence(
    folder: Path, told: Mapping[str, object], sentence: str
) -> None:
    describe(folder, {"name": "tiny", "dimension": 96, "pooling": "mean"} | dict(told))
    with pytest.raises(MountingError, match=sentence):
        read_mounting(folder)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('name = "x"', "does not say 'dimension'"),
        ("name", "is not TOML"),
        ('name = "x"\ndimension = 8\npooling = "mean"\n[files]\n"model.onnx" = "12"', "must name under"),
        (
            'name = "x"\ndimension = 8\npooling = "mean"\n[files]\n"model.onnx" = "12"\n"tokenizer.json" = ""',
            "gives the file model.onnx no SHA-256",
        ),
        (
            'name = "x"\ndimension = 8\npooling = "mean"\n[files]\n"../model.onnx" = "12"\n"tokenizer.json" = ""',
            "without a folder",
        ),
    ],
)
def test_a_file_that_says_too_little_is_refused_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "encoder.toml").write_text(text)
    with pytest.raises(MountingError, match=sentence):
        read_mounting(tmp_path)


def test_a_folder_without_a_description_and_files_that_are_others_are_told_by_their_path(folder: Path) -> None:
    with pytest.raises(MountingError, match=r"encoder\.toml.*docs/encoder\.md"):
        read_mounting(folder / "nowhere")
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(MountingError, match=r"tokenizer\.json is not the one.*its SHA-256 is 44136fa355b3678a1146ad16"):
        verify(read_mounting(folder))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(MountingError, match=r"tokenizer\.json cannot be read"):
        verify(read_mounting(folder))


# Pieces


def pieces(tmp_path: Path, told: Mapping[str, object]) -> Pieces:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return Pieces(path)


VOCABULARY = [
    *((mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")),
    *(("\u2581", -3.0), ("\u2581bat", -4.0), ("tery", -4.0), ("\u2581batter", -6.0), ("y", -5.0), ("\u2581隔膜", -5.0)),
]


def test_a_word_is_cut_into_its_likeliest_pieces_and_what_nobody_knows_is_one_unknown(tmp_path: Path) -> None:
    read = pieces(tmp_path, unigram(VOCABULARY))
    assert read.of("battery", 9) == [0, 5, 6, 2]  # -8, where batter + y would be -11
    assert read.of("battery 隔膜", 9) == [0, 5, 6, 9, 2]
    assert read.of("batterxxy", 9) == [0, 7, 3, 8, 2]
    assert read.of("ｂａｔｔｅｒｙ", 9) == [0, 5, 6, 2]
    assert read.of("battery " * 9, 5) == [0, 5, 6, 5, 2]
    assert read.of("", 9) == [0, 2]


def test_a_word_of_bert_is_cut_by_its_longest_beginnings(tmp_path: Path) -> None:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "batter", "bat", "##ter", "##y", "隔", "膜", ",", "cafe"]
    told = {
        "normalizer": {"type": "BertNormalizer", "lowercase": True, "strip_accents": None},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {word: n for n, word in enumerate(words)}},
    }
    read = pieces(tmp_path, told)
    assert read.of("Battery,隔膜", 16) == [2, 4, 7, 10, 8, 9, 3]
    assert read.of("CAFÉ battle", 16) == [2, 11, 1, 3]
    assert read.padding == 0


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"model": {"type": "BPE"}}, "has a vocabulary of the kind 'BPE', which is not known here"),
        ({"normalizer": {"type": "Nmt"}}, "normalises by 'Nmt'"),
        ({"pre_tokenizer": {"type": "ByteLevel"}}, "splits by 'ByteLevel'"),
        ({"post_processor": {"type": "ByteLevel"}}, "marks texts by 'ByteLevel'"),
        ({"model": None}, "is not laid out as known here"),
    ],
)
def test_a_tokenizer_that_does_what_is_not_known_is_refused(
    tmp_path: Path, told: Mapping[str, object], sentence: str
) -> None:
    with pytest.raises(MountingError, match=sentence):
        pieces(tmp_path, unigram(VOCABULARY) | dict(told))


# What is estimated


def test_the_packaged_encoder_measured_by_itself_stays_as_it_is() -> None:
    made = prepare(encoder().encode, encoder().encode)
    assert made.scale.slope == pytest.approx(1, abs=1e-6)
    assert made.scale.offset == pytest.approx(0, abs=1e-6)
    for language, mean in encoder().means.items():
        np.testing.assert_allclose(made.means[language], mean, atol=1e-5)


def test_an_encoder_that_knows_no_meaning_across_languages_is_refused() -> None:
    random = np.random.default_rng(0)
    noise = random.normal(size=(len(sample()), 32)).astype(np.float32)
    row = {text: number for number, (_, text) in enumerate(sample())}
    with pytest.raises(MountingError, match="does not tell across languages what a text says"):
        prepare(lambda texts: noise[[row[text] for text in texts]], lambda texts: noise[[row[text] for text in texts]])
    assert LEAST_APART > 0


def test_what_was_estimated_is_kept_and_what_is_broken_is_none(tmp_path: Path) -> None:
    made = prepare(encoder().encode, encoder().encode)
    path = tmp_path / "kept" / "one.npz"
    made.write(path)
    again = read_prepared(path)
    assert again is not None
    assert again.scale == made.scale
    assert again.means.keys() == again.asked_means.keys() == made.means.keys()
    path.write_bytes(path.read_bytes()[:200])
    assert read_prepared(path) is None
    assert read_prepared(tmp_path / "none") is None


class Stretched:
    """The packaged encoder with all its cosines at half their size."""

    name = "stretched"
    dimension = DIMENSION
    means = asked_means = property(lambda self: encoder().means)
    scale = Scale(slope=2.0, offset=-0.1)

    def encode(self, texts: list[str], *, asked: bool = False) -> np.ndarray:
        return encode(texts)


def test_another_encoder_reads_no_glosses() -> None:
    other: Encoder = Stretched()  # type: ignore[assignment]
    by_other, plain = meant_with_gloss(["Bornes de recharge"], ["fr"], other), meant(["Bornes de recharge"], ["fr"])
    np.testing.assert_allclose(by_other, plain, atol=1e-6)
    assert (meant_with_gloss(["Bornes de recharge"], ["fr"]) - plain).any()


def test_texts_are_compared_by_another_encoder_on_the_scale_of_the_packaged_one() -> None:
    texts, languages = ["Roller bearings", "Kugellager"], ["en", "de"]
    other: Encoder = Stretched()  # type: ignore[assignment]
    plain, moved = meanings(texts, languages), meanings(texts, languages, other)
    np.testing.assert_allclose(moved @ moved.T, 2 * (plain @ plain.T), atol=1e-5)
    np.testing.assert_allclose(meant(texts, languages, other), centred(encode(texts), languages), atol=1e-6)


# By ONNX Runtime


@pytest.fixture
def runtime() -> None:
    pytest.importorskip("onnxruntime", reason="ONNX Runtime is not installed (serai[onnx])")


def tiny(folder: Path) -> tuple[Mounting, Encoder]:
    read = read_mounting(folder)
    model = load(read)
    return read, mounted(read, model, prepare(model.passages, model.queries))


@pytest.mark.usefixtures("runtime")
def test_a_mounted_model_gives_vectors_of_its_own_size_that_say_the_same_across_languages(folder: Path) -> None:
    read, mounted_encoder = tiny(folder)
    assert (mounted_encoder.name, mounted_encoder.dimension) == (read.identity, 96)
    phrases = sample()
    by_language = {
        language: [text for own_language, text in phrases if own_language == language] for language, _ in phrases
    }
    english, chinese = (
        meant(
            by_language[asked_language],
            [asked_language] * len(by_language[asked_language]),
            mounted_encoder,
            asked=asked_language == "en",
        )
        for asked_language in ("en", "zh-hans")
    )
    nearest = (english @ chinese.T).argmax(axis=1)
    assert (nearest == np.arange(len(english))).mean() > 0.9
    np.testing.assert_allclose(np.linalg.norm(english, axis=1), 1, atol=1e-5)
    assert not mounted_encoder.encode(["!?", ""]).any()


@pytest.mark.usefixtures("runtime")
def test_a_query_is_read_with_its_prefix_and_centred_by_the_mean_of_queries(folder: Path) -> None:
    _, mounted_encoder = tiny(folder)
    texts = [text for language, text in sample() if language == "en"]
    english = ["en"] * len(texts)
    read, plain = mounted_encoder.encode(texts, asked=True), meant(texts, english, mounted_encoder)
    as_query = np.einsum("td,td->t", meant(texts, english, mounted_encoder, asked=True), plain)
    as_text = np.einsum("td,td->t", centred(read, english, mounted_encoder.means), plain)
    assert np.einsum("td,td->t", read, mounted_encoder.encode(texts)).max() < 0.999
    assert (as_query > as_text).all()
    assert mounted_encoder.asked_means is not mounted_encoder.means


@pytest.mark.usefixtures("runtime")
def test_a_vector_does_not_depend_on_what_else_is_encoded(folder: Path) -> None:
    model = load(read_mounting(folder))
    texts = [text for _, text in sample()][:80]
    together = model.passages(texts)
    np.testing.assert_allclose(together[::-1], model.passages(texts[::-1]), atol=1e-6)
    np.testing.assert_allclose(together[:1], model.passages(texts[:1]), atol=1e-6)


@pytest.mark.usefixtures("runtime")
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"dimension": 64}, r"gives \d+x96 numbers a text in its output 'last_hidden_state'; encoder.toml says 64 a"),
        ({"pooling": "none"}, "says 96 a text"),
        ({"output": "pooled"}, "has no output 'pooled' as encoder.toml says; it has: last_hidden_state"),
    ],
)
def test_a_model_that_is_not_as_described_is_refused_in_a_sentence(
    folder: Path, told: Mapping[str, object], sentence: str
) -> None:
    describe(folder, {"name": "tiny", "dimension": 96, "pooling": "mean"} | dict(told))
    with pytest.raises(MountingError, match=sentence):
        load(read_mounting(folder)).passages(["Battery"])


@pytest.mark.usefixtures("runtime")
def test_a_file_that_is_no_model_is_refused_and_the_first_piece_may_stand_for_all(folder: Path) -> None:
    told = {"name": "tiny", "dimension": 2, "pooling": "first"}
    (folder / "model.onnx").write_bytes(b"no model")
    describe(folder, told)
    with pytest.raises(MountingError, match=r"model\.onnx cannot be loaded"):
        load(read_mounting(folder))
    table = np.array([[3, 4], [0, 0], [1, 0], [0, 0], *[[0, 1]] * 2_000], dtype=np.float32)
    (folder / "model.onnx").write_bytes(look_up(table))
    describe(folder, told)
    np.testing.assert_allclose(load(read_mounting(folder)).passages(["Battery"]), [[0.6, 0.8]], atol=1e-6)


def test_without_the_runtime_it_is_said_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(MountingError, match=r"serai\[onnx\]"):
        load(read_mounting(folder))
    shutil.rmtree(folder)
