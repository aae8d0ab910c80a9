"""Options that the commands share: table, country, chain and output, and how their texts are read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serai.world.command.output import waiting

if TYPE_CHECKING:
    from serai.world.table import WorldTable

FINAL_DEMAND, MAKERS = "final_demand", "makers"
"""The questions that a table of the package answers, as `serai.world.readers` names them; importing that takes time."""

TableName = Annotated[
    str | None,
    typer.Argument(
        metavar="TABLE", help="A name such as wiod2013/2011, or a path; else the table of SERAI_TABLE or the package."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Say it in JSON, for a program to read.")]
ToParquet = Annotated[
    Path | None, typer.Option("--parquet", metavar="FILE", dir_okay=False, help="Write the records to this file.")
]
Countries = Annotated[
    list[str] | None, typer.Option("--country", help="Only this country, by code or name; may be repeated.")
]
Properties = Annotated[
    list[str] | None, typer.Option("--property", help="Only this property, such as secure; may be repeated.")
]
Symbols = Annotated[
    list[str] | None, typer.Option("--symbol", help="Only this indicator, such as S1; may be repeated.")
]
OfChain = Annotated[
    str | None, typer.Option("--chain", metavar="SLUG", help="Count only what this chain makes, such as smart-vehicle.")
]


def read_table(name: str | None, question: str = FINAL_DEMAND) -> "WorldTable":
    """The table of this name or path; without one, that of SERAI_TABLE or the package's for this question."""
    from serai.world.readers import UnreadableTable, read

    with waiting(f"Reading {name or 'the table'}"):
        try:
            return read(name, question=question)
        except KeyError as error:
            raise typer.BadParameter(str(error.args[0])) from None
        except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
            raise UnreadableTable(f"{name} cannot be read: {error.strerror}.") from None


def country_of(table: "WorldTable", text: str) -> str:
    """The table's label of a country given by label, code or name."""
    from serai.world.classifications.countries import find

    country = find(text)
    for label in (text, text.upper(), country.alpha3 if country else None):
        if label in table.countries:
            return str(label)
    raise typer.BadParameter(f"The table has no country '{text}'; it has {', '.join(table.countries)}.")


def code_of(text: str) -> str:
    """The alpha-3 code of a country given by code or name."""
    from serai.world.classifications.countries import find

    country = find(text)
    if country is None:
        raise typer.BadParameter(f"There is no country '{text}'.")
    return country.alpha3


def chain_cells(table: "WorldTable", slug: str) -> Any:
    from serai.world.chains import BUILTIN, builtin_chains
    from serai.world.industries import cells_making

    chains = {chain.slug: chain for chain in builtin_chains(BUILTIN)}
    if slug not in chains:
        raise typer.BadParameter(f"There is no chain '{slug}'; there are {', '.join(chains)}.")
    return cells_making(table, [code for node in chains[slug].nodes for code in node.isic])
