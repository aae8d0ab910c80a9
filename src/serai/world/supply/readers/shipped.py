"""The shares that come with Serai: `world/data/supply/*.csv`, and files in the same layout that a user mounts.

Columns: node, country, share, grade, year, source, unit; docs/method/supply.md explains them. `source` is a key of
sources.csv, or a text. A folder `supply-shares` in SERAI_DATA or in the cache may hold more such files, and
`serai world get usgs` fetches the publisher's; newer ones win.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from serai.world.readers import data_folders
from serai.world.readers.product_files import USGS
from serai.world.supply.readers.rows import WITHHELD, Row, rows
from serai.world.supply.readers.usgs import read_usgs
from serai.world.supply.records import Grade, ShareRow

COLUMNS = ("node", "country", "share", "amount", "grade", "year", "source", "unit")
NEEDED = ("node", "country", "grade", "year", "source")
NOT_SHARES = frozenset({"places.csv", "products.csv", "sources.csv"})
MOUNTED = "supply-shares"
"""The folder, in SERAI_DATA or the cache, with files of shares that take the place of older ones."""


def shipped_shares() -> tuple[ShareRow, ...]:
    """All shares at hand; `node` is chain/node. Raises UnreadableSupply."""
    mounted = tuple(
        path for folder in data_folders() if (folder / MOUNTED).is_dir() for path in (folder / MOUNTED).glob("*.csv")
    )
    usgs = USGS.latest()
    fetched = () if usgs is None else read_usgs(usgs[1])
    return (*_packaged(), *fetched, *(row for path in sorted(mounted) for row in read_shares(path)))


@cache
def _packaged() -> tuple[ShareRow, ...]:
    folder = files("serai.world") / "data" / "supply"
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".csv") and path.name not in NOT_SHARES),
        key=lambda path: path.name,
    )
    return tuple(row for path in paths for row in read_shares(path))


def read_shares(path: Traversable) -> tuple[ShareRow, ...]:
    """The shares of one file. Raises UnreadableSupply with file and line."""
    return tuple(share for row in rows(path, COLUMNS, NEEDED) for share in shares_of(row))


def shares_of(row: Row) -> Iterator[ShareRow]:
    """The shares that a row states: one for each node that it names, parted by semicolons."""
    row.needed("node")
    share, is_amount = share_or_amount(row)
    for node in row.words("node"):
        yield ShareRow(
            node=node,
            country=row.place("country"),
            share=share,
            grade=row.grade(Grade.STATED),
            year=row.year(),
            source=sources().get(row.text("source"), row.text("source")),
            unit=row.text("unit"),
            is_amount=is_amount,
        )


def share_or_amount(row: Row) -> tuple[float | None, bool]:
    """The share or the amount of a row, and whether it is an amount; None where the source withholds it."""
    given = [column for column in ("share", "amount") if row.text(column)]
    if len(given) != 1:
        raise row.refused("Fill either 'share' or 'amount'; write W where the source withholds the number.")
    if row.text(given[0]) in WITHHELD:
        return None, given[0] == "amount"
    return (row.number("amount"), True) if given[0] == "amount" else (row.share("share"), False)


@cache
def sources() -> dict[str, str]:
    """The texts of sources.csv by key."""
    path = files("serai.world") / "data" / "supply" / "sources.csv"
    return {row.needed("key"): row.needed("text") for row in rows(path, ("key", "text", "terms"), ("key", "text"))}
