"""The slides of a screen. Each kind is a function that makes its slides of what the public may read, or none.

    @slide("figures", _("Figures so far"))
    def figures_slide(screen: Screen, now: datetime) -> Iterator[Slide]: ...

A slide stands in ``templates/site/stage/<kind>.html``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.fair_day import fair_day
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import exposures, layouts
from serai.expo.insight.supply.domain.chain_map import chain_map
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, percent
from serai.expo.insight.supply.domain.stored import stored
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.domain.presentation import Shown, shown_initiatives
from serai.expo.programme.sessions.domain.now_and_next import now_and_next
from serai.expo.results.report.domain.summary import figures
from serai.expo.site.stage.domain.stage_map import PLACES, stage_map
from serai.expo.site.stage.models import Screen
from serai.registry import Registry

COUNTERS = ("exhibitors", "countries", "held", "outcomes_confirmed", "outcomes_evidenced", "signatures")
BEFORE_THEM = ("scheduled", "buyers", "offers", "needs")
"""What fills the places of counters that stand at zero, as before the first meeting."""
MOST_SESSIONS = 3
"""Sessions that are on, and as many that come next: what can be read from ten metres."""
MOST_INSTITUTIONS = 8
MOST_SOURCES = 3
CHAIN = "chain:"
"""What the key of the slide of a chain begins with, before the chain's address."""


@dataclass(frozen=True)
class Slide:
    """A slide: its kind, its title, the public page with the same, what its template shows, and its chain if it has
    one."""

    kind: str
    title: str
    address: str
    content: Mapping[str, Any] = field(default_factory=dict)
    chain: str = ""


type Make = Callable[[Screen, datetime], Iterable[Slide]]


@dataclass(frozen=True)
class Kind:
    """A kind of slide that every fair has."""

    key: str
    title: str | Promise
    make: Make


_kinds: Registry[Kind] = Registry("kind of slide")


def slide(key: str, title: str | Promise) -> Callable[[Make], Make]:
    """Declare the function below as the one that makes the slides of a kind."""

    def declare(make: Make) -> Make:
        _kinds.add(key, Kind(key, title, make))
        return make

    return declare


def choosable(edition: Edition) -> list[tuple[str, str]]:
    """The key and the title of every slide that a screen of the fair may show, in the usual order."""
    of_chains = [(key, in_language(chain.title).text) for key, chain in _chains(edition).items()]
    return [*((kind.key, str(kind.title)) for kind in _kinds.values()), *of_chains]


def _chains(edition: Edition) -> dict[str, Chain]:
    """The chains of the fair by the keys of their slides."""
    return {f"{CHAIN}{chain.slug}": chain for chain in chains_of_edition(edition)}


def slides_of(screen: Screen, now: datetime) -> list[Slide]:
    """The slides of a screen as of now, without those that have nothing to show; at least the welcome."""
    chains = _chains(screen.edition)
    slides: list[Slide] = []
    for key in screen.slides or [*_kinds, *chains]:
        if key in chains:
            slides.append(_chain(screen, chains[key]))
        elif key in _kinds:
            slides.extend(_kinds[key].make(screen, now))
    return slides or list(_welcome(screen, now))


@slide("welcome", gettext_lazy("Welcome"))
def _welcome(screen: Screen, now: datetime) -> Iterator[Slide]:
    edition = screen.edition
    address = reverse("edition", args=[edition.slug])
    yield Slide("welcome", in_language(edition.name).text, address, {"day": fair_day(edition, now)})


@slide("figures", gettext_lazy("The fair in figures"))
def _figures(screen: Screen, _now: datetime) -> Iterator[Slide]:
    codes = (*COUNTERS, *BEFORE_THEM)
    by_code = {figure.code: figure for figure in figures(screen.edition, codes=codes)}
    counted = [by_code[code] for code in codes if code in by_code and by_code[code].value]
    if counted:
        address = reverse("report", args=[screen.edition.slug])
        yield Slide("figures", _("The fair in figures"), address, {"figures": counted[: len(COUNTERS)]})


@slide("programme", gettext_lazy("Programme, now and next"))
def _programme(screen: Screen, now: datetime) -> Iterator[Slide]:
    edition = screen.edition
    held = now_and_next(edition, now, shown=MOST_SESSIONS, room=screen.room_id)
    if held.now or held.next:
        title = in_language(screen.room.title).text if screen.room else _("Programme")
        yield Slide("programme", title, reverse("programme", args=[edition.slug]), {"held": held})


@slide("initiatives", gettext_lazy("Initiatives and statements, a slide each"))
def _initiatives(screen: Screen, _now: datetime) -> Iterator[Slide]:
    for shown in shown_initiatives(published(screen.edition)):
        yield _initiative(screen, shown)


def _initiative(screen: Screen, shown: Shown) -> Slide:
    initiative = shown.initiative
    content = {
        "shown": shown,
        "signatories": shown.signatories[:MOST_INSTITUTIONS],
        "more": max(len(shown.signatories) - MOST_INSTITUTIONS, 0),
    }
    address = reverse("initiative", args=[screen.edition.slug, initiative.pk])
    title = in_language(initiative.title).text
    return Slide("initiative", title, address, content)


def _chain(screen: Screen, chain: Chain) -> Slide:
    """The map of a chain with the exhibitors at each node, and the nodes that fewest countries make."""
    edition = screen.edition
    places = {place.node.code: place for place in standing(edition, chain)}
    layout, exposure = stored(None, layouts.KIND, chain.slug).data, stored(None, exposures.KIND, chain.slug).data
    world = exposure["nodes"] if exposure else {}
    maps = []
    if layout:
        facts, right_to_left = ChainFacts(places, {}, world), get_language_bidi()
        drawn = chain_map(layout, list(chain.stages.all()), facts, LAYERS["firms"], right_to_left=right_to_left)
        maps = [stage_map(drawn, place) for place in PLACES]
    made = {code: node["makers"][0] for code, node in world.items() if code in places and node["makers"]}
    hardest = sorted((code for code in made if world[code]["single_source"]), key=lambda code: -made[code][1])
    content = {
        "maps": maps,
        "nodes": len(places),
        "here": sum(place.exhibitors > 0 for place in places.values()),
        "single": len(hardest),
        "sources": [
            (places[code].node.title, made[code][0], percent(made[code][1])) for code in hardest[:MOST_SOURCES]
        ],
    }
    address = reverse("chain", args=[edition.slug, chain.slug])
    title = in_language(chain.title).text
    return Slide("chain", title, address, content, chain=chain.slug)
