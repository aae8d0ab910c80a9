"""ISIC Rev.4: a tree of sections, divisions, groups and classes."""

import csv
import gzip
from pathlib import Path

import pytest

from serai.world.classifications import isic
from serai.world.classifications.isic import Level


def test_isic_has_21_sections_88_divisions_238_groups_and_419_classes() -> None:
    assert [len(isic.activities(level)) for level in Level] == [21, 88, 238, 419]


def test_every_activity_but_a_section_has_a_parent_one_level_up_in_its_section() -> None:
    for level in (Level.DIVISION, Level.GROUP, Level.CLASS):
        for found in isic.activities(level):
            above = isic.parent(found.code)
            assert above is not None
            assert isic.activity(above).level == level - 1
            assert isic.section_of(above) == isic.section_of(found.code)
    assert {isic.parent(section.code) for section in isic.activities(Level.SECTION)} == {None}


def test_every_activity_but_a_class_has_a_child() -> None:
    parents = {isic.parent(found.code) for level in Level for found in isic.activities(level)}
    assert parents - {None} == {found.code for level in list(Level)[:3] for found in isic.activities(level)}


def test_batteries_are_made_in_2720_of_manufacturing() -> None:
    batteries = isic.activity("2720")
    assert batteries.title == "Manufacture of batteries and accumulators"
    assert batteries.level is Level.CLASS
    assert [isic.parent("2720"), isic.parent("272"), isic.parent("27"), isic.section_of("2720")] == [
        "272",
        "27",
        "C",
        "C",
    ]


def test_a_group_exists_but_is_no_class() -> None:
    assert isic.exists("272")
    assert not isic.is_class("272")
    assert isic.is_class("2720")
    assert not isic.is_class("2729")


def test_an_unknown_code_is_refused_with_a_sentence() -> None:
    with pytest.raises(LookupError, match=r"ISIC Rev\.4 has no '2729'; use a section letter or 2 to 4 digits"):
        isic.section_of("2729")


@pytest.mark.data
def test_codes_and_titles_are_those_of_the_official_list(real_data: Path) -> None:
    path = real_data / "classifications" / "isic4_desc.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        listed = {row["code"]: row["desc"] for row in csv.DictReader(file)}
    assert {found.code: found.title for level in Level for found in isic.activities(level)} == listed


def test_the_classes_of_an_activity_are_those_below_it() -> None:
    assert isic.classes("2720") == ("2720",)
    assert isic.classes("272") == ("2720",)
    assert isic.classes("05") == ("0510", "0520")
    assert set(isic.classes("B")) == {code for code in isic.classes("B") if isic.section_of(code) == "B"}
    assert sum(len(isic.classes(section.code)) for section in isic.activities(isic.Level.SECTION)) == 419
