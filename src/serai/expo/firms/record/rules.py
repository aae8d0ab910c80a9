"""Who may see what of a firm, and what each kind of role in a firm may do for it."""

from collections.abc import Iterable, Mapping
from typing import Any

import rules
from django_scopes import scopes_disabled

from serai.expo.base.rooms import Hook
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.edition.rules import rights_in
from serai.expo.fairs.edition.rules.roles import changing
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import Role

DUTIES: Mapping[str, frozenset[str]] = {
    Role.Kind.OWNER: frozenset({"see", "meet", "market", "edit", "leads", "team", "sources"}),
    Role.Kind.MANAGER: frozenset({"see", "meet", "market", "edit", "leads", "sources"}),
    Role.Kind.SALES: frozenset({"see", "meet", "market", "leads"}),
    Role.Kind.SCANNER: frozenset({"see", "meet", "leads"}),
    Role.Kind.MEMBER: frozenset({"see", "meet"}),
}
"""What each kind of role in a firm may do: see the desk, follow its meetings, edit offers and needs, edit all of the
firm and what it brings to the fair, keep leads, manage the team, say from where the firm buys."""

ORGANISERS_DUTIES = frozenset({"see", "market", "edit"})
OWN_AFFAIR = frozenset({"leads", "team", "sources"})
"""The organiser helps with everything but a firm's leads, its team and its sources, also while acting for a person of
the firm."""


def kinds_with(duty: str) -> list[str]:
    """The kinds of roles in a firm that have this duty."""
    return [kind for kind, duties in DUTIES.items() if duty in duties]


def duties_in(user: Any, firm_pk: int) -> frozenset[str]:
    """What the user may do for the firm; nothing without a role in it."""
    if not user.is_authenticated:
        return frozenset()
    kind = Role.objects.filter(user_id=user.pk, firm_id=firm_pk).values_list("kind", flat=True).first()
    duties = DUTIES.get(kind or "", frozenset())
    return duties if user.helping_organisation is None else duties - OWN_AFFAIR


def organisers_duties(user: Any, edition: Edition) -> frozenset[str]:
    """What the user may do for firms as an organiser of the edition: nothing, see the desks, or all of its duties."""
    rights = rights_in(user, edition)
    if rights.may("people", change=True):
        return ORGANISERS_DUTIES
    return frozenset({"see"}) if rights.may("people") else frozenset()


@rules.predicate
def is_of_the_firm(user: Any, participation: Participation) -> bool:
    """The user has a role in the firm."""
    return user.is_authenticated and Role.objects.filter(user_id=user.pk, firm_id=participation.firm_id).exists()


@rules.predicate
def organises_its_edition(user: Any, row: Any) -> bool:
    """The user organises the edition of a participation or a delegation, and reads its people."""
    edition: Edition = row.edition
    return bool(user.has_perm("expo.read_people", edition))


@rules.predicate
def changes_its_edition(user: Any, participation: Participation) -> bool:
    """The user organises the edition that the firm takes part in, and changes what firms enter."""
    edition: Edition = participation.edition
    return bool(user.has_perm("expo.change_people", edition))


visible_at: Hook[[Any, Edition, Firm], bool] = Hook("firm visible at a fair")
"""Whether a reader may know that the firm takes part in the edition."""


def is_visible_at(user: Any, edition: Edition, firm: Firm) -> bool:
    """Whether the user may know that the firm takes part in the edition."""
    return any(visible_at.call(user, edition, firm))


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
    organising = Role.objects.filter(user_id=user.pk, organisation__isnull=False, kind__in=changing("people"))
    mine = set(organising.values_list("organisation", flat=True))
    holders: dict[int, set[int]] = {}
    with scopes_disabled():
        pairs = Participation.objects.filter(firm__in=keys).order_by().values_list("firm", "edition__organisation")
        for firm, organisation in pairs:
            holders.setdefault(firm, set()).add(organisation)
    return {firm for firm, organisations in holders.items() if organisations <= mine}


rules.add_perm("expo.merge_firms", rules.predicate(may_merge))
rules.add_perm("expo.see_participation_in_full", may_see_needs)
