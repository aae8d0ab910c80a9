"""The server through which an assistant asks the fair and the model of the world."""

import os
from typing import Annotated

import typer

from serai.cli import app
from serai.cli.console import open_fair

KEY_VARIABLE = "SERAI_KEY"


@app.command(epilog="Example: SERAI_KEY=serai_... serai mcp --at https://fair.example")
def mcp(
    at: Annotated[
        str, typer.Option(metavar="URL", help="The address of a site of Serai. Else the instance of this machine.")
    ] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="The language of titles and sentences.")] = "en",
) -> None:
    """Let an assistant ask the fair and the world: a read-only server of the Model Context Protocol on standard input.

    An assistant starts it by itself. SERAI_KEY holds a key of the interface; without one it reads what is public.
    """
    from serai.expo.site.assistants.pages.server import serve

    key = os.environ.get(KEY_VARIABLE, "")
    if at:
        from serai.expo.site.assistants.domain import remote_interface

        described = remote_interface(at, key, language)
    else:
        open_fair()
        from serai.expo.site.assistants.pages.own_interface import own_interface

        described = own_interface(key, language)
    serve(*described, with_key=bool(key))
