"""The command ``serai``. Each command is a face: it reads what was asked, calls the domain, and says what came of it.

Exit codes: 0 all is well, 1 a problem was found, 2 wrong use. Imports inside a command are meant: Django and SciPy take
a second to load, and ``serai --help`` must not wait for them, nor need them to be installed.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

import serai
from serai.match import command as match_command
from serai.world import command as world_command

if TYPE_CHECKING:
    from serai.expo.editions.models import Edition, Participation
    from serai.expo.meetings.matching import Partner

FOUND_A_PROBLEM, WRONG_USE = 1, 2
MISNAMED = {"EditionUnknownError", "HostUnknownError", "RefusedError"}  # errors of the user, not of what is there
MOST_ROWS_TOLD = 20

app = typer.Typer(
    name="serai",
    help="The open platform for supply chain cooperation: a fair on top of a model of the world's supply network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(world_command.app, name="world")
app.add_typer(match_command.timetable, name="timetable")
app.add_typer(match_command.halls, name="halls")
out = Console(highlight=False, soft_wrap=True, markup=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

AsJson = Annotated[bool, typer.Option("--json", help="Say it in JSON, for a program to read.")]
EditionOption = Annotated[
    str | None, typer.Option("--edition", metavar="SLUG", help="The edition; may be left out where there is only one.")
]


class RefusedError(Exception):
    """What was asked for is not to be had: a sentence for the user."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command. What Serai itself refuses is said in a sentence; only a fault of Serai shows a traceback."""
    try:
        app(arguments, prog_name="serai")
    except Exception as error:
        if (refusal := _refusal(error)) is None:
            raise
        sentence, code = refusal
        err.print(sentence)
        sys.exit(code)


def _refusal(error: Exception) -> tuple[str, int] | None:
    """What to say of an error and the exit code; None where it is a fault of Serai."""
    kind = type(error)
    if isinstance(error, ModuleNotFoundError) and (package := (error.name or "serai").partition(".")[0]) != "serai":
        return f"This command needs {package}, which is not installed: pip install 'serai[expo]'", WRONG_USE
    if kind.__module__.startswith("serai."):  # an error that Serai has defined is a sentence
        code = WRONG_USE if kind.__name__ in MISNAMED else FOUND_A_PROBLEM
        return str(error) or (kind.__doc__ or kind.__name__), code
    if kind.__module__ == "django.core.exceptions" and hasattr(error, "messages"):
        return " ".join(error.messages), WRONG_USE
    if any(base.__name__ == "OperationalError" for base in kind.__mro__):  # of whichever database
        return f"The database cannot be used ({first_line(error)}); 'serai doctor' tells more.", FOUND_A_PROBLEM
    return None


def first_line(error: Exception) -> str:
    """The first line of what a library says of an error; the rest is for those who know the library."""
    return str(error).strip().partition("\n")[0]


@contextmanager
def progress(title: str) -> Iterator[Callable[[str, float], None]]:
    """A bar on a terminal's standard error; what is yielded is told what is being done and which share is done."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)


def say_json(value: Any) -> None:
    """Write ``value`` as JSON; dates, decimals and translated texts as their text."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def open_fair() -> None:
    """Load Django, and make or change the tables of the database where this version needs it."""
    from serai.expo.instance import bring_up_to_date, is_up_to_date, open_instance

    open_instance()
    if not is_up_to_date():
        with progress("Preparing the database"):
            bring_up_to_date()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(serai.__version__)
        raise typer.Exit


@app.callback()
def serai_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: serai demo --phase after --anew")
def demo(
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Be content with the one that is there.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Delete the one that is there first.")] = False,
    seed: Annotated[int | None, typer.Option(help="Another seed invents another fair.")] = None,
    phase: Annotated[Literal["before", "after"], typer.Option(help="Before the fair, or after it.")] = "before",
    as_json: AsJson = False,
) -> None:
    """Make the demonstration edition, a fictional fair of 515 exhibitors, and say how to sign in."""
    open_fair()
    from serai.expo.editions.models import Edition
    from serai.expo.home import secret

    password = secret("SERAI_DEMO_PASSWORD", "demo-password", length=16)
    there = Edition.objects.filter(fictional=True).first()
    if there and not (if_missing or anew):
        raise RefusedError("The demonstration edition is there already: --if-missing keeps it, --anew makes it again.")
    edition = _make_demo(password, seed, phase) if there is None or anew else there
    role = edition.organisation.roles.select_related("user").order_by("pk")[0]
    if as_json:
        sign_in = {"email": role.user.email, "password": password}
        say_json(
            {"edition": edition.slug, "made": edition != there, "path": f"/en/{edition.slug}/", "sign_in": sign_in}
        )
    else:
        out.print(f"The demonstration edition {'is there' if edition == there else 'has been made'}: {edition.slug}.")
        out.print(f"Its organiser signs in as {role.user.email} with the password {password}")


def _make_demo(password: str, seed: int | None, phase: Literal["before", "after"]) -> "Edition":
    # Only here: what invents the fair takes a second to load, which `make demo` has no time for when the fair is there.
    from serai.expo.demo.domain import SEED, create_demo, delete_demo

    delete_demo()
    with progress("Making the demonstration edition") as step:
        return create_demo(password=password, seed=SEED if seed is None else seed, phase=phase, progress=step)


@app.command(epilog="Example: serai up --port 8080")
def up(
    host: Annotated[str, typer.Option(help="The address to listen on; by default only this machine is served.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Also run the task worker.")] = True,
) -> None:
    """Serve the fair: the web site and the task worker, until Ctrl-C."""
    open_fair()
    from serai.expo import daily
    from serai.expo.serving import serve

    daily.start()
    serve(host, port, worker=worker, ready=lambda address: out.print(f"Serai is at {address} (Ctrl-C ends it)"))


@app.command("import", epilog="Example: serai import firms.xlsx --edition fair-2026 --map Company=name --map G=country")
def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A workbook (.xlsx) or a .csv file of firms."),
    ],
    edition: EditionOption = None,
    create: Annotated[
        bool, typer.Option("--create", help="Open the edition where there is none of this name.")
    ] = False,
    country: Annotated[str | None, typer.Option(help="With --create: the country in which the fair is held.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of the workbook, where several hold firms.")] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column holds, by its header or letter; repeatable."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of it and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a list of firms. Each row is kept with what became of it and why; sent again, it changes nothing."""
    mapping = dict(_mapped(column) for column in columns or ())
    if create and edition is None:
        raise RefusedError("Name the edition to open by --edition.")
    open_fair()
    from django.db import transaction

    from serai.expo.editions.opening import edition_named, edition_opened
    from serai.expo.imports.command import import_file

    # An edition opened for a list does not stay where the list is refused or only tried.
    with transaction.atomic() if create else nullcontext():
        meant = edition_opened(edition, country) if create and edition else edition_named(edition)
        with progress(f"Importing {file.name}") as step:
            summary = import_file(file, meant, sheet=sheet, mapping=mapping or None, dry_run=dry_run, progress=step)
        if create and dry_run:
            transaction.set_rollback(True)
    if as_json:
        say_json({"edition": meant.slug} | asdict(summary))
    else:
        out.print(f"{summary.file_name}: {summary.rows} rows, {'not imported (dry run)' if dry_run else 'imported'}.")
        for state, number in summary.counts.items():
            out.print(f"{number:>8}  {state}")
        for row in summary.reports[:MOST_ROWS_TOLD]:
            out.print(f"Row {row.number} ({row.state}): {' '.join(row.sentences)}")
        if (more := len(summary.reports) - MOST_ROWS_TOLD) > 0:
            out.print(f"... and {more} rows more; --json tells all.")
    if summary.needs_attention == summary.rows:
        raise typer.Exit(FOUND_A_PROBLEM)


def _mapped(column: str) -> tuple[str, str]:
    title, equals, field = column.rpartition("=")
    if not (title and equals and field):
        raise RefusedError(f"--map '{column}' is not of the form COLUMN=FIELD, as in --map Company=name.")
    return title, field


@app.command(epilog="Example: serai reindex --edition fair-2026")
def reindex(edition: EditionOption = None) -> None:
    """Work out for the search what firms, offers and needs mean that have changed; `serai up` does it by itself."""
    open_fair()
    from serai.expo.editions.opening import edition_named
    from serai.expo.search.domain import reindex as index

    meant = edition_named(edition)
    with progress("Indexing") as step:
        done = index(meant, progress=step)
    out.print(f"{done} participants of {meant.slug} were indexed.")


@app.command(epilog="Example: serai match --edition fair-2026 CN2026328K7Q2M4")
def match(
    firm: Annotated[str | None, typer.Argument(metavar="FIRM", help="One firm by its identifier; else all.")] = None,
    edition: EditionOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many partners of each firm.")] = 5,
    floor: Annotated[
        int | None,
        typer.Option(
            "--floor",
            min=0,
            help="In how many lists each small or least developed exhibitor stands; else what the organiser chose.",
        ),
    ] = None,
    meaning: Annotated[
        bool, typer.Option("--meaning", help="Compare what texts mean, whatever their language.")
    ] = False,
    learned: Annotated[
        bool, typer.Option("--learned", help="Weigh the signals by the wishes and refusals of this edition.")
    ] = False,
    curve: Annotated[
        bool, typer.Option("--curve", help="Instead show what each floor gives the protected and costs all.")
    ] = False,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option("--explain", metavar="A B", help="Instead say all of two firms, by their identifiers."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Place the firms of an edition on the chains and list whom each should meet, with the reasons.

    The lists are spread over the fair, so that not all are sent to the same few.
    """
    open_fair()
    from serai.expo.chains.domain import place_edition
    from serai.expo.editions.opening import edition_named
    from serai.expo.meetings.learning import learned_weights
    from serai.expo.meetings.matching import partners_of_edition
    from serai.match.ranking import JUDGED

    meant = edition_named(edition)
    if explain is not None:
        _explain(meant, explain, meaning=meaning, as_json=as_json)
        return
    if curve:
        _show_curve(meant, most=most, as_json=as_json)
        return
    chosen = participations(meant, firm)
    with progress("Placing the firms on the chains") as step:
        placed = place_edition(meant, progress=step)
        step("Finding partners", 0.99)
        weights = learned_weights(meant, meaning=meaning) if learned else JUDGED
        found = partners_of_edition(meant, most=most, floor=floor, meaning=meaning, weights=weights)
    listed = [(participation, found.get(participation.pk, [])) for participation in chosen]
    if as_json:
        told = [_with_partners(*each) for each in listed]
        say_json({"edition": meant.slug, "placements": placed, "weights": asdict(weights), "firms": told})
        return
    for participation, partners in listed:
        out.print(Text(str(participation.firm), "bold"))
        for partner in partners:
            out.print(f"    {partner.match.score:.2f}  {partner.participation.firm} {partner.relation_label}")
            for sentence in partner.sentences:
                out.print(f"          {sentence}")
    matched = sum(bool(partners) for _participation, partners in listed)
    out.print(f"{placed} placements; {matched} of {len(listed)} participants have partners.")
    if weights.errors:
        each = (f"{name} {weight:.2f} ± {weights.errors[name]:.2f}" for name, weight in weights.weights.items())
        out.print(f"Weights learned from {weights.answers} wishes and refusals: {', '.join(each)}.")


def _explain(edition: "Edition", firms: tuple[str, str], *, meaning: bool, as_json: bool) -> None:
    """The two sides' scores, what each signal adds to them, the reasons in words, and what cut."""
    from django_scopes import scope

    from serai.expo.meetings.matching import explain_pair, weights_of

    (one, *_), (other, *_) = (participations(edition, firm) for firm in firms)
    found = explain_pair(one, other, meaning=meaning)
    with scope(edition=edition):
        weights = weights_of(edition)
    match, sides = found.match, (one, other)
    scores = (match.score_firm, match.score_partner) if match else ()
    signals = (match.signals_firm, match.signals_partner) if match else ()
    if as_json:
        told = [
            {
                "firm": side.firm.identifier,
                "name": side.firm.legal_name,
                "score": round(score, 4),
                "signals": {
                    signal: {"value": value, "weight": weights.weights[signal], "adds": weights.adds(signal, value)}
                    for signal, value in of_side.items()
                },
            }
            for side, score, of_side in zip(sides, scores, signals, strict=False)
        ]
        say_json(
            {
                "edition": edition.slug,
                "score": round(match.score, 4) if match else None,
                "relation": match.relation if match else None,
                "intercept": weights.intercept,
                "sides": told,
                "reasons": found.sentences,
                "cut": found.cut,
                "link": found.link,
            }
        )
        return
    out.print(Text(f"{one.firm} and {other.firm}: {f'{match.score:.2f}' if match else 'no match'}", "bold"))
    for side, score, of_side in zip(sides, scores, signals, strict=False):
        out.print(f"    {score:.2f}  for {side.firm}, from log-odds of {weights.intercept:+.2f} and")
        for signal, value in of_side.items():
            known = "not known" if value is None else f"{value:.2f}"
            out.print(
                f"          {weights.adds(signal, value):+.2f}  {signal} {known}, weight {weights.weights[signal]:g}"
            )
    for sentence in (*found.sentences, *found.cut):
        out.print(f"    {sentence}")
    for name, change in (found.link or {}).items():
        out.print(f"          {change:+.2g}  {name}, for the better above 0")


def _show_curve(edition: "Edition", *, most: int, as_json: bool) -> None:
    """What floors from 0 to eight times the length of a list do, as they are placed now."""
    from serai.expo.meetings.matching import trade_off_of_edition

    with progress("Trying floors"):
        points = trade_off_of_edition(edition, [0, *(most * times for times in (1, 2, 4, 8))], most=most)
    if as_json:
        say_json({"edition": edition.slug, "most": most, "floors": [asdict(point) for point in points]})
        return
    out.print("Lists in which a small or least developed exhibitor stands at least; what exhibitors and readers get:")
    out.print(f"{'floor':>8}{'nDCG':>8}{'Gini':>8}{'unseen':>8}{'protected':>11}{'missed by':>11}")
    for point in points:
        shares = f"{point.gain:>8.3f}{point.gini:>8.3f}{point.unseen:>8.1%}{point.protected:>11.1%}"
        out.print(f"{point.floor:>8}{shares}{point.shortfall:>11}")


def participations(edition: "Edition", firm: str | None) -> "list[Participation]":
    """Those of the firm with this identifier in the edition, else all that are confirmed."""
    from django_scopes import scope

    from serai.expo.editions.models import Participation

    with scope(edition=edition):
        confirmed = Participation.objects.filter(state=Participation.State.CONFIRMED).select_related("firm")
        found = list(confirmed.filter(firm__identifier=firm) if firm else confirmed)
    if firm and not found:
        raise RefusedError(f"No firm with the identifier '{firm}' takes part in {edition.slug}.")
    return found


def _with_partners(participation: "Participation", partners: "list[Partner]") -> dict[str, Any]:
    return {
        "firm": participation.firm.identifier,
        "name": participation.firm.legal_name,
        "kind": participation.kind,
        "partners": [
            {
                "firm": partner.participation.firm.identifier,
                "name": partner.participation.firm.legal_name,
                "relation": partner.match.relation,
                "score": round(partner.match.score, 4),
                "reasons": partner.sentences,
            }
            for partner in partners
        ],
    }


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
    from serai.expo.editions.opening import edition_named
    from serai.expo.meetings.timetabling import REASONS, make_timetable

    meant = edition_named(edition)
    with progress("Making the timetable") as step:
        run = make_timetable(meant, seconds=seconds, progress=step)
    if as_json:
        facts = ("status", "objective", "bound", "seconds", "wished", "placed", "why_not")
        say_json({"edition": meant.slug, "run": run.pk} | {fact: getattr(run, fact) for fact in facts})
        return
    out.print(f"Placed {run.placed} of {run.wished} meetings in {run.seconds:.1f} s; kept as draft {run.pk}.")
    out.print(f"Their value is {run.objective:g}; none can have more than {run.bound:g} ({run.status}).")
    for reason, number in sorted(run.why_not.items(), key=lambda counted: -counted[1]):
        out.print(f"{number:>8}  not placed: {REASONS.get(reason, reason)}")


@app.command(epilog="Example: serai report --json")
def report(edition: EditionOption = None, as_json: AsJson = False) -> None:
    """Show the figures of an edition, each with its definition."""
    open_fair()
    from serai.expo.editions.opening import edition_named
    from serai.expo.report.domain import figures

    meant = edition_named(edition)
    with progress("Counting"):
        counted = figures(meant)
    if as_json:
        say_json(
            {
                "edition": meant.slug,
                "figures": [
                    {
                        "code": figure.code,
                        "title": figure.definition.title,
                        "value": figure.value,
                        "unit": figure.definition.unit,
                        "definition": figure.definition.text,
                        "version": figure.definition.version,
                        "as_of": figure.as_of.isoformat(timespec="seconds"),
                    }
                    for figure in counted
                ],
            }
        )
        return
    for figure in counted:
        value = "not known" if figure.value is None else f"{round(figure.value, 1):,} {figure.definition.unit}"
        out.print(Text.assemble((f"{figure.definition.title}: {value}", "bold")))
        out.print(f"    {figure.definition.text} ({figure.code}, version {figure.definition.version})")


@app.command(epilog="Example: serai doctor --json")
def doctor(as_json: AsJson = False) -> None:
    """Check whether this instance can do its work, and say what to do where it cannot (then exit with 1)."""
    from serai.expo.doctor import State, examine

    found = list(examine())
    if as_json:
        say_json([{"id": check.id, "state": it.state, "found": it.sentence, "todo": it.todo} for check, it in found])
    else:
        for check, it in found:
            style = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "bold red"}[it.state]
            out.print(Text.assemble((f"{it.state:<8}", style), f"{check.id:<12}{it.sentence}"))
            if it.todo:
                out.print(f"{'':<20}{it.todo}")
    if any(it.state is State.FAILED for _check, it in found):
        raise typer.Exit(FOUND_A_PROBLEM)
