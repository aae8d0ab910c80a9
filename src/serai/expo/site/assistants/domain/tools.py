"""The tools of an assistant, made from the description of the interface (OpenAPI): each operation that only reads.

There is no second list of what can be asked. A new operation of the interface is a new tool, with the same title,
parameters, scopes and refusals. What changes something, and what answers with a file, is no tool.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

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
