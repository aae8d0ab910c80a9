"""Who may see what of a firm."""

from collections.abc import Iterable
from typing import Any

import rules
from django_scopes import scopes_disabled

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import Role


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


def may_merge(user: Any, firms: Iterable[Firm]) -> bool:
    """Staff in an open session may merge any firms; an organiser those that take part in the organiser's fairs only."""
    keys = {firm.pk for firm in firms}
    return reach_of(user, keys) == keys


def reach_of(user: Any, firms: Iterable[int]) -> set[int]:
    """Those of the firms that the user may merge, by primary key."""
    keys = set(firms)
    if not user.is_authenticated:
        return set()
    if user.is_superuser and user.staff_session is not None:
        return keys
    mine = set(Role.objects.filter(user_id=user.pk, organisation__isnull=False).values_list("organisation", flat=True))
    holders: dict[int, set[int]] = {}
    with scopes_disabled():
        pairs = Participation.objects.filter(firm__in=keys).order_by().values_list("firm", "edition__organisation")
        for firm, organisation in pairs:
            holders.setdefault(firm, set()).add(organisation)
    return {firm for firm, organisations in holders.items() if organisations <= mine}


rules.add_perm("expo.merge_firms", rules.predicate(may_merge))
rules.add_perm("expo.see_participation_in_full", may_see_needs)
