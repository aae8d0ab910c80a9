"""Who an allocation of a hall would place, told before it is computed, and why it would place nobody new."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.venue.booths.domain.allocation import usable, without_booth
from serai.expo.venue.halls.models import Booth, BoothWish, Hall, Stand


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
