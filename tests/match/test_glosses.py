"""Texts of five languages are read word by word in English too, by dictionaries of trade words."""

from importlib.resources import files

import pytest

from serai.match import glosses, meanings, node_head
from serai.match.glosses import gloss
from serai.match.placing import Item, Side, place
from serai.match.text import tokens
from serai.world.chains import builtin_chains

OF_BATTERIES = {
    "ar": "نشتري بطاريات الليثيوم للسيارات الكهربائية",
    "es": "Compramos baterías de litio para coches eléctricos",
    "fr": "Nous achetons des batteries au lithium pour voitures électriques",
    "ru": "Покупаем литиевые аккумуляторы для электрических автомобилей",
    "zh-hans": "采购电动汽车用锂电池",
}

OFFERS = {
    "غرافيت صناعي وطبيعي للقطب السالب": "clean-energy/graphite-anodes",
    "كشافات ليد للمركبات": "smart-vehicle/lighting",
}
"""Artificial and natural graphite for anodes, LED headlights for vehicles."""


def without_glosses(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (meanings, node_head):
        monkeypatch.setattr(module, "gloss", lambda _text, _language: glosses.Gloss())


@pytest.mark.parametrize("language", OF_BATTERIES)
def test_a_sentence_is_told_in_english_words(language: str) -> None:
    of_text = gloss(OF_BATTERIES[language], language)
    assert {"battery", "lithium", "electric"} <= set(of_text.english.split())
    assert {"car", "automobile", "automotive", "vehicle"} & set(of_text.english.split())
    assert 0.7 <= of_text.known <= 1


@pytest.mark.parametrize("text", ["بطارية", "البطاريات", "والبطاريات", "وبطاريات", "للبطاريات"])
def test_an_arabic_word_is_known_with_its_article_particles_and_ends(text: str) -> None:
    assert "battery" in gloss(text, "ar").english.split()


@pytest.mark.parametrize("text", ["насос", "насосы", "насосов", "Насосами"])
def test_a_russian_word_is_known_in_every_case(text: str) -> None:
    assert "pump" in gloss(text, "ru").english.split()


def test_the_share_known_is_that_of_the_words_that_say_something() -> None:
    assert gloss("la batería de Zubizarreta", "es").known == 0.5
    assert gloss("de la Zubizarreta", "es") == glosses.Gloss()


def test_a_chinese_text_is_cut_into_the_fewest_words_that_are_known() -> None:
    assert {"solar", "inverter"} <= set(gloss("光伏逆变器", "zh-hans").english.split())
    assert gloss("光伏逆变器", "zh-hans").known == 1
    assert gloss("鑫淼光伏", "zh-hans") == glosses.Gloss(gloss("光伏", "zh-hans").english, 0.5)


@pytest.mark.parametrize("language", ["en", "ja", "de", "fa", None])
def test_a_language_without_a_dictionary_has_no_gloss(language: str | None) -> None:
    assert gloss("lithium battery 锂电池 بطارية", language) == glosses.Gloss()


@pytest.mark.parametrize("language", ["ar", "ru"])
def test_the_head_reads_the_english_words_of_a_text(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [OF_BATTERIES[language], "We buy lithium batteries for electric cars"]
    head = node_head.packaged_head()

    def words_in_common() -> float:
        words = node_head.read_texts(texts, head.vocabulary, head.rarity).words
        return float((words[[0]] @ words[[1]].T).toarray()[0, 0])

    with_gloss = words_in_common()
    without_glosses(monkeypatch)
    assert with_gloss > words_in_common() + 0.2


@pytest.mark.parametrize(("offer", "node"), OFFERS.items())
def test_an_offer_in_arabic_is_placed_by_its_gloss(offer: str, node: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def first() -> str:
        placement = place([Item("offer", Side.OFFER, offer)], builtin_chains(), floor=0)[0]
        return f"{placement.chain}/{placement.node}"

    assert first() == node
    without_glosses(monkeypatch)
    assert first() != node


@pytest.mark.parametrize("language", glosses.LANGUAGES)
def test_a_line_of_a_dictionary_is_an_english_word_and_single_words_each_once(language: str) -> None:
    text = (files("serai.match") / "data" / "glosses" / f"{language}.txt").read_text(encoding="utf-8")
    lines = [line.partition(": ") for line in text.splitlines()]
    words = [english for english, _colon, _forms in lines]
    assert len(set(words)) == len(words) > 4_000
    assert [english for english in words if tokens(english) != (english,)] == []
    for english, _colon, forms in lines:
        parts = forms.split(", ")
        assert len(set(parts)) == len(parts), english
        one_word = glosses.han_runs if language == "zh" else tokens
        assert all(len(one_word(part)) == 1 for part in parts), english
