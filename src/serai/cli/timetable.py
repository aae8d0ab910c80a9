"""The timetable of meetings."""

from typing import Annotated

import typer

from serai.cli.console import AsJson, EditionOption, open_fair, out, progress, say_json
from serai.match import command as match_command


@match_command.timetable.callback(
    invoke_without_command=True, epilog="Example: serai timetable --edition fair-2026 --seconds 30"
)
def timetable(
    context: typer.Context,
    edition: EditionOption = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long to look for a better one at most.")] = 60.0,
    as_json: AsJson = False,
) -> None:
    """Make a timetable of all wishes and keep it as a draft, for an organiser to publish."""
    if context.invoked_subcommand:
        return
    open_fair()
    from serai.expo.meetings.timetable.domain.drafts import REASONS, make_timetable
    from serai.expo.site.operation.domain.editions import edition_named

    fair = edition_named(edition)
    with progress("Making the timetable") as step:
        run = make_timetable(fair, seconds=seconds, progress=step)
    if as_json:
        facts = ("status", "objective", "bound", "seconds", "wished", "placed", "why_not")
        say_json({"edition": fair.slug, "run": run.pk} | {fact: getattr(run, fact) for fact in facts})
        return
    out.print(f"Placed {run.placed} of {run.wished} meetings in {run.seconds:.1f} s; kept as draft {run.pk}.")
    out.print(f"Their value is {run.objective:g}; none can have more than {run.bound:g} ({run.status}).")
    for reason, number in sorted(run.why_not.items(), key=lambda counted: -counted[1]):
        out.print(f"{number:>8}  not placed: {REASONS.get(reason, reason)}")
