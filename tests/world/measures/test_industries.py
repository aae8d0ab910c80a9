"""What is known of industries: groups, elasticities, and which cells make what."""

import csv
from importlib.resources import files

import pytest

from serai.world.industries import cells_making, elasticities, members
from serai.world.readers import read
from serai.world.table import NotMeasured

G20 = read()


def test_a_chain_finds_the_cells_that_make_its_goods() -> None:
    cells = cells_making(G20, ["2910", "0510"])
    assert {G20.labels[cell][1] for cell in cells} == {"B", "C"}
    assert len(cells) == 2 * G20.n_countries
    assert cells_making(G20, []).tolist() == []


def test_groups_are_sections_of_the_classification() -> None:
    assert {G20.labels[cell][1] for cell in members(G20, "manufacturing").nonzero()[0]} == {"C"}
    assert elasticities(G20)[0] == 8.11
    with pytest.raises(NotMeasured, match="too coarse to tell which are 'digital'"):
        members(G20, "digital")
    with pytest.raises(NotMeasured, match="Nothing is known of the industry 'agriculture'"):
        cells_making(read("leather"), ["01"])


def test_each_classification_covers_every_division_of_isic_once() -> None:
    rows = list(csv.DictReader((files("serai.world") / "data" / "tables" / "industries.csv").read_text().splitlines()))
    every = {*range(1, 4), *range(5, 10), *range(10, 34), 35, *range(36, 40), *range(41, 44), *range(45, 48)}
    every |= {*range(49, 54), 55, 56, *range(58, 64), *range(64, 67), 68, *range(69, 76), *range(77, 83), 84, 85}
    every |= {*range(86, 89), *range(90, 94), *range(94, 97), 97, 98}
    for classification in ("isic4-sections", "oecd2023", "wiod2013"):
        spans = [
            part.split("-") for row in rows if row["classification"] == classification for part in row["isic4"].split()
        ]
        found = [division for span in spans for division in range(int(span[0]), int(span[-1]) + 1)]
        assert sorted(found) == sorted(every)
