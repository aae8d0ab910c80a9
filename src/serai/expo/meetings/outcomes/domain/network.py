"""The links between firms of a fair as a firm network: co-exhibitors supply their leader, hosts their guests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.outcomes.models import Outcome

if TYPE_CHECKING:
    from serai.world.firm_network import FirmNetwork

UNIT = "links"
"""A link counts one: few values are known, and they are published in sums only."""

AGREED = (Outcome.State.CONFIRMED, Outcome.State.EVIDENCED, Outcome.State.FULFILLED)
SUPPLY = (Outcome.Kind.SAMPLE, Outcome.Kind.INTENTION, Outcome.Kind.MEMORANDUM, Outcome.Kind.CONTRACT)
"""Kinds of outcomes that make the host of a meeting a supplier of its guest."""

EMPLOYEES = {"": 1.0, "micro": 5.0, "small": 30.0, "medium": 150.0, "large": 500.0}
"""Size class -> a number of employees inside of it; 1 for an unknown class."""


def known_links(edition: Edition) -> "FirmNetwork":
    """Firms at the fair and their links: co-exhibitors supply their leader, and the host of a meeting its guest if both
    confirmed an outcome of it.

    Country is alpha-2, industry and product the firm's first ISIC class ("" if it has none), value the number of links.
    A claim of one side is not a link.
    """
    import polars as pl  # with the network 20 MB, which no page needs

    from serai.world.firm_network import FIRM_COLUMNS, LINK_COLUMNS, network_of

    taking_part = Firm.objects.filter(participations__edition=edition).distinct().order_by("pk")
    firms = [
        (firm.identifier, firm.country, *(firm.isic[:1] * 2 or ("", "")), EMPLOYEES[firm.size]) for firm in taking_part
    ]
    return network_of(
        pl.DataFrame(firms, schema=FIRM_COLUMNS, orient="row"),
        pl.DataFrame(sorted(_links(edition)), schema=LINK_COLUMNS, orient="row"),
        unit=UNIT,
        source=f"Links known to {edition.slug}",
    )


def _links(edition: Edition) -> Iterator[tuple[str, str, float]]:
    """(supplier, buyer, 1) by identifiers of firms, for each co-exhibitor and each agreed outcome."""
    together = Participation.objects.filter(edition=edition, lead__isnull=False).exclude(firm=F("lead__firm"))
    for supplier, leader in together.values_list("firm__identifier", "lead__firm__identifier"):
        yield supplier, leader, 1.0
    for outcome in agreed_supplies(edition).select_related("meeting__host__firm", "meeting__guest__firm"):
        assert outcome.meeting is not None
        yield outcome.meeting.host.firm.identifier, outcome.meeting.guest.firm.identifier, 1.0


def agreed_supplies(edition: Edition) -> QuerySet[Outcome]:
    """Outcomes that all parties have confirmed, by which the host of the meeting supplies its guest."""
    unconfirmed = Count("parties", filter=Q(parties__confirmed_at__isnull=True))
    return _supplies(edition).filter(state__in=AGREED).annotate(unconfirmed=unconfirmed).filter(unconfirmed=0)


def claimed_supplies(edition: Edition) -> QuerySet[Outcome]:
    """The same where a side has not confirmed yet: a claim is not a link, and is told apart."""
    return _supplies(edition).filter(state=Outcome.State.CLAIMED)


def _supplies(edition: Edition) -> QuerySet[Outcome]:
    between_two = Outcome.objects.filter(edition=edition, kind__in=SUPPLY, meeting__isnull=False)
    return between_two.exclude(meeting__host__firm=F("meeting__guest__firm"))
