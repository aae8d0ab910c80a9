"""The lab in the interface: run a scenario, and read its result."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import WRITE, Room
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.insight.lab.domain import runs
from serai.expo.insight.lab.domain.scenarios import ON_CHAIN, ON_FAIR, ON_TABLE, ScenarioError, Written
from serai.expo.insight.lab.models import LabRun
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.world.shocks import SHOCKS

room = Room(_("Lab"), ScenarioError, runs.TooManyRunsError)


class ScenarioWanted(Schema):
    on: str = Field(
        pattern=f"^({ON_CHAIN}|{ON_FAIR}|{ON_TABLE})$", description="chain, fair (its firms as makers) or table"
    )
    chain: str = Field("", max_length=64, description="Slug of a chain of the fair, for chain and fair")
    kind: str = Field("supply-stop", max_length=32, description="Kind of shock; supply-stop on a chain")
    parameters: dict[str, Any] = Field(description="Those of the kind, as in `serai world shock`")


class LabRunShown(Schema):
    code: str = Field(description="Its address: whoever has it reads the result")
    state: str = Field(description="waiting, running, done, refused, cancelled or failed")
    scenario: dict[str, Any]
    asked_at: datetime
    ended_at: datetime | None
    problem: str = Field(description="Why it was refused")
    result: dict[str, Any] | None = Field(
        description="Losses by country, node, industry and time, with horizon, limits, cautions and sources"
    )


def _shown(run: LabRun) -> LabRunShown:
    fields = ("code", "scenario", "asked_at", "ended_at", "problem", "result")
    return LabRunShown(state=run.state, **{name: getattr(run, name) for name in fields})


@room.post("/lab/runs", _("Run a scenario"), LabRunShown, scope=WRITE, status=202)
def run_scenario(request: Call, edition: Edition, wanted: ScenarioWanted) -> Any:
    """The same scenario is run once: whoever asks again gets the run that there is."""
    if not request.user.has_perm("expo.run_lab", edition):
        raise ProblemError(
            403, gettext("The organiser has not opened the lab to you. Results that are shared stay open.")
        )
    on_table = wanted.on == ON_TABLE
    if wanted.kind not in SHOCKS or SHOCKS[wanted.kind].on != ("table" if on_table else "supply"):
        raise ScenarioError(gettext("There is no such kind of scenario for this."))
    if not on_table and wanted.chain not in {chain.slug for chain in chains_of_edition(edition)}:
        raise ScenarioError(gettext("This fair has no such chain."))
    scenario = Written(wanted.on, wanted.kind, wanted.parameters, chain="" if on_table else wanted.chain)
    return _shown(runs.ask(edition, scenario, user=request.user, visitor=f"user {request.user.pk}"))


@room.get("/lab/runs/{code}", _("A scenario and its result"), LabRunShown)
def lab_run(_request: Call, edition: Edition, code: str) -> Any:
    """Ask again every second or so until it has ended."""
    run = runs.run_of(edition, code)
    if run is None:
        raise Http404(gettext("There is no such scenario. Check the address."))
    return _shown(run)
