"""Taking a stand from who takes part no more, so that its booth is free for others."""

from django.db import transaction

from serai.expo.audit.domain import record, state
from serai.expo.halls.contracting import STANDING
from serai.expo.halls.contracts import BoothContract
from serai.expo.halls.following import stands_changed
from serai.expo.halls.models import Booth, Stand
from serai.expo.people.models import User

KEPT = (Booth.State.RESERVED, Booth.State.CONTRACTED)


@transaction.atomic
def free(stand: Stand, *, user: User) -> None:
    """The participant stands there no more. Where nobody else does, and no contract stands, the booth is available.

    Call inside of the scope.
    """
    booth = stand.booth
    record("stand.removed", stand, before=state(stand), user=user, edition=stand.edition)
    stand.delete()
    release_if_left(booth, user=user)
    stands_changed(stand.edition, {stand.participation_id}, by=user)


def release_if_left(booth: Booth, *, user: User | None) -> None:
    """A booth that was kept for who has left it is available, unless a contract stands."""
    bound = BoothContract.objects.filter(booth=booth, state__in=STANDING).exists()
    if booth.state in KEPT and not bound and not booth.stands.exists():
        release(booth, user=user)


@transaction.atomic
def release(booth: Booth, *, user: User | None) -> None:
    """A booth that was kept for somebody is available."""
    before = state(booth)
    booth.state, booth.held_until, booth.held_for = Booth.State.AVAILABLE, None, None
    booth.save(update_fields=["state", "held_until", "held_for"])
    record("booth.kept", booth, before=before, after=state(booth), user=user, edition=booth.edition)
