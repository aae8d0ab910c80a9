"""The value of a source for a buyer: the stored values, read for the rank and for pages, and the words that tell them.

Values rest on averages, never on declared sources. Only what can be told is told, each with its size.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serai.expo.base.numbers import in_percent
from serai.expo.base.rooms import Hook
from serai.expo.base.text import apart, country_in_sentence, in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.matchmaking.domain.market import of_these
from serai.expo.meetings.matchmaking.models import SourceValue
from serai.expo.people.account.models import User
from serai.match.partners import LinkValues, Match
from serai.match.trades import Trade, trade_of

GRADES: Mapping[str, str | Promise] = {
    "A": gettext_lazy("stated for this very product"),
    "B": gettext_lazy("from the exports of this product"),
    "C": gettext_lazy("from the whole industry"),
    "D": gettext_lazy("assumed: the average of the country"),
}
"""How well the present sources of a buyer are known."""

BETTER: Mapping[str, int] = {
    "secure": -1,
    "stable": -1,
    "smooth": -1,
    "efficient": -1,
    "open": 1,
    "inclusive": 1,
    "green": -1,
    "digital": 1,
}
"""The direction of the figure of each property that is better for the buyer."""


CHANGES = gettext_lazy("What this source changes")
NEW = gettext_lazy("A new source country for %(input)s")
NTH: Mapping[int, str | Promise] = {
    2: gettext_lazy("Your second source country for %(input)s"),
    3: gettext_lazy("Your third source country for %(input)s"),
}


@dataclass(frozen=True)
class Told:
    """A figure that can be told, by the name of its property: now, its change, and the change's interval, nine draws
    in ten."""

    name: str
    present: float
    change: float
    low: float
    high: float

    @property
    def after(self) -> float:
        """The figure with the new source."""
        return self.present + self.change

    @property
    def is_better(self) -> bool:
        """Whether the change is for the better."""
        return self.change * BETTER[self.name] > 0


@dataclass(frozen=True)
class Value:
    """What a source changes for a buyer: the input, both countries, and the figures that can be told.

    ``own``: it rests on what the reader's firm declares of its own sources, and is for its eyes alone.
    """

    title: str
    buyer: str
    source: str
    figures: tuple[Told, ...]
    grade: str
    worst: str = ""
    largest: str = ""
    own: bool = False
    chain: str = ""
    node: str = ""
    """The node of a chain at which the input stands, by slug and code."""
    number: int = 0
    """How many source countries the firm would have then; 0 where it has this one already, or declares none."""

    @property
    def headline(self) -> str:
        """What the source is to the firm, where it declares its sources."""
        words = NTH.get(self.number, NEW) if self.number else CHANGES
        return str(words) % {"input": self.title}

    @property
    def lead(self) -> str:
        """What the sentences below are about."""
        names = {
            "input": self.title,
            "source": country_in_sentence(self.source),
            "buyer": country_in_sentence(self.buyer),
        }
        if self.own:
            return _("A source of %(input)s in %(source)s, beside those that you declare") % names
        return _("A source of %(input)s in %(source)s, for an average buyer in %(buyer)s") % names

    @property
    def sentences(self) -> tuple[str, ...]:
        """A sentence for each figure."""
        return tuple(WORDS[told.name](self, told) for told in self.figures)

    @property
    def line(self) -> str:
        """All of it in a line."""
        return f"{self.lead}: {' · '.join(self.sentences)}"

    @property
    def lines(self) -> Iterator[tuple[str, str, bool]]:
        """Each sentence with the interval of its change, and whether it is for the better."""
        for told, sentence in zip(self.figures, self.sentences, strict=True):
            yield sentence, _interval(told), told.is_better

    @property
    def basis(self) -> str | Promise:
        """How well the present sources are known."""
        return gettext_lazy("stated by your firm") if self.own and self.grade == "A" else GRADES[self.grade]


def _percent(share: float) -> str:
    per_cent = 100 * share
    return in_percent(f"{per_cent:.0f}" if abs(per_cent) >= 10 else f"{per_cent:.1f}")


def _both(told: Told) -> dict[str, str]:
    return {"before": _percent(told.present), "after": _percent(told.after)}


def _secure(value: Value, told: Told) -> str:
    if value.largest:
        return _("Largest share of one country (today %(country)s): %(before)s → %(after)s") % {
            **_both(told),
            "country": country_in_sentence(value.largest),
        }
    return _("Largest share of one country: %(before)s → %(after)s") % _both(told)


def _stable(value: Value, told: Told) -> str:
    if value.worst:
        return _("Loss of this input if the worst country stops (today %(country)s): %(before)s → %(after)s") % {
            **_both(told),
            "country": country_in_sentence(value.worst),
        }
    return _("Loss of this input if the worst country stops: %(before)s → %(after)s") % _both(told)


def _smooth(_value: Value, told: Told) -> str:
    kilometres = {"before": f"{told.present:.0f}", "after": f"{told.after:.0f}"}
    return _("Mean distance of the sources: %(before)s km → %(after)s km") % kilometres


def _open(_value: Value, told: Told) -> str:
    numbers = {"before": f"{told.present:.1f}", "after": f"{told.after:.1f}"}
    return _("Number of source countries, weighed by their shares: %(before)s → %(after)s") % numbers


def _inclusive(_value: Value, told: Told) -> str:
    return _("Share from least developed, landlocked and small island countries: %(before)s → %(after)s") % _both(told)


def _relative(told: Told) -> str:
    if not told.present:
        return "—"
    number = f"{100 * told.change / told.present:+.0f}".replace("-", "\u2212")
    return in_percent(apart(number))


def _green(_value: Value, told: Told) -> str:
    return _("Emissions in a unit of this input: %s") % _relative(told)


def _efficient(_value: Value, told: Told) -> str:
    return _("Price of this input: %s") % _relative(told)


def _digital(_value: Value, told: Told) -> str:
    return _("Digital content of this input: %(before)s → %(after)s") % _both(told)


WORDS: Mapping[str, Callable[[Value, Told], str]] = {
    "secure": _secure,
    "stable": _stable,
    "smooth": _smooth,
    "efficient": _efficient,
    "open": _open,
    "inclusive": _inclusive,
    "green": _green,
    "digital": _digital,
}


def _interval(told: Told) -> str:
    """The interval of the change, in the unit of the sentence."""
    if told.name in ("secure", "stable", "inclusive", "digital"):
        numbers = [f"{100 * end:+.1f}" for end in (told.low, told.high)]
        text = _("change between %(low)s and %(high)s percentage points")
    elif told.name == "smooth":
        numbers = [f"{end:+.0f}" for end in (told.low, told.high)]
        text = _("change between %(low)s and %(high)s km")
    elif told.name == "open":
        numbers = [f"{end:+.2f}" for end in (told.low, told.high)]
        text = _("change between %(low)s and %(high)s")
    else:
        numbers = [f"{100 * end / told.present:+.0f}" if told.present else "—" for end in (told.low, told.high)]
        text = _("change between %(low)s and %(high)s per cent")
    low, high = (number.replace("-", "\u2212") for number in numbers)
    return text % {"low": low, "high": high}


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


PROPERTIES: Mapping[str, Promise] = {
    "secure": pgettext_lazy("property of a chain", "Secure"),
    "stable": pgettext_lazy("property of a chain", "Stable"),
    "smooth": pgettext_lazy("property of a chain", "Smooth"),
    "efficient": pgettext_lazy("property of a chain", "Efficient"),
    "open": pgettext_lazy("property of a chain", "Open"),
    "inclusive": pgettext_lazy("property of a chain", "Inclusive"),
    "mutual": pgettext_lazy("property of a chain", "Mutually beneficial"),
    "green": pgettext_lazy("property of a chain", "Green"),
    "digital": pgettext_lazy("property of a chain", "Digital"),
}
