"""For whom a call acts: the firm named, or the only one that there is; and whom it means by an identifier."""

from typing import Annotated

from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.pagination import Cut
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.firms.identity.domain.merges import leading
from serai.expo.participants.exhibitors.domain.tasks import desks
from serai.expo.participants.participation.domain.representation import Acting, acting, desks_of

For = Annotated[
    str,
    StringConstraints(max_length=16, pattern=r"^[A-Za-z0-9]*$"),
    Field(description="Identifier of the firm for which you act, needed where there are several"),
]


class Mine(Cut):
    """A list of one's own."""

    firm: For = ""


def acting_for(request: Call, edition: Edition, identifier: str = "") -> Acting:
    """The caller acting for a participant. Raises a problem 403 where it acts for nobody, or not for this one."""
    able = desks_of(request.user, edition)
    if identifier:
        identifier_now = leading(identifier)
        able = [participation for participation in able if participation.firm.identifier == identifier_now]
    if not able:
        raise ProblemError(403, _("You act for no participant of this fair, or not for this one."))
    if len({participation.firm_id for participation in able}) > 1:
        raise ProblemError(409, _("You act for several firms: say in 'firm' for which."))
    return acting(request.user, able[0])


def acting_among(request: Call, edition: Edition, *sides: Participation) -> Acting:
    """The caller acting for one of these. Raises a problem 403 where it acts for none."""
    keys = {side.pk for side in sides}
    own = next((participation for participation in desks_of(request.user, edition) if participation.pk in keys), None)
    if own is None:
        raise ProblemError(403, _("You act for neither side."))
    return acting(request.user, own)


def desk_of(request: Call, edition: Edition, identifier: str, permission: str) -> Participation:
    """The exhibitor with this identifier, for which the caller has the permission; else a problem 403, or 404."""
    desk = desks(edition).filter(firm__identifier=leading(identifier)).first()
    if desk is None:
        raise Http404(_("No exhibitor of this fair has this identifier."))
    if not request.user.has_perm(permission, desk):
        raise ProblemError(403, _("You may not do this for this firm."))
    return desk
