"""Makes two small fairs, each with a buyer who depends on one country and exhibitors who are other sources of it.

    SERAI_HOME=... python tests/browser/join_fair.py

All sign in with PASSWORD. The fairs are open around the clock, so that a meeting that is asked for begins at once.
"""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from serai.expo.site.operation.domain.instance import bring_up_to_date, open_instance

PASSWORD = "the road to Samarkand"
SLUGS = ("join", "plain")
"""One fair is walked with JavaScript, the other without."""
CHAIN, NODE = "clean-energy", "rare-earth-magnets"
FIRMS = {
    "buyer": ("Rhein Generatoren", "DE", "buyer"),
    "maker": ("Pohang Magnets", "KR", "exhibitor"),
    "rival": ("Ganzhou Magnets", "CN", "exhibitor"),
}
"""Name, country and kind by who signs in."""


def main() -> None:
    open_instance()
    bring_up_to_date()
    from django.utils import timezone
    from django_scopes import scope

    from serai.expo.fairs.edition.models import Edition, Participation
    from serai.expo.firms.record.domain.names import new_firm
    from serai.expo.insight.exposure.domain import results
    from serai.expo.insight.supply.domain import networks as unit_contents
    from serai.expo.insight.supply.domain import source_values as averages
    from serai.expo.insight.supply.domain.exposures import KINDS
    from serai.expo.insight.supply.domain.stored_results import compute_now
    from serai.expo.offers.chains.domain.fair_chains import set_sections
    from serai.expo.offers.chains.domain.placements import load_builtin_chains
    from serai.expo.offers.chains.models import Node, Placement
    from serai.expo.offers.market.models import Need, Offer
    from serai.expo.people.account.models import Organisation, Role, User

    today = timezone.now().date()
    organisation = Organisation.objects.create(slug="joiners", name={"en": "Joiners"}, country="CN")
    chains = load_builtin_chains((CHAIN,))
    node = Node.objects.get(chain__slug=CHAIN, code=NODE)
    for slug in SLUGS:

        def user(name: str, slug: str = slug, **role: Any) -> None:
            made = User.objects.create_user(f"{name}@{slug}.example", PASSWORD, name=name.title())
            Role.objects.create(user=made, kind=Role.Kind.OWNER, **role)

        edition = Edition.objects.create(
            organisation=organisation,
            slug=slug,
            name={"en": "Fair of the join"},
            city={"en": "Beijing"},
            country="CN",
            languages=["en", "zh-hans", "ar"],
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=1),
            meetings_from="00:00",
            meetings_until="23:59",
            meeting_minutes=15,
            state=Edition.State.PUBLISHED,
        )
        user("organiser", organisation=organisation)
        with scope(edition=edition):
            set_sections(edition, chains, user=None)
            buyer = 0
            for who, (name, country, kind) in FIRMS.items():
                firm = new_firm(legal_name=f"{name} {slug}", country=country, on=today, name={"en": name})
                firm.save()
                user(who, firm=firm)
                participation = Participation.objects.create(edition=edition, firm=firm, kind=kind)
                buyer = participation.pk if kind == "buyer" else buyer
                item = {"edition": edition, "participation": participation, "title": {"en": "Rare earth magnets"}}
                side: dict[str, Any] = (
                    {"need": Need.objects.create(**item)}
                    if kind == "buyer"
                    else {"offer": Offer.objects.create(**item)}
                )
                Placement.objects.create(
                    edition=edition,
                    participation=participation,
                    side=next(iter(side)),
                    node=node,
                    confidence=1,
                    confirmed=True,
                    **side,
                )
        # What the buyers see first is computed here, where the world table is read once, and not by a task for each.
        compute_now(edition, averages.KIND)
        compute_now(edition, results.KIND, str(buyer))
    for kind in (unit_contents.KIND, *KINDS):
        compute_now(None, kind, CHAIN)


if __name__ == "__main__":
    main()
