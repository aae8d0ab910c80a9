"""Scorecards as data: every number of one, at a fair or without, and what countries offer at the fair."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.base.revisions import by_revision
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.scorecards.domain import cards
from serai.expo.insight.scorecards.domain.files import COLUMNS, records
from serai.expo.insight.scorecards.domain.presentation import Side
from serai.expo.insight.scorecards.domain.subjects import subject
from serai.expo.insight.supply.domain.stored_results import stored
from serai.expo.offers.chains.models import CONFIDENT, Placement
from serai.expo.offers.market.models import PUBLISHED, Offer
from serai.expo.participants.participation.domain.exhibitors import exhibitors


@dataclass(frozen=True)
class AtTheFair:
    """Exhibitors, their published offers, and the nodes of chains (chain, node) at which they stand, by country."""

    exhibitors: dict[str, int]
    offers: dict[str, int]
    nodes: dict[str, tuple[tuple[str, str], ...]]

    def of(self, countries: Collection[str]) -> "AtTheFair":
        """Of these countries alone."""
        wanted = sorted(countries)
        return AtTheFair(
            {code: self.exhibitors[code] for code in wanted if code in self.exhibitors},
            {code: self.offers[code] for code in wanted if code in self.offers},
            {code: self.nodes[code] for code in wanted if code in self.nodes},
        )

    @property
    def total_exhibitors(self) -> int:
        return sum(self.exhibitors.values())

    @property
    def total_offers(self) -> int:
        return sum(self.offers.values())

    @property
    def all_nodes(self) -> list[tuple[str, str]]:
        """Every node at which one of them stands, once."""
        return sorted({node for nodes in self.nodes.values() for node in nodes})


def at_the_fair(edition: Edition) -> AtTheFair:
    """What each country offers at the fair, as the public sees it. Three queries; kept until a row changes."""
    return by_revision("offered by countries", [edition], lambda: _counted(edition))


def _counted(edition: Edition) -> AtTheFair:
    here = exhibitors(edition).order_by()
    firms = dict(here.values_list("firm__country").annotate(n=Count("firm", distinct=True)))
    offers = Offer.objects.filter(PUBLISHED, edition=edition, participation__in=here.values("pk"), anonymous=False)
    offered = dict(offers.order_by().values_list("participation__firm__country").annotate(n=Count("pk", distinct=True)))
    nodes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    placed = Placement.objects.filter(
        edition=edition,
        side=Placement.Side.OFFER,
        confidence__gte=CONFIDENT,
        participation__in=here.values("pk"),
    )
    rows = placed.order_by().values_list("participation__firm__country", "node__chain__slug", "node__code").distinct()
    for country, chain, node in rows:
        nodes[country].add((chain, node))
    return AtTheFair(firms, offered, {country: tuple(sorted(of_country)) for country, of_country in nodes.items()})


NUMBERS = {"value", "low", "high", "middle_low", "middle_high"}
MEANS = {
    "subject": "Kind and code of the subject",
    "property": "Of the nine properties of a supply network",
    "indicator": "Symbol of the indicator",
    "name": "Name of the indicator",
    "year": "Year of the value",
    "value": "Empty where it is not measured",
    "low": "Lower bound",
    "high": "Upper bound",
    "unit": "Unit of the value",
    "countries": "Of how many countries it is a mean or a median",
    "middle_low": "Lower end of the middle half of all countries",
    "middle_high": "Upper end of the middle half of all countries",
    "sense": "1 where more is better, -1 where less is, 0 where it depends",
    "table": "Name of the table",
    "source": "Citation of the table",
    "reason": "Why it is not measured",
    "caution": "What has to stand beside it",
}
INTEGERS = {"year", "countries", "sense"}
SCORES = tuple(
    Column(name, "number" if name in NUMBERS else "integer" if name in INTEGERS else "string", MEANS[name])
    for name in COLUMNS
)
OFFERED = (
    Column("country", "string", "ISO 3166 alpha-2"),
    Column("exhibitors", "integer", "Firms that exhibit, each counted once"),
    Column("offers", "integer", "Their published offers"),
    Column("nodes", "integer", "Nodes of chains at which they stand"),
)
TITLE = _("Scorecard")
TEXT = _("Every indicator of the nine properties with its interval, year and source, or why it is not measured.")


@dataset("scorecard", title=TITLE, text=TEXT, tables={"values": SCORES})
def scores(edition: Edition | None, kind: str, code: str) -> Numbers | None:
    row = subject(edition, kind, code)
    if row is None:
        raise LookupError
    result = stored(cards.edition_of(edition, kind), cards.KIND, row.key)
    if result.data is None:
        return None
    values = [tuple(record.get(name, "") for name in COLUMNS) for record in records(Side(row, result.data))]
    sources = [table["citation"] for table in result.data["tables"].values()]
    return Numbers({"values": values}, result.computed_at or timezone.now(), sources)


@dataset(
    "scorecards",
    title=_("Countries at the fair"),
    text=_("How many exhibitors and offers each country has at the fair, and at how many nodes of chains they stand."),
    tables={"countries": OFFERED},
)
def offered_by_countries(edition: Edition | None) -> Numbers:
    if edition is None:
        raise LookupError
    here = at_the_fair(edition)
    rows = [
        (code, count, here.offers.get(code, 0), len(here.nodes.get(code, ())))
        for code, count in sorted(here.exhibitors.items())
    ]
    return Numbers({"countries": rows}, timezone.now())
