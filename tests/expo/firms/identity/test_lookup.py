"""A known firm is found again by what it says of itself, and never by chance."""

from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from serai.expo.firms.identity.domain.lookup import Candidate, Found, Sought, _alike, _common, _Names, find_firms
from serai.expo.firms.record.models import Firm

pytestmark = pytest.mark.django_db


def one(sought: Sought) -> Found:
    return find_firms([sought])[0]


def candidates(found: Found) -> list[int]:
    return [candidate.firm for candidate in found.candidates]


def test_a_firm_is_found_by_its_name_in_any_writing_of_it(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Wuxi Separator Co., Ltd.", name={"en": "Wuxi Separator", "zh-hans": "无锡隔膜有限公司"})
    for name in ("Wuxi Separator Co., Ltd.", "WUXI SEPARATOR", "Wüxi Separator Limited", "无锡隔膜"):
        assert one(Sought("CN", (name,))) == Found(firm.pk)


def test_a_firm_of_the_same_name_in_another_country_is_another_firm(a_firm: Callable[..., Firm]) -> None:
    a_firm("Wuxi Separator", country="CN")
    assert one(Sought("KE", ("Wuxi Separator",))) == Found()


def test_an_identifier_decides_whatever_the_name_says(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Wuxi Separator", country="CN", identifiers={"LEI": "5493001KJTIIGC8Y1R12"})
    namesake = a_firm("Harbour Cranes", country="CN")
    assert one(Sought("CN", ("Harbour Cranes",), {"LEI": "5493001KJTIIGC8Y1R12"})) == Found(firm.pk)
    assert one(Sought("KE", ("Harbour Cranes",), {"serai": namesake.identifier})) == Found(namesake.pk)


def test_a_namesake_with_another_number_is_a_candidate_only(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Wuxi Separator", identifiers={"LEI": "5493001KJTIIGC8Y1R12"})
    found = one(Sought("CN", ("Wuxi Separator",), {"LEI": "7LTWFZYICNSX8D621K86"}))
    assert found.firm is None
    assert candidates(found) == [firm.pk]


def test_two_namesakes_are_both_candidates(a_firm: Callable[..., Firm]) -> None:
    first, second = a_firm("Wuxi Separator"), a_firm("Wuxi Separator Ltd")
    assert candidates(one(Sought("CN", ("Wuxi Separator",)))) == [first.pk, second.pk]


@pytest.mark.parametrize(
    "writing",
    ["Jiangsu Longwell Separetor", "Longwell Separator", "Jiangsu Long Well Separator", "Longwell Separator Jiangsu"],
)
def test_a_name_that_is_nearly_the_same_is_a_candidate(writing: str, a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Jiangsu Longwell Separator Co., Ltd.")
    for number in range(40):
        a_firm(f"Jiangsu {chr(ord('A') + number % 26)}{number}ora Separator Co., Ltd.")
    found = one(Sought("CN", (writing,)))
    assert found.firm is None
    assert candidates(found) == [firm.pk]


def test_names_that_share_only_common_words_are_not_alike(a_firm: Callable[..., Firm]) -> None:
    for own in ("Hongda", "Pecron", "Lifeng", "Abee", "Kosun"):
        a_firm(f"Shenzhen {own} Technology Co., Ltd.")
    assert one(Sought("CN", ("Shenzhen Apexel Technology Co., Ltd.",))) == Found()
    assert one(Sought("CN", ("Shenzhen Technology",))) == Found()


def test_firms_are_found_in_the_order_in_which_they_are_sought(a_firm: Callable[..., Firm]) -> None:
    firms = [a_firm(f"Maker {word}") for word in ("alpha", "bravo", "charlie")]
    sought = [Sought("CN", (firm.legal_name,)) for firm in reversed(firms)]
    assert [found.firm for found in find_firms(sought)] == [firm.pk for firm in reversed(firms)]


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow(count: int, a_firm: Callable[..., Firm]) -> None:
    firms = [a_firm() for _number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        find_firms([Sought("CN", (firm.legal_name,)) for firm in firms])
    assert len(queries) == 3  # firms, their numbers, their other names


_NAMES = st.lists(st.text(alphabet="abcdé 膜隔", min_size=1, max_size=14).filter(str.strip), min_size=1, max_size=12)


@given(_NAMES, _NAMES)
def test_likeness_is_the_same_from_both_sides(some: Sequence[str], others: Sequence[str]) -> None:
    common = _common([*some, *others])
    left, right = _Names.of(some, common), _Names.of(others, common)
    assert (_alike(left, right) == _alike(right, left).T).all()


def test_every_name_is_alike_to_itself() -> None:
    keys = ["longwell separator", "technology", "隔膜", "a"]
    names = _Names.of(keys, _common(keys))
    assert (_alike(names, names).diagonal() == 100).all()


def test_a_candidate_says_which_firm_it_is(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("Longwell Separator")
    found = one(Sought("CN", ("Longwel Separator",)))
    assert found.candidates == (
        Candidate(firm.pk, firm.identifier, "Longwell Separator", found.candidates[0].similarity),
    )
