"""The Harmonized System: its two editions, what changed between them, and who makes the goods of a heading."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from serai.world.classifications import harmonized_system as hs
from serai.world.classifications import isic

ADDED = {"0309", "2404", "3827", "8485", "8524", "8549", "8806", "8807"}
REMOVED = {"8107", "8803"}
EDITIONS: tuple[hs.Edition, ...] = (2017, 2022)


def codes(edition: hs.Edition) -> set[str]:
    return {heading.code for heading in hs.headings(edition)}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_batteries_are_heading_8507_in_chapter_85() -> None:
    batteries = hs.heading("8507")
    assert batteries.chapter == "85"
    assert batteries.title.startswith("Electric accumulators")
    assert hs.chapter("85").code == "85"


def test_hs_2022_adds_eight_headings_and_removes_two() -> None:
    assert codes(2022) - codes(2017) == ADDED
    assert codes(2017) - codes(2022) == REMOVED
    assert len(codes(2017)) == 1223
    assert len(codes(2022)) == 1229


def test_the_hand_written_changes_agree_with_the_list_of_hs_2017() -> None:
    changes = hs._changes()  # the table of facts itself is tested here
    by_kind = {
        kind: {row["code"] for row in changes if row["change"] == kind} for kind in ("added", "removed", "renamed")
    }
    assert sum(map(len, by_kind.values())) == len(changes)
    assert by_kind["added"] == ADDED
    assert by_kind["removed"] == REMOVED
    assert by_kind["renamed"] <= codes(2017)
    for row in changes:
        assert set(row["formerly"].split()) <= codes(2017)
        assert set(row["now"].split()) <= codes(2022)
        assert bool(row["title"]) == (row["change"] != "removed")
        assert bool(row["isic"]) == (row["change"] == "added")


@pytest.mark.parametrize("edition", EDITIONS)
def test_headings_are_in_order_titled_and_in_a_chapter(edition: hs.Edition) -> None:
    headings = hs.headings(edition)
    assert [heading.code for heading in headings] == sorted(codes(edition))
    assert all(heading.title.strip() for heading in headings)
    assert {heading.chapter for heading in headings} == {chapter.code for chapter in hs.chapters()}
    assert "77" not in {chapter.code for chapter in hs.chapters()}


def test_unmanned_aircraft_exist_in_2022_only() -> None:
    assert hs.exists("8806")
    assert not hs.exists("8806", 2017)
    assert hs.formerly("8806") == ("8525", "8802")
    assert hs.formerly("8507") == ("8507",)


def test_an_unknown_heading_is_refused_with_the_heading_to_use_instead() -> None:
    with pytest.raises(LookupError, match="HS 2022 has no heading '8803'; its goods are in 8807 now"):
        hs.heading("8803")
    with pytest.raises(LookupError, match="HS 2017 has no heading '8806'; use a 4-digit heading"):
        hs.heading("8806", 2017)
    with pytest.raises(LookupError, match="no chapter '77'"):
        hs.chapter("77")
    with pytest.raises(LookupError, match="HS 2022 has no heading '850760'"):
        hs.isic_of_heading("850760")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_makers_of_every_heading_are_isic_classes_whose_weights_sum_to_one(edition: hs.Edition) -> None:
    assert dict(hs.isic_of_heading("9999", edition)) == {}
    for code in codes(edition) - {"9999"}:
        makers = hs.isic_of_heading(code, edition)
        assert all(isic.is_class(maker) for maker in makers), code
        assert all(weight > 0 for weight in makers.values()), code
        assert sum(makers.values()) == pytest.approx(1, abs=1e-5), code


def test_a_weight_is_the_share_of_a_headings_lines() -> None:
    assert hs.isic_of_heading("8507") == {"2720": 1}
    assert hs.isic_of_heading("8502") == pytest.approx({"2710": 2 / 3, "2811": 1 / 3}, abs=1e-5)
    assert hs.isic_of_heading("8806") == {"3030": 1}


@pytest.mark.data
def test_the_headings_are_those_of_the_official_lists(real_data: Path) -> None:
    listed = {row["code"] for row in rows(real_data / "classifications" / "hs6_desc.csv.gz")}
    assert codes(2022) == {code for code in listed if len(code) == 4}
    assert {chapter.code for chapter in hs.chapters()} == {code for code in listed if len(code) == 2}
    correlated = list(rows(real_data / "classifications" / "hs6_hs5.csv.gz"))
    assert codes(2017) == {row["HS5_4d"] for row in correlated}
    assert codes(2022) == {row["HS6_4d"] for row in correlated}


@pytest.mark.data
def test_a_new_headings_goods_came_from_where_the_correlation_says(real_data: Path) -> None:
    formerly = defaultdict(set)
    for row in rows(real_data / "classifications" / "hs6_hs5.csv.gz"):
        formerly[row["HS6_4d"]].add(row["HS5_4d"])
    for code in ADDED:
        assert formerly[code] <= set(hs.formerly(code)), code


@pytest.mark.data
def test_titles_of_unchanged_headings_are_those_of_the_list(real_data: Path) -> None:
    listed = {row["code"]: row["desc"] for row in rows(real_data / "classifications" / "hs6_desc.csv.gz")}
    same = [heading.code for heading in hs.headings() if heading.title == listed[heading.code]]
    assert len(same) > 0.95 * len(hs.headings())


@pytest.mark.data
def test_an_independent_concordance_names_the_same_makers(real_data: Path) -> None:
    """It follows all editions of the HS and names more classes for a line; ours are among them."""
    theirs = defaultdict(set)
    for row in rows(real_data / "classifications" / "hs_isic4.csv.gz"):
        if row["ISIC4_4d"]:
            theirs[row["HS_4d"]].add(row["ISIC4_4d"])
    compared = [code for code in codes(2017) if theirs[code] and code != "9999"]
    assert len(compared) > 1150
    main = [max(hs.isic_of_heading(code, 2017).items(), key=lambda item: item[1])[0] for code in compared]
    agreed = sum(maker in theirs[code] for maker, code in zip(main, compared, strict=True))
    assert agreed > 0.96 * len(compared)
    shared = sum(
        weight for code in compared for maker, weight in hs.isic_of_heading(code, 2017).items() if maker in theirs[code]
    )
    assert shared > 0.94 * len(compared)
