"""Who may see what of a firm."""

from typing import Any

import rules

from serai.expo.editions.models import Edition, Participation
from serai.expo.people.models import Role


@rules.predicate
def is_of_the_firm(user: Any, participation: Participation) -> bool:
    """The user has a role in the firm."""
    return user.is_authenticated and Role.objects.filter(user_id=user.pk, firm_id=participation.firm_id).exists()


@rules.predicate
def organises_its_edition(user: Any, participation: Participation) -> bool:
    """The user organises the edition that the firm takes part in."""
    edition: Edition = participation.edition
    return bool(user.has_perm("expo.organise_edition", edition))


may_see_needs = is_of_the_firm | organises_its_edition

rules.add_perm("expo.see_participation_in_full", may_see_needs)
