"""Reading world tables of real size: Serai's own layout, and files as large as the publishers'."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks import Finding, cpu_seconds, trial
from serai.world.classifications.industries import industries
from serai.world.readers import read
from serai.world.readers.folder import write_folder
from serai.world.readers.oecd import USES
from serai.world.table import WorldTable

COUNTRIES = 81


def table_of(n_countries: int) -> WorldTable:
    """An invented table of 50 industries; with 81 countries it has 4,050 cells, as many as the OECD's of 2025."""
    random = np.random.default_rng(0)
    codes = tuple(industries("oecd2025"))
    n = n_countries * len(codes)
    countries = tuple(f"A{number:02d}" for number in range(n_countries))
    Z = random.lognormal(sigma=2, size=(n, n)).round(4)
    F = random.lognormal(sigma=2, size=(n, n_countries * len(USES))).round(4) * len(codes)
    return WorldTable(countries, codes, USES, Z, F, 2022, "$", classification="oecd2025", inventories="INVNT")


def reading(path: Path) -> tuple[float, float]:
    """CPU-seconds of reading the table and of reading the bytes of its files."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    read(path)  # imports and caches are warm in both
    return cpu_seconds(lambda: read(path)), cpu_seconds(lambda: [file.read_bytes() for file in files])


@trial("readers-folder", tiny={"countries": 2})
def a_table_from_parquet(countries: int = COUNTRIES) -> Iterator[Finding]:
    """How long does it take to read a table of 4,050 cells from Serai's own layout?"""
    whole = table_of(countries)
    for precision in (np.float64, np.float32):
        with tempfile.TemporaryDirectory(prefix="serai-bench-") as kept:
            write_folder(whole.with_precision(precision), Path(kept))
            seconds, raw = reading(Path(kept))
        name = np.dtype(precision).name
        yield Finding(f"{name}: CPU-seconds", seconds, most=2)
        yield Finding(f"{name}: CPU-seconds over those of reading the bytes", seconds / raw)


@trial("readers-oecd", tiny={"countries": 2})
def a_table_from_the_oecds_csv(countries: int = COUNTRIES) -> Iterator[Finding]:
    """How long does it take to read a year of the OECD's tables as published, 4,050 cells as CSV?"""
    whole = table_of(countries)
    with tempfile.TemporaryDirectory(prefix="serai-bench-") as kept:
        path = Path(kept) / "2022_SML.csv"
        write_oecd(whole, path)
        seconds, raw = reading(path)
    yield Finding("CPU-seconds", seconds, most=10)
    yield Finding("CPU-seconds over those of reading the bytes", seconds / raw)


def write_oecd(whole: WorldTable, path: Path) -> None:
    """The table in the OECD's layout, all value added without taxes."""
    nodes = [f"{country}_{industry}" for country, industry in whole.labels]
    finals = [f"{country}_{use}" for country, use in whole.final_labels]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["V1", *nodes, *finals, "OUT"]) + "\n")
        for node, flows, demand, output in zip(nodes, whole.Z, whole.F, whole.x, strict=True):
            file.write(
                ",".join([node, *map(repr, flows.tolist()), *map(repr, demand.tolist()), repr(float(output))]) + "\n"
            )
        for label, values in (("TLS", np.zeros(whole.n)), ("VA", whole.v), ("OUT", whole.x)):
            file.write(",".join([label, *map(repr, values.tolist()), *["0"] * (len(finals) + 1)]) + "\n")
