"""The command ``serai chain``: chains as data, who makes each node, what stops, what one more source is worth."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command.options import MAKERS, AsJson, ToParquet, read_table
from serai.world.command.output import (
    between,
    console,
    err,
    handed_over,
    named,
    number,
    say_json,
    show,
    waiting,
    writing,
)

if TYPE_CHECKING:
    from serai.world.supply import Declared, SupplyNetwork
    from serai.world.table import WorldTable

app = typer.Typer(
    help="Chains by product: who makes each node, what stops when a country stops, what one more source is worth.",
    no_args_is_help=True,
)

FOUND_A_PROBLEM = 1
LOADED = "chains"
"""The folder of the cache with the chains that `load` has taken in."""

MOST_TOLD = 8
"""Stops that the summary of a chain shows."""

ChainName = Annotated[
    str,
    typer.Argument(metavar="SLUG|FOLDER", help="A built-in or loaded chain, a folder of CSV files or a TOML file."),
]
Table = Annotated[
    str | None,
    typer.Option("--table", metavar="TABLE", help="A world table by name or path, in place of the package's."),
]


def declared_of(text: str) -> "Declared":
    """The chain that a text names."""
    from serai.world.cache import cache_folder
    from serai.world.chains import BUILTIN, builtin_chains, read_chain
    from serai.world.supply import Declared, read_chain_folder

    path = Path(text)
    if text in BUILTIN:
        return Declared(builtin_chains((text,))[0])
    if path.is_dir():
        return read_chain_folder(path)
    if path.suffix == ".toml":
        return Declared(read_chain(path))
    if re.fullmatch(r"[a-z0-9-]+", text) and (folder := cache_folder(LOADED) / text).is_dir():
        return read_chain_folder(folder)
    loaded = sorted(folder.name for folder in cache_folder(LOADED).glob("*") if folder.is_dir())
    there = f"built in: {', '.join(BUILTIN)}{'; loaded: ' if loaded else ''}{', '.join(loaded)}"
    raise typer.BadParameter(f"There is neither a chain nor a folder '{text}'; {there}.")


def network_of(declared: "Declared", table: str | None) -> "SupplyNetwork":
    """The network of a chain with the package's shares, the world table and the exports at hand."""
    return joined(declared, fine_table(table))


def fine_table(table: str | None) -> "WorldTable":
    """The table asked for, else the one of SERAI_TABLE, else the finest of the package."""
    return read_table(table, MAKERS)


def joined(declared: "Declared", world: "WorldTable") -> "SupplyNetwork":
    """The network of a chain on a table, with the exports at hand."""
    from serai.world.readers import TableNotHere
    from serai.world.supply import supply_network
    from serai.world.trade import read_exports

    with waiting("Joining the makers"):
        try:
            exports = read_exports()
        except TableNotHere:
            exports = None
        return supply_network(declared, table=world, exports=exports)


@app.command(epilog="Example: serai chain check my-chain")
def check(name: ChainName, as_json: AsJson = False) -> None:
    """Say what is wrong in a chain, with file and line, and what it leaves open."""
    from serai.world.chains import ChainError, check_chain
    from serai.world.supply import UnreadableSupply

    try:
        declared = declared_of(name)
    except (ChainError, UnreadableSupply) as error:
        faults, remarks = str(error).splitlines(), []
    else:
        faults, remarks = [], list(check_chain(declared.chain))
    if as_json:
        say_json({"sound": not faults, "faults": faults, "remarks": remarks})
    else:
        for sentence in faults:
            console().print(sentence)
        if not faults:
            chain = declared.chain
            console().print(f"{chain.slug}: {len(chain.nodes)} nodes and {len(chain.edges)} edges, no fault.")
        if remarks:
            console().print("Not needed to compute, but for a fair:")
            for sentence in remarks:
                console().print(f"  {sentence}")
    if faults:
        raise typer.Exit(FOUND_A_PROBLEM)


@app.command(epilog="Example: serai chain new my-chain")
def new(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is not there yet.")]) -> None:
    """Write an example of a chain as a folder of CSV files, to be filled with one's own."""
    from serai.world.supply.example import example_chain
    from serai.world.supply.readers import write_chain_folder

    if folder.exists():
        raise typer.BadParameter(f"{folder} is there already; name another.")
    with writing(folder):
        write_chain_folder(example_chain(), folder)
    console().print(f"{folder}: {', '.join(sorted(file.name for file in folder.iterdir()))}.")
    console().print(f"Fill them with a spreadsheet, then: serai chain check {folder}")


@app.command(epilog="Example: serai chain load my-chain")
def load(name: ChainName, table: Table = None, as_json: AsJson = False, parquet: ToParquet = None) -> None:
    """Take in a folder of CSV files, to be named by its slug from now on, and show what is in it."""
    from serai.world.cache import cache_folder
    from serai.world.supply import write_chain_folder

    declared = declared_of(name)
    if Path(name).is_dir():
        target = cache_folder(LOADED) / declared.chain.slug
        if target.resolve() != Path(name).resolve():
            with writing(target):
                shutil.rmtree(target, ignore_errors=True)
                write_chain_folder(declared, target)
        err.print(f"Loaded as '{declared.chain.slug}'.")
    _tell(network_of(declared, table), declared, as_json, parquet)


@app.command(name="show", epilog="Example: serai chain show clean-energy")
def show_chain(name: ChainName, table: Table = None, as_json: AsJson = False, parquet: ToParquet = None) -> None:
    """Show the nodes of a chain: who makes most of each, how concentrated, single sources, requirement groups."""
    declared = declared_of(name)
    _tell(network_of(declared, table), declared, as_json, parquet)


def _tell(network: "SupplyNetwork", declared: "Declared", as_json: bool, parquet: Path | None) -> None:
    records = network.node_records()
    if handed_over(records, as_json, parquet):
        return
    from serai.world.supply import exposure_to_makers

    chain = network.chain
    single = [row for row in records if row["single_source"]]
    groups = [group for group in chain.groups if len(group.members) > 1]
    console().print(Text(chain.title.get("en", chain.slug), "bold"))
    console().print(
        f"{network.n} nodes, {len(chain.edges)} edges, {len(network.groups)} requirement groups, "
        f"{len(declared.providers)} providers, {len(network.firms)} of them firms."
    )
    show(
        ("node", "largest maker", "share", "largest three", "H", "effective", "unknown", "grade", "year"),
        [
            (
                row["node"],
                named(row["largest"]) if row["largest"] else "-",
                f"{row['first']:.0%}",
                f"{row['first_three']:.0%}",
                between(row["concentration_low"], row["concentration_high"], ".2f"),
                f"{row['effective_low']:.1f} or more"
                if row["effective_high"] is None
                else between(row["effective_low"], row["effective_high"], ".1f"),
                f"{row['unknown']:.0%}",
                row["grade"],
                str(row["year"] or "-"),
            )
            for row in records
        ],
    )
    console().print(Text("\nSingle sources: one country makes 70 % or more", "bold"))
    for row in single:
        console().print(f"  {row['title']}: {named(row['largest'])} {row['first']:.0%}, {row['source'] or 'no source'}")
    if not single:
        console().print("  none by what is known")
    if groups:
        console().print(Text("\nAny of these serves", "bold"))
        for group in groups:
            console().print(f"  {group.user} needs {' or '.join(group.members)}")
    stops = exposure_to_makers(network).records(0.005)[:MOST_TOLD]
    console().print(Text("\nWhat takes most of an end node when it stops", "bold"))
    for row in stops:
        node, _, country = row["stops"].rpartition("/")
        missing = between(row["loss_low"], row["loss_high"], ".0%")
        console().print(f"  {node} in {named(country)}: {missing} of {row['end']}")


@app.command(epilog="Example: serai chain shares clean-energy --json")
def shares(name: ChainName, table: Table = None, as_json: AsJson = False, parquet: ToParquet = None) -> None:
    """Show who makes how much of each node, with grade, year and source."""
    network = network_of(declared_of(name), table)
    records = network.records()
    if handed_over(records, as_json, parquet):
        return
    columns = ("node", "country", "share", "grade", "year", "source")
    show(columns, [tuple(_said(name, row[name]) for name in columns) for row in records])
    from serai.world.supply.records import GRADES

    console().print("\n" + "\n".join(f"{grade}: {text}" for grade, text in GRADES.items()))


def _said(column: str, value: Any) -> str:
    if column == "country":
        return named(value)
    if column == "share":
        return f"{value:.1%}"
    return number(value) if isinstance(value, float) else "-" if value is None else str(value)


# The other commands declare themselves when imported; they need the app above.
from serai.world.command import chain_source, chain_stop  # noqa: E402, F401
