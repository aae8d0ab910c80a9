"""Countries and regions: codes, regions, names in the interface's languages, and finding one from what people write."""

import unicodedata
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from babel import Locale
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from serai.world.classifications import countries
from serai.world.classifications.countries import LANGUAGES, find, in_sentence, name

CODES = sorted(countries.countries())
INTERFACE = ("en", "zh-hans", "ar", "fr", "es", "ru")
NAMES = sorted({(name(alpha2, language), alpha2) for alpha2 in CODES for language in LANGUAGES})
LATIN_NAMES = sorted({(name(alpha2, language), alpha2) for alpha2 in CODES for language in ("en", "fr", "es")})


def test_a_name_stands_within_a_sentence_with_its_article_where_the_language_asks_for_one() -> None:
    assert [in_sentence(code, "en") for code in ("US", "NL", "CD", "CN", "CI")] == [
        "the United States",
        "the Netherlands",
        "the Democratic Republic of the Congo",
        "China",
        "Côte d’Ivoire",
    ]
    assert in_sentence("US", "zh-hans") == name("US", "zh-hans")
    assert set(countries._articles()) <= set(CODES)


def found(text: str) -> str | None:
    country = find(text)
    return country.alpha2 if country else None


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def test_there_are_249_entries_and_each_code_is_used_once() -> None:
    entries = countries.countries().values()
    assert len(entries) == 249
    assert len({entry.alpha3 for entry in entries}) == len({entry.numeric for entry in entries}) == 249


def test_the_codes_are_those_of_cldr() -> None:
    aliases = get_global("territory_aliases")
    for alpha2, entry in countries.countries().items():
        assert entry.alpha2 == alpha2
        assert aliases[entry.alpha3] == aliases[entry.numeric] == [alpha2]


def test_every_country_but_antarctica_lies_in_a_region_and_a_subregion_of_m49() -> None:
    subregions = {
        "Africa": {"Northern Africa", "Sub-Saharan Africa"},
        "Americas": {"Latin America and the Caribbean", "Northern America"},
        "Asia": {"Central Asia", "Eastern Asia", "South-eastern Asia", "Southern Asia", "Western Asia"},
        "Europe": {"Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe"},
        "Oceania": {"Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia"},
        "": {""},
    }
    entries = countries.countries().values()
    assert {entry.alpha2 for entry in entries if not entry.region} == {"AQ"}
    assert {(entry.region, entry.subregion) for entry in entries} == {
        (region, part) for region, parts in subregions.items() for part in parts
    }


@pytest.mark.parametrize(
    ("alpha2", "region", "subregion"),
    [
        ("US", "Americas", "Northern America"),
        ("MX", "Americas", "Latin America and the Caribbean"),
        ("RU", "Europe", "Eastern Europe"),
        ("TR", "Asia", "Western Asia"),
        ("KZ", "Asia", "Central Asia"),
        ("IR", "Asia", "Southern Asia"),
        ("SD", "Africa", "Northern Africa"),
        ("TW", "Asia", "Eastern Asia"),
    ],
)
def test_regions_follow_m49(alpha2: str, region: str, subregion: str) -> None:
    country = countries.country(alpha2)
    assert (country.region, country.subregion) == (region, subregion)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name_of_its_own_in_every_language(language: str) -> None:
    names = [name(alpha2, language) for alpha2 in CODES]
    assert all(text.strip() for text in names)
    assert len(set(names)) == 249


@pytest.mark.parametrize(
    ("alpha2", "names"),
    [
        (
            "HK",
            (
                "Hong Kong, China",
                "中国香港",
                "هونغ كونغ، الصين",
                "Hong Kong, Chine",
                "Hong Kong, China",
                "Гонконг, Китай",
            ),
        ),
        ("MO", ("Macao, China", "中国澳门", "ماكاو، الصين", "Macao, Chine", "Macao, China", "Макао, Китай")),
        ("TW", ("Taiwan, China", "中国台湾", "تايوان، الصين", "Taïwan, Chine", "Taiwán, China", "Тайвань, Китай")),
        ("CN", ("China", "中国", "الصين", "Chine", "China", "Китай")),
        ("PS", ("Palestine", "巴勒斯坦", "فلسطين", "Palestine", "Palestina", "Палестина")),
    ],
)
def test_some_names_are_those_that_an_organiser_in_china_uses(alpha2: str, names: tuple[str, ...]) -> None:
    assert tuple(name(alpha2, language) for language in INTERFACE) == names


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh", "中国台湾"),
        ("zh-cn", "中国台湾"),
        ("zh-hant", "中國台灣"),
        ("zh-tw", "中國台灣"),
        ("fr-ca", "Taïwan, Chine"),
    ],
)
def test_a_tag_with_a_region_or_without_a_script_has_the_names_of_its_language(tag: str, expected: str) -> None:
    assert name("TW", tag) == expected


def test_any_language_of_cldr_has_names_and_english_ones_where_it_has_none() -> None:
    assert name("KE", "sw") == "Kenya"
    assert name("DE", "ja") == "ドイツ"
    assert "DJ" not in Locale.parse("haw").territories
    assert name("DJ", "haw") == "Djibouti"


def test_an_unknown_code_or_language_is_refused_with_a_sentence() -> None:
    with pytest.raises(LookupError, match="no country 'XK'; use two capital letters"):
        name("XK", "en")
    with pytest.raises(LookupError, match="no language 'english'; use a tag such as en"):
        name("CN", "english")


def test_find_knows_every_name_in_every_language() -> None:
    assert [(text, alpha2) for text, alpha2 in NAMES if found(text) != alpha2] == []


def test_find_knows_every_code_in_any_case() -> None:
    for entry in countries.countries().values():
        for text in (entry.alpha2, entry.alpha3, entry.numeric, entry.alpha2.lower(), entry.alpha3.lower()):
            assert find(text) is entry


def test_every_alias_leads_to_its_own_country() -> None:
    rows = list(countries.rows("country_aliases.csv"))
    assert [row for row in rows if found(row["alias"]) != row["alpha2"]] == []


@given(st.sampled_from(LATIN_NAMES), st.sampled_from([str.upper, str.lower, full_width, without_accents]))
def test_case_accents_width_and_surrounding_blanks_do_not_matter(pair: tuple[str, str], change: object) -> None:
    text, alpha2 = pair
    assert callable(change)
    assert found(f" \t{change(text)}. ") == alpha2


@pytest.mark.parametrize(
    ("alpha2", "texts"),
    [
        ("KR", "South Korea|Korea Rep.|Korea, Rep.|Korea, Republic of|Republic of Korea|Korea|韩国|大韩民国|ROK"),
        ("KP", "North Korea|DPRK|Korea, Democratic People's Republic of|Korea, Dem. People’s Rep.|朝鲜"),
        ("TR", "Türkiye|TÜRKİYE|Turkiye|Turkey|Republic of Türkiye|土耳其"),
        ("AE", "UAE|U.A.E.|United Arab Emirates|阿联酋|الإمارات"),
        ("US", "USA|U.S.A.|U.S.|United States of America|the United States|美国|美利坚合众国|США"),
        ("GB", "UK|U.K.|Great Britain|England|Scotland|Wales|Northern Ireland|英国|苏格兰|大不列颠及北爱尔兰联合王国"),
        ("VN", "Viet Nam|Vietnam|Socialist Republic of Viet Nam|越南社会主义共和国"),
        ("LA", "Laos|Lao PDR|Lao People's Democratic Republic|老挝"),
        (
            "CD",
            "DR Congo|DRC|Congo, Dem. Rep.|Congo (Democratic Republic of the)|Congo-Kinshasa|刚果（金）|刚果金",
        ),
        ("CG", "Congo|Congo, Rep.|Republic of Congo|Congo-Brazzaville|刚果（布）"),
        ("CI", "Côte d'Ivoire|Côte d’Ivoire|COTE D'IVOIRE|Cote dIvoire|Ivory Coast|科特迪瓦"),
        (
            "HK",
            "Hong Kong|Hong Kong SAR|Hong Kong SAR, China|HongKong|香港|中国 香港|中国香港特别行政区|香港特別行政區",
        ),
        ("MO", "Macau|Macao|Macao SAR|Macau, China|澳门|澳門|中国·澳门"),
        (
            "TW",
            "Taiwan|Taiwan, China|Taiwan, Province of China|Chinese Taipei|台湾|臺灣|中国台湾省",
        ),
        ("CN", "China|PRC|P.R. China|People's Republic of China|中国|中國|中华人民共和国|Chinese mainland"),
        ("RU", "Russian Federation|Russia|俄罗斯联邦|РФ"),
        ("CZ", "Czechia|Czech Republic|捷克共和国"),
        ("BS", "Bahamas|The Bahamas|Bahamas (the)|Bahamas, The"),
        ("LC", "St. Lucia|St Lucia|Saint Lucia"),
        ("TT", "Trinidad & Tobago|Trinidad and Tobago"),
        ("RO", "ROM|ROU|Romania"),
        ("IR", "Iran, Islamic Republic of|Iran (Islamic Republic of)|伊朗伊斯兰共和国"),
        ("MK", "North Macedonia|FYROM|Macedonia, the former Yugoslav Republic of"),
        ("NL", "The Netherlands|Holland|Netherlands (Kingdom of the)"),
        ("GE", "Georgia"),
        ("NA", "NA"),
    ],
)
def test_a_country_is_found_from_what_people_write(alpha2: str, texts: str) -> None:
    assert [text for text in texts.split("|") if found(text) != alpha2] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " - ",
        "N/A",
        "n.a.",
        "the",
        "Virgin Islands",
        "America",
        "Republic of China",
        "Kosovo",
        "Yugoslavia",
        "European Union",
        "EU",
        "RoW",
        "Rest of the world",
        "US/China",
        "Georgia, USA",
        "New York",
        "Chinaa",
        "XK",
        "999",
    ],
)
def test_a_text_that_names_no_country_for_certain_gives_none(text: str) -> None:
    assert find(text) is None


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    country = find(text)
    assert country is None or countries.country(country.alpha2) is country


@pytest.mark.data
def test_every_exhibitor_of_a_real_fair_has_a_country(real_data: Path) -> None:
    exhibitors = pl.read_parquet(real_data / "firms" / "ces2026_exhibitors.parquet")
    written = exhibitors["country"].drop_nulls().unique().to_list()
    assert written
    assert [text for text in written if find(text) is None] == []


@pytest.mark.data
def test_every_country_of_the_world_input_output_tables_is_found_and_the_rest_of_the_world_is_none(
    real_data: Path,
) -> None:
    for file in sorted((real_data / "wiod2013").glob("wiod*.npz")):
        with np.load(file, allow_pickle=True) as table:
            codes = [str(code) for code in table["countries"]]
        assert [code for code in codes if find(code) is None] == ["RoW"]
    assert found("ROM") == "RO"
