"""Codes are guessed from words in every language, with the words that led there."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from serai.match.codes import CodeKind, Suggestion, service_chances, suggest
from serai.match.codes.likeness import code_shares, likeness_of_codes, mean_shares, packed
from serai.match.codes.phrases import heading_names, phrase_index
from serai.match.codes.suggestion import evidence, evidences, log_odds
from serai.match.codes.vectors import _stored, fingerprints
from serai.match.codes.words import telling, without_each_word
from serai.match.evaluation import found_at, gains_of, interval, ranked
from serai.match.vectors import encode, encoder, mean_vectors
from serai.world.chains import builtin_chains
from serai.world.classifications import harmonized_system, isic

LANGUAGES = ("en", "zh-hans", "fr", "es", "ar", "ru")


def phrases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "codes_phrases.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if line[0] != "#"))


def codes(found: tuple[Suggestion, ...]) -> list[str]:
    return [one.code for one in found]


def test_the_phrases_are_what_they_say_they_are() -> None:
    rows = phrases()
    assert len({row["concept"] for row in rows}) == len(rows) >= 100
    assert [row["half"] for row in rows[:4]] == ["fit", "held", "fit", "held"]
    for row in rows:
        assert all(row[language] for language in LANGUAGES), row["concept"]
        assert all(map(isic.is_class, row["isic"].split())), row["concept"]
        assert all(map(harmonized_system.exists, row["hs"].split())), row["concept"]
        assert row["side"] in {"offer", "need"}


@pytest.mark.parametrize(
    ("kind", "language", "least"),
    [
        (kind, language, 0.85 if language in {"en", "zh-hans"} else 0.75)
        for kind in (CodeKind.ISIC, CodeKind.HS)
        for language in LANGUAGES
    ],
)
def test_the_right_code_is_one_of_five_for_concepts_that_were_held_out(
    kind: CodeKind, language: str, least: float
) -> None:
    rows = [row for row in phrases() if row["half"] == "held" and row[kind]]
    names, strength = evidence([row[language] for row in rows], [language] * len(rows), kind=kind)
    right = np.array([[name in row[kind].split() for name in names] for row in rows])
    assert interval(found_at(gains_of(ranked(strength), right), 5)).mean >= least


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_service_is_told_from_goods_on_concepts_that_were_held_out(language: str) -> None:
    rows = [row for row in phrases() if row["half"] == "held"]
    chances = service_chances([row[language] for row in rows], [language] * len(rows))
    is_service = np.array([not row["hs"] for row in rows])
    assert ((chances >= 0.5) == is_service).mean() >= 0.9
    assert abs(chances.mean() - is_service.mean()) < 0.1


def test_the_trade_has_names_for_the_goods_of_each_heading() -> None:
    named = list(heading_names())
    assert {language for language, _, _ in named} == set(LANGUAGES)
    assert len(set(named)) == len(named)
    assert all(name for _, _, name in named)
    headings = {heading.code for heading in harmonized_system.headings()} - {"9999"}
    assert {code for _, code, _ in named} <= headings
    assert {code for language, code, _ in named if language == "zh-hans"} == headings


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    (found,) = suggest(["Gutta-percha points"], kinds=[CodeKind.HS])
    best = found[CodeKind.HS][0]
    assert (best.code, best.words) == ("4001", ("Gutta-percha",))


def test_a_reader_is_told_sayings_that_it_can_read() -> None:
    for text, script in (("Lithium battery cells", "[A-Za-z]"), ("锂电池电芯", "[A-Za-z\u4e00-\u9fff]")):
        (suggestions,) = suggest([text], kinds=[CodeKind.HS])
        assert all(re.match(script, saying) for suggestion in suggestions[CodeKind.HS] for saying in suggestion.sayings)


@pytest.mark.parametrize(
    ("text", "node", "heading", "activity"),
    [
        ("Battery separator film", "clean-energy/separators", "3920", "2220"),
        ("电池隔膜", "clean-energy/separators", "3920", "2220"),
        ("ألواح شمسية", "clean-energy/solar-modules", "8541", "2610"),
    ],
)
def test_a_product_finds_its_node_heading_and_class(text: str, node: str, heading: str, activity: str) -> None:
    (suggestions,) = suggest([text])
    assert codes(suggestions[CodeKind.NODE])[0] == node
    assert heading in codes(suggestions[CodeKind.HS])
    assert activity in codes(suggestions[CodeKind.ISIC])
    assert all(0 < suggestion.confidence < 1 for suggestion in suggestions[CodeKind.NODE])


def test_the_words_that_led_there_are_words_of_the_text_and_the_sayings_are_known() -> None:
    (suggestions,) = suggest(["Our family firm of forty years makes brake discs for lorries"])
    best = suggestions[CodeKind.NODE][0]
    assert best.code == "smart-vehicle/chassis-control"
    assert "brake" in best.words
    assert "family" not in best.words
    phrases = {phrase.text for phrase in phrase_index(builtin_chains()).phrases}
    assert set(best.sayings) <= phrases


def test_what_says_nothing_has_no_codes_and_what_says_little_has_no_sure_ones() -> None:
    nothing, little = suggest(["", "A leading company with many years of excellence"])
    assert all(not found for found in nothing.values())
    assert max(one.confidence for found in little.values() for one in found) < 0.5


def test_what_else_is_asked_changes_nothing() -> None:
    alone = suggest(["Coffee beans"], most=3)[0]
    among = suggest(["Wind turbines", "Coffee beans"], most=3)[1]
    for kind in CodeKind:
        assert codes(among[kind]) == codes(alone[kind])
        assert [suggestion.words for suggestion in among[kind]] == [suggestion.words for suggestion in alone[kind]]
        np.testing.assert_allclose([a.confidence for a in among[kind]], [a.confidence for a in alone[kind]], rtol=1e-4)
    assert suggest(["Coffee beans"], most=3, kinds=[CodeKind.HS])[0] == {CodeKind.HS: alone[CodeKind.HS]}


def test_a_chain_of_an_organiser_is_known_at_once() -> None:
    chain = builtin_chains()[0]
    (suggestions,) = suggest(["Separator film"], kinds=[CodeKind.NODE], chains=[chain])
    assert {code.split("/")[0] for code in codes(suggestions[CodeKind.NODE])} == {chain.slug}
    assert suggest(["Separator film"], kinds=[CodeKind.NODE], chains=[])[0] == {CodeKind.NODE: ()}


def test_more_evidence_is_never_less_sure() -> None:
    for kind in CodeKind:
        odds = [log_odds(kind, np.array([one, 1.0, 2.0], np.float32))[0] for one in (0.1, 1, 10)]
        assert odds == sorted(odds)


def test_a_text_without_each_word() -> None:
    words, without = without_each_word("We make wet-process 湿法膜 of PE")
    assert list(words) == ["make", "wet-process", "湿法", "法膜", "PE"]
    assert without[0] == "We   wet-process 湿法膜 of PE"
    assert telling("湿法膜 of PE", words, np.array([0, 0.2, 0.9, 0.8, 0.1])) == ("湿法膜",)
    assert telling("make", ["make"], np.array([-0.1])) == ()


def test_the_stored_vectors_are_those_of_what_is_said_now() -> None:
    known = phrase_index(builtin_chains()).phrases
    missing = ~np.isin(fingerprints(known), _stored().fingerprints)
    assert missing.mean() < 0.02, "run scripts/code_vectors.py"


def test_the_stored_means_are_those_of_the_phrases_for_fitting() -> None:
    rows = [row for row in phrases() if row["half"] == "fit"]
    texts = [row["ru"] for row in rows]
    stored = encoder().means["ru"]
    np.testing.assert_allclose(mean_vectors(encode(texts), ["ru"] * len(texts))["ru"], stored, atol=1e-5)


def test_codes_are_as_alike_stored_as_they_are_computed_and_a_thing_has_those_of_all_its_texts() -> None:
    texts = ["Roller bearings for gearboxes", "滚动轴承", "Green coffee beans", "..."]
    shares = code_shares(texts, ["en", "zh", "en", None])
    query = code_shares(["ball bearings"], ["en"])
    exact = (shares @ query.T).toarray().ravel()
    assert likeness_of_codes(packed(shares), query) == pytest.approx(exact, abs=1e-3)
    assert exact[1] > 0.5 > 0.3 > exact[2]
    assert likeness_of_codes([b"", packed(shares)[0]], query) == pytest.approx([0, exact[0]], abs=1e-3)
    both = mean_shares(shares, [0, 0, 1, 1], 2)
    assert (both @ both.T).diagonal() == pytest.approx(1, abs=1e-6)
    assert (both[[0]] @ query.T).toarray()[0, 0] > 0.8 * exact[:2].max()


def test_both_kinds_of_codes_are_found_in_one_reading() -> None:
    by_kind = evidences(["Roller bearings", "滚动轴承"], ["en", "zh"], kinds=[CodeKind.HS, CodeKind.ISIC])
    for kind in (CodeKind.HS, CodeKind.ISIC):
        names, alone = evidence(["Roller bearings", "滚动轴承"], ["en", "zh"], kind=kind)
        assert by_kind[kind][0] == names
        assert np.allclose(by_kind[kind][1], alone)
