"""Write `world/data/supply/passages.npz`: through which straits and canals the sea route between two countries goes.

    python -m scripts.supply.passages FOLDER

FOLDER holds `marnet_searoute.geojson` and `ports.geojson` of searoute 1.6.0 (`pip download --no-deps searoute==1.6.0`;
Apache-2.0; its graph of the sea is Oak Ridge National Laboratory's and Eurostat's). Its main ports stand for a country,
the port nearest to its main city for a landlocked one; the route of a pair is the shortest by sea between any two of
theirs, the Northwest Passage closed. Not for navigation.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from scipy.sparse.csgraph import dijkstra

from serai.world.classifications.countries import countries
from serai.world.supply.geography import EARTH_RADIUS, places

TARGET = Path(__file__).parents[2] / "src/serai/world/data/supply/passages.npz"
LEFT_OUT = frozenset({"northwest", "bering", "chili", "south_africa"})
"""The Northwest Passage is no trade route; the open sea round the capes is nothing that can be closed."""
PORTS = 8
"""Ports of a country: enough for all coasts of most that have several."""
RENAMED = {"babalmandab": "bab-el-mandeb", "ormuz": "hormuz"}


def main(folder: Path) -> None:
    nodes, edges = _graph(json.loads((folder / "marnet_searoute.geojson").read_text(encoding="utf-8")))
    ports = _ports(json.loads((folder / "ports.geojson").read_text(encoding="utf-8")))
    cities = places()
    points = np.array(nodes)
    at: list[list[int]] = []
    every = np.array([point for points_here in ports.values() for point in points_here])
    for place, code in enumerate(cities.countries):
        city = np.array([cities.longitude[place], cities.latitude[place]])
        here = ports.get(code) or [tuple(every[_apart(city, every).argmin()])]
        at.append([int(_apart(np.array(port), points).argmin()) for port in here])
    names = sorted({name for *_, name in edges if name and name not in LEFT_OUT})
    rows, columns, lengths, of_edge = [], [], [], {}
    for first, second, length, name in edges:
        if name != "northwest":
            rows.append(first), columns.append(second), lengths.append(max(length, 1e-3))
            if name in names:
                of_edge[min(first, second), max(first, second)] = names.index(name)
    graph = scipy.sparse.csr_array((lengths, (rows, columns)), shape=(len(nodes), len(nodes)))
    sources = sorted({node for nodes_here in at for node in nodes_here})
    row = {node: number for number, node in enumerate(sources)}
    length, before = dijkstra(graph, directed=False, indices=sources, return_predecessors=True)
    through = np.zeros((len(names), len(at), len(at)), dtype=bool)
    for origin, origins in enumerate(at):
        for destination, destinations in enumerate(at):
            _, start, node = min((length[row[i], j], i, j) for i in origins for j in destinations)
            while (previous := before[row[start], node]) >= 0:
                if (name := of_edge.get((min(node, previous), max(node, previous)))) is not None:
                    through[name, origin, destination] = True
                node = previous
    told = [RENAMED.get(name, name) for name in names]
    np.savez_compressed(TARGET, passages=told, countries=list(cities.countries), bits=np.packbits(through))
    for name, routes in zip(told, through, strict=True):
        print(f"{name}: {routes.mean():.1%} of pairs")


def _graph(read: dict[str, Any]) -> tuple[list[tuple[float, float]], list[tuple[int, int, float, str]]]:
    place: dict[tuple[float, float], int] = {}
    edges = []
    for feature in read["features"]:
        shape = feature["geometry"]
        lines = shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]
        for line in lines:
            ends = [place.setdefault((round((x + 180) % 360 - 180, 4), round(y, 4)), len(place)) for x, y, *_ in line]
            points = np.array([point[:2] for point in line])
            for step, (first, second) in enumerate(pairwise(ends)):
                length = float(_apart(points[step], points[step + 1 : step + 2])[0])
                edges.append((first, second, length, feature["properties"].get("passage") or ""))
    return list(place), edges


def _ports(read: dict[str, Any]) -> dict[str, list[tuple[float, float]]]:
    """The main ports of each country, those with most links first."""
    alpha3 = {country.alpha2: country.alpha3 for country in countries().values()}
    by_country: dict[str, list[tuple[float, int, tuple[float, float]]]] = {}
    for feature in read["features"]:
        about = feature["properties"]
        if code := alpha3.get(about["port"][:2]):
            size = float(about.get("t") or 0), len(about.get("to_cty") or ())
            by_country.setdefault(code, []).append((*size, tuple(feature["geometry"]["coordinates"][:2])))
    return {code: [port for *_, port in sorted(ports, reverse=True)[:PORTS]] for code, ports in by_country.items()}


def _apart(point: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Great circles in km from a point to points, each longitude and latitude."""
    lon, lat = np.radians(point)
    lons, lats = np.radians(points).T
    half = np.sin((lats - lat) / 2) ** 2 + np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(half))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
