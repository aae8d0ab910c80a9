"""The audit trail of an instance."""

from typing import Annotated

import typer

from serai.cli import app
from serai.cli.console import FOUND_A_PROBLEM, AsJson, RefusedError, open_fair, out, say_json

audit = typer.Typer(help="The audit trail: who changed what, sealed in a chain.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.callback()
def audit_command() -> None:
    pass


@audit.command(epilog="Example: serai audit verify --head 812:Xk3…")
def verify(
    head: Annotated[str, typer.Option(help="A head that an earlier verification printed, kept elsewhere.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say whether an entry of the trail was altered, inserted or deleted (then exit with 1)."""
    open_fair()
    from serai.expo.base.audit.domain.seals import head_of
    from serai.expo.base.audit.domain.verification import verify as verified

    try:
        outer = head_of(head) if head else None
    except ValueError as error:
        raise RefusedError(str(error)) from None
    findings = verified(outer)
    faults = [*findings.faults, *([f"{findings.more_faults} more faults."] if findings.more_faults else [])]
    if as_json:
        counts = {name: getattr(findings, name) for name in ("entries", "seals", "masked", "unsealed")}
        say_json(counts | {"head": str(findings.head or ""), "faults": faults})
    else:
        for fault in faults:
            out.print(fault, markup=False)
        if not faults:
            out.print("No entry was altered, inserted or deleted.")
        out.print(
            f"{findings.entries} entries, {findings.masked} of them with masked values, in {findings.seals} seals; "
            f"{findings.unsealed} are not sealed yet."
        )
        if findings.head:
            out.print(f"Keep the head elsewhere, and compare it later by --head: {findings.head}", markup=False)
    if faults:
        raise typer.Exit(FOUND_A_PROBLEM)
