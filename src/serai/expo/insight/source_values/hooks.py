"""What this room tells the registries: its kind of stored result, and when it is renewed."""

from serai.expo.fairs.edition.models import Edition
from serai.expo.insight.source_values.domain.averages import KIND
from serai.expo.insight.supply.domain.stored import compute, is_current
from serai.expo.meetings.matchmaking.domain.source_values import renewing


@renewing.register
def _renew(edition: Edition) -> None:
    """The values as they are now; nothing is done where nothing has changed."""
    if not is_current(edition, KIND):
        compute.func(edition.pk, KIND, "")
