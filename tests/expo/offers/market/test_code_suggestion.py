"""A code is suggested with the words of the text that led to it, in whatever language they are."""

import pytest

from serai.expo.offers.market.domain.specification import Codes, suggested_codes


@pytest.mark.parametrize(
    ("language", "title", "heading", "word"),
    [
        ("en", "Roller bearings made to drawing, delivered within ten days", "8482", "bearings"),
        ("zh-hans", "按图定制滚动轴承，十天内交货", "8482", "轴承"),
        ("fr", "Roulements à rouleaux sur plan, livrés en dix jours", "8482", "Roulements"),
        ("es", "Rodamientos de rodillos a medida, entrega en diez días", "8482", "Rodamientos"),
        ("ru", "Подшипники качения по чертежам, поставка за десять дней", "8482", "Подшипники"),
        ("ar", "محامل أسطوانية حسب الرسم، التسليم خلال عشرة أيام", "8482", "محامل"),
    ],
)
def test_a_suggested_code_names_the_words_that_led_to_it(language: str, title: str, heading: str, word: str) -> None:
    found = {one.code: one for one in suggested_codes({language: title}, {}).headings}
    assert any(word in said for said in found[heading].words), found[heading].words
    assert found[heading].language == language
    assert all(said in title for said in found[heading].words)


def test_nothing_said_has_no_codes() -> None:
    assert suggested_codes({"en": ""}, {}) == Codes()


@pytest.mark.parametrize(
    ("language", "title", "is_service"),
    [
        ("en", "Customs brokerage and freight forwarding", True),
        ("fr", "Conseil juridique aux exportateurs", True),
        ("en", "Lithium-ion battery cells", False),
        ("ru", "Подшипники качения", False),
    ],
)
def test_a_service_is_told_from_goods(language: str, title: str, is_service: bool) -> None:
    codes = suggested_codes({language: title}, {})
    assert codes.is_service == is_service
    assert not (codes.no_heading and not is_service)


def test_what_says_next_to_nothing_has_no_heading_that_fits() -> None:
    assert suggested_codes({"en": "Quality and reliability since 1970"}, {}).no_heading


@pytest.mark.parametrize(
    ("language", "title", "activity"),
    [
        ("en", "Customs brokerage and freight forwarding", "5229"),
        ("es", "Cultivo de arroz", "0112"),
        ("ar", "شركة محاماة واستشارات قانونية", "6910"),
        ("en", "Lithium-ion battery cells", "2720"),
    ],
)
def test_a_service_or_a_maker_has_a_class_of_activity(language: str, title: str, activity: str) -> None:
    codes = suggested_codes({language: title}, {})
    assert activity in [suggestion.code for suggestion in codes.classes[:3]]
    assert not codes.no_class


@pytest.mark.parametrize(
    ("language", "slogan"),
    [
        ("en", "Leading the way to a brighter future"),
        ("es", "Somos líderes del sector"),
        ("ar", "مرحبا بكم في شركتنا الرائدة"),
        ("ru", "Мы ценим каждого клиента"),
    ],
)
def test_a_slogan_has_no_class_of_activity_that_fits(language: str, slogan: str) -> None:
    assert suggested_codes({language: slogan}, {}).no_class
