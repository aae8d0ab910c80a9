"""What cuts a need from an offer, one by one and on arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.match.requirements import Cut, CutKind, Requirements, Terms, cuts


def some(things: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(things.split()), max_size=3)


terms = st.builds(
    Terms,
    certificates=some("CE GMP Halal"),
    quantity=st.none() | st.sampled_from([1.0, 5.0]),
    unit=st.sampled_from(["", "KGM"]),
    country=st.sampled_from(["", "CN", "DE", "KE"]),
    excluded=some("CN DE KE"),
    languages=some("en zh fr"),
)


@given(st.lists(terms, min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_the_arrays_cut_exactly_what_the_reasons_cut(each: list[Terms]) -> None:
    rows = np.arange(len(each))
    met = Requirements(each).met(rows[:, None], rows)
    assert met.tolist() == [[not cuts(need, offer) for offer in each] for need in each]


@pytest.mark.parametrize(
    ("need", "offer", "reason"),
    [
        (Terms(frozenset({"ISO 9001"})), Terms(frozenset({"iso  9001"})), None),
        (Terms(frozenset({"ISO 9001"})), Terms(), Cut(CutKind.CERTIFICATE, "ISO 9001")),
        (Terms(quantity=5, unit="KGM"), Terms(quantity=1, unit="KGM"), Cut(CutKind.CAPACITY, "5 > 1 KGM")),
        (Terms(quantity=5, unit="KGM"), Terms(quantity=1, unit="TNE"), None),
        (Terms(quantity=5), Terms(), None),
        (Terms(excluded=frozenset({"KE"})), Terms(country="KE"), Cut(CutKind.COUNTRY, "KE")),
        (Terms(excluded=frozenset({"KE"})), Terms(country="CN"), None),
        (Terms(excluded=frozenset({"KE"})), Terms(), None),
        (Terms(country="KE"), Terms(excluded=frozenset({"KE"})), Cut(CutKind.BUYER_COUNTRY, "KE")),
        (Terms(country="KE"), Terms(country="KE"), None),
        (
            Terms(languages=frozenset({"fr", "en"})),
            Terms(languages=frozenset({"zh"})),
            Cut(CutKind.LANGUAGE, "en, fr"),
        ),
        (Terms(languages=frozenset({"fr"})), Terms(), None),
    ],
)
def test_a_requirement_cuts_where_it_is_known_not_to_be_met(need: Terms, offer: Terms, reason: Cut | None) -> None:
    assert cuts(need, offer) == (() if reason is None else (reason,))


def test_more_certificates_than_a_word_has_bits_are_told_apart() -> None:
    each = [Terms(frozenset({f"standard {n}"})) for n in range(130)]
    rows = np.arange(len(each))
    assert (Requirements(each).met(rows[:, None], rows) == np.eye(130, dtype=bool)).all()
