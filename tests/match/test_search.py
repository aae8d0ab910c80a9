"""Words decide where they tell, meaning where they do not, and slips of the pen are forgiven."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from serai.match.search import Candidate, Index, Vocabulary, order, plan, rarest, terms
from serai.match.search.ranking import LEAST_MEANING
from serai.match.search.terms import STEM_MARK, alternatives, stem
from serai.match.text import tokens
from serai.match.vectors import unit

TEXTS = (
    "Separator film for lithium batteries",
    "Lithium carbonate from brine",
    "Film cameras and film for cameras",
    "Coffee beans",
    "锂电池隔膜",
    "SKF 6204-2RS bearings",
)


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(terms(text, "en") for text in TEXTS)


def answers(query: str, vocabulary: Vocabulary, meaning: tuple[float, ...] = (0.0,) * len(TEXTS)) -> list[int]:
    candidates = (Candidate(key, terms(text, "en"), meaning[key]) for key, text in enumerate(TEXTS))
    return [hit.key for hit in order(plan(query, vocabulary), candidates)]


def test_a_text_has_its_tokens_and_the_stems_of_its_language() -> None:
    assert terms("Washing machines") == ("washing", "machine")
    assert terms("Washing machines", "en") == ("washing", f"wash{STEM_MARK}", "machine", f"machin{STEM_MARK}")
    assert terms("подшипники", "ru") == ("подшипники", stem("подшипники", "ru"))
    assert terms("电池 18650", "zh-hans") == tokens("电池 18650")
    assert terms("khalifa", "sw") == ("khalifa",)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "bearing", "bearings"),
        ("fr", "électriques", "électrique"),
        ("es", "baterías", "batería"),
        ("ru", "подшипников", "подшипники"),
        ("ar", "مصانع", "المصانع"),
        ("de", "Motoren", "Motor"),
    ],
)
def test_two_forms_of_a_word_meet(language: str, one: str, other: str) -> None:
    assert set(terms(one, language)) & set(terms(other, language))


def test_a_query_that_does_not_tell_its_language_is_looked_for_in_the_likely_ones() -> None:
    assert alternatives("machine") == ("machine", *dict.fromkeys(stem("machine", one) for one in ("en", "fr", "es")))
    assert alternatives("machine", "de") == ("machine", stem("machine", "de"))
    assert alternatives("隔膜") == ("隔膜",)


def test_of_han_the_pairs_are_looked_for(vocabulary: Vocabulary) -> None:
    assert [group.word for group in plan("电池隔膜 膜", vocabulary).groups] == ["电池", "池隔", "隔膜"]
    assert [group.word for group in plan("膜", vocabulary).groups] == ["膜"]
    assert answers("隔膜", vocabulary) == [4]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("seperator", "separator"), ("cofee", "coffee"), ("litihum", "lithium"), ("carbonnate", "carbonate")],
)
def test_a_mistyped_word_is_taken_for_the_one_it_may_mean(vocabulary: Vocabulary, wrong: str, right: str) -> None:
    (group,) = plan(wrong, vocabulary).groups
    assert group.corrected
    assert right in group.terms
    assert not plan(right, vocabulary).corrected()


def test_a_word_that_is_being_typed_stands_for_all_that_begin_with_it(vocabulary: Vocabulary) -> None:
    assert plan("film cam", vocabulary, typing=True).groups[1].terms == ("camera",)
    assert "camera" not in plan("film cam", vocabulary).groups[1].terms
    assert "camera" not in plan("cam film", vocabulary, typing=True).groups[0].terms
    assert vocabulary.completions("c") == ()
    assert set(vocabulary.completions("电")) == {"电", "电池"}


def test_numbers_short_words_and_first_letters_are_taken_as_they_are(vocabulary: Vocabulary) -> None:
    assert vocabulary.corrections("6205") == ()
    assert vocabulary.corrections("skg") == ()
    assert vocabulary.corrections("toffee") == ()
    assert vocabulary.corrections("隔摸") == ()
    assert plan("zzzzzz", vocabulary).groups[0].terms == ("zzzzzz",)


@given(st.sampled_from(["separator", "batteries", "carbonate", "camera"]), st.integers(1, 8), st.sampled_from("aeiou"))
def test_every_correction_is_within_the_slips_that_are_forgiven(word: str, place: int, letter: str) -> None:
    vocabulary = Vocabulary(terms(text) for text in TEXTS)
    wrong = word[:place] + letter + word[place:]
    for correction in vocabulary.corrections(wrong):
        assert OSA.distance(wrong, correction) <= (1 if len(wrong) < 8 else 2)
        assert vocabulary.frequency(correction)


def test_a_word_tells_the_more_the_fewer_texts_have_it(vocabulary: Vocabulary) -> None:
    assert vocabulary.weight("coffee") > vocabulary.weight("film") > 0
    assert vocabulary.weight("nowhere") > vocabulary.weight("coffee")
    assert Vocabulary([["a"], ["a"]]).weight("a") == pytest.approx(np.log(3 / 2.5))


def test_what_goes_is_no_longer_known() -> None:
    vocabulary = Vocabulary([["zinc", "oxide"], ["zinc"]])
    assert vocabulary.corrections("oxyde") == ("oxide",)
    vocabulary.remove(["zinc", "oxide"])
    assert (vocabulary.documents, vocabulary.frequency("zinc"), vocabulary.frequency("oxide")) == (1, 1, 0)
    assert vocabulary.corrections("oxyde") == ()


def test_a_name_code_or_rare_word_beats_any_meaning(vocabulary: Vocabulary) -> None:
    close = (0.9, 0.9, 0.9, 0.9, 0.9, 0.0)
    assert answers("6204", vocabulary, close)[0] == 5
    assert answers("SKF bearings", vocabulary, close)[0] == 5


def test_a_common_word_of_a_paraphrase_does_not_beat_meaning(vocabulary: Vocabulary) -> None:
    query = "a film that keeps the electrodes of accumulators apart"
    assert answers(query, vocabulary, (0.7, 0.3, 0.2, 0.0, 0.6, 0.1))[:2] == [0, 4]


def test_of_two_that_are_equally_near_the_one_of_the_same_code_comes_first_and_words_still_decide(
    vocabulary: Vocabulary,
) -> None:
    candidates = [Candidate(1, terms(TEXTS[1]), 0.4, codes=0.0), Candidate(4, terms(TEXTS[4]), 0.4, codes=0.6)]
    assert [hit.key for hit in order(plan("accumulators", vocabulary), candidates)] == [4, 1]
    assert [hit.key for hit in order(plan("lithium carbonate", vocabulary), candidates)] == [1, 4]


def test_words_that_many_have_are_left_out_where_some_suffice(vocabulary: Vocabulary) -> None:
    asked = plan("lithium film of coffee", vocabulary)  # two texts have the first, two the second, one the third
    assert [group.word for group in rarest(asked, vocabulary, 10)] == ["lithium", "film", "coffee"]
    assert [group.word for group in rarest(asked, vocabulary, 1)] == ["coffee"]
    assert [group.word for group in rarest(plan("film", vocabulary), vocabulary, 0)] == ["film"]
    assert rarest(plan("", vocabulary), vocabulary, 10) == ()


def test_what_stands_at_the_head_comes_before_what_is_mentioned(vocabulary: Vocabulary) -> None:
    assert answers("lithium", vocabulary) == [1, 0]


def test_what_has_no_word_and_is_about_something_else_is_no_answer(vocabulary: Vocabulary) -> None:
    meaning = (LEAST_MEANING - 0.01, LEAST_MEANING + 0.01, 0.0, -0.5, 0.0, 0.0)
    assert answers("zzzz", vocabulary, meaning) == [1]
    assert answers("", vocabulary) == []


@given(st.permutations(range(len(TEXTS))))
def test_the_order_of_the_candidates_changes_nothing(shuffled: list[int]) -> None:
    vocabulary = Vocabulary(terms(text, "en") for text in TEXTS)
    candidates = [Candidate(key, terms(TEXTS[key], "en"), key / 10) for key in shuffled]
    keys = [hit.key for hit in order(plan("lithium film", vocabulary), candidates)]
    assert keys == [hit.key for hit in order(plan("lithium film", vocabulary), sorted(candidates, key=lambda c: c.key))]


def vectors(count: int, seed: int = 0) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32))


def test_the_nearest_are_those_of_all() -> None:
    stored = vectors(500)
    index = Index(np.arange(500) * 3, stored)
    query = vectors(1, seed=1)
    expected = np.argsort(-(stored @ query[0]))[:7] * 3
    nearest = index.nearest(query, 7)
    assert [key for key, _ in nearest] == expected.tolist()
    assert index.cosines([0, 3, 4], query) == pytest.approx(
        {0: float(stored[0] @ query[0]), 3: float(stored[1] @ query[0])}
    )
    assert index.nearest(np.zeros((1, 32), np.float32), 7) == Index([], stored[:0]).nearest(query, 7) == []


@pytest.mark.parametrize("exact_up_to", [10_000, 100])
def test_what_is_added_to_an_index_replaces_what_was_there(exact_up_to: int) -> None:
    stored = vectors(1_000)
    index = Index(np.arange(400), stored[:400], exact_up_to=exact_up_to)
    index.add([7, 400, 401], stored[[500, 501, 502]].astype(np.float16))
    assert len(index) == 402
    for key, row in {7: 500, 400: 501, 401: 502}.items():
        (nearest, cosine), *_ = index.nearest(stored[[row]], 3)
        assert (nearest, round(cosine, 3)) == (key, 1)
    assert index.nearest(stored[[7]], 1)[0][0] != 7
    index.add(range(402, 900), stored[402:900])  # so many that an inverted file is made anew
    assert [index.nearest(stored[[row]], 1)[0][0] for row in (3, 600, 899)] == [3, 600, 899]
    assert index.cosines([7, 5_000], stored[[500]]) == pytest.approx({7: 1.0}, abs=1e-3)


def test_an_inverted_file_finds_nearly_all_of_the_nearest() -> None:
    clustered = unit(np.repeat(vectors(50), 60, axis=0) + 0.3 * vectors(3000, seed=2))
    exact, inverted = (Index(np.arange(3000), clustered, exact_up_to=limit) for limit in (10_000, 100))
    shared = [
        len({key for key, _ in exact.nearest(query[None], 10)} & {key for key, _ in inverted.nearest(query[None], 10)})
        for query in clustered[::100]
    ]
    assert np.mean(shared) >= 9
