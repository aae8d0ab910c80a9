"""What the numbers of a fair say, as sentences: each is made from its numbers, or is not said.

A finding is declared beside the function that makes it. It returns None where nothing can be said: where a number is
not known, or where the interval of a change holds zero. Which of its sentences stands depends on the numbers, so that a
change of their sign turns the sentence round.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.base.numbers import in_percent, money, rounded
from serai.expo.base.text import Text
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain.fair_difference import NAMES
from serai.expo.results.figures.domain import Value
from serai.expo.results.report.domain.effect_tables import digits_that_tell
from serai.expo.results.report.domain.funnel import FunnelCounts, funnel_counts
from serai.expo.results.report.domain.properties import figures
from serai.registry import Registry

type Numbers = Mapping[str, float]

ACCEPTED_USUALLY, HELD_USUALLY = (0.4, 0.6), (0.8, 0.8)
"""Shares that vendors of such software publish, as lowest and highest; they are not measured by anybody else."""
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Finding:
    """A sentence about the fair and the numbers that it is made from."""

    code: str
    words: Text
    """With a placeholder for each number that it tells."""
    numbers: Numbers
    shares: frozenset[str] = frozenset()
    """Names of the numbers that are shares, from 0 to 1."""
    currency: str = ""
    """Of the number ``value``."""
    digits: int = 0
    """Digits of its shares, and where it has no shares of its numbers."""

    def sentence(self) -> str:
        """The sentence in the reader's language, with numbers as that language writes them."""
        return str(self.words) % {name: self._shown(name, value) for name, value in self.numbers.items()}

    def _shown(self, name: str, value: float) -> str:
        if name in self.shares:
            return in_percent(rounded(100 * value, self.digits))
        if name == "value" and self.currency:
            return money(value, self.currency)
        return number_format(int(value) if value == int(value) else round(value, self.digits or 1), force_grouping=True)


@dataclass(frozen=True)
class FairFigures:
    """What findings are made from: figures by code, counts of the funnel, and what the fair did to its chains."""

    figures: Mapping[str, Value]
    funnel: FunnelCounts
    effect: Mapping[str, Any] | None = None
    """Of all chains together, as the stored result ``fair-difference`` holds it; None where there is none yet."""

    def has(self, *codes: str) -> bool:
        """Whether all of these figures are known and above zero."""
        return all(self.figures.get(code) for code in codes)

    def number(self, code: str) -> float:
        return float(self.figures.get(code) or 0)


type Find = Callable[[FairFigures], Finding | None]


@dataclass(frozen=True)
class Declared:
    """A finding that can be chosen: its title on the form, and what makes it."""

    code: str
    title: Text
    find: Find


_declared: Registry[Declared] = Registry("finding")


def finding(code: str, title: Text) -> Callable[[Find], Find]:
    """Declare the function below as the one that makes this finding."""

    def declare(find: Find) -> Find:
        _declared.add(code, Declared(code, title, find))
        return find

    return declare


def declared_findings() -> list[Declared]:
    """All findings that can be chosen, in the order of a report."""
    return list(_declared.values())


def fair_figures(edition: Edition, effect: Mapping[str, Any] | None = None) -> FairFigures:
    """What is known of an edition now."""
    return FairFigures({figure.code: figure.value for figure in figures(edition)}, funnel_counts(edition), effect)


def findings(fair: FairFigures, chosen: Sequence[str]) -> Iterator[Finding]:
    """The findings that can be told, of those that are chosen, in their order."""
    for declared in _declared.values():
        if declared.code in chosen and (told := declared.find(fair)):
            yield told


def interval_of_share(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval of a share at 95 % (Wilson 1927, JASA 22)."""
    from scipy.stats import binomtest  # half a second that no page waits for

    bounds = binomtest(part, whole).proportion_ci(CONFIDENCE, method="wilson")
    return float(bounds.low), float(bounds.high)


def beside(part: int, whole: int, usual: tuple[float, float]) -> str:
    """``more`` or ``less`` where the whole interval of a share lies beyond what is usual, else ``like``."""
    low, high = interval_of_share(part, whole)
    if low > usual[1]:
        return "more"
    return "less" if high < usual[0] else "like"


@finding("attendance", _("Who came"))
def _attendance(fair: FairFigures) -> Finding | None:
    if not fair.has("exhibitors", "countries"):
        return None
    numbers = {code: fair.number(code) for code in ("exhibitors", "countries")}
    if fair.figures.get("foreign_share") is None or numbers["countries"] < 2:
        return Finding("attendance", _("%(exhibitors)s exhibitors took part."), numbers)
    return Finding(
        "attendance",
        _("%(exhibitors)s exhibitors from %(countries)s countries and regions took part; %(abroad)s came from abroad."),
        numbers | {"abroad": fair.number("foreign_share") / 100},
        frozenset({"abroad"}),
    )


@finding("least-developed", _("Least developed countries"))
def _least_developed(fair: FairFigures) -> Finding | None:
    if not fair.has("least_developed", "exhibitors"):
        return None
    number = int(fair.number("least_developed"))
    words = ngettext_lazy(
        "%(number)s of the exhibitors has its seat in a least developed country.",
        "%(number)s of the exhibitors have their seat in a least developed country.",
        number,
    )
    return Finding("least-developed", words, {"number": number})


@finding("coverage", _("What of the chains was here"))
def _coverage(fair: FairFigures) -> Finding | None:
    if not fair.has("links"):
        return None
    present, gaps = fair.number("links"), fair.number("gaps")
    words = (
        _("Exhibitors offer something at %(present)s of the %(nodes)s nodes of the fair's chains; nobody at %(gaps)s.")
        if gaps
        else _("Exhibitors offer something at every one of the %(nodes)s nodes of the fair's chains.")
    )
    return Finding("coverage", words, {"present": present, "nodes": present + gaps, "gaps": gaps})


@finding("needs", _("What was needed and offered"))
def _needs(fair: FairFigures) -> Finding | None:
    if not fair.has("offers", "needs"):
        return None
    words = _("Participants showed %(offers)s offers and stated %(needs)s needs.")
    return Finding("needs", words, {code: fair.number(code) for code in ("offers", "needs")})


REQUESTS = {
    "more": _(
        "%(accepted)s of %(closed)s meeting requests were accepted, %(share)s: more than the 40 to 60 %% that vendors "
        "of such software publish as usual."
    ),
    "less": _(
        "%(accepted)s of %(closed)s meeting requests were accepted, %(share)s: less than the 40 to 60 %% that vendors "
        "of such software publish as usual."
    ),
    "like": _("%(accepted)s of %(closed)s meeting requests were accepted, %(share)s."),
}


@finding("requests", _("Requests accepted"))
def _requests(fair: FairFigures) -> Finding | None:
    accepted, closed = fair.funnel.accepted, fair.funnel.closed
    if not closed:
        return None
    numbers = {"accepted": accepted, "closed": closed, "share": accepted / closed}
    words = REQUESTS[beside(accepted, closed, ACCEPTED_USUALLY)]
    return Finding("requests", words, numbers, frozenset({"share"}))


HELD = {
    "more": _(
        "%(held)s meetings were held, %(share)s of those that were due: more than the 80 %% that vendors of such "
        "software publish as usual."
    ),
    "less": _(
        "%(held)s meetings were held, %(share)s of those that were due: less than the 80 %% that vendors of such "
        "software publish as usual."
    ),
    "like": _("%(held)s meetings were held, %(share)s of those that were due."),
}


@finding("held", _("Meetings held"))
def _held(fair: FairFigures) -> Finding | None:
    held, due = fair.funnel.held, fair.funnel.held + fair.funnel.missed
    if not due:
        return None
    words = HELD[beside(held, due, HELD_USUALLY)]
    return Finding("held", words, {"held": held, "share": held / due}, frozenset({"share"}))


@finding("outcomes", _("Outcomes"))
def _outcomes(fair: FairFigures) -> Finding | None:
    confirmed = int(fair.number("outcomes_confirmed") + fair.number("outcomes_evidenced"))
    claimed = int(fair.number("outcomes_claimed"))
    if not confirmed:
        return None
    words = ngettext_lazy(
        "Both sides confirmed %(confirmed)s outcome; proved by a document: %(evidenced)s. Claimed by one side only, "
        "and not counted in it: %(claimed)s.",
        "Both sides confirmed %(confirmed)s outcomes; proved by a document: %(evidenced)s. Claimed by one side only, "
        "and not counted in them: %(claimed)s.",
        confirmed,
    )
    evidenced = int(fair.number("outcomes_evidenced"))
    return Finding("outcomes", words, {"confirmed": confirmed, "evidenced": evidenced, "claimed": claimed})


@finding("value", _("Value of outcomes"))
def _value(fair: FairFigures) -> Finding | None:
    if not fair.has("value_confirmed"):
        return None
    words = _("The outcomes that both sides confirmed and valued in US dollars are worth %(value)s together.")
    return Finding("value", words, {"value": fair.number("value_confirmed")}, currency="USD")


@finding("initiatives", _("Initiatives and statements"))
def _initiatives(fair: FairFigures) -> Finding | None:
    if not fair.has("initiatives", "signatures"):
        return None
    number = int(fair.number("initiatives"))
    numbers = {code: fair.number(code) for code in ("initiatives", "signatures", "signing_countries")}
    words = ngettext_lazy(
        "%(initiatives)s initiative or statement was launched; institutions of %(signing_countries)s countries and "
        "regions gave %(signatures)s confirmed signatures.",
        "%(initiatives)s initiatives and statements were launched; institutions of %(signing_countries)s countries and "
        "regions gave %(signatures)s confirmed signatures.",
        number,
    )
    return Finding("initiatives", words, numbers)


@dataclass(frozen=True)
class Turn:
    """The two sentences on a figure of the sourcing: for a change up and for one down."""

    up: Text
    down: Text


TURNS: Mapping[str, Turn] = {
    "worst": Turn(
        _(
            "If the country stopped whose stop would hurt most, %(after)s of an input that is needed here would be "
            "missing on average: more than the %(before)s before the fair."
        ),
        _(
            "If the country stopped whose stop would hurt most, %(after)s of an input that is needed here would be "
            "missing on average: less than the %(before)s before the fair."
        ),
    ),
    "single": Turn(
        _("The part of inputs of which one country brings 70 %% or more rose from %(before)s to %(after)s."),
        _("The part of inputs of which one country brings 70 %% or more fell from %(before)s to %(after)s."),
    ),
    "effective": Turn(
        _("The effective number of source countries of an input rose from %(before)s to %(after)s."),
        _("The effective number of source countries of an input fell from %(before)s to %(after)s."),
    ),
    "inclusive": Turn(
        _(
            "The part that comes from least developed, landlocked and small island countries rose from %(before)s to "
            "%(after)s."
        ),
        _(
            "The part that comes from least developed, landlocked and small island countries fell from %(before)s to "
            "%(after)s."
        ),
    ),
}
"""By the names of the figures in ``serai.world.supply.difference``."""


def _effect(figure: str, fair: FairFigures) -> Finding | None:
    return _effect_in(figure, fair.effect)


def _effect_in(figure: str, effect: Mapping[str, Any] | None) -> Finding | None:
    """The change of a figure by the confirmed links, unless its interval holds zero or it is too small to be read."""
    rows = effect["figures"] if effect and effect["links"] else ()
    row = next((row for row in rows if row["figure"] == figure), None)
    if row is None or row["low"] is None or row["low"] <= 0 <= row["high"]:
        return None
    turn = TURNS[figure]
    numbers = {name: row[name] for name in ("before", "after")}
    is_share = NAMES[figure].is_share
    digits = digits_that_tell(row["before"], row["after"], is_share=is_share, choices=(0, 1) if is_share else (1,))
    if digits is None:
        return None
    shares = frozenset(numbers) if is_share else frozenset()
    words = turn.up if row["change"] > 0 else turn.down
    return Finding(f"effect-{figure}", words, numbers, shares, digits=digits)


def effects_told(effect: Mapping[str, Any] | None) -> list[Finding]:
    """The findings on what a fair did to its chains alone, of those that can be told."""
    return [told for figure in TURNS if (told := _effect_in(figure, effect))]


for _figure in TURNS:
    finding(f"effect-{_figure}", NAMES[_figure].title)(partial(_effect, _figure))
