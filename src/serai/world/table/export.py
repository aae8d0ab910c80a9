"""A table with its labels as an object of another library, pandas, polars or xarray, or as HTML for a notebook.

The libraries are imported when asked for: none of them is needed to read or to measure a table.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from serai.world.notebook import checks_html, facts_html, listed

if TYPE_CHECKING:
    import pandas
    import polars
    import xarray

    from serai.world.table import WorldTable

SELLER = ("country", "industry")
BUYER = ("flow", "buyer", "use")
"""Names of the labels of rows and columns. `flow` is Z (intermediate) or F (final); `use` is the buyer's industry in Z
and the final use in F."""


LARGEST = 5
"""Economies that a notebook lists."""


class MissingPackageError(ImportError):
    """An optional package is not installed; the message says how to install it."""


def to_pandas(table: "WorldTable") -> "pandas.DataFrame":
    """Z beside F, shape (n, n + N*U): rows by (country, industry), columns by (flow, buyer, use)."""
    library = package("pandas")
    columns = [("Z", *label) for label in table.labels] + [("F", *label) for label in table.final_labels]
    return library.DataFrame(
        np.hstack([table.Z, table.F]),
        index=library.MultiIndex.from_tuples(table.labels, names=SELLER),
        columns=library.MultiIndex.from_tuples(columns, names=BUYER),
    )


def to_polars(table: "WorldTable") -> "polars.DataFrame":
    """Every flow as one row: country, industry, flow, buyer, use, value; n * (n + N*U) rows, zeros included."""
    library = package("polars")

    def long(flow: str, flows: Any, buyers: tuple[tuple[str, str], ...]) -> Any:
        rows, columns = len(table.labels), len(buyers)
        sellers = library.DataFrame(table.labels, schema=SELLER, orient="row")
        uses = library.DataFrame(buyers, schema=BUYER[1:], orient="row")
        repeated = sellers[np.repeat(np.arange(rows), columns)]
        tiled = uses[np.tile(np.arange(columns), rows)]
        return repeated.with_columns(library.lit(flow).alias("flow"), *tiled, library.Series("value", flows.ravel()))

    frame: polars.DataFrame = library.concat([long("Z", table.Z, table.labels), long("F", table.F, table.final_labels)])
    return frame


def to_xarray(table: "WorldTable") -> "xarray.Dataset":
    """A dataset with Z (country, industry, buyer, buyer_industry), F (country, industry, buyer, use), x and v."""
    library = package("xarray")
    N, S, U = table.n_countries, table.n_industries, len(table.uses)
    return library.Dataset(
        {
            "Z": ((*SELLER, "buyer", "buyer_industry"), table.Z.reshape(N, S, N, S)),
            "F": ((*SELLER, "buyer", "use"), table.F.reshape(N, S, N, U)),
            "x": (SELLER, table.x.reshape(N, S)),
            "v": (SELLER, table.v.reshape(N, S)),
        },
        coords={
            "country": list(table.countries),
            "industry": list(table.industries),
            "buyer": list(table.countries),
            "buyer_industry": list(table.industries),
            "use": list(table.uses),
        },
        attrs={"year": table.year, "unit": table.unit, "source": table.source, "citation": table.citation},
    )


def to_html(table: "WorldTable") -> str:
    """What a table holds, its largest economies, and what its accounts show without a factorisation."""
    world = table.gdp.sum()
    largest = np.argsort(-table.gdp, kind="stable")[:LARGEST]
    economies = (
        f"{table.countries[country]} {table.gdp[country] / world:.1%}" if world else table.countries[country]
        for country in largest
    )
    facts = [
        ("source", table.source),
        ("unit", table.unit),
        ("countries", listed(table.countries)),
        ("industries", listed(table.industries)),
        ("final uses", listed(table.uses)),
        ("extensions", ", ".join(f"{name} ({item.unit})" for name, item in table.extensions.items())),
        ("largest by value added", ", ".join(economies)),
        ("done to the numbers", " ".join(table.log)),
        ("cite", table.citation),
    ]
    size = f"{table.n_countries} countries x {table.n_industries} industries"
    caption = f"{table.name or 'World table'} {table.year}: {size}"
    return facts_html(caption, facts) + checks_html((check.holds, check.sentence) for check in table.sign_checks)


def package(name: str) -> Any:
    """An optional package. Raises MissingPackageError."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingPackageError(
            f"This needs the package {name}, which is not installed: pip install {name}", name=name
        ) from None
