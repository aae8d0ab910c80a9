"""Who may run scenarios in the lab of a fair, and who may change that."""

from typing import Any

import rules

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules import is_organiser, is_public
from serai.expo.insight.lab.models import LabSettings

Access = LabSettings.Access


def access(edition: Edition) -> str:
    """Who may run scenarios at this fair."""
    row = LabSettings.objects.filter(edition=edition).first()
    return str(row.access if row else Access.MEMBERS)


def takes_part(user: Any, edition: Edition) -> bool:
    """Whether the user belongs to a firm that takes part in the fair."""
    if not user.is_authenticated:
        return False
    firms = user.roles.filter(firm__isnull=False).values("firm")
    confirmed = Participation.objects.filter(edition=edition, state=Participation.State.CONFIRMED)
    return bool(confirmed.filter(firm__in=firms).exists())


@rules.predicate
def may_run(user: Any, edition: Edition) -> bool:
    """Organisers always; participants and the public as the organiser of a published fair has chosen."""
    if is_organiser(user, edition):
        return True
    if not is_public(user, edition):
        return False
    chosen = access(edition)
    return chosen == Access.PUBLIC or (chosen == Access.MEMBERS and takes_part(user, edition))


rules.add_perm("expo.run_lab", may_run)
