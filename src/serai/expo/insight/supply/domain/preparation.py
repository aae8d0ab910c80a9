"""What a fair shows of its chains is asked for before anybody looks."""

from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.supply.domain import exposures, layouts, stored
from serai.expo.offers.chains.domain.placements import chains_of_edition

KINDS = (layouts.KIND, exposures.KIND)


def prepare(edition: Edition) -> None:
    """Have the worker compute what the maps of the edition's chains show, where it is missing or not current."""
    with scope(edition=edition):
        for chain in chains_of_edition(edition):
            for kind in KINDS:
                stored.prepare(None, kind, chain.slug)


def prepare_all() -> None:
    """The same for every fair that is not over."""
    for edition in Edition.objects.exclude(state=Edition.State.CLOSED):
        prepare(edition)
