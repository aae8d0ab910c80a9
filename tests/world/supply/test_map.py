"""A map is readable: few crossings, nothing on anything, no text cut or small, groups drawn; at 80 and at 240 nodes."""

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serai.world.charts import chain_map, layered
from serai.world.charts.layered import layers_of, layout
from serai.world.supply import generate_supply, read_chain_folder, stop, supply_network
from tests.world.supply.chips import write_chips

SVG = "{http://www.w3.org/2000/svg}"

graphs = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda edge: edge[0] < edge[1])),
    )
)


@settings(max_examples=40, deadline=None)
@given(graphs)
def test_edges_run_to_the_right_and_boxes_never_lie_on_each_other(graph: tuple[int, set[tuple[int, int]]]) -> None:
    nodes, edges = graph
    layers = layers_of(nodes, sorted(edges))
    assert all(layers[supplier] < layers[user] for supplier, user in edges)
    drawn = layout(nodes, sorted(edges), [30.0] * nodes, gap=10, lane=6)
    assert drawn.overlaps == 0
    assert drawn.crossings <= drawn.crossings_at_first
    for layer in drawn.order:
        middles = [float(drawn.y[vertex]) for vertex in layer]
        assert middles == sorted(middles)


def test_crossings_are_those_of_the_best_order_of_a_small_graph() -> None:
    edges = [(0, 4), (0, 5), (1, 3), (2, 4), (1, 5), (2, 3)]
    best = min(
        sum(
            (left.index(a) - left.index(c)) * (right.index(b) - right.index(d)) < 0
            for (a, b), (c, d) in itertools.combinations(edges, 2)
        )
        for left in itertools.permutations([0, 1, 2])
        for right in itertools.permutations([3, 4, 5])
    )
    assert layout(6, edges, [20.0] * 6, gap=5, lane=5).crossings == best


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chips(tmp_path_factory.mktemp("chips") / "chips")


def test_a_chain_of_79_nodes_and_243_providers_is_drawn_whole(chips: Path) -> None:
    declared = read_chain_folder(chips)
    assert (len(declared.chain.nodes), len(declared.providers)) == (79, 243)
    network = supply_network(declared, shares=())
    drawn = chain_map(network)
    read = drawn.readability
    assert (read.overlaps, read.edges_over_boxes, read.cut_texts, read.smallest_text) == (0, 0, 0, 12)
    assert read.crossings < read.crossings_at_first / 2
    tree = ET.fromstring(drawn.svg())
    boxes = tree.findall(f"{SVG}g/{SVG}title")
    assert len(boxes) == 79
    assert any(box.text == "Tools 0 for advanced logic: Netherlands 100% (A)" for box in boxes)
    marks = [text.text for text in tree.findall(f"{SVG}text") if text.text == "or"]
    assert len(marks) >= 1 + 4  # the legend, and the four groups of which any member serves
    words = {"".join(text.itertext()) for text in tree.iter(f"{SVG}text")}
    assert {"Tools 0 for advanced", "logic"} <= words


def test_a_stop_colours_the_map_by_what_is_missing(chips: Path) -> None:
    network = supply_network(read_chain_folder(chips), shares=())
    stoppage = stop(network, firms=["Scanner Works"])
    assert stoppage.lost[0, network.node("fabrication-0")] == pytest.approx(1)
    drawn = chain_map(network, stoppage)
    assert drawn.title == "chips: Scanner Works stops"
    assert "100% missing" in drawn.svg()
    assert drawn.data.height == len(stoppage.records())


def test_240_nodes_are_drawn_without_overlaps() -> None:
    network = generate_supply(240, 12, seed=1)
    drawn = chain_map(network)
    read = drawn.readability
    assert (read.overlaps, read.edges_over_boxes, read.cut_texts) == (0, 0, 0)
    assert read.crossings < read.crossings_at_first / 2


def test_the_legend_of_a_chain_of_few_columns_is_drawn_whole() -> None:
    drawn = chain_map(generate_supply(3, 3, seed=1))
    texts = ET.fromstring(drawn.svg()).findall(f"{SVG}text")
    (last,) = [float(text.get("x", 0)) for text in texts if text.text == "single source"]
    assert last + 80 < drawn.readability.width < 1100


def test_a_chain_is_drawn_the_same_each_time() -> None:
    network = generate_supply(20, 6, seed=2)
    assert chain_map(network).svg() == chain_map(network).svg()


def test_the_order_is_worked_out_once_for_boxes_of_all_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    edges, sweeps = [(0, 2), (0, 3), (1, 2), (1, 3), (0, 4), (2, 4)], []
    sweep = layered._sweep
    monkeypatch.setattr(layered, "_sweep", lambda *given, **more: (sweeps.append(1), sweep(*given, **more)))
    low = layout(5, edges, [30.0] * 5, gap=10, lane=6)
    worked_out = len(sweeps)
    high = layout(5, edges, [50.0] * 5, gap=4, lane=2)
    assert worked_out == len(sweeps) > 0
    assert low.order == high.order


def test_a_map_is_saved_in_each_format_and_right_to_left_where_asked(tmp_path: Path) -> None:
    drawn = chain_map(generate_supply(8, 4, seed=1), language="ar")
    assert 'direction="rtl"' in drawn.svg()
    for kind in ("svg", "png", "html", "json", "csv", "parquet"):
        drawn.save(tmp_path / f"map.{kind}")
        assert (tmp_path / f"map.{kind}").stat().st_size > 1000
    with pytest.raises(ValueError, match="ends with none of the formats"):
        drawn.save(tmp_path / "map.bmp")
