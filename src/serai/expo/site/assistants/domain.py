"""The tools and resources of an assistant, made from the description of the interface (OpenAPI), and the interface
of another site.

There is no second list of what can be asked. A new operation of the interface that only reads is a new tool,
with the same title, parameters, scopes and refusals. What changes something, and what answers with a file, is
no tool.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

import anyio.to_thread

type JSONObject = dict[str, Any]

JSON = "application/json"
SLUG = "Address of a fair, as the tool 'editions' lists them"
"""What is said of the parameter that names the fair: the interface has it in every address."""


@dataclass(frozen=True)
class Answer:
    """What the interface answered: the status of HTTP and the content."""

    status: int
    content: Any

    @property
    def is_refusal(self) -> bool:
        return self.status >= 400


class Ask(Protocol):
    """Calls the interface: a path below its root, with its query, and answers. It only reads."""

    async def __call__(self, path: str) -> Answer: ...


class WrongCallError(ValueError):
    """A call that names no tool, or not what the tool needs: a sentence for the assistant."""


@dataclass(frozen=True)
class ReadingTool:
    """A reading operation: its name, texts, address with places, and the JSON schema of its parameters."""

    name: str
    title: str
    text: str
    path: str
    scopes: tuple[str, ...]
    schema: JSONObject

    def address(self, arguments: Mapping[str, Any]) -> str:
        """The path and query of a call. Raises WrongCallError for parameters that are missing or unknown."""
        properties = self.schema["properties"]
        if unknown := sorted(arguments.keys() - properties.keys()):
            raise WrongCallError(f"'{self.name}' has no parameter '{unknown[0]}'; it has {', '.join(properties)}.")
        if missing := [name for name in self.schema["required"] if arguments.get(name) in (None, "")]:
            raise WrongCallError(f"'{self.name}' needs '{missing[0]}'.")
        in_path = {name: str(value) for name, value in arguments.items() if f"{{{name}}}" in self.path}
        path = self.path
        for name, value in in_path.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        rest = [(name, _as_text(value)) for name, value in arguments.items() if name not in in_path]
        return path + (f"?{urlencode(rest)}" if rest else "")


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def tools_of(description: Mapping[str, Any], scopes: Collection[str] | None) -> dict[str, ReadingTool]:
    """The tools by name that a caller with these scopes may use; all of them where it is not known which it has."""
    root = _root(description)
    tools = {}
    for path, operations in description["paths"].items():
        operation = operations.get("get")
        if operation is None or list(operation["responses"]["200"].get("content", ())) != [JSON]:
            continue
        needed = tuple(operation["x-scopes"])
        if scopes is None or set(needed) <= set(scopes):
            tools[operation["operationId"]] = _tool(path.removeprefix(root), operation, needed, description)
    return tools


def _root(description: Mapping[str, Any]) -> str:
    """What all paths begin with: the address of the interface on its site."""
    first = next(iter(description["paths"]))
    return "/".join(first.split("/")[:3])


def _tool(
    path: str, operation: Mapping[str, Any], scopes: tuple[str, ...], description: Mapping[str, Any]
) -> ReadingTool:
    parameters: Sequence[Mapping[str, Any]] = operation.get("parameters", ())
    schemas = description.get("components", {}).get("schemas", {})
    properties = {
        parameter["name"]: _resolved(parameter["schema"], schemas)
        | ({"description": SLUG} if parameter["name"] == "slug" else {})
        for parameter in parameters
    }
    title, group = operation["summary"], ", ".join(operation.get("tags", ()))
    text = " ".join(part for part in (f"{group}: {title}.", operation.get("description", "")) if part)
    return ReadingTool(
        name=operation["operationId"],
        title=title,
        text=text,
        path=path,
        scopes=scopes,
        schema={
            "type": "object",
            "properties": properties,
            "required": [parameter["name"] for parameter in parameters if parameter.get("required")],
            "additionalProperties": False,
        },
    )


def _resolved(schema: Any, schemas: Mapping[str, Any]) -> Any:
    """A schema with what it refers to written out, since a tool stands alone."""
    if isinstance(schema, list):
        return [_resolved(part, schemas) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    return {name: _resolved(part, schemas) for name, part in schema.items()}


@dataclass(frozen=True)
class ReadingResource:
    """A document by its address: what it is called, what it holds, and the path of the interface that gives it."""

    uri: str
    name: str
    text: str
    path: str


_DECLARED = (
    ("indicators", "definitions/indicators", "The indicators of the nine properties: definition, unit, source.", 200),
    ("shocks", "method/scenarios", "The kinds of scenarios: question, parameters, horizon, limits, sources.", 200),
    ("grades", "method/grades", "What the grades of a share say, from A (stated by a source) to D (assumed).", None),
    ("words", "glossary", "The words of the trade in six languages, and what each means.", 200),
)
"""Operation, address, what it holds, and how many rows are asked for at once."""


def resources_of(tools: Mapping[str, ReadingTool]) -> dict[str, ReadingResource]:
    """The resources by address, as far as the interface that answers has their operations."""
    return {
        f"serai://{address}": ReadingResource(
            f"serai://{address}",
            tools[operation].title,
            text,
            tools[operation].path + (f"?limit={most}" if most else ""),
        )
        for operation, address, text, most in _DECLARED
        if operation in tools
    }


SECONDS = 60


class SiteUnreachableError(Exception):
    """The site does not answer as Serai does: a sentence for who starts the server."""


def remote_interface(site: str, key: str, language: str) -> tuple[JSONObject, Ask]:
    """The description of the interface at the address of a site, and what calls it. Raises SiteUnreachableError."""
    if urlsplit(site).scheme not in ("https", "http") or not urlsplit(site).netloc:
        raise SiteUnreachableError(f"'{site}' is no address of a site; write it as https://fair.example.")
    root = f"{site.rstrip('/')}/api/v1"
    headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {key}"} if key else {})
    read = partial(_read, root, headers)
    try:
        described = read("/openapi.json")
    except OSError as error:
        raise SiteUnreachableError(f"{site} does not answer: {error}.") from None
    if described.is_refusal or not isinstance(described.content, dict) or "paths" not in described.content:
        raise SiteUnreachableError(f"There is no interface of Serai at {root} (status {described.status}).")

    async def ask(path: str) -> Answer:
        return await anyio.to_thread.run_sync(read, path)

    return described.content, ask


def _read(root: str, headers: dict[str, str], path: str) -> Answer:
    request = urllib.request.Request(root + path, headers=headers)  # noqa: S310  (its scheme is checked above)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return Answer(answer.status, _json(answer.read()))
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, _json(refusal.read()))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return {"detail": "The site answered with something that is not JSON."}
