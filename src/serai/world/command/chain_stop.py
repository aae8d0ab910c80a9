"""`serai chain stop` and `serai chain map`: what stops when makers stop, and the chain drawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.world.command.chain import ChainName, Table, app, declared_of, network_of
from serai.world.command.options import AsJson, ToParquet
from serai.world.command.output import (
    between,
    check_language,
    check_picture,
    console,
    handed_over,
    named,
    say_json,
    show,
    waiting,
    writing,
)

if TYPE_CHECKING:
    from serai.world.supply import Exposure, Stoppage, SupplyNetwork

MOST_NODES, MOST_INSTEAD = 3, 4
"""Nodes of which a stop tells who else makes them, and how many countries."""

Countries = Annotated[list[str] | None, typer.Option("--country", help="A country that stops; may be repeated.")]
Nodes = Annotated[list[str] | None, typer.Option("--node", help="A node that stops, in --country or everywhere.")]
Firms = Annotated[list[str] | None, typer.Option("--firm", help="A firm that stops; may be repeated.")]
Straits = Annotated[list[str] | None, typer.Option("--strait", help="A strait or canal that is closed, such as suez.")]
Share = Annotated[float, typer.Option("--share", min=0, max=1, help="The part that is lost.")]
Weeks = Annotated[
    int | None, typer.Option("--weeks", min=1, max=520, help="For how many weeks; stocks are drawn. Else without.")
]
Pool = Annotated[
    bool, typer.Option("--pool", help="Months: all get the same of what is left. Else who supplies whom stays.")
]
Scenario = Annotated[
    Path | None, typer.Option("--scenario", metavar="FILE", dir_okay=False, help="A scenario of the kind supply-stop.")
]


@app.command(epilog="Example: serai chain stop clean-energy --country China --weeks 12")
def stop(
    name: ChainName,
    country: Countries = None,
    node: Nodes = None,
    firm: Firms = None,
    strait: Straits = None,
    share: Share = 1.0,
    weeks: Weeks = None,
    pool: Pool = False,
    scenario: Scenario = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many stops a table shows at most.")] = 12,
    table: Table = None,
    as_json: AsJson = False,
    parquet: ToParquet = None,
) -> None:
    """Show what is missing of each node when makers stop; without any named, which single stops take most."""
    network = network_of(declared_of(name), table)
    if scenario is None and not any((country, node, firm, strait)):
        _tell_exposure(network, pool, most, as_json, parquet)
        return
    stoppage = stoppage_of(network, country, node, firm, strait, share, weeks, pool, scenario)
    rows = stoppage.records()
    if handed_over(rows, as_json, parquet):
        return
    console().print(Text(f"{stoppage.name} stops: {network.chain.title.get('en', network.chain.slug)}", "bold"))
    console().print(f"{'months' if stoppage.horizon == 'pool' else 'weeks'}: {_horizon(stoppage)}")
    if not rows:
        console().print("No node loses anything.")
        return
    show(
        ("node", "", "missing", "weeks lost", "survives, weeks", "held back by", "grade"),
        [
            (
                row["node"],
                "end" if row["end"] else "",
                between(row["loss_low"], row["loss_high"], ".1%"),
                "-" if row["weeks_lost_low"] is None else between(row["weeks_lost_low"], row["weeks_lost_high"], ".1f"),
                "-" if row["weeks_to_survive"] is None else f"{row['weeks_to_survive']:.0f}",
                row["held_by"],
                row["grade"],
            )
            for row in rows
        ],
    )
    for code in [row["node"] for row in rows if row["held_by"] == "hit"][:MOST_NODES]:
        console().print(f"  {code}: {_instead(network, code, stoppage)}")
    console().print(
        "\nLow: the makers that nobody names go on; high: they are hit like the largest maker.\n"
        "Nobody finds a new supplier."
    )


def stoppage_of(
    network: "SupplyNetwork",
    country: list[str] | None,
    node: list[str] | None,
    firm: list[str] | None,
    strait: list[str] | None,
    share: float,
    weeks: int | None,
    pool: bool,
    scenario: Path | None,
) -> "Stoppage":
    """What the options, or a scenario's file, ask for. Raises BadParameter for what the network does not have."""
    from serai.world.shocks import Scenario as Asked
    from serai.world.shocks import run
    from serai.world.shocks.scenarios import read_scenario

    given: dict[str, Any] = {"countries": country, "nodes": node, "firms": firm, "straits": strait, "weeks": weeks}
    if scenario is None:
        given |= {"share": share, "horizon": "pool" if pool else "contracts"}
    parameters = {key: value for key, value in given.items() if value}
    asked = Asked("supply-stop") if scenario is None else read_scenario(str(scenario))
    with waiting("Following the stop"):
        try:
            stoppage: Stoppage = run(network, asked, **parameters).answer
        except (KeyError, ValueError, TypeError) as error:
            raise typer.BadParameter(str(error.args[0])) from None
    return stoppage


def _instead(network: "SupplyNetwork", node: str, stoppage: "Stoppage") -> str:
    """Who else makes a node, and who could."""
    from serai.world.supply import alternatives
    from serai.world.supply.network import UNKNOWN

    place = network.node(node)
    stopped = [
        code for code, part in zip(network.countries, stoppage.missing[0].max(axis=0)[place], strict=True) if part > 0.5
    ]
    candidates = [
        candidate for candidate in alternatives(network, node, without=stopped) if candidate.country != UNKNOWN
    ]
    makers = [f"{named(candidate.country)} {candidate.share:.0%}" for candidate in candidates if candidate.share > 0]
    others = [
        f"{named(candidate.country)} {candidate.density:.2f}"
        for candidate in candidates
        if not candidate.makes and candidate.density
    ]
    told = f"made too in {', '.join(makers[:MOST_INSTEAD])}" if makers else "no other maker is known"
    return told + (
        f"; by related exports it could be in {', '.join(others[:MOST_INSTEAD])} (density)" if others else ""
    )


def _horizon(stoppage: "Stoppage") -> str:
    lasts = f", {stoppage.weeks} weeks, stocks are drawn" if stoppage.weeks else ", before stocks"
    return ("all get the same of what is left" if stoppage.horizon == "pool" else "who supplies whom stays") + lasts


def _tell_exposure(network: "SupplyNetwork", pool: bool, most: int, as_json: bool, parquet: Path | None) -> None:
    """Which single countries, and which makers, take most of the end nodes; the smallest cuts."""
    from serai.world.supply import exposure, exposure_to_makers, smallest_cut

    with waiting("Stopping each country and each maker"):
        tables: list[tuple[str, Exposure]] = [
            ("country", exposure(network, pool=pool)),
            ("maker", exposure_to_makers(network, pool=pool)),
        ]
    records = [{"what": what} | row for what, table in tables for row in table.records(0.005)]
    if handed_over(records, as_json, parquet):
        return
    for what, table in tables:
        console().print(Text(f"\nThe single {what} whose stop takes most of an end node", "bold"))
        show(
            ("end node", "stops", "missing"),
            [
                (row["end"], _stopped(row["stops"]), between(row["loss_low"], row["loss_high"], ".1%"))
                for row in table.records(0.005)[:most]
            ],
        )
    console().print(Text("\nThe smallest set of countries whose stop takes half", "bold"))
    with waiting("Looking for the smallest cuts"):
        cuts = [smallest_cut(network, network.nodes[end], pool=pool) for end in network.ends[:most]]
    for cut in cuts:
        proof = "no smaller set does" if cut.is_smallest else f"no set of fewer than {cut.at_least} does"
        told = ", ".join(named(code) for code in cut.countries)
        console().print(f"  {cut.end}: {f'{told} take {cut.loss:.0%}; {proof}' if told else 'not even all together'}")


def _stopped(text: str) -> str:
    node, slash, country = text.rpartition("/")
    return f"{node} in {named(country)}" if slash else named(text)


@app.command(name="map", epilog="Example: serai chain map clean-energy --out clean-energy.svg")
def draw(
    name: ChainName,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", dir_okay=False, help="Ends with svg, png, html, json, csv or parquet."),
    ] = Path("chain.svg"),
    country: Countries = None,
    node: Nodes = None,
    firm: Firms = None,
    strait: Straits = None,
    share: Share = 1.0,
    weeks: Weeks = None,
    pool: Pool = False,
    language: Annotated[str, typer.Option("--language", help="In which nodes and countries are named.")] = "en",
    table: Table = None,
    as_json: AsJson = False,
) -> None:
    """Draw a chain: its nodes with their largest makers, single sources, groups; or what a stop takes of it."""
    check_picture(out)
    check_language(language)
    from serai.world.charts import chain_map

    network = network_of(declared_of(name), table)
    stopped = any((country, node, firm, strait))
    stoppage = stoppage_of(network, country, node, firm, strait, share, weeks, pool, None) if stopped else None
    with waiting("Drawing"):
        drawn = chain_map(network, stoppage, language=language)
        with writing(out):
            drawn.save(out)
    read = drawn.readability
    if as_json:
        from dataclasses import asdict

        say_json({"file": str(out), "title": drawn.title, "alternative": drawn.alternative} | asdict(read))
        return
    console().print(f"{drawn.title}. {drawn.alternative}\n")
    console().print(
        f"{read.crossings} crossings ({read.crossings_at_first} before they were sought to be few), {read.overlaps} "
        f"overlaps, {read.edges_over_boxes} edges through boxes, smallest text {read.smallest_text:g} px, "
        f"{read.width:,.0f} x {read.height:,.0f} px."
    )
    console().print(str(out))
