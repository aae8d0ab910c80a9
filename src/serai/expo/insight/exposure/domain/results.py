"""The stored exposure of a participant: asked for by its pages, computed by a task, for the eyes of its firm."""

import logging
from collections import defaultdict
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai import __version__
from serai.expo.base.among import among
from serai.expo.fairs.edition.models import Participation
from serai.expo.insight.exposure.domain.figures import figures_of_inputs
from serai.expo.insight.exposure.domain.inputs import Input, inputs_at_links
from serai.expo.insight.exposure.models import ExposureResult
from serai.expo.insight.supply.domain.networks import alpha3, fingerprint_of_chain, network_of
from serai.expo.insight.supply.domain.stored import NotComputable, digest
from serai.expo.insight.supply.domain.unit_contents import contents_of
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING

PRIORITY = 10
VERSION = 1
MOST_ALTERNATIVES = 5

log = logging.getLogger(__name__)


def exposure_of(participation: Participation) -> ExposureResult:
    """The result as it stands; a task is asked for it where there is none or it rests on what has changed since."""
    row = ExposureResult.objects.filter(participation=participation).first()
    if row is None or (row.state != ExposureResult.State.WAITING and row.basis != basis_of(participation)):
        return ask(participation)
    return row


@transaction.atomic
def ask(participation: Participation) -> ExposureResult:
    """Have the worker compute the exposure of a participant. What there was stays until then."""
    values = {"state": ExposureResult.State.WAITING, "asked_at": timezone.now(), "edition": participation.edition}
    row, _made = ExposureResult.objects.update_or_create(participation=participation, defaults=values)
    compute.enqueue(row.pk)
    row.refresh_from_db()  # where tasks are done at once, it is there now
    return row


@task(priority=PRIORITY)
def compute(number: int) -> None:
    """Compute and keep the exposure of a participant."""
    with scopes_disabled():
        rows = ExposureResult.objects.select_related("participation__edition", "participation__firm")
        row = rows.filter(pk=number).first()
    if row is None:
        return
    with scope(edition=row.participation.edition):
        basis = basis_of(row.participation)
        try:
            contents = computed(row.participation)
            state = ExposureResult.State.DONE
            values = {"contents": contents, "state": state, "computed_at": timezone.now(), "paper": b""}
        except (OperationalError, InterfaceError):
            raise  # the database is away or locked: the queue tries again
        except Exception:
            log.exception("The exposure of participation %s could not be computed.", row.participation_id)
            values = {"state": ExposureResult.State.FAILED}
        ExposureResult.objects.filter(pk=number).update(basis=basis, **values)


def basis_of(participation: Participation) -> str:
    """A hash of all that the exposure of a participant rests on."""
    inputs = inputs_at_links(participation)
    chains = sorted({item.chain for item in inputs.known})
    return digest(
        __version__,
        VERSION,
        participation.firm.country,
        inputs.known,
        inputs.unplaced,
        _makers(participation, inputs.known),
        [fingerprint_of_chain(slug) for slug in chains],
    )


def computed(participation: Participation) -> dict[str, Any]:
    """What pages and paper show: the figures of each input, in the order of the inputs."""
    inputs, country = inputs_at_links(participation), participation.firm.country
    makers = _makers(participation, inputs.known)
    by_chain: defaultdict[str, list[Input]] = defaultdict(list)
    for item in inputs.known:
        by_chain[item.chain].append(item)
    figures: dict[int, dict[str, Any]] = {}
    source = ""
    not_known = [item.node for item in inputs.known]
    for slug, items in by_chain.items():
        try:
            network = network_of(slug)
        except NotComputable:
            continue
        source = network.source
        known = [item for item in items if item.code in network.nodes]
        if not known or alpha3(country) not in network.countries:
            continue
        for found in figures_of_inputs(network, known, country, makers, contents=contents_of(slug, network)):
            figures[found["node"]] = found
    return {
        "inputs": [figures[item.node] for item in inputs.known if item.node in figures],
        "unplaced": list(inputs.unplaced),
        "not_known": [node for node in not_known if node not in figures],
        "table": source,
    }


def _makers(participation: Participation, inputs: tuple[Input, ...]) -> dict[int, list[tuple[int, str]]]:
    """By link the other confirmed exhibitors who offer it on the market, with their countries."""
    offered = Placement.objects.filter(
        among("node", [item.node for item in inputs]),
        edition=participation.edition,
        side=Placement.Side.OFFER,
        confidence__gte=CONFIDENT,
        participation__state=Participation.State.CONFIRMED,
        participation__kind__in=EXHIBITING,
        offer__in=Offer.objects.filter(PUBLISHED, edition=participation.edition),
    ).exclude(participation__firm=participation.firm_id)
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    columns = "node_id", "participation_id", "participation__firm__country"
    for node, pk, country in offered.order_by(*columns).values_list(*columns).distinct():
        found[node].append((pk, country))
    return dict(found)
