"""Halls: small layouts have the optimum of brute force, nobody stands where it cannot, and the plan can be read."""

import csv
import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from serai.cli import app
from serai.match.halls import (
    Aisles,
    AssignmentError,
    Booth,
    Exhibitor,
    LayoutError,
    WayError,
    assign,
    distances,
    draw,
    fits,
    lay_out,
    read_qaplib,
    way,
)

STEPS = 2_000


def booth(name: str, x: float = 0.0, **more: Any) -> Booth:
    return Booth(**{"name": name, "hall": "1", "x": x, "y": 0.0, "width": 3.0, "depth": 3.0} | more)


def row_of(number: int) -> tuple[list[Booth], np.ndarray]:
    """Booths in a row, 3 m apart, and their distances."""
    booths = [booth(f"A{k}", 3.0 * k) for k in range(number)]
    return booths, 3.0 * np.abs(np.subtract.outer(range(number), range(number)))


# ---- the search ----------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32), st.integers(1, 6), st.booleans(), st.booleans())
def test_a_small_assignment_has_the_optimum_of_brute_force(seed: int, size: int, symmetric: bool, linear: bool) -> None:
    random = np.random.default_rng(seed)
    flow, distance = random.integers(0, 10, (2, size, size)).astype(float)
    if symmetric:
        flow, distance = flow + flow.T, distance + distance.T
        np.fill_diagonal(flow, 0)
        np.fill_diagonal(distance, 0)
    cost = random.integers(0, 50, (size, size)) * float(linear)
    assignment = assign(flow, distance, cost, seconds=60, most_steps=STEPS, seed=seed)

    def worth(order: Any) -> float:
        pairs = ((i, j) for i in range(size) for j in range(size))
        return sum(flow[i, j] * distance[order[i], order[j]] for i, j in pairs) + sum(
            cost[i, order[i]] for i in range(size)
        )

    assert (
        assignment.objective
        == worth(assignment.permutation)
        == min(worth(order) for order in permutations(range(size)))
    )


def test_the_same_seed_gives_the_same_assignment() -> None:
    flow, distance = np.random.default_rng(0).random((2, 20, 20))
    one, other = (assign(flow, distance, seconds=60, most_steps=STEPS, seed=5) for _ in range(2))
    assert (one.permutation == other.permutation).all()


def test_a_search_is_never_worse_than_its_start() -> None:
    flow, distance = np.random.default_rng(0).random((2, 12, 12))
    good = assign(flow, distance, seconds=60, most_steps=STEPS)
    assert assign(flow, distance, seconds=60, most_steps=1, start=good.permutation).objective <= good.objective


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([[0, 1]], [[0]]), "'flow' has shape (1, 2); a square matrix of finite numbers is needed."),
        (([[0]], [[np.nan]]), "'distance' has shape (1, 1); a square matrix of finite numbers"),
        (([[0]], np.zeros((2, 2))), "The matrices have shapes (1, 1), (2, 2) and (1, 1); give the same."),
    ],
)
def test_matrices_that_make_no_problem_are_refused(arguments: Any, sentence: str) -> None:
    with pytest.raises(AssignmentError) as refusal:
        assign(*arguments)
    assert sentence in str(refusal.value)


def test_a_start_that_is_no_permutation_is_refused() -> None:
    with pytest.raises(AssignmentError, match="The start is no permutation of 0 to 1"):
        assign(np.zeros((2, 2)), np.zeros((2, 2)), start=[0, 0])


# ---- the layout ----------------------------------------------------------------------------------


def random_layout(seed: int) -> tuple[list[Booth], list[Exhibitor], np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    booths, metres = row_of(6)
    booths = [replace(booth, power=float(random.integers(0, 3)), hall=str(random.integers(1, 3))) for booth in booths]
    exhibitors = [
        Exhibitor(
            name=f"firm {k}",
            power=float(random.integers(0, 2)),
            hall=str(random.choice(["", "", "1"])),
            pavilion=str(random.choice(["", "land"])),
            wishes=tuple(random.choice([booth.name for booth in booths], 2, replace=False).tolist()),
            points=float(random.integers(0, 3)),
        )
        for k in range(4)
    ]
    return booths, exhibitors, random.integers(0, 5, (4, 4)).astype(float), metres


def cost_of(layout: tuple[int, ...], event: tuple[list[Booth], list[Exhibitor], np.ndarray, np.ndarray]) -> float:
    booths, exhibitors, affinity, metres = event
    total = 0.0
    for row, exhibitor in enumerate(exhibitors):
        name = booths[layout[row]].name
        behind = exhibitor.wishes.index(name) if name in exhibitor.wishes else len(exhibitor.wishes)
        total += 10 * behind * (1 + exhibitor.points)
        for other, partner in enumerate(exhibitors):
            together = other != row and exhibitor.pavilion != "" and exhibitor.pavilion == partner.pavilion
            near = (affinity[row, other] if other != row else 0) + together
            total += near * metres[layout[row], layout[other]]
    return total


def test_a_small_layout_has_the_optimum_of_brute_force() -> None:
    refused = 0
    for seed in range(25):
        event = random_layout(seed)
        possible = fits(event[0], event[1])
        sound = [order for order in permutations(range(6), 4) if all(possible[row, b] for row, b in enumerate(order))]
        if not sound:
            with pytest.raises(LayoutError, match="only"):
                lay_out(*event)
            refused += 1
            continue
        layout = lay_out(*event, seconds=60, most_steps=STEPS)
        assert layout.booth in sound
        assert layout.objective == pytest.approx(cost_of(layout.booth, event))
        assert layout.objective == pytest.approx(min(cost_of(order, event) for order in sound))
        assert all(deviation.price >= -1e-9 for deviation in layout.deviations)
    assert refused < 25


def test_a_booth_is_kept_for_whom_it_is_held_and_the_price_of_each_deviation_is_told() -> None:
    booths, metres = row_of(3)
    exhibitors = [
        Exhibitor(name="early", hold="A0"),
        Exhibitor(name="late", wishes=("A0", "A1"), points=1),
        Exhibitor(name="other", wishes=("A1",)),
    ]
    layout = lay_out(booths, exhibitors, np.zeros((3, 3)), metres, seconds=60, most_steps=STEPS)
    assert layout.booth == (0, 1, 2)
    assert layout.objective == 30
    assert [(deviation.exhibitor, deviation.wished, deviation.price) for deviation in layout.deviations] == [
        ("late", "A0", np.inf),
        ("other", "A1", 10),
    ]
    assert [str(deviation.why) for deviation in layout.deviations] == [
        "the booth is held for another",
        "an exchange would cost more than it brings",
    ]


@pytest.mark.parametrize(
    ("needs", "offers"),
    [
        ({"area": 10}, {"width": 4}),
        ({"kind": "corner"}, {"kind": "corner"}),
        ({"power": 2}, {"power": 2}),
        ({"hall": "2"}, {"hall": "2"}),
    ],
)
def test_what_an_exhibitor_needs_its_booth_has(needs: dict[str, Any], offers: dict[str, Any]) -> None:
    booths = [booth("plain"), booth("fitting", **offers)]
    assert fits(booths, [Exhibitor(name="x", **needs)]).tolist() == [[False, True]]


def test_neighbours_along_the_chain_stand_side_by_side() -> None:
    booths, metres = row_of(6)
    links = np.zeros((6, 6))
    links[[0, 5, 2], [3, 1, 4]] = 1
    layout = lay_out(booths, [Exhibitor(name=str(k)) for k in range(6)], links, metres, seconds=60, most_steps=STEPS)
    assert [abs(layout.booth[a] - layout.booth[b]) for a, b in ((0, 3), (5, 1), (2, 4))] == [1, 1, 1]
    assert layout.walking == 9


@pytest.mark.parametrize(
    ("exhibitors", "sentence"),
    [
        ([{"power": 9}, {}], "'0' need 1 booths, and only 0 fit: none."),
        ([{"hall": "2"}, {"hall": "2"}], "'0', '1' need 2 booths, and only 1 fit: 'B'."),
        ([{}, {}, {}], "There are 3 exhibitors and 2 booths."),
        ([{"hold": "C"}], "'C' is held for '0', and there is no such booth."),
        ([{"wishes": ("C",)}], "'0' wishes for booth 'C', which there is not."),
        ([{"name": "x"}, {"name": "x"}], "Two booths or two exhibitors have one name; names are unique."),
    ],
)
def test_a_layout_that_cannot_be_is_refused_in_words(exhibitors: list[dict[str, Any]], sentence: str) -> None:
    firms = [Exhibitor(**{"name": str(row)} | fields) for row, fields in enumerate(exhibitors)]
    with pytest.raises(LayoutError) as refusal:
        lay_out([booth("A"), booth("B", hall="2")], firms, np.zeros((len(firms),) * 2), np.zeros((2, 2)))
    assert sentence == str(refusal.value)


# ---- ways and the plan ---------------------------------------------------------------------------

SQUARE = Aisles(np.array([[0, 0], [10, 0], [10, 10], [0, 10]]), np.array([[0, 1], [1, 2], [2, 3]]))
PLACES = [[2, -1], [8, 1], [1, 11], [2, -1]]


def test_a_way_keeps_to_the_aisles() -> None:
    walk = way(SQUARE, PLACES, 0, 2)
    assert walk.corners == ((2, -1), (2, 0), (10, 0), (10, 10), (1, 10), (1, 11))
    assert walk.metres == pytest.approx(1 + 8 + 10 + 9 + 1)


def test_distances_are_the_lengths_of_the_ways() -> None:
    metres = distances(SQUARE, PLACES)
    assert (metres == metres.T).all()
    assert metres[0, 2] == pytest.approx(way(SQUARE, PLACES, 0, 2).metres)
    assert metres[0, 1] == pytest.approx(8)


def test_where_no_aisle_leads_there_is_no_way() -> None:
    apart = Aisles(np.array([[0, 0], [1, 0], [5, 0], [6, 0]]), np.array([[0, 1], [2, 3]]))
    assert distances(apart, [[0, 1], [6, 1]])[0, 1] == np.inf
    with pytest.raises(WayError, match="No aisle leads from place 0 to place 1"):
        way(apart, [[0, 1], [6, 1]], 0, 1)
    with pytest.raises(WayError, match="names a crossing that is not there"):
        Aisles(np.zeros((2, 2)), np.array([[0, 2]]))


def test_the_plan_is_sound_xml_whatever_the_names() -> None:
    drawn = draw(
        [booth('A<&"', 0), booth("A2", 3)],
        {'A<&"': "锂电 & <Söhne>"},
        title="Hall <1>",
        description="Two booths",
        way=way(SQUARE, PLACES, 0, 2),
    )
    root = ElementTree.fromstring(drawn)
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert texts == ['A<&"', "锂电 & <Söhne>", "A2"]
    assert root.attrib["role"] == "img"
    assert {node.get("id") for node in root} >= set(root.attrib["aria-labelledby"].split())
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_nobody_leaves_its_booth_for_nothing_and_who_gains_by_it_does() -> None:
    booths, metres = row_of(4)
    three = [Exhibitor(name=str(k)) for k in range(3)]
    present = [2, 0, 3]
    apart = lay_out(booths, three, np.zeros((3, 3)), metres, present=present, seconds=60, most_steps=STEPS)
    assert (list(apart.booth), apart.objective) == (present, 0.0)
    links = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    linked = lay_out(booths, three, links, metres, present=present, seconds=60, most_steps=STEPS)
    assert linked.walking == linked.objective == 6.0
    assert sum(now != then for now, then in zip(linked.booth, present, strict=True)) == 1


# ---- QAPLIB and the command ----------------------------------------------------------------------


def test_the_command_prints_the_objective_and_the_permutation(tmp_path: Path) -> None:
    file = tmp_path / "three.dat"
    file.write_text("3\n\n0 1 0\n1 0 0\n0 0 0\n\n0 5 9\n5 0 1\n9 1 0\n")
    result = CliRunner().invoke(app, ["halls", "solve", str(file), "--seconds", "0.1", "--json"])
    answer = json.loads(result.stdout)
    assert answer["objective"] == 2
    assert sorted(answer["permutation"]) == [1, 2, 3]
    assert answer["permutation"][2] == 1


@pytest.mark.parametrize("content", ["", "x", "3 1 2", "-1 0 0", "1.5 0 0 0", "nan 1", "inf 1", "1 0 nan", "1 0 0 9"])
def test_a_file_that_holds_no_layout_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.dat").write_text(content)
    with pytest.raises(AssignmentError, match=r"\.$"):
        read_qaplib(tmp_path / "bad.dat")


def test_numbers_whose_products_are_beyond_all_numbers_are_refused() -> None:
    large = np.array([[0, 1e308], [1e308, 0]])
    with pytest.raises(AssignmentError, match="so large"):
        assign(large, large, seconds=0.1)
    with pytest.raises(AssignmentError, match="so large"):
        assign(large, np.ones((2, 2)), large, seconds=0.1)


@pytest.mark.data
def test_quick_layouts_of_qaplib_reach_the_best_known(real_data: Path) -> None:
    with (real_data / "qaplib" / "best_known.csv").open(newline="") as rows:
        best_known = {row["instance"]: float(row["best_known"]) for row in csv.DictReader(rows)}
    for name in ("nug12", "scr12", "had14", "esc16a", "chr12a"):
        flow, distance = read_qaplib(real_data / "qaplib" / f"{name}.dat")
        assert assign(flow, distance, seconds=60, most_steps=30_000).objective == best_known[name]
