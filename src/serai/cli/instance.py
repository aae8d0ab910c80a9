"""The demonstration fair, and serving an instance."""

import os
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from serai.cli import app
from serai.cli.console import ONE_THREAD, AsJson, RefusedError, open_fair, out, progress, say_json

if TYPE_CHECKING:
    from serai.expo.fairs.edition.models import Edition


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
    from serai.expo.base.home import secret
    from serai.expo.fairs.edition.models import Edition

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
    from serai.expo.site.demonstration.domain.edition import SEED, create_demo, delete_demo

    delete_demo()
    with progress("Making the demonstration edition") as step:
        edition = create_demo(password=password, seed=SEED if seed is None else seed, phase=phase, progress=step)
    if phase == "after":
        _publish_report(edition)
    return edition


def _publish_report(edition: "Edition") -> None:
    """Publish the report of the demonstration in every language, as an organiser would after the fair."""
    from django.conf import settings
    from django_scopes import scope

    from serai.expo.results.report.domain.builder import publish_story

    with scope(edition=edition), progress("Publishing the report") as step:
        publish_story(edition, languages=[code for code, _name in settings.LANGUAGES], progress=step)


@app.command(epilog="Example: serai up --port 8080")
def up(
    host: Annotated[str, typer.Option(help="The address to listen on; by default only this machine is served.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Also run the task worker.")] = True,
) -> None:
    """Serve the fair: the web site and the task worker, until Ctrl-C."""
    from serai.expo.site.operation.domain.server import serve

    # Before NumPy is imported and the settings are read: letters have links to the site.
    os.environ.update(ONE_THREAD, SERAI_PORT=str(port))
    open_fair()
    from serai.expo.base import daily
    from serai.expo.fairs.organisers import domain as first_start
    from serai.expo.offers.search.domain import encoders
    from serai.expo.offers.search.domain.index import index_what_waits, made_by_others

    encoder = encoders.check()
    if made_by_others(encoder.name):
        out.print(f"Texts are to be read anew by the encoder {encoder.name}; run: serai reindex")
    index_what_waits()
    daily.start()
    link = first_start.link()

    def ready(address: str) -> None:
        out.print(f"Serai is at {address} (Ctrl-C ends it)")
        if link:
            out.print(
                "Nobody organises here yet. Who opens this link first, within a day, becomes the owner:\n"
                f"{link}\n"
                "(or: serai organiser add MAIL --organisation NAME --owner; a fair to try: serai demo)"
            )

    serve(host, port, worker=worker, ready=ready)


@app.command(epilog="Example: serai work")
def work() -> None:
    """Run one more task worker: beside ``serai up``, or on another machine with the same database and folder."""
    from serai.expo.site.operation.domain.server import work as be_a_worker

    os.environ.update(ONE_THREAD)
    open_fair()
    be_a_worker()
