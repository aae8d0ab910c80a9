"""The stored exposure of a participant: computed by a task, for the eyes of its firm alone."""

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from serai.expo.base.among import among
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.insight.exposure.domain.figures import figures_of_inputs
from serai.expo.insight.exposure.domain.inputs import Input, inputs_at_links
from serai.expo.insight.supply.domain.networks import alpha3, fingerprint_of_chain, network_of
from serai.expo.insight.supply.domain.stored import NotComputable, Stored, digest, result, stored
from serai.expo.insight.supply.domain.unit_contents import contents_of
from serai.expo.insight.supply.models import StoredResult
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.world.progress import Progress

KIND, PAPER = "exposure", "exposure-paper"
"""Of an edition; the key is that of the participation, of a paper with its language: ``12``, ``12-en``. Only this room
reads them, for pages that its guards protect."""

MOST_ALTERNATIVES = 5
NO_PARTICIPANT = gettext_noop("This participant is not there any more.")


def exposure_of(participation: Participation) -> Stored:
    """The exposure as it stands; the worker is asked for it where there is none or its basis has changed."""
    return stored(participation.edition, KIND, str(participation.pk))


def results_of(participation: Participation) -> QuerySet[StoredResult]:
    """All that is stored of the exposure of a participant."""
    rows = StoredResult.objects.filter(edition=participation.edition_id)
    return rows.filter(Q(kind=KIND, key=str(participation.pk)) | Q(kind=PAPER, key__startswith=f"{participation.pk}-"))


def participant(key: str) -> Participation:
    """The participation of a key. Raises NotComputable where it is not there any more."""
    rows = Participation.objects.select_related("edition", "firm")
    row = rows.filter(pk=key).exclude(state__in=Participation.OVER).first()
    if row is None:
        raise NotComputable(NO_PARTICIPANT)
    return row


def fingerprint_of_exposure(_edition: Edition | None, key: str) -> str:
    """All that the exposure of a participant rests on; empty where it is not there any more."""
    try:
        participation = participant(key)
    except NotComputable:
        return ""
    inputs = inputs_at_links(participation)
    chains = sorted({item.chain for item in inputs.known})
    return digest(
        participation.firm.country,
        inputs.known,
        inputs.unplaced,
        _makers(participation, inputs.known),
        [fingerprint_of_chain(slug) for slug in chains],
    )


@result(KIND, fingerprint=fingerprint_of_exposure)
def firm_exposure(_edition: Edition | None, key: str, _progress: Progress) -> dict[str, Any]:
    """What pages and paper show of a participant."""
    return computed(participant(key))


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
