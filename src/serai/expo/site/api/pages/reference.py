"""The description of the interface in a form that a page can show, each operation with an example of a call."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise

from serai.expo.fairs.interface.domain.files import FORM
from serai.expo.fairs.interface.domain.operations import TITLES
from serai.expo.site.api.pages.interface import interface

NAMED: Mapping[str, str] = {
    "slug": "fair-2026",
    "identifier": "CN20260012ABCD",
    "number": "12",
    "chain": "clean-energy",
    "code": "exhibitors",
    "key": "BRICS",
    "symbol": "S1",
}
"""What stands for the parts of an address in an example."""


@dataclass(frozen=True)
class Parameter:
    name: str
    where: str
    kind: str
    text: str
    required: bool


@dataclass(frozen=True)
class Operation:
    """One call: what it is, what it takes and answers, the scopes that it needs, and an example."""

    name: str
    method: str
    path: str
    title: Promise | str
    text: str
    group: Promise | str
    scopes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: tuple[Parameter, ...]
    fields: tuple[tuple[str, str, str], ...]
    sent: str
    form: tuple[str, ...]

    def example(self, site: str) -> str:
        """The call as it is typed at a command line; ``site`` is the address of this site."""
        lines = [f"curl -X {self.method}" if self.method != "GET" else "curl"]
        if self.scopes:
            lines.append('-H "Authorization: Bearer $KEY"')
        if self.form:
            lines += [f"-F '{field}'" for field in self.form]
        elif self.sent:
            lines += ['-H "Content-Type: application/json"', f"-d '{self.sent}'"]
        path = self.path.format(**NAMED)
        needed = "&".join(f"{one.name}=..." for one in self.parameters if one.required and one.where == "query")
        return " \\\n  ".join([*lines, f'"{site}{path}{"?" if needed else ""}{needed}"'])


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation, in the order of their declaration."""
    schema = interface.get_openapi_schema(path_prefix="/api/v1")
    return tuple(_operations(schema))


def _operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    groups = list(dict.fromkeys(one["tags"][0] for methods in schema["paths"].values() for one in methods.values()))
    found = []
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            body = _body(schema, said)
            operation = Operation(
                name=said["operationId"],
                method=method.upper(),
                path=path,
                title=TITLES[said["operationId"]],
                text=said.get("description", ""),
                group=TITLES[said["tags"][0]],
                scopes=tuple(said["x-scopes"]),
                parameters=tuple(_parameter(one) for one in said.get("parameters", ())),
                body=tuple(_of_body(schema, body)),
                fields=tuple(_fields(schema, _answer(said))),
                sent=json.dumps(_example(schema, body), ensure_ascii=False) if body else "",
                form=tuple(_form(schema, said)),
            )
            found.append((groups.index(said["tags"][0]), operation))
    for _number, operation in sorted(found, key=lambda pair: pair[0]):  # a page of a room for all its operations
        yield operation


def _parameter(said: Mapping[str, Any]) -> Parameter:
    schema = said["schema"]
    text = said.get("description") or schema.get("description", "")
    return Parameter(said["name"], said["in"], _kind(schema), text, said["required"])


def _body(schema: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    return _resolved(schema, content.get("schema", {}))


def _resolved(schema: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas = schema["components"]["schemas"]
    while "$ref" in said or "allOf" in said:
        said = said["allOf"][0] if "allOf" in said else schemas[said["$ref"].rpartition("/")[2]]
    return said


def _of_body(schema: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Parameter]:
    needed = body.get("required", ())
    for name, said in body.get("properties", {}).items():
        kept = _resolved(schema, said)
        values = kept.get("enum", ())
        text = said.get("description", "") or " | ".join(str(one) for one in values if one != "")
        yield Parameter(name, "body", _kind(said), text, name in needed)


def _example(schema: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """What is needed of a body, or its first two fields where nothing is."""
    properties = body.get("properties", {})
    names = body.get("required") or list(properties)[:2]
    return {name: _value(schema, name, properties[name]) for name in names}


def _form(schema: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    """What is needed of a body that may come as a form, with its file."""
    form = said.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    for name in dict.fromkeys([*form.get("required", ()), *(["file"] if form else [])]):
        yield "file=@document.pdf" if name == "file" else f"{name}={_value(schema, name, form['properties'][name])}"


def _value(schema: Mapping[str, Any], name: str, said: Mapping[str, Any]) -> Any:
    said = _resolved(schema, said)
    if "anyOf" in said:
        said = _resolved(schema, next(one for one in said["anyOf"] if one.get("type") != "null"))
    if "enum" in said:
        return next(one for one in said["enum"] if one != "")
    kind = said.get("type")
    if kind == "array":
        return [_value(schema, name, said["items"])] if "items" in said else []
    if kind == "object":
        return {"en": "..."}
    named = {"firm": NAMED["identifier"], "to": NAMED["identifier"], "others": NAMED["identifier"], "country": "KE"}
    named |= {"url": "https://hooks.example/serai", "events": "meeting.*"}
    plain: Mapping[Any, Any] = {"boolean": True, "integer": 1, "number": 1.5}
    return plain.get(kind, named.get(name, "..."))


def _answer(said: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = {}
    for status in ("200", "201"):
        content = said["responses"].get(status, {}).get("content", {})
        found = found or content.get("application/json", {}).get("schema", {})
    return found


def _fields(schema: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    answer = answer.get("items", answer)
    if "$ref" not in answer:
        return
    model = _resolved(schema, answer)
    if "items" in model.get("properties", {}) and "next" in model["properties"]:
        yield from _fields(schema, model["properties"]["items"])
        return
    for name, said in model.get("properties", {}).items():
        yield name, _kind(said), said.get("description", "")


def _kind(said: Mapping[str, Any]) -> str:
    if "anyOf" in said:
        return " | ".join(dict.fromkeys(_kind(one) for one in said["anyOf"]))
    if "$ref" in said:
        return str(said["$ref"].rpartition("/")[2].removesuffix("Shown").lower())
    if said.get("type") == "array":
        return f"[{_kind(said.get('items', {}))}]"
    return str(said.get("format") or said.get("type", "any"))
