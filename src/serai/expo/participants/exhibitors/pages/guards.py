"""The guard of the desk's pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.edition.pages.guards import Guard, UserRequest
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.firms.record.rules import duties_in, organisers_duties
from serai.expo.participants.exhibitors.domain.desks import desks


class DeskRequest(UserRequest):
    """A request for a page of an exhibitor's desk by someone who may see it. For types only."""

    participation: Participation
    duties: frozenset[str]  # what the reader may do here, for the links of the page


def desk_required(permission: str, *methods: str) -> Guard[DeskRequest]:
    """Finds the desk of ``identifier`` in the address and lets in who has ``permission`` for it."""

    def admit(request: Any, address: dict[str, Any]) -> None:
        identifier = str(address.pop("identifier"))
        desk = desks(request.edition).filter(firm__identifier=leading(identifier)).first()
        if desk is None:
            raise Http404(_("No exhibitor of this fair has this identifier."))
        if not request.user.has_perm(permission, desk):
            raise PermissionDenied
        request.participation = desk
        request.duties = duties_in(request.user, desk.firm_id)
        request.duties |= organisers_duties(request.user, request.edition)

    return Guard[DeskRequest](admit, *methods)
