"""Proposals of booths: made, accepted or declined as a whole, and what one would change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.venue.booths.domain.allocation import usable, without_booth
from serai.expo.venue.booths.domain.problem import why_said
from serai.expo.venue.halls.domain import plan
from serai.expo.venue.halls.domain.plan import state_now
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Hall, Stand


@dataclass(frozen=True)
class Given:
    """An exhibitor in a proposal: its present booth, and the proposed one."""

    participation: Participation
    old: Booth | None
    new: Booth

    @property
    def moves(self) -> bool:
        return self.old is None or self.old.pk != self.new.pk


@dataclass(frozen=True)
class UnmetWish:
    """A wish that the proposal does not meet, what it would cost in metres, and why it is not met."""

    participation: Participation
    wished: Booth
    given: Booth
    price: float | None
    """None where the wish cannot be met."""
    why: str


@dataclass(frozen=True)
class DrawnPlace:
    """A place on the plan with the name of the exhibitor that is to stand there."""

    place: plan.Place
    name: str
    moves: bool


@dataclass(frozen=True)
class ShownProposal:
    """A proposal in the reader's language."""

    given: Sequence[Given]
    """Those who move first, then by hall and booth."""
    deviations: Sequence[UnmetWish]
    drawn: Sequence[tuple[Hall, Sequence[DrawnPlace]]]
    saved: float
    """Per cent of the metres between neighbours that the proposal saves."""

    @property
    def moving(self) -> int:
        return sum(row.moves for row in self.given)

    @property
    def choices(self) -> list[Booth]:
        """The booths that can be given."""
        return [drawn.place.booth for _hall, places in self.drawn for drawn in places]


def shown_proposal(proposal: BoothProposal) -> ShownProposal:
    """The proposal as its page shows it."""
    participations = Participation.objects.filter(edition=proposal.edition).select_related("firm")
    exhibitors = {exhibitor.pk: exhibitor for exhibitor in participations if str(exhibitor.pk) in proposal.booths}
    booths = Booth.objects.filter(edition=proposal.edition).select_related("hall").in_bulk()
    stands = Stand.objects.filter(edition=proposal.edition)
    present = dict(stands.order_by("pk").values_list("participation_id", "booth_id"))
    given = [
        Given(exhibitors[int(lead)], booths.get(present.get(int(lead), 0)), booths[booth])
        for lead, booth in proposal.booths.items()
        if int(lead) in exhibitors and booth in booths
    ]
    before, after = proposal.walking_before, proposal.walking_after
    return ShownProposal(
        sorted(given, key=lambda row: (not row.moves, row.new.hall.code, row.new.code)),
        list(_unmet_wishes(proposal.deviations, exhibitors, booths)),
        _drawn(proposal.halls.all(), {row.new.pk: row for row in given}),
        100 * (before - after) / before if before else 0.0,
    )


def _unmet_wishes(
    deviations: Sequence[Sequence[Any]], exhibitors: Mapping[int, Participation], booths: Mapping[int, Booth]
) -> Iterable[UnmetWish]:
    names = {f"firm {pk}": shown_name(exhibitor.firm) for pk, exhibitor in exhibitors.items()}
    names |= {f"booth {pk}": booth.label for pk, booth in booths.items()}
    names |= {f"hall {booth.hall_id}": booth.hall.code for booth in booths.values()}
    # Proposals made before the reasons had keys have five parts, the last an English sentence.
    for lead, wished, got, price, against, values in (parts for parts in deviations if len(parts) == 6):
        if lead in exhibitors and wished in booths and got in booths:
            why = why_said(against, values, names)
            yield UnmetWish(exhibitors[lead], booths[wished], booths[got], price, why)


def _drawn(halls: Iterable[Hall], by_booth: Mapping[int, Given]) -> list[tuple[Hall, Sequence[DrawnPlace]]]:
    """The plan of each hall; a name is shortened to the room in its booth."""
    drawn: list[tuple[Hall, Sequence[DrawnPlace]]] = []
    for hall in halls:
        places = []
        for place in plan.places(hall):
            given = by_booth.get(place.booth.pk)
            name = plan.fitting(in_language(given.participation.firm.name).text, place.width) if given else ""
            places.append(DrawnPlace(place, name, given is not None and given.moves))
        drawn.append((hall, places))
    return drawn


def booths_by_state(edition: Edition) -> dict[int, list[tuple[str, int]]]:
    """Number of booths in each state by the primary key of the hall, the most frequent state first."""
    labels = dict(Booth.State.choices)
    counts: dict[int, Counter[str]] = {}
    for booth in Booth.objects.filter(edition=edition):
        counts.setdefault(booth.hall_id, Counter())[state_now(booth)] += 1
    return {hall: [(str(labels[key]), count) for key, count in states.most_common()] for hall, states in counts.items()}


@dataclass(frozen=True)
class BoothState:
    """A booth of a hall with its place on the plan, its state today, and who stands there."""

    booth: Booth
    place: plan.Place | None
    state: str
    label: str
    participations: Sequence[Participation]


def booth_states_of(hall: Hall) -> list[BoothState]:
    """All booths of a hall."""
    places = {place.booth.pk: place for place in plan.places(hall)}
    labels = dict(Booth.State.choices)
    rows = []
    for booth in hall.booths.prefetch_related("stands__participation__firm"):
        booth.hall = hall
        state = state_now(booth)
        participations = [stand.participation for stand in booth.stands.all()]
        rows.append(BoothState(booth, places.get(booth.pk), state, str(labels[state]), participations))
    return rows


@dataclass(frozen=True)
class Outlook:
    """Who an allocation of one hall would place."""

    coming: int
    """Exhibitors without a booth who belong to the section of the hall or wish for the hall."""
    free: int
    """Booths that can be given to them."""
    reason: str
    """Why nobody new would be placed, in the reader's language; empty where somebody would."""


def outlooks(edition: Edition, halls: Iterable[Hall]) -> Mapping[int, Outlook]:
    """Primary key of each hall -> who its allocation would place, in a fixed number of queries."""
    taken = set(Stand.objects.filter(edition=edition).values_list("booth", flat=True))
    drawn = Booth.objects.filter(edition=edition, x_m__isnull=False, y_m__isnull=False)
    places, free = Counter[int](), Counter[int]()
    for booth in drawn.filter(width_m__isnull=False, depth_m__isnull=False):
        places[booth.hall_id] += 1
        free[booth.hall_id] += booth.pk not in taken and usable(booth, {}, {})
    homeless: dict[int, int | None] = dict(without_booth(edition).values_list("pk", "section"))
    wishes = set(BoothWish.objects.filter(edition=edition).values_list("hall", "participation"))
    told = {}
    for hall in halls:
        coming = sum(
            (hall.section_id is not None and section == hall.section_id) or (hall.pk, participation) in wishes
            for participation, section in homeless.items()
        )
        reason = _why_nobody(hall, places[hall.pk], free[hall.pk], coming, len(homeless))
        told[hall.pk] = Outlook(coming, free[hall.pk], reason)
    return told


def _why_nobody(hall: Hall, places: int, free: int, coming: int, homeless: int) -> str:
    if not places:
        return _("No booth of this hall has its place on the plan, so nobody can be placed.")
    if coming:
        return "" if free else _("Every booth of this hall is taken, reserved, on hold or blocked.")
    if not homeless:
        return _("Every confirmed exhibitor has a booth: only those who stand here can change places.")
    if hall.section_id is None:
        return _(
            "Nobody new is placed: the hall has no section, and no exhibitor without a booth wishes for it. Give the"
            " hall a section, and exhibitors of that section are placed here."
        )
    return _(
        "Nobody new is placed: no exhibitor without a booth belongs to the section of the hall or wishes for the hall."
        " Exhibitors get a section on the page of their participation or in the list that you import."
    )
