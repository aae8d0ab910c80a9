"""The guard of a firm's own exposure: its owners and managers, and nobody else."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import Guard, UserRequest
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.participants.participation.pages.guards import CHOSEN


class ExposureRequest(UserRequest):
    """A request by someone who keeps the sources of a participant. For types only."""

    participation: Participation


def exposure_required(*methods: str) -> Guard[ExposureRequest]:
    """Finds the participation of the firm ``identifier`` in the address and lets in who keeps its sources."""

    def admit(request: Any, address: dict[str, Any]) -> None:
        identifier = str(address.pop("identifier"))
        rows = Participation.objects.filter(edition=request.edition, firm__identifier=leading(identifier))
        row = rows.exclude(state__in=Participation.OVER).select_related("firm", "edition").order_by("pk").first()
        if row is None:
            raise Http404(_("No participant of this fair has this identifier."))
        if not request.user.has_perm("expo.use_sources", row):
            raise PermissionDenied
        request.participation = row
        request.session[CHOSEN] = row.firm.identifier

    return Guard[ExposureRequest](admit, *methods)
