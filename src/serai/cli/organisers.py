"""The people who organise."""

from typing import Annotated

import typer

from serai.cli import app
from serai.cli.console import AsJson, RefusedError, open_fair, out, say_json

organiser = typer.Typer(help="Who organises fairs here.", no_args_is_help=True)
app.add_typer(organiser, name="organiser")


@organiser.command(epilog="Example: serai organiser add ana@fair.example --organisation 'Fair Company' --owner")
def add(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help="The mail address by which the person signs in.")],
    organisation: Annotated[
        str, typer.Option(metavar="NAME", help="The organisation, by its name; made where there is none of this name.")
    ],
    owner: Annotated[bool, typer.Option("--owner", help="As an owner, who takes others in.")] = False,
    role: Annotated[
        str,
        typer.Option(metavar="ROLE", help="As owner, manager, programme, floor, matchmaking or viewer."),
    ] = "manager",
    country: Annotated[str | None, typer.Option(help="The country of a new organisation, as in CN.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let a person organise the fairs of an organisation, and say how to sign in. Done again, it changes the role."""
    open_fair()
    from django.db import transaction

    from serai.expo.fairs.mailing.domain.letters import site_address
    from serai.expo.fairs.organisers.domain import appoint, make_organisation, organisation_called
    from serai.expo.people.account.domain.profile import account_of
    from serai.expo.people.account.models import Role

    kinds = [kind.value for kind in Role.IN_AN_ORGANISATION]
    if role not in kinds:
        raise RefusedError(f"There is no role '{role}'. There are: {', '.join(kinds)}.")
    with transaction.atomic():
        there = organisation_called(organisation)
        holder = there or make_organisation(organisation, country or "")
        kind = Role.Kind.OWNER.value if owner else role
        held = appoint(account_of(mail), holder, kind)
    sign_in = f"{site_address()}/en/sign-in/code/"
    if as_json:
        told = {"mail": held.user.email, "organisation": holder.slug, "role": held.kind}
        say_json(told | {"made": there is None, "sign_in": sign_in})
        return
    if there is None:
        out.print(f"The organisation '{organisation}' has been made.")
    out.print(f"{held.user.email} is {held.get_kind_display().lower()} of {holder.slug}.")
    out.print(f"Sign in with a code that is sent by mail: {sign_in}")


@organiser.command("list", epilog="Example: serai organiser list --json")
def list_(as_json: AsJson = False) -> None:
    """List who organises, with organisation and role."""
    open_fair()
    from serai.expo.base.text import in_language
    from serai.expo.fairs.organisers.domain import organisers

    rows = [
        {
            "mail": role.user.email,
            "name": role.user.name,
            "organisation": role.organisation.slug,
            "organisation_name": in_language(role.organisation.name, "en").text,
            "role": role.kind,
            "active": role.user.is_active,
        }
        for role in organisers()
        if role.organisation
    ]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        closed = "" if row["active"] else "  (account closed)"
        out.print(f"{row['organisation']}  {row['mail']}  {row['role']}{closed}")
    if not rows:
        out.print("Nobody organises here yet: serai organiser add MAIL --organisation NAME --owner")
