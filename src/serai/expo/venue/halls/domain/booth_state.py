"""The state of a booth: whether it is available, on hold, kept for an exhibitor, or blocked."""

from django.db import transaction
from django.utils import timezone

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.people.account.models import User
from serai.expo.venue.halls.models import Booth

KEPT = (Booth.State.RESERVED, Booth.State.CONTRACTED)


def state_now(booth: Booth) -> str:
    """The state of the booth today: a hold ends after its last day."""
    over = booth.held_until is not None and booth.held_until < timezone.localdate()
    return Booth.State.AVAILABLE if booth.state == Booth.State.ON_HOLD and over else booth.state


@transaction.atomic
def set_state(booth: Booth, to: Booth.State, *, user: User | None) -> None:
    """Set the state of the booth and end any hold."""
    record_change("booth.kept", booth, user=user, state=to, held_until=None, held_for=None)
