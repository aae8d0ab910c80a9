"""What this room tells the registries: places follow what a firm says, its splits, and a new fair."""

from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.changes import edition_opened
from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.jobs.domain import job
from serai.expo.firms.identity.domain.splits import items_moved, splittable
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.profile import firm_changed
from serai.expo.offers.chains.domain.fair_chains import place_after_change, refresh_everywhere, set_sections_of_mission
from serai.expo.offers.chains.domain.own_chains import PLACING
from serai.expo.offers.chains.domain.placements import place_participation
from serai.expo.offers.chains.models import ChainPosition

firm_changed.register(refresh_everywhere)


@items_moved.register
def _place(participation: Participation) -> None:
    with scope(edition=participation.edition):
        place_participation(participation)


splittable(
    "positions",
    ChainPosition,
    title=FIRM["positions"].words,
    words=lambda row: f"{next(iter(row.node.title.values()))} · {row.get_role_display()}",
    related=("node__chain",),
    order=60,
)


edition_opened.register(set_sections_of_mission)
job(PLACING, title=_("Placing after a change of a chain"))(place_after_change)
card(
    "organiser-chains",
    "build",
    title=_("Chains of the fair"),
    text=_("Choose chains, copy and change them, or bring your own: what the fair is about, step by step."),
    order=25,
)
card(
    "position-list",
    "people",
    title=_("Positions of firms"),
    text=_("Where firms say that they stand on the chains, to be checked."),
    order=51,
)
card(
    "placement-queue",
    "meetings",
    title=_("Unsure places on the chains"),
    text=_("Offers, needs and firms whose place on the chains is not clear, the most worthwhile first."),
    order=11,
)
