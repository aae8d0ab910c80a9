"""An amount stands as readers of each language write it: its sign, where that stands, and the digits of the site."""

from decimal import Decimal

import pytest
from django.template import engines
from django.utils import translation

from serai.expo.base.numbers import money

RLM, LRM, NB = "\u200f", "\u200e", "\xa0"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "shown"),
    [
        ("en", "1234.5", "CNY", "CN¥1,234.50"),
        ("zh-hans", "1234.5", "CNY", "¥1,234.50"),
        ("ar", "1234.5", "CNY", f"{RLM}1,234.50{NB}CN¥{LRM}"),
        ("fr", "1234.5", "CNY", f"1{NB}234,50{NB}CNY"),
        ("es", "1234.5", "CNY", f"1{NB}234,50{NB}CNY"),
        ("ru", "1234.5", "CNY", f"1{NB}234,50{NB}CN¥"),
        ("en", "1200000", "USD", "$1,200,000"),
        ("zh-hans", "1200000", "USD", "US$1,200,000"),
        ("ar", "1200000", "USD", f"{RLM}1,200,000{NB}US${LRM}"),
        ("fr", "1200000", "USD", f"1{NB}200{NB}000{NB}$US"),
        ("en", "12.345678", "EUR", "€12.345678"),  # a price of one is not rounded
        ("en", "1250.00", "EUR", "€1,250"),
        ("en", "500", "JPY", "¥500"),
        ("zh-hans", "500", "JPY", "JP¥500"),
        ("en", "500", "XQZ", f"XQZ{NB}500"),  # letters do not touch digits
        ("en", "0.5", "JPY", "¥0.5"),
        ("en", "-20", "USD", "-$20"),
        ("fr", "-20", "USD", f"-20{NB}$US"),
        ("en", "1250.5", "", "1,250.5"),
    ],
)
def test_an_amount_in_each_language(language: str, amount: str, currency: str, shown: str) -> None:
    with translation.override(language):
        assert money(Decimal(amount), currency).replace("\u202f", NB) == shown


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar", "fr", "es", "ru"])
def test_no_two_currencies_of_a_fair_share_a_sign(language: str) -> None:
    currencies = (
        "USD",
        "CNY",
        "EUR",
        "JPY",
        "HKD",
        "AUD",
        "CAD",
        "SGD",
        "TWD",
        "GBP",
        "EGP",
        "KRW",
        "INR",
        "RUB",
        "XAF",
    )
    with translation.override(language):
        assert len({money(Decimal(7), one) for one in currencies}) == len(currencies)


def test_an_amount_stands_apart_from_the_text_around_it_and_shows_its_code() -> None:
    page = engines["django"].from_string("{{ amount|money:currency }}")
    with translation.override("ar"):
        assert page.render({"amount": Decimal("9.5"), "currency": "USD"}) == (
            f'<bdi title="USD">{RLM}9.50{NB}US${LRM}</bdi>'
        )
    assert page.render({"amount": None, "currency": "USD"}) == ""
    assert page.render({"amount": Decimal(3), "currency": ""}) == "3"
    assert page.render({"amount": Decimal(3), "currency": "<b>"}) == '<bdi title="&lt;b&gt;">&lt;b&gt;3</bdi>'
