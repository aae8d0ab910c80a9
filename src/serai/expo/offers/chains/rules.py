"""Who may change the chains of an organisation: its organisers whose role changes the set-up of the fair."""

from typing import Any

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import permission
from serai.expo.fairs.edition.rules.roles import area_of


def changes_chains(user: Any, edition: Edition) -> bool:
    """Whether the user may change the chains of the organisation that holds the edition."""
    return bool(user.is_authenticated and user.has_perm(permission(area_of(__name__), change=True), edition))
