"""Resources of an assistant: definitions, words and methods, each answered by a reading operation of the interface."""

from collections.abc import Mapping
from dataclasses import dataclass

from serai.expo.site.assistants.domain.tools import ReadingTool


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
