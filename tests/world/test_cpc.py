"""CPC 2.1 is a tree of products, with the headings that hold its goods and the activities that make them."""

import pytest

from serai.world.classifications import cpc, harmonized_system, isic


def test_every_product_hangs_on_the_level_above() -> None:
    assert [len(cpc.products(level)) for level in cpc.Level] == [10, 71, 329, 1299, 2887]
    for level in cpc.Level:
        for product in cpc.products(level):
            above = cpc.parent(product.code)
            assert product.title
            assert above is None if level is cpc.Level.SECTION else above is not None and cpc.exists(above)


def test_the_makers_of_a_product_are_classes_and_share_it() -> None:
    classes = {activity.code for activity in isic.activities(isic.Level.CLASS)}
    for product in cpc.products(cpc.Level.SUBCLASS):
        makers = cpc.isic_of(product.code)
        assert classes.issuperset(makers)
        assert sum(makers.values()) == pytest.approx(1 if makers else 0, abs=1e-5)


def test_batteries_cars_and_haircuts_are_made_by_their_makers() -> None:
    assert dict(cpc.isic_of("46420")) == {"2720": 1}  # electric accumulators
    assert dict(cpc.isic_of("49113")) == {"2910": 1}  # motor cars
    assert dict(cpc.isic_of("97210")) == {"9602": 1}  # hairdressing
    assert set(cpc.isic_of("62111")) == set(isic.classes("47"))  # a retail trade service


def test_a_heading_lies_whole_in_products_that_exist() -> None:
    for heading in harmonized_system.headings(2017):
        held = cpc.of_heading(heading.code)
        assert all(cpc.exists(code) for code in held)
        assert sum(held.values()) == pytest.approx(1 if held else 0, abs=1e-5)
    assert dict(cpc.of_heading("8507")) == {"46420": 0.875, "46430": 0.125}


def test_an_unknown_code_is_answered_with_a_sentence() -> None:
    with pytest.raises(LookupError, match=r"CPC 2.1 has no '999999'; use 1 to 5 digits, such as 46410"):
        cpc.product("999999")
    with pytest.raises(LookupError, match=r"CPC 2.1 has no '55'"):
        cpc.isic_of("55")
