"""What of the halls ends with a participation: its stand, what is held for it, and the offer of a contract."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import ngettext

from serai.expo.editions.cancelling import Leaving, ends
from serai.expo.editions.models import Participation
from serai.expo.halls.contracting import withdraw
from serai.expo.halls.contracts import BoothContract
from serai.expo.halls.freeing import free, set_state
from serai.expo.halls.models import Booth, Stand


def _contracts(one: Participation, _at: datetime) -> QuerySet[BoothContract]:
    """Those that are offered; a signed one stands until the two parties have settled it."""
    return BoothContract.objects.filter(participation=one, state=BoothContract.State.OFFERED)


def _withdraw(leaving: Leaving, found: list[BoothContract]) -> None:
    for one in found:
        withdraw(one, by=leaving.user)


def _stands(one: Participation, _at: datetime) -> QuerySet[Stand]:
    return Stand.objects.filter(participation=one).select_related("booth__hall", "edition", "participation")


def _free(leaving: Leaving, found: list[Stand]) -> None:
    for one in found:
        free(one, user=leaving.user)


def _held(one: Participation, _at: datetime) -> QuerySet[Booth]:
    return Booth.objects.filter(edition=one.edition, held_for=one, state=Booth.State.ON_HOLD).select_related("edition")


def _release(leaving: Leaving, found: list[Booth]) -> None:
    for one in found:
        set_state(one, Booth.State.AVAILABLE, user=leaving.user)


ends(
    "contracts",
    rows=_contracts,
    end=_withdraw,
    words=lambda count: (
        ngettext(
            "%d contract of a booth that is offered is withdrawn.",
            "%d contracts of booths that are offered are withdrawn.",
            count,
        )
        % count
    ),
)
ends(
    "stands",
    order=90,
    rows=_stands,
    end=_free,
    words=lambda count: ngettext("%d booth is free for others.", "%d booths are free for others.", count) % count,
)
ends("holds", rows=_held, end=_release)
