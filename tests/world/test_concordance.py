"""Any classification leads to any other, with weights that can be followed and with what is left over listed."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from serai.world.classifications import harmonized_system, isic
from serai.world.classifications.concordance import classifications, concord
from serai.world.classifications.industries import codes, divisions, industries
from serai.world.readers.synthetic import synthetic_table

FINE = ("hs2017", "hs2022", "cpc2.1", "isic4", "exiobase3")
PAIRS = [pair for pair in itertools.permutations(classifications(), 2) if pair[0] in FINE or pair[1] in FINE]


@pytest.mark.parametrize("name", classifications())
def test_a_classification_concords_with_itself(name: str) -> None:
    same = concord(name, name)
    assert same.steps == (name,)
    assert (same.matrix == np.eye(len(same.source_codes))).all()
    assert same.unmatched == same.unreached == ()


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_weights_are_shares_and_nothing_is_lost_without_being_listed(source: str, target: str) -> None:
    found = concord(source, target)
    total = found.matrix.sum(axis=1)
    assert (found.matrix >= 0).all()
    assert (total <= 1 + 1e-12).all()
    assert found.unmatched == tuple(code for code, sum_ in zip(found.source_codes, total, strict=True) if sum_ == 0)
    reached = found.matrix.sum(axis=0) > 0
    assert found.unreached == tuple(code for code, there in zip(found.target_codes, reached, strict=True) if not there)
    assert (found.steps[0], found.steps[-1]) == (source, target)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_what_leads_there_leads_back(source: str, target: str) -> None:
    there, back = concord(source, target), concord(target, source)
    assert ((there.matrix > 0) == (back.matrix.T > 0)).all()


def test_batteries_are_made_by_the_makers_of_batteries() -> None:
    assert concord("hs2022", "isic4").weights["8507"] == {"2720": 1.0}
    assert concord("hs2022", "isic4-divisions").weights["8507"] == {"27": 1.0}
    assert concord("hs2022", "wiod2013").weights["8507"] == {"c14": 1.0}
    assert "8507" in concord("isic4", "hs2022").weights["2720"]


def test_headings_go_to_classes_as_the_harmonized_system_says() -> None:
    for name, edition in (("hs2017", 2017), ("hs2022", 2022)):
        found = concord(name, "isic4")
        for code in found.source_codes:
            expected = harmonized_system.isic_of_heading(code, edition)  # type: ignore[arg-type]
            assert dict(found.weights[code]) == pytest.approx(dict(expected), abs=1e-3)
        assert "9999" in found.unmatched
        assert "8510" in found.unreached  # pre-primary education makes no goods
    assert concord("hs2022", "hs2017").weights["8524"] == pytest.approx(
        dict.fromkeys(harmonized_system.formerly("8524"), 1 / len(harmonized_system.formerly("8524")))
    )


def test_an_activity_goes_whole_to_the_one_that_holds_it() -> None:
    found = concord("isic4", "isic4-sections")
    assert found.unmatched == found.unreached == ()
    assert {code: {isic.section_of(code): 1.0} for code in found.source_codes} == dict(found.weights)


def test_a_coarse_activity_goes_to_its_parts_equally() -> None:
    assert concord("isic4-sections", "isic4-divisions").weights["B"] == dict.fromkeys(divisions("05-09"), 0.2)


@pytest.mark.parametrize("name", ["wiod2013", "oecd2023"])
def test_industries_of_tables_are_their_divisions(name: str) -> None:
    found = concord(name, "isic4-divisions")
    assert found.unmatched == ()
    for code, row in industries(name).items():
        assert set(found.weights[code]) == set(divisions(row["isic4"]))
    assert set(found.unreached) <= {"99"}
    assert set(concord("isic4-divisions", name).unmatched) <= {"99"}  # extraterritorial organisations


def test_amounts_keep_their_sum_where_all_is_matched() -> None:
    found = concord("oecd2023", "wiod2013")
    amounts = np.arange(1.0, len(found.source_codes) + 1)
    assert (amounts @ found.matrix).sum() == pytest.approx(amounts.sum())
    assert found.weights["C10T12"] == {"c3": 1.0}


def test_rice_in_the_field_and_rice_in_the_mill_are_industries_of_their_own_in_exiobase() -> None:
    found = concord("isic4", "exiobase3").weights
    assert dict(found["0112"]) == {"Cultivation of paddy rice": 1}
    assert dict(found["2720"]) == {"Manufacture of electrical machinery and apparatus n.e.c. (31)": 1}
    assert len(found["3510"]) == 14
    assert set(found["0150"]) == {
        code for code, row in industries("exiobase3").items() if "01" in divisions(row["isic4"])
    }


@pytest.mark.parametrize("name", ["wiod2016", "oecd2025"])
def test_newer_tables_are_finer_or_coarser_parts_of_the_same_divisions(name: str) -> None:
    found = concord(name, "isic4-sections")
    assert found.unmatched == ()
    for code, row in found.weights.items():
        assert set(row) == {isic.section_of(division) for division in divisions(industries(name)[code]["isic4"])}
        if code != "R_S":
            assert set(row) == {code[0]}


def test_the_industries_of_each_table_are_all_there() -> None:
    counts = {
        "wiod2013": 35,
        "wiod2016": 56,
        "oecd2023": 45,
        "oecd2025": 50,
        "figaro": 64,
        "eora26": 26,
        "exiobase3": 163,
    }
    assert {name: len(industries(name)) for name in counts} == counts


def test_a_finer_table_is_added_up_to_a_coarser_one() -> None:
    codes = tuple(industries("oecd2023"))
    table = replace(synthetic_table(2, len(codes), seed=1), industries=codes, classification="oecd2023")
    mapping = concord("oecd2023", "isic4-sections").mapping
    small = table.aggregate(industries=mapping, classification="isic4-sections")
    assert small.industries == tuple("ABCDEFGHIJKLMNOPQRST")
    assert small.x.sum() == pytest.approx(table.x.sum())
    with pytest.raises(
        ValueError, match="'A' of isic4-sections is in more or less than one of isic4-divisions: 01, 02, 03"
    ):
        concord("isic4-sections", "isic4-divisions").mapping  # noqa: B018
    with pytest.raises(ValueError, match="'99' of isic4-divisions is in more or less than one of oecd2023: none"):
        concord("isic4-divisions", "oecd2023").mapping  # noqa: B018


def test_a_span_list_names_codes_of_any_level() -> None:
    assert codes("17-18 0112 105") == ["17", "18", "0112", "105"]
    assert divisions("17-18 0112 011") == ["17", "18", "01"]


def test_an_unknown_classification_is_answered_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match=r"no classification 'nace9'; there are hs2017, hs2022, cpc2.1, isic4"):
        concord("nace9", "isic4")
