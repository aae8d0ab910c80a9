"""The meetings not made yet that would help the fair's buyers most, and what the timetable as it stands would do.

A meeting helps where its supplier would be a new source of what its buyer needs: it takes something off the worst loss
of that input (`serai.world.portfolio.new_sources`). Only what firms show of themselves is used: needs, offers, country.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.call_list import ANSWERING
from serai.expo.insight.supply.domain.fair_difference import fingerprint_of_fair
from serai.expo.insight.supply.domain.fair_links import Standpoints, standpoints
from serai.expo.insight.supply.domain.networks import contents_of, network_of
from serai.expo.insight.supply.domain.stored_results import digest, result
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain
from serai.world.classifications.countries import alpha2
from serai.world.portfolio.new_sources import Gains, gains_of, joined, new_sources
from serai.world.progress import Progress
from serai.world.supply import Difference, Link, combined, difference, needs_of

KIND = "fair-meetings"
"""Of an edition; the key is empty."""

MOST = 30
EACH = 3
"""Meetings that are chosen, and of them those of one supplier."""

A_COUNTRY = 2
"""Suppliers of one country among which is chosen for a need: the surest."""


def fingerprint_of_meetings(edition: Edition | None, key: str) -> str:
    """What the difference of the fair rests on, and who meets or refuses whom."""
    meetings = list(Meeting.objects.filter(edition=edition).order_by("pk").values_list("pk", "state"))
    refusals = list(_refusals(edition).order_by("pk").values_list("pk"))
    return digest(fingerprint_of_fair(edition, key), meetings, refusals)


@dataclass(frozen=True)
class Candidate:
    """A meeting that is not made yet: who would supply what to whom."""

    chain: str
    node: str
    buyer: int
    supplier: int
    country: str


@result(KIND, fingerprint=fingerprint_of_meetings, version=2)
def fair_meetings(edition: Edition | None, _key: str, progress: Progress) -> dict[str, Any]:
    """``meetings``: those chosen, each with what it takes off the worst loss of its input; ``saved`` and ``bound``, the
    mean over the inputs; ``gap``, what the choice may miss at most. ``timetable``: figures if every meeting that has a
    time became a link."""
    assert edition is not None
    met, refused = _pairs(edition)
    candidates: list[Candidate] = []
    gains: list[Gains] = []
    timetable: list[Difference] = []
    inputs = 0
    chains = chains_of_edition(edition)
    for number, chain in enumerate(chains):
        progress("", number / max(len(chains), 1))
        stand = standpoints(edition, chain)
        place = {(need.buyer, need.node): at for at, need in enumerate(stand.inputs())}
        if not place:
            continue
        inputs += len(place)
        network = network_of(chain.slug)
        needs = needs_of(network, [(node, stand.country[buyer]) for buyer, node in place])
        of_chain = _candidates(chain, stand, met | refused)
        candidates += of_chain
        new_links = [Link(place[meeting.buyer, meeting.node], meeting.country) for meeting in of_chain]
        gains.append(gains_of(network, needs, new_links))
        links = [
            Link(place[buyer, node], stand.country[supplier])
            for supplier, buyer in sorted(met)
            if (node := stand.supplied(supplier, buyer)) and (buyer, node) in place and stand.country.get(supplier)
        ]
        timetable.append(difference(network, needs, links, contents=contents_of(chain.slug, network)))
    all_gains = joined(gains)
    chosen = new_sources(all_gains, [candidate.supplier for candidate in candidates], most=MOST, each=EACH)
    scheduled = combined(timetable) if timetable else None
    return {
        "inputs": inputs,
        "candidates": len(candidates),
        "meetings": [
            {
                "chain": candidates[at].chain,
                "node": candidates[at].node,
                "buyer": candidates[at].buyer,
                "supplier": candidates[at].supplier,
                "country": alpha2(candidates[at].country),
                "taken_away": round(float(all_gains.single[at]), 4),
            }
            for at in sorted(chosen.chosen, key=lambda at: -all_gains.single[at])
        ],
        "saved": chosen.saved / max(inputs, 1),
        "bound": chosen.bound / max(inputs, 1),
        "gap": chosen.gap,
        "timetable_links": len(scheduled.links) if scheduled else 0,
        "timetable": scheduled.records() if scheduled else [],
    }


def _candidates(chain: Chain, stand: Standpoints, without: set[tuple[int, int]]) -> list[Candidate]:
    """Suppliers of what each buyer needs whom it neither meets nor is refused by, at most A_COUNTRY of a country."""
    offering: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for supplier, nodes in stand.offers.items():
        for node, confidence in nodes.items():
            offering[node].append((confidence, supplier))
    ranked = {node: [supplier for _, supplier in sorted(rows, reverse=True)] for node, rows in offering.items()}
    candidates = []
    for need in stand.inputs():
        taken: dict[str, int] = defaultdict(int)
        for supplier in ranked.get(need.node, ()):
            country = stand.country[supplier]
            pair = supplier, need.buyer
            if supplier == need.buyer or not country or pair in without or taken[country] >= A_COUNTRY:
                continue
            taken[country] += 1
            candidates.append(Candidate(chain.slug, need.node, need.buyer, supplier, country))
    return candidates


def _pairs(edition: Edition) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Who meets whom with a time, (host, guest); and who does not want to meet whom, both ways."""
    meetings = Meeting.objects.filter(edition=edition, state__in=ANSWERING).order_by()
    met = set(meetings.values_list("host_id", "guest_id"))
    refused = set(_refusals(edition).order_by().values_list("wisher_id", "wished_id"))
    return met, refused | {(other, one) for one, other in refused}


def _refusals(edition: Edition | None) -> Any:
    return Wish.objects.filter(edition=edition, strength=Wish.Strength.NO_THANKS)


def chosen_pairs(data: Mapping[str, Any]) -> list[tuple[int, int]]:
    """(buyer, supplier) of the chosen meetings, those that help most last: so they come first when put first."""
    return [(meeting["buyer"], meeting["supplier"]) for meeting in reversed(data["meetings"])]
