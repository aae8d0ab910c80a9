"""A network of firms and who supplies whom, as one frozen object in compressed sparse rows (CSR), and its readers.

n firms, m supply links; row = supplier, column = buyer. The links of supplier i stand at start[i] to start[i + 1].
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from serai.world.readers import UnreadableTable
from serai.world.table import Array, Indices

if TYPE_CHECKING:
    import polars

type Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class FirmNetwork:
    """Firms with country, industry, main product and size, and supply links with value and product.

    `country`, `industry` and `product` (n,) point into the labels; `size` (n,) is sales in `unit`. `start` (n + 1,),
    `buyer` (m,), `value` (m,) in `unit` and `traded` (m,), the product of each link, hold the links: by supplier, the
    buyers in ascending order. Two firms may be linked by several products, each once.

    Raises ValueError, with the firm or link at fault, for arrays that are not a network.
    """

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    products: tuple[str, ...]
    country: Codes
    industry: Codes
    product: Codes
    size: Array
    start: Indices
    buyer: Codes
    value: Array
    traded: Codes
    unit: str
    names: tuple[str, ...] | None = None
    source: str = ""

    def __post_init__(self) -> None:
        n, m = len(self.size), len(self.buyer)
        shapes = {"country": n, "industry": n, "product": n, "size": n, "start": n + 1, "value": m, "traded": m}
        for name, length in (shapes | {"buyer": m}).items():
            values = np.asarray(getattr(self, name)).view()
            if values.shape != (length,):
                raise ValueError(f"{name} has shape {values.shape}; {n} firms and {m} links need ({length},).")
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        if self.names is not None and len(set(self.names)) != n:
            raise ValueError(f"{n} firms need as many names, all different; there are {len(set(self.names))}.")
        for name, labels in (("country", self.countries), ("industry", self.industries), ("product", self.products)):
            self._refuse(f"firm {{}} has {name} {{}}, outside 0 to {len(labels) - 1}", name, len(labels))
        self._refuse(f"link {{}} has product {{}}, outside 0 to {len(self.products) - 1}", "traded", len(self.products))
        self._refuse(f"link {{}} leads to firm {{}}, outside 0 to {n - 1}", "buyer", n)
        self._refuse("firm {} has the size {}; a number of at least 0 is needed", "size")
        self._refuse("link {} has the value {}; a number of at least 0 is needed", "value")
        if self.start[0] != 0 or self.start[-1] != m or (np.diff(self.start) < 0).any():
            raise ValueError(f"start must rise from 0 to the {m} links.")

    def _refuse(self, sentence: str, name: str, below: int | None = None) -> None:
        values = getattr(self, name)
        wrong = ~((values >= 0) & np.isfinite(values)) if below is None else (values < 0) | (values >= below)
        if wrong.any():
            place = int(wrong.argmax())
            raise ValueError(f"{sentence.format(place, values[place])}.")

    def __repr__(self) -> str:
        return f"<FirmNetwork {self.source}: {self.n:,} firms, {self.m:,} links, {self.unit}>"

    @property
    def n(self) -> int:
        """Number of firms."""
        return len(self.size)

    @property
    def m(self) -> int:
        """Number of links."""
        return len(self.buyer)

    @cached_property
    def supplier(self) -> Codes:
        """The supplier of each link, shape (m,)."""
        return np.repeat(np.arange(self.n, dtype=self.buyer.dtype), np.diff(self.start))

    @cached_property
    def matrix(self) -> scipy.sparse.csr_array:
        """Values, suppliers by buyers, shape (n, n); links of several products between two firms stand side by side."""
        return scipy.sparse.csr_array((self.value, self.buyer, self.start), shape=(self.n, self.n))

    @cached_property
    def sold(self) -> Array:
        """Value of what each firm sells to others, shape (n,)."""
        return np.bincount(self.supplier, self.value, self.n)

    @cached_property
    def bought(self) -> Array:
        """Value of what each firm buys from others, shape (n,)."""
        return np.bincount(self.buyer, self.value, self.n)

    @cached_property
    def links_out(self) -> Indices:
        """Number of links to buyers, shape (n,)."""
        return np.diff(self.start)

    @cached_property
    def links_in(self) -> Indices:
        """Number of links from suppliers, shape (n,)."""
        return np.bincount(self.buyer, minlength=self.n)

    def buyers_of(self, firm: int) -> Codes:
        """The firms that this one supplies."""
        return self.buyer[self.start[firm] : self.start[firm + 1]]

    def suppliers_of(self, firm: int) -> Codes:
        """The firms that supply this one."""
        columns = self._by_buyer
        return columns.indices[columns.indptr[firm] : columns.indptr[firm + 1]]

    @cached_property
    def _by_buyer(self) -> scipy.sparse.csc_array:
        return self.matrix.tocsc()

    @cached_property
    def cell(self) -> Indices:
        """The cell (country x industry, country-major) of each firm, as in a world table, shape (n,)."""
        return np.asarray(self.country, dtype=np.intp) * len(self.industries) + self.industry

    def between_cells(self) -> scipy.sparse.csr_array:
        """Value that flows from cell to cell, the network's own Z, shape (cells, cells)."""
        cells = len(self.countries) * len(self.industries)
        flows = scipy.sparse.coo_array(
            (self.value, (self.cell[self.supplier], self.cell[self.buyer])), shape=(cells, cells)
        )
        return flows.tocsr()

    def with_links(self, supplier: Codes, buyer: Codes, value: Array, traded: Codes | None = None) -> Self:
        """The same firms with these links in the place of the old ones, in any order; see `sorted_links`."""
        product = self.product[supplier] if traded is None else traded
        return replace(self, **sorted_links(self.n, supplier, buyer, value, product))


def sorted_links(n: int, supplier: Codes, buyer: Codes, value: Array, traded: Codes) -> dict[str, Any]:
    """Links in any order as the fields start, buyer, value and traded of a network; equal ones are added together."""
    order = np.lexsort((traded, buyer, supplier))
    supplier, buyer, traded = supplier[order], buyer[order], traded[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(supplier) != 0) | (np.diff(buyer) != 0) | (np.diff(traded) != 0)
    first = np.flatnonzero(new)
    summed = np.add.reduceat(value[order], first) if len(first) else np.zeros(0)
    start = np.zeros(n + 1, dtype=np.intp)
    np.cumsum(np.bincount(supplier[first], minlength=n), out=start[1:])
    return {"start": start, "buyer": buyer[first], "value": summed, "traded": traded[first]}


def network_from_arrays(
    *,
    countries: Iterable[str],
    industries: Iterable[str],
    products: Iterable[str],
    country: Codes,
    industry: Codes,
    product: Codes,
    size: Array,
    supplier: Codes,
    buyer: Codes,
    value: Array,
    traded: Codes | None = None,
    unit: str,
    names: Iterable[str] | None = None,
    source: str = "",
) -> FirmNetwork:
    """The network of firms (n,) and links (m,) as arrays, links in any order; equal ones are added together.

    `country`, `industry` and `product` point into the labels, `supplier` and `buyer` to firms; `traded` is the product
    of each link, the supplier's main one where it is None. Raises ValueError with the firm or link at fault.
    """
    size, n = np.asarray(size, dtype=float), len(size)
    ends = {"leads from": np.asarray(supplier), "leads to": np.asarray(buyer)}
    for what, firm in ends.items():
        wrong = (firm < 0) | (firm >= n)
        if wrong.any():
            raise ValueError(f"link {wrong.argmax()} {what} firm {firm[wrong.argmax()]}, outside 0 to {n - 1}.")
    seller, taker = ends.values()
    if (itself := seller == taker).any():
        raise ValueError(f"link {itself.argmax()} leads from firm {seller[itself.argmax()]} to itself.")
    main = np.asarray(product)[seller] if traded is None else np.asarray(traded)
    return FirmNetwork(
        countries=tuple(countries),
        industries=tuple(industries),
        products=tuple(products),
        country=country,
        industry=industry,
        product=product,
        size=size,
        unit=unit,
        names=None if names is None else tuple(names),
        source=source,
        **sorted_links(n, seller, taker, np.asarray(value, dtype=float), main),
    )


FIRM_COLUMNS = {"firm": str, "country": str, "industry": str, "product": str, "size": float}
LINK_COLUMNS = {"supplier": str, "buyer": str, "value": float}


def network_of(firms: "polars.DataFrame", links: "polars.DataFrame", *, unit: str, source: str = "") -> FirmNetwork:
    """The network of records: firms (firm, country, industry, product, size), links (supplier, buyer, value).

    Links may have a column product; without one, or where it is empty, a supplier sells its main product. Raises
    UnreadableTable with the row and column at fault, counted from 1 without the header.
    """
    import polars as pl  # 20 MB, which a process that reads no list does not need

    firms = _typed(firms, FIRM_COLUMNS, "firms")
    extra = {"product": str} if "product" in links.columns else {}
    links = _typed(links, LINK_COLUMNS | extra, "links", optional=tuple(extra))
    _refuse_rows("firms", "firm", firms, firms["firm"].is_duplicated(), "stands twice")
    for table, frame, column in (("firms", firms, "size"), ("links", links, "value")):
        wrong = (frame[column] < 0) | ~frame[column].is_finite()
        _refuse_rows(table, column, frame, wrong, "is not a number of at least 0")
    names = tuple(firms["firm"].to_list())
    place = pl.DataFrame(
        {"firm": names, "place": np.arange(len(names), dtype=np.int32)}, schema={"firm": pl.String, "place": pl.Int32}
    )
    ends = {}
    for end in ("supplier", "buyer"):
        ends[end] = links.select(firm=end).join(place, on="firm", how="left", maintain_order="left")["place"]
        _refuse_rows("links", end, links, ends[end].is_null(), "is no firm")
    _refuse_rows("links", "buyer", links, links["buyer"] == links["supplier"], "supplies itself")
    labels, codes = zip(*(_coded(firms[column]) for column in ("country", "industry")), strict=True)
    supplier, buyer = (ends[end].to_numpy() for end in ("supplier", "buyer"))
    main = firms["product"].gather(ends["supplier"])
    traded = links["product"].fill_null(main) if extra else main
    products, product = _coded(pl.concat([firms["product"], traded.rename("product")]))
    return network_from_arrays(
        countries=labels[0],
        industries=labels[1],
        products=products,
        country=codes[0],
        industry=codes[1],
        product=product[: len(names)],
        size=firms["size"].to_numpy(),
        supplier=supplier,
        buyer=buyer,
        value=links["value"].to_numpy(),
        traded=product[len(names) :],
        unit=unit,
        names=names,
        source=source,
    )


def read_network(firms: Path, links: Path, *, unit: str) -> FirmNetwork:
    """The network of two files, CSV or Parquet, with the columns of `network_of`. Raises UnreadableTable."""
    return network_of(_load(firms), _load(links), unit=unit, source=firms.name)


def _load(path: Path) -> "polars.DataFrame":
    import polars as pl

    try:
        return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableTable(f"{path} cannot be read: {error}.") from None


def _typed(
    frame: "polars.DataFrame", columns: dict[str, Any], table: str, optional: Iterable[str] = ()
) -> "polars.DataFrame":
    """The columns in their types; a text that is no number, or an empty field, is refused."""
    import polars as pl

    for name in columns:
        if name not in frame.columns:
            raise UnreadableTable(f"The {table} have no column '{name}'; they need {', '.join(columns)}.")
    typed = frame.select(pl.col(name).cast(kind, strict=False) for name, kind in columns.items())
    for name, kind in columns.items():
        if name not in optional:
            what = "is not a number" if kind is float else "is empty"
            _refuse_rows(table, name, frame, typed[name].is_null(), what)
    return typed


def _refuse_rows(table: str, column: str, frame: "polars.DataFrame", wrong: "polars.Series", what: str) -> None:
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        raise UnreadableTable(f"The {table}, row {row + 1}, column {column}: {frame[column][row]!r} {what}.")


def _coded(values: "polars.Series") -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The labels in the order in which they first appear, and the code of each value."""
    import polars as pl

    labels = values.unique(maintain_order=True)
    codes = values.replace_strict(labels, np.arange(len(labels), dtype=np.int32), return_dtype=pl.Int32)
    return tuple(labels.to_list()), codes.to_numpy()
