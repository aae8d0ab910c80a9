"""What this room tells the registries: desk, leaving."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.base.rows import among
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.firms.identity.domain.merges import identity_changed
from serai.expo.firms.record.models import Firm
from serai.expo.offers.search.domain.index import booth_codes
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.models import User
from serai.expo.venue.booths.domain.assignment import free
from serai.expo.venue.contracts.domain.contracts import withdraw
from serai.expo.venue.contracts.models import BoothContract
from serai.expo.venue.halls.domain.plan import set_state
from serai.expo.venue.halls.domain.relocation import firms_changed
from serai.expo.venue.halls.models import Booth, Stand

card(
    "booth-allocation",
    "build",
    title=_("Booth assignment"),
    text=_("Booth states and wishes, and an allocation by nodes of the chains, with the price of each deviation."),
)

card(
    "booth-contracts",
    "build",
    title=_("Contracts of booths"),
    text=_("Offered to confirmed exhibitors to print and sign, in two languages, with the terms of exhibiting."),
)


@booth_codes.register
def _codes(participations: Collection[int]) -> Mapping[int, Sequence[str]]:
    stands = Stand._base_manager.filter(among("participation", participations))
    codes: dict[int, list[str]] = defaultdict(list)
    for participation, code in stands.order_by("booth__hall", "booth__code").values_list(
        "participation_id", "booth__code"
    ):
        codes[participation].append(code)
    return codes


@condition("no_booth", _("without a booth"), order=60)
def without_booth(_edition: Edition) -> Q:
    return Q(stands__isnull=True)


def _contracts(participation: Participation, _at: datetime) -> QuerySet[BoothContract]:
    """Those that are offered; a signed one stands until the two parties have settled it."""
    return BoothContract.objects.filter(participation=participation, state=BoothContract.State.OFFERED)


def _withdraw(leaving: Leaving, contracts: list[BoothContract]) -> None:
    for contract in contracts:
        withdraw(contract, by=leaving.user)


def _free(leaving: Leaving, stands: list[Stand]) -> None:
    for stand in stands:
        free(stand, user=leaving.user)


def _release(leaving: Leaving, booths: list[Booth]) -> None:
    for booth in booths:
        set_state(booth, Booth.State.AVAILABLE, user=leaving.user)


ends(
    "contracts",
    rows=_contracts,
    end=_withdraw,
    words=ngettext_lazy(
        "%d contract of a booth that is offered is withdrawn.", "%d contracts of booths that are offered are withdrawn."
    ),
)
ends(
    "stands",
    order=90,
    rows=lambda participation, _at: Stand.objects.filter(participation=participation).select_related(
        "booth__hall", "edition", "participation"
    ),
    end=_free,
    words=ngettext_lazy("%d booth is free for others.", "%d booths are free for others."),
)
ends(
    "holds",
    rows=lambda participation, _at: Booth.objects.filter(
        edition=participation.edition, held_for=participation, state=Booth.State.ON_HOLD
    ).select_related("edition"),
    end=_release,
)


@identity_changed.register
def _follow(firms: Collection[Firm], user: User | None) -> None:
    firms_changed(firms, by=user)
