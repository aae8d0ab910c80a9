"""A firm network is its edge list whatever the order of the links, and generated firms add up to their table."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.firm_generator import DEGREE_TAIL, OVERRUN, SIZE_TAIL, generate_network
from serai.world.firm_network import FirmNetwork, network_from_arrays, network_of, read_network
from serai.world.readers import UnreadableTable, read
from serai.world.readers.synthetic import synthetic_table

FIRMS = {
    "firm": ["ore", "steel", "car", "shop"],
    "country": ["AUS", "CHN", "CHN", "DEU"],
    "industry": ["B", "C", "C", "G"],
    "product": ["iron ore", "steel", "car", "retail"],
    "size": [6.0, 20.0, 40.0, 7.0],
}
LINKS = {
    "supplier": ["steel", "ore", "car", "steel", "steel"],
    "buyer": ["shop", "steel", "shop", "car", "car"],
    "value": [1.0, 6.0, 5.0, 20.0, 2.0],
    "product": [None, None, None, None, "scrap"],
}


def network(links: dict[str, list[object]] | None = None) -> FirmNetwork:
    return network_of(pl.DataFrame(FIRMS), pl.DataFrame(links or LINKS), unit="$", source="toy")


TOY = network()


def test_the_network_of_an_edge_list() -> None:
    toy = network()
    assert (toy.n, toy.m) == (4, 5)
    assert toy.names == ("ore", "steel", "car", "shop")
    assert toy.countries == ("AUS", "CHN", "DEU")
    assert toy.sold.tolist() == [6, 23, 5, 0]
    assert toy.bought.tolist() == [0, 6, 22, 6]
    assert toy.links_out.tolist() == [1, 3, 1, 0]
    assert toy.links_in.tolist() == [0, 1, 2, 2]
    assert toy.buyers_of(1).tolist() == [2, 2, 3]
    assert sorted(toy.suppliers_of(3).tolist()) == [1, 2]
    assert [toy.products[code] for code in toy.traded] == ["iron ore", "steel", "scrap", "steel", "car"]
    assert toy.matrix.toarray().tolist() == [[0, 6, 0, 0], [0, 0, 22, 1], [0, 0, 0, 5], [0, 0, 0, 0]]
    china, cells = toy.countries.index("CHN"), len(toy.industries)
    assert toy.between_cells().toarray()[china * cells + 1, china * cells + 1] == 22
    assert "4 firms, 5 links" in repr(toy)


@given(st.permutations(range(5)))
@settings(deadline=None, max_examples=20)
def test_the_order_of_the_links_does_not_matter(order: list[int]) -> None:
    mixed = network({name: [column[place] for place in order] for name, column in LINKS.items()})
    for name in ("start", "buyer", "value"):
        assert (getattr(mixed, name) == getattr(TOY, name)).all()


def test_arrays_give_the_same_network_as_records() -> None:
    toy = network()
    found = network_from_arrays(
        countries=toy.countries,
        industries=toy.industries,
        products=toy.products,
        country=toy.country,
        industry=toy.industry,
        product=toy.product,
        size=toy.size,
        supplier=toy.supplier[::-1],
        buyer=toy.buyer[::-1],
        value=toy.value[::-1],
        traded=toy.traded[::-1],
        unit="$",
        names=toy.names,
    )
    for name in ("start", "buyer", "value", "traded", "size"):
        assert (getattr(found, name) == getattr(toy, name)).all()


@pytest.mark.parametrize(
    ("supplier", "buyer", "message"),
    [
        ([0, 4], [1, 1], "link 1 leads from firm 4, outside 0 to 1"),
        ([0, 1], [1, -1], "link 1 leads to firm -1, outside 0 to 1"),
        ([0, 1], [1, 1], "link 1 leads from firm 1 to itself"),
    ],
)
def test_links_to_nowhere_and_to_oneself_are_refused(supplier: list[int], buyer: list[int], message: str) -> None:
    ones = np.zeros(2, dtype=int)
    with pytest.raises(ValueError, match=message):
        network_from_arrays(
            countries=["A"],
            industries=["i"],
            products=["p"],
            country=ones,
            industry=ones,
            product=ones,
            size=np.ones(2),
            supplier=np.array(supplier),
            buyer=np.array(buyer),
            value=np.ones(2),
            unit="$",
        )


def test_links_given_twice_are_added_together() -> None:
    twice = network({name: column + column for name, column in LINKS.items()})
    assert twice.m == 5
    assert (twice.value == 2 * network().value).all()


def test_firms_keep_when_links_are_replaced() -> None:
    toy = network()
    other = toy.with_links(np.array([2, 0]), np.array([3, 1]), np.array([1.0, 2.0]))
    assert other.buyer.tolist() == [1, 3]
    assert [other.products[code] for code in other.traded] == ["iron ore", "car"]
    assert toy.with_links(np.array([], dtype=int), np.array([], dtype=int), np.array([])).m == 0
    with pytest.raises(ValueError, match="read-only"):
        toy.value[0] = 1


def test_files_are_read_as_csv_and_as_parquet(tmp_path: Path) -> None:
    firms, links = pl.DataFrame(FIRMS), pl.DataFrame(LINKS)
    firms.write_csv(tmp_path / "firms.csv")
    links.write_parquet(tmp_path / "links.parquet")
    found = read_network(tmp_path / "firms.csv", tmp_path / "links.parquet", unit="$")
    assert (found.matrix != network().matrix).nnz == 0
    assert found.names == network().names
    with pytest.raises(UnreadableTable, match="cannot be read"):
        read_network(tmp_path / "nothing.csv", tmp_path / "links.parquet", unit="$")


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "message"),
    [
        ("firms", "firm", 2, "ore", "firms, row 1, column firm: 'ore' stands twice"),
        ("firms", "size", 1, "many", "firms, row 2, column size: 'many' is not a number"),
        ("firms", "size", 1, "-1", "firms, row 2, column size: -1.0 is not a number of at least 0"),
        ("firms", "country", 3, None, "firms, row 4, column country: None is empty"),
        ("links", "supplier", 0, "mine", "links, row 1, column supplier: 'mine' is no firm"),
        ("links", "buyer", 1, "ore", "links, row 2, column buyer: 'ore' supplies itself"),
        ("links", "value", 4, "nan", "links, row 5, column value: nan is not a number of at least 0"),
        ("links", "value", 4, None, "links, row 5, column value: None is not a number"),
    ],
)
def test_a_wrong_record_is_refused_with_row_and_column(
    table: str, column: str, row: int, value: str | None, message: str
) -> None:
    records = {
        name: {key: [None if cell is None else str(cell) for cell in cells] for key, cells in columns.items()}
        for name, columns in (("firms", FIRMS), ("links", LINKS))
    }
    records[table][column][row] = value
    with pytest.raises(UnreadableTable) as refused:
        network_of(pl.DataFrame(records["firms"]), pl.DataFrame(records["links"]), unit="$")
    assert message in str(refused.value)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UnreadableTable, match="The firms have no column 'size'; they need firm, country"):
        network_of(pl.DataFrame(FIRMS).drop("size"), pl.DataFrame(LINKS), unit="$")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"size": np.ones(3)}, r"country has shape \(4,\); 3 firms"),
        ({"buyer": np.array([1, 2, 2, 3, 4])}, "link 4 leads to firm 4, outside 0 to 3"),
        ({"value": np.array([1.0, -2, 1, 1, 1])}, "link 1 has the value -2.0"),
        ({"country": np.array([0, 1, 9, 0])}, "firm 2 has country 9, outside 0 to 2"),
        ({"start": np.array([0, 3, 1, 5, 5])}, "start must rise"),
        ({"names": ("a", "a", "b", "c")}, "4 firms need as many names, all different; there are 3"),
    ],
)
def test_arrays_that_are_no_network_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(network(), **changes)  # type: ignore[arg-type]


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 4))
@settings(deadline=None, max_examples=30)
def test_generated_firms_add_up_to_their_table(seed: int, n_countries: int, n_industries: int) -> None:
    table = synthetic_table(n_countries, n_industries, seed=seed, idle=0.1)
    if not (table.x > 0).any():
        return
    found = generate_network(table, 300, seed=seed)
    assert found.n == 300
    np.testing.assert_allclose(np.bincount(found.cell, found.size, table.n), table.x)
    buying = np.bincount(found.cell[found.buyer], minlength=table.n) > 0
    bought = np.bincount(found.cell, found.bought, table.n)
    np.testing.assert_allclose(bought[buying], table.Z.sum(axis=0)[buying])
    assert (found.supplier != found.buyer).all()
    assert found.between_cells().toarray()[table.Z == 0].sum() == 0


def test_the_same_seed_gives_the_same_network() -> None:
    first, second, third = (generate_network(read(), 2000, seed=seed) for seed in (1, 1, 2))
    assert (first.value == second.value).all()
    assert first.m != third.m or (first.buyer != third.buyer).any()


def tail(values: np.ndarray) -> float:
    """Hill's estimate of the exponent from the largest hundredth."""
    largest = np.sort(values.astype(float))[::-1][: len(values) // 100]
    return float(1 / np.log(largest / largest[-1]).mean())


def test_sizes_and_links_have_the_tails_of_the_literature_and_flows_those_of_the_table() -> None:
    table = read()
    found = generate_network(table, 100_000, links_each=10, seed=3)
    assert found.m == pytest.approx(1e6, rel=0.06)
    assert tail(found.size) == pytest.approx(SIZE_TAIL, abs=0.15)
    assert tail(found.links_in) == pytest.approx(DEGREE_TAIL, abs=0.25)
    assert tail(found.links_out) == pytest.approx(DEGREE_TAIL, abs=0.25)
    assert np.corrcoef(found.between_cells().toarray().ravel(), table.Z.ravel())[0, 1] > 0.97
    for strength, links in ((found.sold, found.links_out), (found.bought, found.links_in)):
        assert tail(strength) == pytest.approx(SIZE_TAIL, abs=0.15)
        assert (strength <= (1 + OVERRUN) * found.size).all()
        linked = (links > 0) & (strength > 0)  # strength grows faster than the number of links
        grows = np.polyfit(np.log(links[linked]), np.log(strength[linked]), 1)[0]
        assert grows == pytest.approx(DEGREE_TAIL / SIZE_TAIL, abs=0.2)


def test_too_few_firms_or_impossible_tails_are_refused() -> None:
    with pytest.raises(ValueError, match="397 active cells of the table need a firm each; 100 are too few"):
        generate_network(read(), 100, seed=0)
    with pytest.raises(ValueError, match="1 < size_tail <= degree_tail"):
        generate_network(read(), 1000, size_tail=2, degree_tail=1.5, seed=0)
