"""Who may see and change an edition."""

from typing import Any

import rules

from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import Role


@rules.predicate
def is_organiser(user: Any, edition: Edition) -> bool:
    """The user has a role in the organisation that holds the edition, or is staff in an open session."""
    if not user.is_authenticated or user.without_organising:
        return False
    in_staff_session = user.is_superuser and user.staff_session is not None
    return in_staff_session or Role.objects.filter(user_id=user.pk, organisation_id=edition.organisation_id).exists()


@rules.predicate
def is_public(_user: Any, edition: Edition) -> bool:
    """The edition has been published."""
    return edition.state != Edition.State.DRAFT


may_see_edition = is_public | is_organiser

rules.add_perm("expo.see_edition", may_see_edition)
rules.add_perm("expo.organise_edition", is_organiser)
