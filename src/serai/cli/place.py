"""On which nodes of the chains texts belong, without a database."""

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from serai.cli import app
from serai.cli.console import ONE_THREAD, AsJson, RefusedError, out

if TYPE_CHECKING:
    from serai.match.placing import Item
    from serai.world.chains import Chain

LEAST = 0.05
"""Least confidence that is told: an analyst sees guesses, while a fair shows nothing below one half."""

SIDES = ("offer", "need")


@app.command(epilog="Example: serai place texts.jsonl --chains clean-energy --chains my-chain.toml --json")
def place(
    texts: Annotated[
        Path, typer.Argument(metavar="TEXTS", help="Lines of JSON with id, side (offer or need) and text.")
    ],
    chains: Annotated[
        list[str] | None,
        typer.Option("--chains", help="A built-in chain or a chain file, once for each; else the six of the mission."),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many nodes of a text at most.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Place texts on the nodes of chains, each with its confidence and the words that led there."""
    os.environ.update(ONE_THREAD)
    from serai.match.placing import place as placed

    items = list(_items(texts))
    placements = placed(items, _chains(chains), floor=LEAST, per_item=most)
    nodes_of: dict[str, list[dict[str, Any]]] = {
        key: [
            {
                "node": f"{placement.chain}/{placement.node}",
                "confidence": round(placement.confidence, 4),
                "evidence": [evidence.what for evidence in placement.evidence],
            }
            for placement in of_item
        ]
        for key, of_item in groupby(placements, key=lambda placement: placement.item)
    }
    for item in items:
        nodes = nodes_of.get(item.key, [])
        if as_json:
            typer.echo(json.dumps({"id": item.key, "nodes": nodes}, ensure_ascii=False))
            continue
        out.print(Text(item.key, "bold"))
        for node in nodes:
            out.print(f"    {node['confidence']:.2f}  {node['node']}  {'; '.join(node['evidence'])}", markup=False)


def _items(path: Path) -> Iterator["Item"]:
    """The texts of the file. Raises RefusedError with the line that is wrong."""
    from serai.match.placing import Item, Side

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path} cannot be read as UTF-8 text ({error}); give a file of JSON lines.") from None
    seen = set[str]()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise RefusedError(f"{path}, line {number}: not JSON ({error.msg}); write one record a line.") from None
        if not isinstance(record, dict) or not {"id", "side", "text"} <= record.keys():
            raise RefusedError(f"{path}, line {number}: a record has id, side and text; add what is missing.")
        key, side, text = str(record["id"]), record["side"], record["text"]
        if side not in SIDES or not isinstance(text, str):
            raise RefusedError(f"{path}, line {number}: side is offer or need, and text is a text; mend that record.")
        if key in seen:
            raise RefusedError(f"{path}, line {number}: the id '{key}' stands twice; give each text its own.")
        seen.add(key)
        yield Item(key, Side(side), text)


def _chains(named: list[str] | None) -> "list[Chain]":
    """The chains of these names or files, without any the six of the mission."""
    from serai.world.chains import BUILTIN, MISSION, builtin_chains, read_chain

    return [builtin_chains((name,))[0] if name in BUILTIN else read_chain(Path(name)) for name in named or MISSION]
