"""Who may see an edition, and what each of its organisers may read and change."""

from typing import Any

import rules
from django.utils.translation import gettext as _

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules.roles import AREAS, DESK, ROLES, Rights
from serai.expo.people.account.models import Role

NO_RIGHTS = Rights()


def organiser_role(user: Any, edition: Edition) -> str:
    """The kind of the user's role in the organisation that holds the edition; empty without one.

    Staff in an open session are as owners.
    """
    if not user.is_authenticated or user.without_organising:
        return ""
    if user.is_superuser and user.staff_session is not None:
        return str(Role.Kind.OWNER)
    kinds = Role.objects.filter(user_id=user.pk, organisation_id=edition.organisation_id).values_list("kind", flat=True)
    return kinds.first() or ""


def rights_in(user: Any, edition: Edition) -> Rights:
    """What the user may read and change as an organiser of the edition."""
    return ROLES.get(organiser_role(user, edition), NO_RIGHTS)


@rules.predicate
def is_organiser(user: Any, edition: Edition) -> bool:
    """The user has a role in the organisation that holds the edition, or is staff in an open session."""
    return DESK in rights_in(user, edition).reads


@rules.predicate
def is_public(_user: Any, edition: Edition) -> bool:
    """The edition has been published."""
    return edition.state != Edition.State.DRAFT


def permission(area: str, *, change: bool = False) -> str:
    """The name of the permission to read an area of an organiser's work, or to change it."""
    return "expo.organise_edition" if area == DESK else f"expo.{'change' if change else 'read'}_{area}"


def refusal(user: Any, edition: Edition, area: str, *, change: bool) -> str:
    """Why an organiser is refused: a sentence for the reader."""
    values = {"role": Role.Kind(organiser_role(user, edition)).label, "area": AREAS[area]}
    if change and rights_in(user, edition).may(area):
        return _("Your role is %(role)s: it reads '%(area)s' and changes nothing of it. An owner can change roles.") % (
            values
        )
    return _("Your role is %(role)s: it does not include '%(area)s'. An owner can change roles.") % values


def _may(area: str, *, change: bool) -> Any:
    @rules.predicate(name=permission(area, change=change))
    def may(user: Any, edition: Edition) -> bool:
        return rights_in(user, edition).may(area, change=change)

    return may


may_see_edition = is_public | is_organiser

rules.add_perm("expo.see_edition", may_see_edition)
rules.add_perm("expo.organise_edition", is_organiser)
for _area in AREAS:
    for _change in (False, True):
        rules.add_perm(permission(_area, change=_change), _may(_area, change=_change))
