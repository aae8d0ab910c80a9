"""`serai world tables` and `serai world info`: what can be read, and what one table holds."""

from dataclasses import asdict

import typer
from rich.text import Text

from serai.world.command import FOUND_A_PROBLEM, app
from serai.world.command.options import AsJson, TableName, ToParquet, read_table
from serai.world.command.output import console, handed_over, say_json, show, waiting


@app.command(epilog="Example: serai world tables --json")
def tables(as_json: AsJson = False, parquet: ToParquet = None) -> None:
    """List the tables that Serai reads by name, which of them are on this machine, and how to get the others."""
    from serai.world.readers import READERS
    from serai.world.readers.download import how_to_get

    records = [
        {
            "name": f"{reader.key}/{year}",
            "here": reader.find(year) is not None,
            "get": how_to_get(reader),
            "title": reader.title,
            "citation": reader.citation,
            "terms": reader.terms,
        }
        for reader in READERS.values()
        for year in reader.years
    ]
    if handed_over(records, as_json, parquet):
        return
    here = {str(record["name"]) for record in records if record["here"]}
    rows = []
    for reader in READERS.values():
        years_here = sum(f"{reader.key}/{year}" in here for year in reader.years)
        span = f"{reader.years[0]} to {reader.years[-1]}" if len(reader.years) > 1 else "".join(map(str, reader.years))
        count = f"{years_here} of {len(reader.years)}" if reader.years else ""
        rows.append((reader.key, span, count, reader.title, how_to_get(reader)))
    show(("reader", "years", "here", "what", "how to get it"), rows)


@app.command(epilog="Example: serai world info wiod2013/2011")
def info(table: TableName = None, as_json: AsJson = False) -> None:
    """Say what a table holds and whether its accounts balance (exit 1 where they do not)."""
    from serai.world.hygiene import balance_sheet

    read = read_table(table)
    with waiting("Checking the accounts"):
        sheet = balance_sheet(read)
    texts = ("name", "year", "unit", "source", "citation", "terms", "classification", "inventories", "log")
    facts = {text: getattr(read, text) for text in texts}
    facts |= {label: list(getattr(read, label)) for label in ("countries", "industries", "uses")}
    facts |= {
        "extensions": {
            name: {"unit": extension.unit, "source": extension.source} for name, extension in read.extensions.items()
        }
    }
    if as_json:
        say_json(facts | {"log": list(read.log), "balance": [asdict(check) for check in sheet.checks]})
    else:
        for name, fact in facts.items():
            fact_text = ", ".join(map(str, fact)) if isinstance(fact, list | tuple | dict) else str(fact or "")
            if fact_text:
                console().print(Text.assemble((f"{name:<16}", "bold"), fact_text))
        console().print(f"\n{sheet}")
    if not sheet.holds:
        raise typer.Exit(FOUND_A_PROBLEM)
