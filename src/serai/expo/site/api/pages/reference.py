"""The API reference as a page shows it: each operation with an example of a call."""

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
    "own_chain": "own-chain",
    "code": "exhibitors",
    "key": "BRICS",
    "report": "results",
    "symbol": "S1",
    "kind": "country",
}
"""Values of the parameters of a path in examples."""


@dataclass(frozen=True)
class Parameter:
    name: str
    where: str
    kind: str
    text: str
    required: bool


@dataclass(frozen=True)
class Operation:
    """One operation: parameters, body, answer, scopes and an example."""

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
        """The call for a command line; ``site`` is the address of this site."""
        lines = [f"curl -X {self.method}" if self.method != "GET" else "curl"]
        if self.scopes:
            lines.append('-H "Authorization: Bearer $KEY"')
        if self.form:
            lines += [f"-F '{field}'" for field in self.form]
        elif self.sent:
            lines += ['-H "Content-Type: application/json"', f"-d '{self.sent}'"]
        path = self.path.format(**NAMED)
        required = (parameter for parameter in self.parameters if parameter.required and parameter.where == "query")
        needed = "&".join(f"{parameter.name}=..." for parameter in required)
        return " \\\n  ".join([*lines, f'"{site}{path}{"?" if needed else ""}{needed}"'])


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation, in the order of their declaration."""
    schema = interface.get_openapi_schema(path_prefix="/api/v1")
    return tuple(_operations(schema))


def _operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    described = (description for methods in schema["paths"].values() for description in methods.values())
    groups = list(dict.fromkeys(description["tags"][0] for description in described))
    numbered = []
    for path, methods in schema["paths"].items():
        for method, description in methods.items():
            body = _body(schema, description)
            operation = Operation(
                name=description["operationId"],
                method=method.upper(),
                path=path,
                title=TITLES[description["operationId"]],
                text=description.get("description", ""),
                group=TITLES[description["tags"][0]],
                scopes=tuple(description["x-scopes"]),
                parameters=tuple(map(_parameter, description.get("parameters", ()))),
                body=tuple(_of_body(schema, body)),
                fields=tuple(_fields(schema, _answer(description))),
                sent=json.dumps(_example(schema, body), ensure_ascii=False) if body else "",
                form=tuple(_form(schema, description)),
            )
            numbered.append((groups.index(description["tags"][0]), operation))
    for _number, operation in sorted(numbered, key=lambda pair: pair[0]):  # all operations of a room together
        yield operation


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    schema = parameter["schema"]
    text = parameter.get("description") or schema.get("description", "")
    return Parameter(parameter["name"], parameter["in"], _kind(schema), text, parameter["required"])


def _body(schema: Mapping[str, Any], description: Mapping[str, Any]) -> Mapping[str, Any]:
    content = description.get("requestBody", {}).get("content", {}).get("application/json", {})
    return _resolved(schema, content.get("schema", {}))


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas = schema["components"]["schemas"]
    while "$ref" in part or "allOf" in part:
        part = part["allOf"][0] if "allOf" in part else schemas[part["$ref"].rpartition("/")[2]]
    return part


def _of_body(schema: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Parameter]:
    needed = body.get("required", ())
    for name, part in body.get("properties", {}).items():
        resolved = _resolved(schema, part)
        values = resolved.get("enum", ())
        text = part.get("description", "") or " | ".join(str(value) for value in values if value != "")
        yield Parameter(name, "body", _kind(part), text, name in needed)


def _example(schema: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """The required fields of a body, else its first two."""
    properties = body.get("properties", {})
    names = body.get("required") or list(properties)[:2]
    return {name: _value(schema, name, properties[name]) for name in names}


def _form(schema: Mapping[str, Any], description: Mapping[str, Any]) -> Iterator[str]:
    """The required fields of a body that may come as a form, with its file."""
    form = description.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    for name in dict.fromkeys([*form.get("required", ()), *(["file"] if form else [])]):
        yield "file=@document.pdf" if name == "file" else f"{name}={_value(schema, name, form['properties'][name])}"


def _value(schema: Mapping[str, Any], name: str, part: Mapping[str, Any]) -> Any:
    part = _resolved(schema, part)
    if "anyOf" in part:
        part = _resolved(schema, next(option for option in part["anyOf"] if option.get("type") != "null"))
    if "enum" in part:
        return next(option for option in part["enum"] if option != "")
    kind = part.get("type")
    if kind == "array":
        return [_value(schema, name, part["items"])] if "items" in part else []
    if kind == "object":
        return {"en": "..."}
    named = {"firm": NAMED["identifier"], "to": NAMED["identifier"], "others": NAMED["identifier"], "country": "KE"}
    named |= {"url": "https://hooks.example/serai", "events": "meeting.*"}
    plain: Mapping[Any, Any] = {"boolean": True, "integer": 1, "number": 1.5}
    return plain.get(kind, named.get(name, "..."))


def _answer(description: Mapping[str, Any]) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = {}
    for status in ("200", "201"):
        content = description["responses"].get(status, {}).get("content", {})
        answer = answer or content.get("application/json", {}).get("schema", {})
    return answer


def _fields(schema: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    answer = answer.get("items", answer)
    if "$ref" not in answer:
        return
    model = _resolved(schema, answer)
    if "items" in model.get("properties", {}) and "next" in model["properties"]:
        yield from _fields(schema, model["properties"]["items"])
        return
    for name, part in model.get("properties", {}).items():
        yield name, _kind(part), part.get("description", "")


def _kind(part: Mapping[str, Any]) -> str:
    if "anyOf" in part:
        return " | ".join(dict.fromkeys(_kind(option) for option in part["anyOf"]))
    if "$ref" in part:
        return str(part["$ref"].rpartition("/")[2].removesuffix("Shown").lower())
    if part.get("type") == "array":
        return f"[{_kind(part.get('items', {}))}]"
    return str(part.get("format") or part.get("type", "any"))
