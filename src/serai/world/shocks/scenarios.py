"""Scenarios as data: TOML files, the named ones of the package, and how they name countries and industries.

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

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from serai.world.shocks import SHOCKS, Scenario, Shock
from serai.world.shocks.files import Place, UnreadableScenario, document, read_text
from serai.world.shocks.values import (
    SHARE,
    TEXT,
    TEXTS,
    Allowed,
    UnknownLabelError,
    WrongParameterError,
    said,
)
from serai.world.shocks.worlds import World
from serai.world.supply.network import UNKNOWN, SupplyNetwork
from serai.world.table import WorldTable

__all__ = ["UnreadableScenario", "countries_of", "industries_of", "named_scenarios", "parse_scenario", "read_scenario"]

COUNTRIES = ("countries", "importers", "exporters", "members", "destinations")
ESSENTIAL = "essential"
INDUSTRIES = ("industries", ESSENTIAL)
"""Parameters that name countries, and those that name industries, whatever the kind."""

BLOCS, REBUILDERS, BEHAVIOUR, EVENTS = "blocs", "rebuilt_by", "behaviour", "events"
SHARES, DEMAND = "shares", "demand"
"""Parameters that hold lists of countries, shares by industry, behaviour (partly by industry), and lists of tables."""

type Path = tuple[str | int, ...]
"""Where something stands among the parameters."""


def named_scenarios() -> Mapping[str, Scenario]:
    """The scenarios of the package by the name of their file."""
    return _named()


@cache
def _named() -> Mapping[str, Scenario]:
    folder = files("serai.world") / "data" / "scenarios"
    read = {file.name: parse_scenario(file.read_text(encoding="utf-8"), file.name) for file in folder.iterdir()}
    scenarios = {name.removesuffix(".toml"): replace(scenario, place=None) for name, scenario in read.items()}
    return dict(sorted(scenarios.items()))


def read_scenario(name: str) -> Scenario:
    """A named scenario, or the one of a file. Raises KeyError where there is neither, UnreadableScenario."""
    if name in named_scenarios():
        return named_scenarios()[name]
    text = read_text(name)
    if text is None:
        raise KeyError(f"There is neither a scenario nor a file '{name}'; there are {', '.join(named_scenarios())}.")
    return parse_scenario(text, name)


def parse_scenario(text: str, source: str) -> Scenario:
    """The scenario in a text; `source` names it in complaints. Raises UnreadableScenario."""
    return scenario_of(document(text, source), Place(source, text))


def scenario_of(given: Mapping[str, Any], place: Place, extra: Collection[str] = ()) -> Scenario:
    """The scenario of a parsed document, without the keys `extra`. Raises UnreadableScenario."""
    for key in given:
        if key not in KEYS and key not in extra:
            raise place.complaint((key,), f"A scenario has no '{key}'; it has {', '.join(KEYS)}.")
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in SHOCKS:
        told = "A scenario needs a 'kind'" if kind is None else f"There is no kind of shock {said(kind)}"
        raise place.complaint(("kind",), f"{told}; there are {', '.join(SHOCKS)}.")
    declared = SHOCKS[kind]
    for key, allowed in KEYS.items():
        if key in given and not allowed.fits(given[key]):
            raise place.complaint((key,), f"'{key}' is {allowed.what}, not {said(given[key])}.")
    parameters = given.get("parameters", {})
    check_parameters(declared, parameters, place.within("parameters"))
    for key in given.get("asks", ()):
        if key not in declared.parameters:
            raise place.complaint(("asks",), f"The shock '{kind}' has no parameter '{key}' to ask for.")
    return Scenario(
        kind,
        parameters,
        given.get("name", ""),
        float(given.get("probability", 1.0)),
        given.get("about", ""),
        tuple(given.get("asks", ())),
        place,
    )


def check_parameters(declared: Shock, parameters: Mapping[str, Any], place: Place) -> None:
    """Raises UnreadableScenario for a parameter that the shock doesn't have, or a value that it may not have."""
    for key, value in parameters.items():
        try:
            declared.check_one(key, value)
        except WrongParameterError as error:
            raise place.complaint(error.path, str(error)) from None


KEYS: Mapping[str, Allowed] = {
    "kind": TEXT,
    "parameters": Allowed("a table [parameters]", lambda value: isinstance(value, Mapping)),
    "name": TEXT,
    "probability": SHARE,
    "about": TEXT,
    "asks": TEXTS,
}
"""What a scenario's file holds."""


def resolved(world: World, scenario: Scenario) -> Scenario:
    """The scenario with countries and industries by the labels of this table or network.

    Raises WrongParameterError, a ValueError, for a group without a member here, an ISIC code, chain or node that is
    unknown; UnknownLabelError, a KeyError too, for a country or an industry that is not here.
    """
    return replace(scenario, parameters=_with_labels(world, (), scenario.parameters))


def _with_labels(world: World, at: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters, or those of one of several events `at` a place among them, by the labels of the world."""
    given = dict(parameters)
    for keys, named in ((COUNTRIES, countries_of), (INDUSTRIES, industries_of)):
        for key in keys:
            if given.get(key) is not None:
                given[key] = _here(world, (*at, key), given[key], named)
    if given.get(BLOCS) is not None:
        given[BLOCS] = blocs = [_here(world, (*at, BLOCS), bloc, countries_of) for bloc in given[BLOCS]]
        if both := sorted(set(blocs[0]).intersection(*blocs[1:])):
            raise WrongParameterError((*at, BLOCS), f"{both[0]} stands in both blocs.")
    for key, by_label in ((REBUILDERS, _shared_out), (SHARES, _by_label), (BEHAVIOUR, _behaviour)):
        if given.get(key):
            given[key] = by_label(world, (*at, key), given[key])
    for key in (EVENTS, DEMAND):
        if given.get(key):
            given[key] = [_with_labels(world, (key, number), entry) for number, entry in enumerate(given[key])]
    return given


def check_labels(world: World, scenario: Scenario) -> None:
    """Raises UnreadableScenario, or WrongParameterError where it was read from no file, for what is not in this
    world."""
    try:
        resolved(world, scenario)
    except WrongParameterError as error:
        if scenario.place is None:
            raise
        raise scenario.place.complaint(("parameters", *error.path), str(error)) from None


def _here(
    world: World, path: Path, texts: Iterable[str], named: Callable[[World, Iterable[str]], list[str]]
) -> list[str]:
    """The labels that these texts name. Raises WrongParameterError, with the path of the parameter."""
    try:
        labels = named(world, texts)
    except ValueError as error:
        raise WrongParameterError(path, str(error)) from None
    for label in labels:
        what, word, labels_here = _labels(world, path, named is countries_of)
        if label not in labels_here:
            raise UnknownLabelError(path, f"The {what} has no {word} '{label}'; it has {', '.join(labels_here)}.")
    return labels


def _labels(world: World, path: Path, countries: bool) -> tuple[str, str, tuple[str, ...]]:
    """Owner and kind of the labels, and the labels: networks need products where tables need industries."""
    if isinstance(world, SupplyNetwork):
        return "network", "country", tuple(code for code in world.countries if code != UNKNOWN)
    if isinstance(world, WorldTable):
        return ("table", "country", world.countries) if countries else ("table", "industry", world.industries)
    if countries:
        return "network", "country", world.countries
    return ("network", "product", world.products) if path == (ESSENTIAL,) else ("network", "industry", world.industries)


def _behaviour(world: World, _path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """The behaviour of makers, with industries by the labels of the table."""
    behaviour = dict(given)
    for name in ("stock_days", "stock_days_of", "critical"):
        if isinstance(behaviour.get(name), Mapping):
            behaviour[name] = _by_label(world, (BEHAVIOUR, name), behaviour[name])
    for buyer, stated in behaviour.get("stock_days_of", {}).items():
        if isinstance(stated, Mapping):
            behaviour["stock_days_of"][buyer] = _by_label(world, (BEHAVIOUR, "stock_days_of", buyer), stated)
    for buyer, inputs in behaviour.get("critical", {}).items():
        behaviour["critical"][buyer] = _here(world, (BEHAVIOUR, "critical", buyer), inputs, industries_of)
    if behaviour.get("never_short"):
        behaviour["never_short"] = _here(world, (BEHAVIOUR, "never_short"), behaviour["never_short"], industries_of)
    return behaviour


def _by_label(world: World, path: Path, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the labels of the industries that their keys name."""
    return {
        label: value for text, value in values.items() for label in _here(world, (*path, text), [text], industries_of)
    }


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
        here = [label for label in world.countries if (member := find(label)) is not None and member in members]
        if not here:
            raise ValueError(f"The {text} has no member among {', '.join(world.countries)}.")
        return here
    entry = find(text)
    codes = (entry.alpha3, entry.alpha2) if entry else ()
    return [code for code in codes if code in world.countries][:1] or [text]


def industries_of(world: World, texts: Iterable[str]) -> list[str]:
    """The labels of the industries that these texts name, each once."""
    return list(dict.fromkeys(label for text in texts for label in _industries(world, text)))


def _industries(world: World, text: str) -> list[str]:
    if isinstance(world, SupplyNetwork):
        raise ValueError(f"'{text}' is an industry; a chain has nodes, which 'nodes' names.")
    first, _, rest = text.partition(" ")
    if text in world.industries or first not in {"isic", "chain"}:
        return [text]
    if not isinstance(world, WorldTable):
        raise ValueError(f"'{text}' names industries of a table; a network's firms have those of its own labels.")
    from serai.world.industries import cells_making
    from serai.world.table import NotMeasured

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
    from serai.world.chains import BUILTIN, builtin_chains

    slug, _, code = place.partition("/")
    chains = {chain.slug: chain for chain in builtin_chains(BUILTIN)}
    if slug not in chains:
        raise ValueError(f"There is no chain '{slug}'; there are {', '.join(chains)}.")
    nodes = [node for node in chains[slug].nodes if code in {"", node.code}]
    if not nodes:
        codes = ", ".join(node.code for node in chains[slug].nodes)
        raise ValueError(f"The chain '{slug}' has no node '{code}'; it has {codes}.")
    return [activity for node in nodes for activity in node.isic]


def _shared_out(world: World, path: Path, shares: Mapping[str, float]) -> dict[str, float]:
    """Shares by industry; what names several is split evenly."""
    share_of: dict[str, float] = {}
    for text, share in shares.items():
        labels = _here(world, (*path, text), [text], industries_of)
        for label in labels:
            share_of[label] = share_of.get(label, 0) + share / len(labels)
    return share_of
