"""The stored values of sources, read for the rank and for pages. They rest on averages, never on declared sources."""

from collections.abc import Iterable, Mapping

from serai.expo.base.signals import Hook
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.market import of_these
from serai.expo.meetings.matchmaking.domain.value_words import BETTER, Told, Value
from serai.expo.meetings.matchmaking.models import SourceValue
from serai.expo.people.account.models import User
from serai.match.partners import LinkValues, Match
from serai.match.trades import Trade, trade_of

renewing = Hook[[Edition], None]("values of sources are renewed")
"""Computes the values anew where what they rest on has changed. For tasks: it takes seconds."""


own_values = Hook[[Participation, User], Mapping[int, Value]]("values of sources by what a firm declares itself")
"""By other participants what each as a source changes for a firm, by the sources that it declares: for its own eyes,
so nothing for a user who does not keep them. No list, order or weight reads it."""


def trades_of(matches: Iterable[Match]) -> dict[tuple[str, str], Trade]:
    """The trade of each match that has one, by its two firms: one query."""
    listed = list(matches)
    pks = {int(key) for match in listed for key in (match.firm, match.partner)}
    country = {str(pk): code for pk, code in of_these(Participation.objects.all(), pks, "firm__country")}
    return {(match.firm, match.partner): trade for match in listed if (trade := trade_of(match, country)) is not None}


def stored_values(edition: int, trades: Iterable[Trade]) -> dict[Trade, SourceValue]:
    """The stored value of each trade that has one, with its link of a chain: one query."""
    asked = set(trades)
    if not asked:
        return {}
    rows = SourceValue.objects.filter(
        buyer__in={trade.buyer for trade in asked},
        source__in={trade.source for trade in asked},
        node__code__in={trade.node for trade in asked},
        edition=edition,
    ).select_related("node__chain")
    stored = {Trade(row.node.chain.slug, row.node.code, row.buyer, row.source): row for row in rows}
    return {trade: stored[trade] for trade in asked if trade in stored}


def shown(row: SourceValue) -> Value:
    """A stored value as pages tell it."""
    return Value(
        title=in_language(row.node.title).text,
        buyer=row.buyer,
        source=row.source,
        figures=told_of(row.figures),
        grade=row.grade,
        worst=row.worst,
        largest=row.largest,
        chain=row.node.chain.slug,
        node=row.node.code,
    )


def told_of(figures: Mapping[str, Iterable[float]]) -> tuple[Told, ...]:
    """The figures as they are stored, in the order of the properties."""
    return tuple(Told(name, *figures[name]) for name in BETTER if name in figures)


def values_of_matches(edition: int, matches: Iterable[Match]) -> dict[tuple[str, str], Value]:
    """What can be told of the source in each match, by its two firms: three queries, however many they are."""
    trades = trades_of(matches)
    rows = stored_values(edition, trades.values())
    return {firms: shown(rows[trade]) for firms, trade in trades.items() if trade in rows}


def weighed(edition: int, matches: Iterable[Match], weights: Mapping[str, float], most_lost: float) -> LinkValues:
    """What the sources in these matches are worth to the rank: by property the change that can be told, above 0 where
    it is for the better."""
    trades = trades_of(matches)
    rows = stored_values(edition, trades.values())
    vectors = {firms: _vector(rows[trade]) for firms, trade in trades.items() if trade in rows}
    return LinkValues(vectors, weights, most_lost)


def _vector(row: SourceValue) -> dict[str, float]:
    return {told.name: told.change * BETTER[told.name] for told in told_of(row.figures)}


def relief_of(value: Value | None) -> float:
    """What a source takes off the loss by the worst stop of a country, else off the largest share; 0 where untold."""
    if value is None:
        return 0.0
    told = {figure.name: -figure.change for figure in value.figures}
    return told.get("stable", told.get("secure", 0.0))
