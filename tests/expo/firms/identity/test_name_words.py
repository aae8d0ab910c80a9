"""Names in several languages and scripts are told alike or apart, measured on pairs written by hand as lists have them.

name_pairs.csv and list_pairs.csv were written for this, each before the code that it tries: half ``tune`` set the
figures of name_words.py and likeness.py, half ``report`` only measures: what it came to was seen, its rows were not.
list_pairs.csv is as lists of fairs are: scripts, long legal forms, abbreviations, slips, cities in two languages, web
sites, and pairs of two firms that look like one. On its ``report`` (47 pairs of one firm, 38 of two):
offered to a person as possible, precision .97, recall .74 (before: .90, .55); taken for one without asking, precision
1.00, recall .55 (.45). On ``tune``: 1.00, .96 and 1.00, .67.
On ``report`` of name_pairs.csv: 1.00, .76 and 1.00, .63. Measured on 1 December 2026.
"""

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from serai.expo.base.collation import fold
from serai.expo.firms.identity.domain.known_firms import city_names, match_keys
from serai.expo.firms.identity.domain.likeness import city_likeness, likeness
from serai.expo.firms.identity.domain.lookup import Sought, find_firms, may_be
from serai.expo.firms.identity.domain.name_words import likeness_of_names
from serai.expo.firms.record.domain.names import romanised, written_names
from serai.expo.firms.record.models import Firm

NAMES, LISTS = "name_pairs", "list_pairs"


def pairs(half: str, file_name: str = NAMES) -> list[tuple[Sought, Sought, bool]]:
    path = Path(__file__).with_name(f"{file_name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    return [(side(row), side(row, "other_"), row["same"] == "1") for row in rows]


def side(row: dict[str, str], which: str = "") -> Sought:
    site = row.get(f"{which}website", "")
    return Sought(
        row.get(f"{which}country") or row["country"],
        (row[f"{which}name"],),
        website=site if "://" in site or not site else f"https://{site}",
        cities=city_names({"en": row[f"{which}city"]}),
    )


def possible(one: Sought, other: Sought) -> bool:
    return likeness(one.record(), other.record()).is_possible


def automatic(one: Sought, other: Sought) -> bool:
    keys = match_keys(one.names).kept & match_keys(other.names).sought
    return bool(keys) and one.country == other.country and may_be(one.record(), other.record())


@pytest.mark.parametrize(
    ("file_name", "half", "judge", "least_recall"),
    [
        (NAMES, "tune", possible, 0.95),
        (NAMES, "report", possible, 0.76),
        (NAMES, "tune", automatic, 0.78),
        (NAMES, "report", automatic, 0.57),
        (LISTS, "tune", possible, 0.95),
        (LISTS, "report", possible, 0.74),
        (LISTS, "tune", automatic, 0.66),
        (LISTS, "report", automatic, 0.55),
    ],
)
def test_pairs_of_one_firm_are_found_and_pairs_of_two_are_not(
    file_name: str, half: str, judge: Callable[[Sought, Sought], bool], least_recall: float
) -> None:
    judged = [(judge(one, other), same) for one, other, same in pairs(half, file_name)]
    right = sum(found and same for found, same in judged)
    assert right / sum(found for found, _same in judged) >= 0.97
    assert right / sum(same for _found, same in judged) >= least_recall


def test_what_is_found_does_not_depend_on_the_side() -> None:
    for file_name, half in product((NAMES, LISTS), ("tune", "report")):
        for one, other, _same in pairs(half, file_name):
            assert (possible(one, other), automatic(one, other)) == (possible(other, one), automatic(other, one))


@pytest.mark.parametrize(
    ("kana", "latin"),
    [("トヨタ", "toyota"), ("シャープ", "shapu"), ("キッコーマン", "kikkoman"), ("ファナック", "fanakku")],
)
def test_kana_are_romanised(kana: str, latin: str) -> None:
    assert romanised(kana) == latin


def test_two_han_names_of_one_sound_are_not_alike() -> None:
    assert likeness_of_names("广州锦虹科技有限公司", "广州金鸿科技有限公司") < 0.7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "name", "country"),
    [
        ("ПАО Северсталь", "Severstal PJSC", "RU"),
        ("Yamaha Corporation", "ヤマハ株式会社", "JP"),
        ("Construcciones Hermanos Prieto S.L.", "Construcciones Hnos. Prieto SL", "ES"),
    ],
)
def test_a_firm_is_found_in_another_script_or_language(
    known: str, name: str, country: str, a_firm: Callable[..., Firm]
) -> None:
    firm = a_firm(known, country=country)
    assert find_firms([Sought(country, (name,))])[0].firm == firm.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "city"), [("Schuler AG", "Berlin"), ("Schuler GmbH", "Hamburg"), ("Schuler Holding GmbH", "Berlin")]
)
def test_another_legal_form_or_city_is_asked_about(name: str, city: str, a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Schuler GmbH", country="DE", city={"en": "Berlin"})
    found = find_firms([Sought("DE", (name,), cities=city_names({"en": city}))])[0]
    assert found.firm is None
    assert [candidate.firm for candidate in found.candidates] == [firm.pk]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("CRRC Corporation (中国中车)", ("CRRC Corporation (中国中车)", "CRRC Corporation", "中国中车")),
        ("Bharat Forge Ltd (Kalyani Group)", ("Bharat Forge Ltd (Kalyani Group)", "Bharat Forge Ltd")),
        ("Sanhua (Wuhu) Automotive Parts", ("Sanhua (Wuhu) Automotive Parts",)),
        ("Robert Bosch (South East Asia) Pte Ltd", ("Robert Bosch (South East Asia) Pte Ltd",)),
        ("ST Eng. (Singapore Technologies)", ("ST Eng. (Singapore Technologies)", "ST Eng.", "Singapore Technologies")),
    ],
)
def test_brackets_hold_another_name_or_a_place(name: str, written: tuple[str, ...]) -> None:
    assert written_names(name) == written


@pytest.mark.parametrize(
    ("city", "other", "like"),
    [("Москва", "Moscow", 100), ("東京", "Tokyo", 100), ("Bombay", "Mumbai", 100), ("القاهرة", "Cairo", 100)],
)
def test_a_city_is_known_by_its_names_in_other_languages(city: str, other: str, like: float) -> None:
    assert city_likeness(fold(city), fold(other)) == like


def test_cities_that_differ_are_told_apart_unless_a_script_hides_it() -> None:
    assert (city_likeness("lyon", "lille") or 0) < 85
    assert (city_likeness("москва", "kazan") or 0) < 85
    assert city_likeness(fold("東広島"), "higashihiroshima") is None


def test_a_web_site_that_firms_of_other_names_share_says_nothing() -> None:
    site = {"website": "https://www.u-tokyo.ac.jp/expo"}
    assert not possible(Sought("JP", ("Living Robot Lab",), **site), Sought("JP", ("Thinca Vision",), **site))
    own = {"website": "https://www.hiwin.tw"}
    assert possible(Sought("TW", ("上銀科技",), **own), Sought("TW", ("HIWIN Technologies",), **own))


@pytest.mark.django_db
def test_a_name_in_another_script_is_offered_to_a_person(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("青岛海尔股份有限公司", country="CN")
    found = find_firms([Sought("CN", ("Qingdao Haier Co., Ltd.",))])[0]
    assert [candidate.firm for candidate in found.candidates] == [firm.pk]
