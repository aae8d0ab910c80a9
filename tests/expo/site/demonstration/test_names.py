"""No firm of the demonstration exists."""

from random import Random

import polars as pl
import pytest

from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.models import is_identifier
from serai.expo.site.demonstration.domain.content import buyer_countries
from serai.expo.site.demonstration.domain.texts import foreign_brands, host_brands, is_well_known


def test_no_name_is_that_of_a_well_known_firm(fair):
    assert is_well_known("Siemens Energy GmbH", "")
    assert is_well_known("", "华为技术有限公司")
    found = [
        entrant.firm.name
        for entrant in fair.everyone
        if is_well_known(f"{entrant.firm.name['en']} {entrant.firm.legal_name}", entrant.firm.name["zh-hans"])
    ]
    assert found == []


@pytest.mark.data
def test_no_name_is_that_of_a_firm_in_the_lists_of_real_ones(fair, real_data):
    real = {
        name_key(name)
        for file in ("ces2026_exhibitors", "companies")
        for name in pl.read_parquet(real_data / "firms" / f"{file}.parquet")["name"].drop_nulls()
    }
    names = {name for entrant in fair.everyone for name in (entrant.firm.legal_name, *entrant.firm.name.values())}
    assert {name for name in names if name_key(name) in real} == set()

    brands = {brand.en for brand in host_brands(Random(1))}
    first_words = {key.split()[0] for key in real}
    assert {brand for brand in brands if name_key(brand) in first_words} == set()
    brands = {brand.en for known in buyer_countries() for brand in foreign_brands(known.names)}
    assert {brand for brand in brands if name_key(brand) in real} == set()


def test_no_two_firms_have_one_name_or_one_identifier(fair):
    firms = [entrant.firm for entrant in fair.everyone]
    assert len({(firm.country, firm.name_key) for firm in firms}) == len(firms)
    assert len({firm.identifier for firm in firms}) == len(firms)
    assert all(is_identifier(firm.identifier) for firm in firms)


def test_every_firm_says_who_it_is_in_english_chinese_and_its_own_language(fair):
    for entrant in fair.exhibitors:
        firm = entrant.firm
        assert {"en", "zh-hans", firm.language} <= set(firm.description)
        assert {"en", "zh-hans"} <= set(firm.name)
        assert all(text.strip() == text and text for text in firm.description.values())


def test_a_name_in_another_script_is_the_registered_one(fair):
    for entrant in fair.everyone:
        firm = entrant.firm
        if not firm.legal_name.isascii() and firm.language in {"ja", "ko", "ru", "th", "hi", "ar", "am"}:
            assert firm.name[firm.language] == firm.legal_name


def test_no_web_address_leads_anywhere(fair):
    for entrant in fair.exhibitors:
        assert entrant.firm.website.startswith("https://")
        assert entrant.firm.website.endswith(".example")
