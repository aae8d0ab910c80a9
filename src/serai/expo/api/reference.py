"""The description of the interface in a form that a page can show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from serai.expo.api.interface import interface


@dataclass(frozen=True)
class Parameter:
    name: str
    where: str
    kind: str
    text: str
    required: bool


@dataclass(frozen=True)
class Operation:
    """One call: what it is, what it takes, and an example of its answer's fields."""

    name: str
    method: str
    path: str
    title: str
    text: str
    group: str
    parameters: tuple[Parameter, ...]
    fields: tuple[tuple[str, str, str], ...]


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation, in the order of their declaration."""
    schema = interface.get_openapi_schema(path_prefix="/api/v1")
    return tuple(_operations(schema))


def _operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            yield Operation(
                name=said["operationId"],
                method=method.upper(),
                path=path,
                title=said["summary"],
                text=said.get("description", ""),
                group=said["tags"][0],
                parameters=tuple(_parameter(one) for one in said.get("parameters", ())),
                fields=tuple(_fields(schema, _answer(said))),
            )


def _parameter(said: Mapping[str, Any]) -> Parameter:
    schema = said["schema"]
    return Parameter(
        said["name"],
        said["in"],
        _kind(schema),
        said.get("description") or schema.get("description", ""),
        said["required"],
    )


def _answer(said: Mapping[str, Any]) -> Mapping[str, Any]:
    content = said["responses"].get(200, said["responses"].get("200", {})).get("content", {})
    found: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return found


def _fields(schema: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    answer = answer.get("items", answer)
    if "$ref" not in answer:
        return
    model = schema["components"]["schemas"][answer["$ref"].rpartition("/")[2]]
    if "items" in model.get("properties", {}) and "next" in model["properties"]:
        yield from _fields(schema, model["properties"]["items"])
        return
    for name, said in model.get("properties", {}).items():
        yield name, _kind(said), said.get("description", "")


def _kind(said: Mapping[str, Any]) -> str:
    if "anyOf" in said:
        return " | ".join(_kind(one) for one in said["anyOf"])
    if "$ref" in said:
        return str(said["$ref"].rpartition("/")[2].removesuffix("Shown").lower())
    if said.get("type") == "array":
        return f"[{_kind(said.get('items', {}))}]"
    return str(said.get("format") or said.get("type", "any"))
