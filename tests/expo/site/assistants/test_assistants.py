"""An assistant asks by the SDK's own client: it lists tools, gets figures with all about them, and writes nothing."""

import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from mcp import Client, MCPError, StdioServerParameters, stdio_client

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.people.account.models import User
from serai.expo.site.assistants.domain import SiteUnreachableError, WrongCallError, remote_interface, tools_of
from serai.expo.site.assistants.pages import own_interface as own_interface_of
from serai.expo.site.assistants.pages.own_interface import own_interface
from serai.expo.site.assistants.pages.server import server_of

WRITES = ("INSERT", "UPDATE", "DELETE")
READERS_OWN = "expo_apikey"
"""The one table that a reading call touches: when a key was last used."""


def asked(work: Callable[[Client], Awaitable[Any]], key: str = "") -> Any:
    """What ``work`` gets from a server of this instance, with every write to the database refused."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not sql.startswith(WRITES) or READERS_OWN in sql, f"a reading call writes: {sql}"
        return execute(sql, params, many, context)

    async def run() -> Any:
        description, ask = own_interface(key, "en")
        async with Client(await server_of(description, ask, with_key=bool(key))) as client:
            return await work(client)

    # A call closes its connection, which here holds the transaction of the test: Django's own test client keeps it too.
    with connection.execute_wrapper(refuse), mock.patch.object(own_interface_of, "close_old_connections"):
        return async_to_sync(run)()


def key_of(user: User, *scopes: str) -> str:
    return make_key(user, "assistant", scopes)[1]


def test_every_tool_reads_and_says_so(edition: Edition) -> None:
    description, _ask = own_interface("", "en")
    operations = {
        operation["operationId"]: method for path in description["paths"].values() for method, operation in path.items()
    }
    tools = tools_of(description, None)
    assert {operations[name] for name in tools} == {"get"}
    assert "certificate_file" not in tools
    listed = asked(lambda client: client.list_tools()).tools
    assert all(tool.annotations.read_only_hint and tool.description and tool.title for tool in listed)
    assert not any("$ref" in json.dumps(tool.input_schema) for tool in listed)


def test_without_a_key_there_are_the_public_tools_alone(edition: Edition) -> None:
    names = {tool.name for tool in asked(lambda client: client.list_tools()).tools}
    assert {"editions", "firms", "offers", "needs", "programme", "halls", "figures", "scorecard", "chain"} <= names
    assert not {"participations", "meetings", "my_agenda", "outcomes"} & names


def test_a_key_opens_what_its_scopes_open(edition: Edition, organiser: User) -> None:
    def names(*scopes: str) -> set[str]:
        return {tool.name for tool in asked(lambda client: client.list_tools(), key_of(organiser, *scopes)).tools}

    assert "my_agenda" in names("read")
    assert "participations" not in names("read")
    assert "participations" in names("read", "organise")


def test_a_figure_comes_with_its_definition_unit_date_and_source(
    edition: Edition, take_part: Callable[..., Participation]
) -> None:
    take_part(edition)
    answer = asked(lambda client: client.call_tool("figure", {"slug": edition.slug, "code": "exhibitors"}))
    figure = answer.structured_content
    assert not answer.is_error
    assert figure["value"] == 1
    assert all(figure[name] for name in ("definition", "unit", "as_of", "source", "version"))


def test_what_the_scope_does_not_cover_is_refused_in_the_words_of_the_interface(
    edition: Edition, organiser: User
) -> None:
    wanted = ("participations", {"slug": edition.slug})
    answer = asked(lambda client: client.call_tool(*wanted))
    assert answer.is_error
    assert "needs a key with the scope 'organise'" in answer.content[0].text
    answer = asked(lambda client: client.call_tool(*wanted), key_of(organiser, "read"))
    assert answer.is_error
    assert "lacks the scope 'organise'" in answer.content[0].text


def test_a_key_for_one_fair_shows_no_other(
    edition: Edition, other_edition: Edition, organiser: User, take_part: Callable[..., Participation]
) -> None:
    key = make_key(organiser, "one fair", ["read"], only_in=edition)[1]
    answer = asked(lambda client: client.call_tool("firms", {"slug": other_edition.slug}), key)
    assert answer.is_error
    assert not asked(lambda client: client.call_tool("firms", {"slug": edition.slug}), key).is_error


def test_a_wrong_key_starts_no_server(edition: Edition) -> None:
    with pytest.raises(WrongCallError, match="opens nothing"):
        asked(lambda client: client.list_tools(), "serai_0123456789ab_nothing")


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("add_webhook", {}, "There is no tool 'add_webhook'"),
        ("figure", {"slug": "fair"}, "needs 'code'"),
        ("figures", {"slug": "fair", "colour": "red"}, "has no parameter 'colour'"),
        ("firms", {"slug": "no-fair"}, "There is no fair at this address"),
        ("indicators", {"limit": 100_000}, "less than or equal to 200"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(
    edition: Edition, name: str, arguments: dict[str, Any], sentence: str
) -> None:
    answer = asked(lambda client: client.call_tool(name, arguments))
    assert answer.is_error
    assert sentence in answer.content[0].text


def test_resources_hold_definitions_and_what_grades_mean(edition: Edition) -> None:
    async def read(client: Client) -> dict[str, Any]:
        listed = (await client.list_resources()).resources
        return {
            resource.uri: json.loads((await client.read_resource(resource.uri)).contents[0].text) for resource in listed
        }

    held = asked(read)
    assert held["serai://method/grades"]["A"]
    assert any(row["symbol"] == "S1" and row["description"] for row in held["serai://definitions/indicators"]["items"])
    assert all(row["limits"] for row in held["serai://method/scenarios"]["items"])
    assert any(row["en"] == "exhibitor" and row["means"] for row in held["serai://glossary"]["items"])


def test_a_resource_that_there_is_not_is_refused(edition: Edition) -> None:
    async def read(client: Client) -> str:
        try:
            await client.read_resource("serai://secrets")
        except MCPError as refusal:
            return str(refusal)
        return ""

    assert "no resource 'serai://secrets'" in asked(read)


def test_a_site_that_is_none_is_told_in_a_sentence() -> None:
    with pytest.raises(SiteUnreachableError, match="no address of a site"):
        remote_interface("fair.example", "", "en")
    with pytest.raises(SiteUnreachableError, match="does not answer"):
        remote_interface("http://127.0.0.1:9", "", "en")


@pytest.mark.slow
@pytest.mark.any_database
def test_over_standard_input_an_assistant_asks_the_world_and_is_refused_without_a_key(tmp_path: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "serai", "mcp"],
        env={"SERAI_HOME": str(tmp_path), "PATH": os.environ["PATH"], "DATABASE_URL": ""},
    )

    async def run() -> tuple[set[str], Any, Any]:
        async with Client(stdio_client(server)) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            value = await client.call_tool("indicator", {"symbol": "S1", "country": "CHN"})
            return names, value, await client.call_tool("me", {})

    names, value, refused = async_to_sync(run)()
    assert {"editions", "indicator", "scorecards"} <= names
    assert value.structured_content["values"][0]["value"] > 0
    assert all(value.structured_content[name] for name in ("description", "unit", "year", "table_source"))
    assert refused.is_error
