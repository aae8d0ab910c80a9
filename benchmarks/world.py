"""The world's tables at the size of the OECD's: 77 countries x 45 industries, 3,465 cells."""

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import scipy.linalg

from benchmarks import Work, benchmark
from serai.world.classifications.industries import industries
from serai.world.firm_generator import generate_network
from serai.world.measures import measure
from serai.world.readers import read
from serai.world.readers.folder import read_folder, write_folder
from serai.world.shocks import Scenario, run
from serai.world.shocks.extraction import value_added_lost_by_cell
from serai.world.table import WorldTable

COUNTRIES = 77


@cache
def table() -> WorldTable:
    """An invented table of the size and classification of the OECD's, with home bias."""
    random = np.random.default_rng(0)
    codes = tuple(industries("oecd2023"))
    home = np.kron(np.eye(COUNTRIES), np.ones((len(codes), len(codes))))
    Z = random.random(home.shape) * (1 + 200 * home)
    F = random.random((len(home), COUNTRIES)) * (1 + 200 * home[:, :: len(codes)]) * 2 * len(codes)
    countries = tuple(f"C{number}" for number in range(COUNTRIES))
    return WorldTable(countries, codes, ("final",), Z, F, 2000, "$", classification="oecd2023")


def fresh() -> WorldTable:
    """The same flows with nothing derived yet."""
    return replace(table())


def factorise() -> object:
    matrix = np.asfortranarray(np.eye(table().n) - table().Z / table().x)
    return scipy.linalg.lu_factor(matrix, overwrite_a=True, check_finite=False)


@benchmark("world-measure", against="one LU factorisation of the table")
def all_indicators() -> tuple[Work, Work]:
    """How long do all indicators of all countries take that a table alone can give?"""
    return lambda: measure(fresh()), factorise


@benchmark("world-scenario", against="reading the LU factors once")
def one_static_scenario() -> tuple[Work, Work]:
    """How long does a static scenario take after the factorisation?"""
    known = fresh()
    scenario = Scenario("supply", {"share": 0.1, "countries": ["C3"], "industries": ["C26"]})
    factors, _ = known._factors
    return lambda: run(known, scenario), factors.sum


@benchmark("world-extractions", against="one LU factorisation of the table")
def every_single_cell_extracted() -> tuple[Work, Work]:
    """How long do all 3,465 single-cell extractions take, the inverse that they read included?"""
    return lambda: value_added_lost_by_cell(fresh()), factorise


@benchmark("world-read", against="reading the file's bytes")
def read_a_table() -> tuple[Work, Work]:
    """How long does it take to read a table of 3,465 cells from Parquet?"""
    kept = tempfile.TemporaryDirectory(prefix="serai-bench-")  # gone when the two functions are
    write_folder(table().with_precision(np.float32), Path(kept.name))
    return lambda: read_folder(Path(kept.name)), lambda: [path.read_bytes() for path in Path(kept.name).iterdir()]


@benchmark("world-firms", against="sorting as many random links")
def generate_firms() -> tuple[Work, Work]:
    """How long does it take to invent 100,000 firms with a million links behind a table?"""
    links = np.random.default_rng(0).integers(100_000, size=(2, 1_000_000))
    return lambda: generate_network(read(), 100_000, seed=0), lambda: np.lexsort(links)
