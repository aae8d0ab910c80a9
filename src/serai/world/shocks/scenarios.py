"""Scenarios as data: files in TOML, the named ones of the package, and the words by which they say who is hit.

    name = "Two-month port closure"
    about = "What it stands for, in a sentence or two."
    kind = "inventory"                  # a registered shock
    probability = 0.02                  # of its happening, where it is one of an ensemble
    asks = ["countries"]                # parameters that whoever runs it has to give

    [parameters]                        # those of the kind
    share = 0.6
    industries = ["isic H"]

Countries are named by the table's labels, by code or name, or as a group's members in the table's year ("group EU").
Industries are named by the table's labels, by ISIC Rev.4 codes ("isic 07", "isic F") or by the chain or node that they
make ("chain clean-energy", "chain clean-energy/rare-earth-magnets").
"""

import inspect
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from serai.world.shocks import SHOCKS, Scenario, Shock, World
from serai.world.table import WorldTable

COUNTRIES = ("countries", "importers", "exporters", "members", "destinations")
INDUSTRIES = ("industries", "essential")
"""Parameters that name countries, and those that name industries, whatever the kind."""

BLOCS, REBUILDERS = "blocs", "rebuilt_by"
"""Lists of countries, and shares by industry."""


class UnreadableScenario(Exception):
    """A scenario file is damaged; the message names the file and the line, and says what is wrong."""


def named_scenarios() -> Mapping[str, Scenario]:
    """The scenarios of the package by the name of their file."""
    return _named()


@cache
def _named() -> Mapping[str, Scenario]:
    folder = files("serai.world") / "data" / "scenarios"
    found = {
        each.name.removesuffix(".toml"): parse_scenario(each.read_text(encoding="utf-8"), each.name)
        for each in folder.iterdir()
        if each.name.endswith(".toml")
    }
    return dict(sorted(found.items()))


def read_scenario(name: str) -> Scenario:
    """A named scenario, or the one of a file. Raises KeyError where there is neither, UnreadableScenario."""
    if name in named_scenarios():
        return named_scenarios()[name]
    text = read_text(name)
    if text is None:
        raise KeyError(f"There is neither a scenario nor a file '{name}'; there are {', '.join(named_scenarios())}.")
    return parse_scenario(text, name)


def read_text(name: str) -> str | None:
    """The text of a file; None where there is none. Raises UnreadableScenario."""
    try:
        return Path(name).read_text(encoding="utf-8") if Path(name).is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableScenario(f"{name} cannot be read as text: {error}.") from None


def parse_scenario(text: str, source: str) -> Scenario:
    """The scenario in a text; `source` names it in complaints. Raises UnreadableScenario."""
    return scenario_of(document(text, source), Complaint(text, source))


def document(text: str, source: str) -> dict[str, Any]:
    """The TOML of a text. Raises UnreadableScenario with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(place[2]) if place and place[2] else text.count("\n") + 1
        raise UnreadableScenario(f"{source}, line {line}: {place[1] if place else error}.") from None


class Complaint:
    """Says what is wrong in a text, and in which line."""

    def __init__(self, text: str, source: str) -> None:
        self.lines, self.source = text.splitlines(), source

    def __call__(self, key: str, sentence: str, after: str = "") -> UnreadableScenario:
        """What to raise: names the first line below the table `after` that holds `key`, or the first of all."""
        word = re.compile(rf"^\s*\[*\s*(?:[\w.\"'-]*\.)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\.|\])")
        start = self._first(re.compile(rf"^\s*\[+\s*{re.escape(after)}"), 0) if after else 0
        return UnreadableScenario(f"{self.source}, line {self._first(word, start) + 1}: {sentence}")

    def _first(self, pattern: re.Pattern[str], start: int) -> int:
        return next((row for row in range(start, len(self.lines)) if pattern.search(self.lines[row])), 0)


def scenario_of(given: Mapping[str, Any], complain: Complaint, extra: Collection[str] = ()) -> Scenario:
    """The scenario of a parsed document, without the keys `extra`. Raises UnreadableScenario."""
    known = [each.name for each in fields(Scenario)]
    for key in given:
        if key not in known and key not in extra:
            raise complain(key, f"A scenario has no '{key}'; it has {', '.join(known)}.")
    kind = str(given.get("kind", ""))
    if kind not in SHOCKS:
        raise complain("kind", f"There is no kind of shock '{kind}'; there are {', '.join(SHOCKS)}.")
    declared = SHOCKS[kind]
    for key, fits, what in TOP:
        if key in given and not fits(given[key]):
            raise complain(key, f"'{key}' is {what}, not {given[key]!r}.")
    parameters = given.get("parameters", {})
    check_parameters(declared, parameters, complain)
    for key in given.get("asks", ()):
        if key not in declared.parameters:
            raise complain("asks", f"The shock '{kind}' has no parameter '{key}' to ask for.")
    return Scenario(
        kind,
        parameters,
        given.get("name", ""),
        float(given.get("probability", 1.0)),
        given.get("about", ""),
        tuple(given.get("asks", ())),
    )


def check_parameters(declared: Shock, parameters: Mapping[str, Any], complain: Complaint) -> None:
    """Raises UnreadableScenario for a parameter that the shock doesn't have, or a value that is not of its kind."""
    signature = inspect.signature(declared.function).parameters
    for key, value in parameters.items():
        if key not in declared.parameters:
            known = ", ".join(declared.parameters)
            raise complain(key, f"The shock '{declared.kind}' has no parameter '{key}'; it has {known}.", "parameters")
        for annotation, fits, what in KINDS:
            if signature[key].annotation == annotation and not fits(value):
                raise complain(key, f"'{key}' is {what}, not {value!r}.", "parameters")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


KINDS: Sequence[tuple[Any, Callable[[Any], bool], str]] = (
    (float, _number, "a number"),
    (int, _whole, "a whole number"),
    (str, lambda value: isinstance(value, str), "a text"),
    (Iterable[str], _texts, "a list of texts"),
    (Iterable[str] | None, _texts, "a list of texts"),
    (
        Sequence[Iterable[str]],
        lambda value: isinstance(value, list | tuple) and all(map(_texts, value)),
        "lists of texts",
    ),
)
"""By annotation of an engine's parameter, what fits it, in a word. Engines check what they take beside these."""

TOP: Sequence[tuple[str, Callable[[Any], bool], str]] = (
    ("name", lambda value: isinstance(value, str), "a text"),
    ("about", lambda value: isinstance(value, str), "a text"),
    ("probability", lambda value: _number(value) and 0 <= value <= 1, "a number from 0 to 1"),
    ("asks", _texts, "a list of texts"),
    ("parameters", lambda value: isinstance(value, dict), "a table [parameters]"),
)


def resolved(world: World, scenario: Scenario) -> Scenario:
    """The scenario with countries and industries by the labels of this table or network.

    Raises ValueError for a group without a member here, an ISIC code, chain or node that is unknown. A text that names
    nothing is left as it is, for the engine to refuse.
    """
    given = dict(scenario.parameters)
    for key in COUNTRIES:
        if _texts(given.get(key)):
            given[key] = countries_of(world, given[key])
    if given.get(BLOCS) is not None and all(map(_texts, given[BLOCS])):
        given[BLOCS] = [countries_of(world, bloc) for bloc in given[BLOCS]]
    for key in INDUSTRIES:
        if _texts(given.get(key)):
            given[key] = industries_of(world, given[key])
    if isinstance(given.get(REBUILDERS), Mapping):
        given[REBUILDERS] = _shared_out(world, given[REBUILDERS])
    return replace(scenario, parameters=given)


def countries_of(world: World, texts: Iterable[str]) -> list[str]:
    """The labels of these countries and groups, each once."""
    return list(dict.fromkeys(label for text in texts for label in _countries(world, text)))


def _countries(world: World, text: str) -> list[str]:
    from serai.world.classifications import country_groups
    from serai.world.classifications.countries import country, find

    if text in world.countries:
        return [text]
    if text.startswith("group "):
        day = date(world.year, 12, 31) if isinstance(world, WorldTable) else date.today()  # noqa: DTZ011
        try:
            members = {country(alpha2) for alpha2 in country_groups.members(text.removeprefix("group "), day)}
        except LookupError as error:
            raise ValueError(str(error.args[0])) from None
        here = [each for each in world.countries if (known := find(each)) is not None and known in members]
        if not here:
            raise ValueError(f"The {text} has no member among {', '.join(world.countries)}.")
        return here
    found = find(text)
    codes = (found.alpha3, found.alpha2) if found else ()
    return [code for code in codes if code in world.countries][:1] or [text]


def industries_of(world: World, texts: Iterable[str]) -> list[str]:
    """The labels of the industries that these texts name, each once."""
    return list(dict.fromkeys(label for text in texts for label in _industries(world, text)))


def _industries(world: World, text: str) -> list[str]:
    first, _, rest = text.partition(" ")
    if text in world.industries or first not in {"isic", "chain"}:
        return [text]
    if not isinstance(world, WorldTable):
        raise ValueError(f"'{text}' names industries of a table; a network's firms have those of its own labels.")
    from serai.world.measures import NotMeasured
    from serai.world.measures.industries import cells_making

    codes = _isic(rest) if first == "isic" else _made_in(rest)
    try:
        made = sorted({int(cell) % world.n_industries for cell in cells_making(world, codes)})
    except NotMeasured as error:
        raise ValueError(f"'{text}' names no industry here. {error}") from None
    return [world.industries[place] for place in made]


def _isic(code: str) -> Sequence[str]:
    from serai.world.classifications.isic import classes

    try:
        return classes(code)
    except LookupError as error:
        raise ValueError(str(error.args[0])) from None


def _made_in(place: str) -> Sequence[str]:
    from serai.world.chains import builtin_chains

    slug, _, code = place.partition("/")
    chains = {chain.slug: chain for chain in builtin_chains()}
    if slug not in chains:
        raise ValueError(f"There is no chain '{slug}'; there are {', '.join(chains)}.")
    nodes = [node for node in chains[slug].nodes if code in {"", node.code}]
    if not nodes:
        known = ", ".join(node.code for node in chains[slug].nodes)
        raise ValueError(f"The chain '{slug}' has no node '{code}'; it has {known}.")
    return [activity for node in nodes for activity in node.isic]


def _shared_out(world: World, shares: Mapping[str, float]) -> dict[str, float]:
    """Shares by industry; what names several is split evenly."""
    found: dict[str, float] = {}
    for text, share in shares.items():
        labels = _industries(world, text)
        for label in labels:
            found[label] = found.get(label, 0) + share / len(labels)
    return found
