"""Indexing after large changes, by the worker: a search itself catches up with a few participants only."""

from django.db import transaction
from django.tasks import task

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.search.domain.renewal import keep_up


@task
def index_edition(edition_pk: int) -> int:
    """Work out the meaning of all that has changed in an edition. Returns for how many participants."""
    return keep_up(Edition.objects.get(pk=edition_pk))


def index_later(edition: Edition) -> None:
    """Have the worker index the edition once the transaction at hand is written."""
    transaction.on_commit(lambda: index_edition.enqueue(edition.pk))
