"""`serai timetable solve`: the timetable of a published meeting event, with the fewest breaks and a proof."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serai.match.command import timetable

if TYPE_CHECKING:
    from serai.match.b2b import Event, Schedule


@timetable.command(epilog="Example: serai timetable solve instances.json --name tic-12.original --fairness 2")
def solve(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Meeting events in the published JSON.")
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="INSTANCE", help="The event; may be left out where there is one.")
    ] = None,
    fairness: Annotated[int, typer.Option(min=0, help="By how many breaks two participants may differ at most.")] = 2,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to look for a proof at most.")] = 120.0,
    cpu_seconds: Annotated[
        float | None, typer.Option(min=0.0, help="Seconds of the processor at most, all processes together.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Say it in JSON, for a program to read.")] = False,
) -> None:
    """Solve a published meeting event: all meetings, the fewest breaks, and a proof that there can be no fewer."""
    from serai.match.b2b import check, read_events, schedule

    events = read_events(file)
    if name is None and len(events) > 1:
        raise typer.BadParameter(f"{file.name} holds {len(events)} events; name one by --name.")
    name = name or next(iter(events))
    if name not in events:
        raise typer.BadParameter(f"{file.name} has no event '{name}'; its first is '{next(iter(events))}'.")
    event = events[name]
    answer = schedule(event, fairness=fairness, seconds=seconds, cpu_seconds=cpu_seconds)
    if faults := check(event, answer, fairness=fairness):
        raise AssertionError(f"The schedule did not pass its check: {faults[0]}")
    held = _held(event, answer)
    if as_json:
        facts = ("status", "objective", "bound", "prover")
        report = {"instance": name, "fairness": fairness} | {fact: getattr(answer, fact) for fact in facts}
        typer.echo(json.dumps(report | {"seconds": round(answer.seconds, 3), "timetable": held}, ensure_ascii=False))
        return
    objective = "no timetable" if answer.objective is None else f"{answer.objective} breaks"
    bound = "" if answer.bound is None else f", none has fewer than {answer.bound}"
    typer.echo(f"{name}: {answer.status}, {objective}{bound}; {answer.seconds:.1f} s {answer.prover}".rstrip())
    for slot in range(1, event.slots + 1 if held else 1):
        running = ["{}-{}".format(*meeting["participants"]) for meeting in held or () if meeting["slot"] == slot]
        typer.echo(f"{slot:>4}  {' '.join(running)}")


def _held(event: "Event", answer: "Schedule") -> list[dict[str, Any]] | None:
    """The meetings as they are published, counted from 1; None where there is no timetable."""
    if answer.slot is None:
        return None
    pairs = (event.pairs + 1).tolist()
    return [
        {"meeting": row, "participants": pair, "slot": slot + 1}
        for row, (pair, slot) in enumerate(zip(pairs, answer.slot, strict=True), start=1)
    ]
