"""Taking a stand away, as from who takes part no more, so that its booth is free for others; the state of a booth."""

from django.db import transaction

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.people.account.models import User
from serai.expo.venue.contracts.models import STANDING, BoothContract
from serai.expo.venue.halls.domain.booth_state import KEPT, set_state
from serai.expo.venue.halls.domain.relocation import stands_changed
from serai.expo.venue.halls.models import Booth, Stand


@transaction.atomic
def free(stand: Stand, *, user: User) -> None:
    """The participant stands there no more. Where nobody else does, and no contract stands, the booth is available."""
    booth = stand.booth
    remove(stand, user=user)
    release_if_left(booth, user=user)
    stands_changed(stand.edition, {stand.participation_id}, by=user)


def remove(stand: Stand, *, user: User | None) -> None:
    """Take the stand away; who calls lets everything follow that hangs on it (`halls.following`)."""
    record("stand.removed", stand, before=state(stand), user=user, edition=stand.edition)
    stand.delete()


def release_if_left(booth: Booth, *, user: User | None) -> None:
    """A booth that was kept for who has left it is available, unless a contract stands."""
    if booth.state not in KEPT or booth.stands.exists():
        return
    if not BoothContract.objects.filter(booth=booth, state__in=STANDING).exists():
        set_state(booth, Booth.State.AVAILABLE, user=user)
