"""What an ensemble is made of: scenarios with probabilities, and parameters that are drawn.

name = "Ports of the Pacific"
seed = 7                            # 0 when left out

[[scenario]]
use = "port-closure"                # a named scenario or a file; or kind = ... as in a scenario's own file
probability = 0.2                   # all the same when none is given; what is left to 1 is nothing happening
[scenario.parameters]               # beside, or instead of, those of the named one
days = 30
[scenario.draw]                     # parameters that differ from draw to draw
share = { low = 0.2, high = 0.8 }   # evenly in between, whole numbers where both are
countries = { among = [["CHN"], ["JPN"]] }
# countries = { among = "countries" } is each country of the table, alone
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, overload

import numpy as np

from serai.world.shocks import SHOCKS, Scenario
from serai.world.shocks.files import Place, document, read_text
from serai.world.shocks.scenarios import check_labels, check_parameters, read_scenario, scenario_of
from serai.world.shocks.values import NUMBER, TEXT, said
from serai.world.shocks.worlds import World
from serai.world.supply.network import UNKNOWN
from serai.world.table import Array

EACH_COUNTRY = "countries"
"""Instead of a list of values: each country of the table, alone."""


@dataclass(frozen=True)
class Span:
    """A number drawn evenly from `low` to `high`; a whole one, both ends included, where both are whole."""

    low: float
    high: float

    def draw(self, random: np.random.Generator, world: World) -> Any:  # noqa: ARG002  drawn like the other
        if isinstance(self.low, int) and isinstance(self.high, int):
            return int(random.integers(self.low, self.high, endpoint=True))
        return float(random.uniform(self.low, self.high))


@dataclass(frozen=True)
class Choice:
    """One of some values, each as likely; EACH_COUNTRY stands for every country of the table."""

    among: Sequence[Any] | str = field(hash=False)

    def draw(self, random: np.random.Generator, world: World) -> Any:
        values = self.of(world)
        return values[int(random.integers(len(values)))]

    def of(self, world: World) -> Sequence[Any]:
        """The values in this world."""
        if self.among != EACH_COUNTRY:
            return self.among
        return [[country] for country in world.countries if country != UNKNOWN]


@dataclass(frozen=True)
class Ensemble:
    """Scenarios, one of which happens with its probability, else nothing; `drawn` holds by scenario what is drawn."""

    name: str
    scenarios: tuple[Scenario, ...]
    drawn: tuple[Mapping[str, Span | Choice], ...] = field(hash=False)
    seed: int = 0

    def draw(self, world: World, count: int) -> "Draws":
        """`count` draws, None where nothing happens. The first ones are the same however many are drawn.

        Raises UnreadableScenario, or WrongParameterError where no file was read, for a country or an industry that is
        not in this world, whether it would be drawn or not.
        """
        for scenario, drawn in zip(self.scenarios, self.drawn, strict=True):
            ways = [(key, value) for key, way in drawn.items() if isinstance(way, Choice) for value in way.of(world)]
            for parameters in ({**scenario.parameters}, *({key: value} for key, value in ways)):
                check_labels(world, replace(scenario, parameters=parameters))
        return Draws(self, world, count)

    def one(self, world: World, number: int) -> Scenario | None:
        """The draw of this number, from 0 on; it depends only on the seed and the number."""
        random = np.random.default_rng([self.seed, number])
        upper = self._upper
        place = int(np.searchsorted(upper, random.random() * max(1.0, float(upper[-1])), side="right"))
        if place == len(self.scenarios):
            return None
        chosen, drawn = self.scenarios[place], self.drawn[place]
        values = {key: way.draw(random, world) for key, way in drawn.items()}
        return replace(chosen, parameters={**chosen.parameters, **values})

    @cached_property
    def _upper(self) -> Array:
        """Where each scenario's probability ends when they stand one after another."""
        return np.cumsum([scenario.probability for scenario in self.scenarios])


@dataclass(frozen=True, eq=False)
class Draws(Sequence[Scenario | None]):
    """The first `number` draws of an ensemble, each made when it is asked for: as many as are wanted take no memory."""

    ensemble: Ensemble
    world: World
    number: int

    def __len__(self) -> int:
        return self.number

    @overload
    def __getitem__(self, place: int) -> Scenario | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[Scenario | None]: ...
    def __getitem__(self, place: int | slice) -> Scenario | list[Scenario | None] | None:
        numbers = range(self.number)[place]
        if isinstance(numbers, range):
            return [self.ensemble.one(self.world, draw) for draw in numbers]
        return self.ensemble.one(self.world, numbers)

    @property
    def recipe(self) -> Mapping[str, Any]:
        """Everything that determines the draws except the world and their number, as plain data."""
        drawn = [
            {key: {"kind": type(way).__name__, **asdict(way)} for key, way in drawn.items()}
            for drawn in self.ensemble.drawn
        ]
        scenarios = [described(scenario) for scenario in self.ensemble.scenarios]
        return {"seed": self.ensemble.seed, "scenarios": scenarios, "drawn": drawn}


def described(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain data, without where it was read."""
    return {field.name: getattr(scenario, field.name) for field in fields(scenario) if field.name != "place"}


def read_ensemble(path: str) -> Ensemble:
    """The ensemble of a file. Raises KeyError where there is none, UnreadableScenario where it is damaged."""
    text = read_text(path)
    if text is None:
        raise KeyError(f"There is no file '{path}'.")
    return parse_ensemble(text, path)


def parse_ensemble(text: str, source: str) -> Ensemble:
    """The ensemble in a text; `source` names it in complaints. Raises UnreadableScenario with the line."""
    given, place = document(text, source), Place(source, text)
    for key in given:
        if key not in {"name", "seed", "scenario"}:
            raise place.complaint((key,), f"An ensemble has no '{key}'; it has name, seed and [[scenario]].")
    name, seed, listed = given.get("name", source), given.get("seed", 0), given.get("scenario")
    if not TEXT.fits(name):
        raise place.complaint(("name",), f"'name' is {TEXT.what}, not {said(name)}.")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise place.complaint(("seed",), f"'seed' is a whole number of at least 0, not {said(seed)}.")
    if not isinstance(listed, list) or not listed or not all(isinstance(entry, dict) for entry in listed):
        raise place.complaint(("scenario",), "An ensemble needs at least one [[scenario]].")
    scenarios, drawn = [], []
    for number, entry in enumerate(listed):
        scenarios.append(_scenario(entry, place.within("scenario", number)))
        drawn.append(_drawn(entry.get("draw", {}), scenarios[-1].kind, place.within("scenario", number, "draw")))
    if not any("probability" in entry for entry in listed):
        scenarios = [replace(entry, probability=1 / len(scenarios)) for entry in scenarios]
    upto = np.cumsum([entry.probability for entry in scenarios])
    if upto[-1] > 1 + 1e-9:
        number = int((upto > 1 + 1e-9).argmax())
        raise scenarios[number].place.complaint(  # type: ignore[union-attr]
            ("probability",), f"The probabilities of the scenarios add up to more than 1 here, to {upto[number]:g}."
        )
    return Ensemble(name, tuple(scenarios), tuple(drawn), seed)


def _scenario(given: Mapping[str, Any], place: Place) -> Scenario:
    if "use" not in given:
        return scenario_of(given, place, extra={"draw"})
    if not TEXT.fits(given["use"]):
        raise place.complaint(("use",), f"'use' is the name of a scenario or of a file, not {said(given['use'])}.")
    try:
        named = read_scenario(given["use"])
    except KeyError as error:
        raise place.complaint(("use",), str(error.args[0])) from None
    own = scenario_of({"kind": named.kind, **given}, place, extra={"draw", "use"})
    if own.kind != named.kind:
        raise place.complaint(
            ("kind",), f"The scenario '{given['use']}' is of the kind '{named.kind}'; leave this out."
        )
    return replace(
        named,
        parameters={**named.parameters, **own.parameters},
        probability=own.probability if "probability" in given else named.probability,
        name=own.name or named.name,
        place=place,
    )


def _drawn(given: Any, kind: str, place: Place) -> dict[str, Span | Choice]:
    if not isinstance(given, dict):
        raise place.complaint((), f"'draw' is a table [scenario.draw], not {said(given)}.")
    drawn = {key: _draw(key, way, place) for key, way in given.items()}
    for key, way in drawn.items():
        values = [way.low, way.high] if isinstance(way, Span) else [[]] if way.among == EACH_COUNTRY else way.among
        for value in values:
            check_parameters(SHOCKS[kind], {key: value}, place)
    return drawn


def _draw(key: str, given: Any, place: Place) -> Span | Choice:
    forms = "{ low = ..., high = ... } or { among = [...] }"
    wrong = place.complaint((key,), f"'{key}' is drawn from {forms}, not {said(given)}.")
    if not isinstance(given, dict):
        raise wrong
    if set(given) == {"low", "high"} and all(NUMBER.fits(end) for end in given.values()):
        if given["low"] > given["high"]:
            raise place.complaint(
                (key,), f"'{key}' is drawn from {said(given['low'])} down to {said(given['high'])}; turn them round."
            )
        return Span(given["low"], given["high"])
    among = given.get("among")
    if set(given) == {"among"} and (among == EACH_COUNTRY or (isinstance(among, list) and among)):
        return Choice(among)
    raise wrong
