"""Scorecards as data: every number of one, at a fair or without, and what countries offer at the fair."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.datasets import Column, Numbers, dataset
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.scorecards.domain import cards
from serai.expo.insight.scorecards.domain.fair import at_the_fair
from serai.expo.insight.scorecards.domain.files import COLUMNS, records
from serai.expo.insight.scorecards.domain.presentation import Side
from serai.expo.insight.scorecards.domain.subjects import subject
from serai.expo.insight.supply.domain.stored import stored

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
