"""A scenario of the lab in its canonical form: what stops, where, how much of it, and for how long.

The same scenario always has the same form, whoever writes it, so that it is computed once. Firms are named by their
public identifiers. Nothing here comes from what a firm keeps to itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.networks import fingerprint_of_chain
from serai.expo.insight.supply.domain.stored_results import digest
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.world.readers import default_table, question_of_shock
from serai.world.shocks import SHOCKS
from serai.world.shocks.scenarios import named_scenarios

METHOD = 2
"""Counts changes of how a scenario is run or of what is kept of its result."""

ON_CHAIN, ON_FAIR, ON_TABLE = "chain", "fair", "table"

WITH_TARIFFS = frozenset({"tariff-cut"})
"""Ready scenarios that need a table with tariffs, which none in the package is."""


class ScenarioError(ValueError):
    """Why a scenario can't be run, in the reader's language."""


@dataclass(frozen=True)
class Written:
    """A scenario: ``on`` a chain of the world, on a chain with the firms of the fair as makers, or on the world table.

    ``chain`` is the slug of the chain. ``parameters`` are those of the shock of this ``kind``. ``ready`` names the
    ready scenario from which it was made.
    """

    on: str
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    chain: str = ""
    ready: str = ""

    def canonical(self) -> dict[str, Any]:
        """The form that is stored: lists sorted, each entry once, nothing that is empty."""
        parameters = {name: _canonical(value) for name, value in sorted(self.parameters.items()) if _is_given(value)}
        return asdict(self) | {"parameters": parameters}


def written(canonical: Mapping[str, Any]) -> Written:
    """The scenario of a canonical form."""
    return Written(**canonical)


def _is_given(value: Any) -> bool:
    return value is not None and value != "" and value != []


def _canonical(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        entries = [_canonical(entry) for entry in value]
        if all(isinstance(entry, str) for entry in entries):
            return sorted(set(entries))
        return sorted(entries) if all(isinstance(entry, list) for entry in entries) else entries
    return value


def fingerprint(edition: Edition, scenario: Written) -> str:
    """What the result rests on: the scenario, the chain and its firms, the table, the method."""
    own = fingerprint_of_chain(scenario.chain) if scenario.chain else ""
    firms = sorted(makers_at(edition, scenario.chain)) if scenario.on == ON_FAIR else ""
    return digest(METHOD, scenario.canonical(), own, firms, table_of(scenario))


def table_of(scenario: Written) -> str:
    """The name of the world table on which a scenario is run, or by which its chain is compiled."""
    return default_table(question_of_shock(scenario.kind if scenario.on == ON_TABLE else "shortage"))


def makers_at(edition: Edition, chain: str) -> set[tuple[str, str, str]]:
    """The exhibitors that stand on a chain for everybody to see: node, identifier of the firm, country."""
    placed = Placement.objects.filter(
        edition=edition,
        node__chain__slug=chain,
        side=Placement.Side.OFFER,
        confidence__gte=CONFIDENT,
        participation__in=exhibitors(edition).values("pk"),
    ).order_by()
    return set(placed.values_list("node__code", "participation__firm__identifier", "participation__firm__country"))


def check(scenario: Written) -> None:
    """Raises ScenarioError for a scenario in which nothing stops, or which the library refuses as it stands."""
    shock = SHOCKS[scenario.kind]
    if scenario.on != ON_TABLE:
        stopping = ("countries", "nodes", "firms", "straits")
        if not any(scenario.parameters.get(name) for name in stopping):
            raise ScenarioError(_("Choose at least one country, node, firm or strait that stops."))
    try:
        shock.check(scenario.canonical()["parameters"])
    except ValueError as error:
        raise ScenarioError(str(error)) from None


def ready_scenarios() -> list[str]:
    """The keys of the ready scenarios that run on a table in the package."""
    return [
        name for name, row in named_scenarios().items() if SHOCKS[row.kind].on == "table" and name not in WITH_TARIFFS
    ]


def from_ready(name: str, given: Mapping[str, Any]) -> Written:
    """A ready scenario with what it asks for. Raises ScenarioError."""
    scenario = named_scenarios()[name]
    lacking = [key for key in scenario.asks if not given.get(key)]
    if lacking:
        raise ScenarioError(_("Choose the countries that this scenario is about."))
    asked = {key: given[key] for key in scenario.asks}
    made = Written(ON_TABLE, scenario.kind, {**scenario.parameters, **asked}, ready=name)
    check(made)
    return made


def chosen(values: Iterable[str]) -> list[str]:
    """What was chosen of a list, sorted and each once."""
    return sorted(set(values))
