"""Needs that nobody at the fair answers yet."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.chains.domain.chain_maps import sure_needs, sure_offers
from serai.expo.offers.chains.models import Chain

ANSWERING = (Meeting.State.SCHEDULED, Meeting.State.CONFIRMED, Meeting.State.HELD)
"""States of a meeting that answers a need: it has a time, or it was held."""


def unanswered(edition: Edition, chain: Chain) -> Mapping[str, int]:
    """By code of a node, how many needs are placed there whose buyer has no meeting with anybody who offers it."""
    return by_revision("unanswered", [edition, chain], lambda: _unanswered(edition, chain))


def _unanswered(edition: Edition, chain: Chain) -> Mapping[str, int]:
    offering: dict[str, set[int]] = defaultdict(set)
    offers = sure_offers(edition).filter(node__chain=chain).order_by()
    for code, participation in offers.values_list("node__code", "participation_id").distinct():
        offering[code].add(participation)
    met: dict[int, set[int]] = defaultdict(set)
    meetings = Meeting.objects.filter(edition=edition, state__in=ANSWERING)
    for host, guest in meetings.order_by().values_list("host_id", "guest_id"):
        met[host].add(guest)
        met[guest].add(host)
    needs = sure_needs(chain).order_by().values_list("node__code", "need_id", "participation_id").distinct()
    return Counter(code for code, _need, buyer in needs if met[buyer].isdisjoint(offering[code]))
