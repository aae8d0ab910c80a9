import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.match.language import detect_language
from serai.match.text import (
    LONGEST_TEXT,
    clauses,
    clean,
    guess_language,
    pieces,
    script_of,
    sentences,
    tokens,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Separators", "separator"),
        ("ÉNERGIE", "energie"),
        ("Straße", "STRASSE"),
        ("œuvre", "oeuvre"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("batteries", "Battery"),
        ("the firm's cells", "firm cells"),
        ("l’électrolyte d'un", "electrolyte"),
        ("vitamin C", "VITAMIN-C"),
        ("البطاريات", "بطاريات"),
        ("وَالبَطَّارِيَّات", "بطاريات"),
        ("للإلكترونيات", "إلكترونيات"),
        ("إضاءة", "اضاءه"),
        ("كـــتاب", "كتاب"),
        ("аккумулятор ёмкость", "Аккумулятор емкость"),
        ("电池的管理", "电池管理"[:2] + " " + "管理"),
    ],
)
def test_two_spellings_of_one_word_give_the_same_tokens(one: str, other: str) -> None:
    assert tokens(one) == tokens(other) != ()


@pytest.mark.parametrize("word", ["glass", "chassis", "bus", "gas"])
def test_an_s_that_is_no_plural_stays(word: str) -> None:
    assert tokens(word) == (word,)


def test_a_han_run_gives_its_characters_and_its_pairs() -> None:
    assert tokens("正极材料") == ("正", "极", "材", "料", "正极", "极材", "材料")


def test_no_pair_crosses_a_particle_or_another_script() -> None:
    assert tokens("电池和EVA胶膜") == ("电", "池", "电池", "eva", "胶", "膜", "胶膜")


def test_stop_words_of_six_languages_are_no_tokens() -> None:
    assert tokens("the and of it's — les des et — los para con — для и на — من على هذه — 的和与") == ()


def test_a_clause_ends_at_a_mark_and_not_inside_a_number_or_a_compound() -> None:
    assert clauses("Li-ion cells, 3.7 kWh; packs (LFP)\n隔膜、铜箔。") == (
        ("li", "ion", "cell"),
        ("3", "7", "kwh"),
        ("pack",),
        ("lfp",),
        ("隔", "膜", "隔膜"),
        ("铜", "箔", "铜箔"),
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("battery separators", None),
        ("séparateurs", None),
        ("湿法隔膜 PE", "zh"),
        ("リチウム電池", "ja"),
        ("배터리", "ko"),
        ("аккумуляторы", "ru"),
        ("بطاريات", "ar"),
        ("123 !", None),
        ("", None),
    ],
)
def test_the_script_tells_the_language_where_it_can(text: str, language: str | None) -> None:
    assert guess_language(text) == language


def test_a_token_knows_its_script() -> None:
    assert [script_of(t) for t in ("pe", "隔膜", "بطاريات", "18650")] == ["latin", "han", "arabic", ""]


def test_hostile_text_is_cut_and_cleaned() -> None:
    assert len(clean("\ufdfa" * 20_000)) == LONGEST_TEXT
    assert len(clean("x" * 1_000_000)) == LONGEST_TEXT
    assert tokens("separator\ud83d film\x00\x1b") == ("separator", "film")
    assert clean("\ud83d\ude00") == "\U0001f600"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_gives_tokens_that_can_be_stored_and_read_again(text: str) -> None:
    for token in tokens(text):
        token.encode("utf-8")
        assert token == unicodedata.normalize("NFC", token)
        assert " " not in token


@given(st.lists(st.sampled_from(["battery cells", "电池隔膜", "بطاريات", "сепаратор"]), min_size=1, max_size=5))
def test_the_clauses_of_a_text_hold_its_tokens_in_their_order(parts: list[str]) -> None:
    text = "; ".join(parts)
    assert tuple(word for clause in clauses(text) for word in clause) == tokens(text)


def test_a_clause_keeps_the_stop_words_that_a_keyword_may_need() -> None:
    assert clauses("updates over the air") == (("update", "over", "the", "air"),)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are looking for a supplier of separators", "en"),
        ("Nous cherchons un fournisseur de séparateurs pour nos batteries", "fr"),
        ("Buscamos un proveedor de separadores para baterías", "es"),
        ("Wir suchen einen Lieferanten für Separatoren", "de"),
        ("Cerchiamo un fornitore di separatori per batterie", "it"),
        ("湿法隔膜 PE", "zh"),
        ("аккумуляторы", "ru"),
        ("потрібні акумулятори і її частини", "uk"),
        ("بطاريات", "ar"),
        ("باتری‌های لیتیوم و پیل", "fa"),
        ("Bornes de recharge", "fr"),
        ("Cámaras de seguridad", "es"),
        ("Câmeras de segurança", None),
        ("Cepillos de dientes eléctricos e irrigadores bucales para farmacias", "es"),
        ("Escovas de dentes elétricas e irrigadores bucais para farmácias", "pt"),
        ("Solar panels in Mexico", None),
        ("Lithium", None),
        ("", None),
    ],
)
def test_small_words_and_letters_tell_a_language_and_a_bare_noun_does_not(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@pytest.mark.data
def test_the_languages_of_public_tenders_are_told(real_data: Path) -> None:
    languages = {"da", "de", "en", "es", "fr", "hu", "it", "nl", "pl", "pt", "ro"}
    notices = pl.read_parquet(real_data / "needs/ted_notices.parquet").filter(
        pl.col("lang").str.to_lowercase().is_in(languages)
    )
    told = [
        (language.lower(), detect_language(text))
        for language, text in notices.select("lang", "descr").drop_nulls().iter_rows()
    ]
    right = sum(guess == language for language, guess in told)
    wrong = sum(guess not in (language, None) for language, guess in told)
    assert right / len(told) > 0.9
    assert wrong / len(told) < 0.03


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We make pumps. And valves, too!\nISO 9001", ("We make pumps", "And valves, too", "ISO 9001")),
        ("高精度伺服电机及驱动器；适用于各类数控机床。", ("高精度伺服电机及驱动器", "适用于各类数控机床")),
        ("ok. 3.14 mm. Pipe", ("ok. 3.14 mm. Pipe",)),
        ("PIPES CO., LTD. makes pipes. Pumps, too", ("PIPES CO., LTD. makes pipes", "Pumps, too")),
        ("It is made by Pipes Inc. We make pumps", ("It is made by Pipes Inc", "We make pumps")),
        ("... !!!", ()),
    ],
)
def test_sentences_are_what_stands_between_stops_and_says_something(text: str, found: tuple[str, ...]) -> None:
    assert sentences(text) == found


def test_a_word_meets_its_compounds_and_kin_by_pieces() -> None:
    assert pieces("gas") == ("<gas>", "<gas", "gas>")
    assert pieces("电池") == ("电池",)
    assert set(pieces("wasserwerk")) & set(pieces("wasser"))
    assert set(pieces("catalyst")) & set(pieces("catalizador"))
    assert not set(pieces("pump")) & set(pieces("valve"))
