"""The layers of the chain map: what each tells of a node in words, and how dark its box is."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from serai.expo.base.numbers import in_percent, in_percent_lazily
from serai.expo.base.text import Text, country_name
from serai.expo.offers.chains.domain.chain_maps import NodeStanding

FEW = 5
"""Confirmed links below which their number is not told: they would be recognised."""


@dataclass(frozen=True)
class ChainFacts:
    """What is known of a chain, for the layers: of the fair at once, of the world where it is stored.

    ``world`` are the nodes of the stored exposure, ``stops`` its losses when ``stop``, a country, stops; ``group`` are
    the members of the group of countries that was chosen; ``links`` confirmed links by code.
    """

    places: Mapping[str, NodeStanding]
    unanswered: Mapping[str, int]
    world: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stops: Mapping[str, Sequence[float]] = field(default_factory=dict)
    stop: str = ""
    group: Collection[str] | None = None
    links: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Label:
    """What a layer tells of a node: its line on the map, and the step of its colour."""

    words: str
    step: int = 0


type Tell = Callable[[ChainFacts, str], Label]


@dataclass(frozen=True)
class Layer:
    """A layer of the map: its title, what its figures mean, the steps of its colour in words, and what tells a node."""

    key: str
    title: Text
    text: Text
    steps: Sequence[Text]
    tell: Tell
    of_world: bool = False
    """Whether it rests on the stored exposure of the chain."""


def _step(value: float, bounds: Sequence[float]) -> int:
    """How many of the bounds a value reaches."""
    return sum(value >= bound for bound in bounds)


def percent(share: float) -> str:
    """A share in whole per cent."""
    return in_percent(f"{100 * share:.0f}")


def span(low: float, high: float) -> str:
    """An interval of shares in whole per cent, one number where both ends are the same."""
    if f"{100 * low:.0f}" == f"{100 * high:.0f}":
        return percent(high)
    return _("%(low)s to %(high)s %%") % {"low": f"{100 * low:.0f}", "high": f"{100 * high:.0f}"}


def _firms(facts: ChainFacts, code: str) -> Label:
    by_country = facts.places[code].by_country
    inside = [n for country, n in by_country.items() if facts.group is None or country in facts.group]
    number = sum(inside)
    if not number:
        return Label(_("not sure yet") if facts.places[code].is_undecided else _("nobody here"))
    words = ngettext("%(number)s firm", "%(number)s firms", number) % {"number": number}
    if facts.places[code].is_guessed:
        words = _("%(words)s?") % {"words": words}  # the mark of the reader's script
    elif len(inside) > 1:
        words += " · " + ngettext("%(n)s country", "%(n)s countries", len(inside)) % {"n": len(inside)}
    return Label(words, _step(number, (1, 3, 6, 11)))


def _countries(facts: ChainFacts, code: str) -> Label:
    node = facts.world.get(code)
    if node is None or not node["makers"]:
        return Label(_("makers not known"))
    if facts.group is not None:
        share = sum(share for country, share in node["makers"] if country in facts.group)
        return Label(_("%(share)s from the group") % {"share": percent(share)}, _step(share, SHARES))
    country, share = node["makers"][0]
    return Label(f"{country_name(country)} {percent(share)}", _step(share, SHARES))


def _concentration(facts: ChainFacts, code: str) -> Label:
    node = facts.world.get(code)
    if node is None or not node["makers"]:
        return Label(_("makers not known"))
    low, high = node["effective_low"], node["effective_high"]
    step = 4 - _step(low, (2, 3, 5, 8))
    if high is None or f"{low:.1f}" == f"{high:.1f}":
        return Label(_("%(number)s sources") % {"number": f"{low:.1f}"}, step)
    return Label(_("%(low)s to %(high)s sources") % {"low": f"{low:.1f}", "high": f"{high:.1f}"}, step)


def _loss(facts: ChainFacts, code: str) -> Label:
    low, high = facts.stops.get(code, (0.0, 0.0))
    if high < 0.005:
        return Label(_("goes on"))
    return Label(_("%(loss)s missing") % {"loss": span(low, high)}, _step(high, (0.005, 0.05, 0.15, 0.35)))


def _links(facts: ChainFacts, code: str) -> Label:
    number = facts.links.get(code, 0)
    if not number:
        return Label(_("no new link yet"))
    if number < FEW:
        return Label(_("1 to 4 new links"), 1)
    return Label(ngettext("%(n)s new link", "%(n)s new links", number) % {"n": number}, _step(number, (1, 5, 10, 20)))


def _needs(facts: ChainFacts, code: str) -> Label:
    number, needs = facts.unanswered.get(code, 0), facts.places[code].needs
    if not needs:
        return Label(_("no need here"))
    if not number:
        return Label(_("all answered"))
    return Label(_("%(open)s of %(needs)s open") % {"open": number, "needs": needs}, _step(number, (1, 2, 4, 7)))


SHARES = (0.15, 0.3, 0.5, 0.7)
"""Where the colour of a share changes."""

LAYERS: Mapping[str, Layer] = {
    layer.key: layer
    for layer in (
        Layer(
            "firms",
            gettext_lazy("Firms here"),
            gettext_lazy(
                "Exhibitors of this fair that offer the product, placed with a confidence of at least one half. A "
                "question mark: guessed from codes and words only."
            ),
            (gettext_lazy("nobody for sure"), "1–2", "3–5", "6–10", gettext_lazy("11 or more")),
            _firms,
        ),
        Layer(
            "countries",
            gettext_lazy("Largest maker"),
            gettext_lazy(
                "The country or region with the largest share in the world's supply of the product, and that share. "
                "With a group chosen: the share of all its members that are named."
            ),
            (
                gettext_lazy("under 15 %"),
                *map(in_percent_lazily, ("15–30", "30–50", "50–70")),
                gettext_lazy("70 % or more"),
            ),
            _countries,
            of_world=True,
        ),
        Layer(
            "concentration",
            gettext_lazy("Concentration"),
            gettext_lazy(
                "Effective number of source countries: 1 over the sum of the squared shares. As many countries of "
                "equal weight would be as concentrated. Two numbers where some makers are not known by country."
            ),
            (gettext_lazy("8 or more"), "5–8", "3–5", "2–3", gettext_lazy("under 2")),
            _concentration,
            of_world=True,
        ),
        Layer(
            "loss",
            gettext_lazy("If a country stops"),
            gettext_lazy(
                "Part of the world's supply that is missing in the first weeks when all makers of one country stop, "
                "with all that waits for them, without stocks, while who supplies whom stays. Two numbers: makers that "
                "nobody names go on, or are hit like the largest. Nobody finds a new supplier."
            ),
            (
                gettext_lazy("goes on"),
                gettext_lazy("under 5 %"),
                *map(in_percent_lazily, ("5–15", "15–35")),
                gettext_lazy("35 % or more"),
            ),
            _loss,
            of_world=True,
        ),
        Layer(
            "links",
            pgettext_lazy("between firms", "New links"),
            gettext_lazy(
                "New links of supply that came of this fair: outcomes that all parties have confirmed. Fewer than five "
                "at one place are not counted out, as they would be recognised."
            ),
            (gettext_lazy("none"), "1–4", "5–9", "10–19", gettext_lazy("20 or more")),
            _links,
        ),
        Layer(
            "needs",
            gettext_lazy("Open needs"),
            gettext_lazy(
                "Needs of participants for the product whose buyer has no meeting yet with anybody here who offers it."
            ),
            (gettext_lazy("none"), "1", "2–3", "4–6", gettext_lazy("7 or more")),
            _needs,
        ),
    )
}
"""The layers in their order."""
