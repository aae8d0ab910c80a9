"""Who may do what at the desk of an exhibitor."""

from collections.abc import Mapping
from typing import Any

import rules

from serai.expo.fairs.edition.models import Participation
from serai.expo.people.account.models import Role

DUTIES: Mapping[str, frozenset[str]] = {
    Role.Kind.OWNER: frozenset({"see", "meet", "market", "edit", "leads", "team"}),
    Role.Kind.MANAGER: frozenset({"see", "meet", "market", "edit", "leads"}),
    Role.Kind.SALES: frozenset({"see", "meet", "market", "leads"}),
    Role.Kind.SCANNER: frozenset({"see", "meet", "leads"}),
    Role.Kind.MEMBER: frozenset({"see", "meet"}),
}
"""What each kind of role in a firm may do: see the desk, follow its meetings, edit offers and needs, edit all of the
firm and what it brings to the fair, keep leads, manage the team."""

ORGANISERS_DUTIES = frozenset({"see", "market", "edit"})
"""The organiser helps with everything but a firm's leads and its team, which are the firm's own affair."""


def kinds_with(duty: str) -> list[str]:
    """The kinds of roles in a firm that have this duty."""
    return [kind for kind, duties in DUTIES.items() if duty in duties]


def duties_in(user: Any, firm_pk: int) -> frozenset[str]:
    """What the user may do for the firm; nothing without a role in it."""
    if not user.is_authenticated:
        return frozenset()
    kind = Role.objects.filter(user_id=user.pk, firm_id=firm_pk).values_list("kind", flat=True).first()
    return DUTIES.get(kind or "", frozenset())


def _duty(name: str) -> Any:
    @rules.predicate(name=f"may_{name}_for_the_firm")
    def may(user: Any, participation: Participation) -> bool:
        return name in duties_in(user, participation.firm_id)

    return may


@rules.predicate
def organises_its_edition(user: Any, participation: Participation) -> bool:
    """The user organises the edition that the firm takes part in."""
    return bool(user.has_perm("expo.organise_edition", participation.edition))


may_edit = _duty("edit")

rules.add_perm("expo.see_desk", _duty("see") | organises_its_edition)
rules.add_perm("expo.edit_market", _duty("market") | organises_its_edition)
rules.add_perm("expo.edit_desk", may_edit | organises_its_edition)
rules.add_perm("expo.use_leads", _duty("leads"))
rules.add_perm("expo.manage_team", _duty("team"))
