"""What this room tells the registries: letters, cloning."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.fairs.edition.domain.cloning import copied, latest_version
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.venue.contracts.models import BoothTerms

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
