"""Makes a small fair whose buyer depends on one country, and whose exhibitors are another source of what it buys.

    SERAI_HOME=... python tests/browser/join_fair.py

All sign in with PASSWORD. The fair is open around the clock, so that a meeting that is asked for begins at once.
"""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from serai.expo.site.operation.domain.instance import bring_up_to_date, open_instance

PASSWORD = "the road to Samarkand"
SLUG, CHAIN, NODE = "join", "clean-energy", "graphite-anodes"
FIRMS = {
    "buyer": ("Rhein Zellen", "DE", "buyer"),
    "maker": ("Pohang Anodes", "KR", "exhibitor"),
    "rival": ("Qingdao Graphite", "CN", "exhibitor"),
}
"""Name, country and kind by who signs in."""


def main() -> None:
    open_instance()
    bring_up_to_date()
    from django.utils import timezone
    from django_scopes import scope

    from serai.expo.fairs.edition.models import Edition, Participation
    from serai.expo.firms.record.domain.firms import new_firm
    from serai.expo.offers.chains.domain.placements import load_builtin_chains
    from serai.expo.offers.chains.domain.sections import set_sections
    from serai.expo.offers.chains.models import Node, Placement
    from serai.expo.offers.market.models import Need, Offer
    from serai.expo.people.account.models import Organisation, Role, User

    def user(name: str, **role: Any) -> None:
        made = User.objects.create_user(f"{name}@join.example", PASSWORD, name=name.title())
        Role.objects.create(user=made, kind=Role.Kind.OWNER, **role)

    today = timezone.now().date()
    organisation = Organisation.objects.create(slug="joiners", name={"en": "Joiners"}, country="CN")
    edition = Edition.objects.create(
        organisation=organisation,
        slug=SLUG,
        name={"en": "Fair of the join"},
        city={"en": "Beijing"},
        country="CN",
        languages=["en"],
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=1),
        meetings_from="00:00",
        meetings_until="23:59",
        meeting_minutes=15,
        state=Edition.State.PUBLISHED,
    )
    user("organiser", organisation=organisation)
    chains = load_builtin_chains((CHAIN,))
    with scope(edition=edition):
        set_sections(edition, chains, user=None)
        node = Node.objects.get(chain__slug=CHAIN, code=NODE)
        for who, (name, country, kind) in FIRMS.items():
            firm = new_firm(legal_name=name, country=country, on=today, name={"en": name})
            firm.save()
            user(who, firm=firm)
            participation = Participation.objects.create(edition=edition, firm=firm, kind=kind)
            item = {"edition": edition, "participation": participation, "title": {"en": "Graphite anodes"}}
            placed = (
                {"need": Need.objects.create(**item)} if kind == "buyer" else {"offer": Offer.objects.create(**item)}
            )
            side = next(iter(placed))
            Placement.objects.create(
                edition=edition,
                participation=participation,
                side=side,
                node=node,
                confidence=1,
                confirmed=True,
                **placed,
            )


if __name__ == "__main__":
    main()
