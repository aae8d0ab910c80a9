"""What this room tells the registries: letters, cloning, tasks."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.edition.domain.clone import copied, latest_version
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.exhibitors.domain.tasks import done_by_itself
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.venue.contracts.models import BoothContract, BoothTerms

letter(
    "booth-contract",
    title=gettext_lazy("The contract of a booth is offered"),
    when=gettext_lazy("To those who may sign for the exhibitor."),
    places={"booth": (gettext_lazy("the hall and the number of the booth"), "W1 A01")},
    needed=("booth",),
    words=lambda: (
        _("The contract of your booth %s") % "{booth}",
        _("Print it from your desk, sign it and hand in the signed page."),
    ),
)


copied(BoothTerms, "halls", anew={"version": 1, "published_at": timezone.now}, only=latest_version(BoothTerms))


def _standing(edition: Edition) -> QuerySet[BoothContract]:
    """The contracts that are offered or signed."""
    return BoothContract.objects.filter(edition=edition).exclude(state=BoothContract.State.WITHDRAWN)


def _all_signed(exhibitor: Participation) -> bool:
    contracts = _standing(exhibitor.edition).filter(participation=exhibitor)
    return not contracts.exclude(state=BoothContract.State.SIGNED).exists()


def _with_contract(edition: Edition) -> QuerySet[Participation]:
    return Participation.objects.filter(edition=edition, pk__in=_standing(edition).values("participation"))


done_by_itself(DeskTask.Page.CONTRACT, _all_signed, of=_with_contract)

entry(
    "desk-contract",
    "participation",
    title=gettext_lazy("Contract"),
    duty="edit",
    of_firm=True,
    kinds=EXHIBITING,
    order=20,
)
