"""The screens of the stage, their slides, and the map of a chain as a screen shows it: a column for each stage."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, save_and_record, state
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import fair_day
from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import exposures, layouts
from serai.expo.insight.supply.domain.chain_map import Box, ChainMap, chain_map
from serai.expo.insight.supply.domain.map_layers import LAYERS, ChainFacts, percent
from serai.expo.insight.supply.domain.stored_results import stored
from serai.expo.offers.chains.domain.chain_maps import standing
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.domain.initiatives import published
from serai.expo.programme.initiatives.domain.presentation import Shown, shown_initiatives
from serai.expo.programme.sessions.domain.session_list import now_and_next
from serai.expo.results.report.domain.properties import figures
from serai.expo.site.stage.models import Screen
from serai.registry import Registry

SPOKEN = tuple(code for code, _name in settings.LANGUAGES)


class ScreenRefusedError(ValueError):
    """Why a screen is not saved, in the reader's language."""


def screen_of(edition: Edition, slug: str) -> Screen | None:
    """The screen at this address; without one, the screen with every slide that there is of each fair."""
    if slug:
        return Screen.objects.filter(edition=edition, slug=slug).select_related("edition").first()
    return Screen(edition=edition)


def next_language(screen: Screen, language: str) -> str:
    """The language of the round after one in this language."""
    round_: list[str] = [code for code in screen.languages if code in SPOKEN]
    if language not in round_:
        return round_[0] if round_ else language
    return round_[(round_.index(language) + 1) % len(round_)]


@transaction.atomic
def save_screen(screen: Screen, *, by: User) -> None:
    """Save a new screen or the changes of one. Raises ScreenRefusedError if its address is taken, or without slides."""
    if not screen.slides:
        raise ScreenRefusedError(_("Give at least one slide a place."))
    same = Screen.objects.select_for_update().filter(edition=screen.edition, slug=screen.slug)
    if same.exclude(pk=screen.pk).exists():
        raise ScreenRefusedError(_("Another screen of this fair has this short name. Choose another."))
    held = Screen.objects.filter(pk=screen.pk).first() if screen.pk else None
    before = state(held) if held else None
    save_and_record(screen, before, added="screen.added", changed="screen.changed", user=by)


@transaction.atomic
def remove_screen(screen: Screen, *, by: User) -> None:
    """Delete a screen; its address shows nothing any more."""
    record("screen.removed", screen, before=state(screen), user=by, edition=screen.edition)
    screen.delete()


CAPITAL = 0.72
"""Height of a digit, as a part of the size of its letters."""
BOX_HEIGHT = 0.82
"""Part of a row's height that a box takes at most."""
TALLEST = 2.2
"""Height of a box, at most, in the size of its letters."""


@dataclass(frozen=True)
class Place:
    """Where a map is shown: its width and height and the size of its letters in points of the screen, and the part of a
    column's width that a box takes."""

    key: str
    width: float
    height: float
    letters: float
    box: float


WIDE = Place("wide", 1180, 720, letters=37, box=0.66)
"""Beside the words, on a screen of 1920 x 1080."""
TALL = Place("tall", 984, 860, letters=64, box=0.82)
"""Above the words, on a screen of 1080 x 1920."""
PLACES = (WIDE, TALL)


@dataclass(frozen=True)
class StageBox:
    """A node: its corner and size, and its number with the middle of its baseline."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    baseline: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def centre(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def words(self) -> str:
        """How many exhibitors offer it; a dash where nobody does."""
        return str(self.box.place.exhibitors or "–")


@dataclass(frozen=True)
class StageMap:
    """A map to be drawn in its place, in the reader's direction."""

    place: Place
    boxes: Sequence[StageBox]
    edges: Sequence[str]


def stage_map(drawn: ChainMap, place: Place) -> StageMap:
    """The map with its columns and the boxes of each column at even distances."""
    columns: dict[float, list[Box]] = defaultdict(list)
    for box in drawn.boxes:
        columns[box.x].append(box)
    most = max(map(len, columns.values()), default=1)
    across, down = place.width / max(len(columns), 1), place.height / most
    height = min(down * BOX_HEIGHT, place.letters * TALLEST)
    boxes = []
    for number, x in enumerate(sorted(columns)):
        column = sorted(columns[x], key=lambda box: box.y)
        for row, box in enumerate(column):
            centre = place.height / 2 + down * (row - (len(column) - 1) / 2)
            boxes.append(
                StageBox(
                    box=box,
                    x=across * (number + (1 - place.box) / 2),
                    y=centre - height / 2,
                    width=across * place.box,
                    height=height,
                    baseline=centre + place.letters * CAPITAL / 2,
                )
            )
    by_code = {box.box.code: box for box in boxes}
    ends = ((by_code.get(edge.supplier), by_code.get(edge.user)) for edge in drawn.edges)
    return StageMap(place, boxes, [_path(supplier, user) for supplier, user in ends if supplier and user])


def _path(supplier: StageBox, user: StageBox) -> str:
    """From the side of the supplier that faces the user; within a column, around it."""
    if supplier.x == user.x:
        side, swing = supplier.x + supplier.width, supplier.x + supplier.width * 1.25
        return _curve(side, supplier.centre, swing, side, user.centre)
    forwards = supplier.x < user.x
    start = supplier.x + (supplier.width if forwards else 0)
    end = user.x + (0 if forwards else user.width)
    return _curve(start, supplier.centre, (start + end) / 2, end, user.centre)


def _curve(start: float, top: float, bend: float, end: float, bottom: float) -> str:
    return f"M{start:.0f} {top:.0f}C{bend:.0f} {top:.0f} {bend:.0f} {bottom:.0f} {end:.0f} {bottom:.0f}"


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
