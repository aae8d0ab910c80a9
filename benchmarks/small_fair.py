"""A fair with next to nothing in it: to be filled with a million texts, or grown in the tests of the benchmarks.

Django must be open before the functions are called, so they import the models themselves.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

COUNTRIES = ("CN", "DE", "FR", "BR", "EG", "KE", "IN", "RU", "MX", "VN")


def make_edition(slug: str) -> Any:
    """A published edition of an organisation of its own."""
    from serai.expo.fairs.edition.models import Edition
    from serai.expo.people.account.models import Organisation

    organisation = Organisation.objects.create(slug=slug, name={"en": slug.title()}, country="CN")
    return Edition.objects.create(
        organisation=organisation,
        slug=slug,
        name={"en": slug.title()},
        country="CN",
        time_zone="Asia/Shanghai",
        starts_on=date(2026, 11, 28),
        ends_on=date(2026, 11, 30),
        state=Edition.State.PUBLISHED,
    )


def make_participations(edition: Any, numbers: Sequence[int], kind: str = "exhibitor") -> list[Any]:
    """Participations without a text of their own, of new firms with these numbers."""
    from serai.expo.fairs.edition.models import Participation
    from serai.expo.firms.record.models import Firm

    named = [(number, f"Firm {number:06}") for number in numbers]
    firms = Firm.objects.bulk_create(
        Firm(
            identifier=f"XX{number:010}",
            legal_name=name,
            name={"en": name},
            name_key=name.lower(),
            sort_name=name.lower(),
            country=COUNTRIES[number % len(COUNTRIES)],
        )
        for number, name in named
    )
    return list(
        Participation.objects.bulk_create(Participation(edition=edition, firm=firm, kind=kind) for firm in firms)
    )


def make_small_fair() -> Any:
    """Three exhibitors at booths with an offer and a need each, two buyers, and the visitors of the demonstration."""
    from django_scopes import scope

    from scripts.addresses import VISITORS
    from serai.expo.offers.market.models import Need, Offer
    from serai.expo.people.account.models import Role, User
    from serai.expo.venue.halls.models import Booth, Hall, Stand

    edition = make_edition("small")
    with scope(edition=edition):
        exhibitors, buyers = make_participations(edition, range(3)), make_participations(edition, range(3, 5), "buyer")
        hall = Hall.objects.create(edition=edition, code="H1", title={"en": "Hall 1"})
        for number, exhibitor in enumerate(exhibitors):
            booth = Booth.objects.create(edition=edition, hall=hall, code=f"B{number}")
            Stand.objects.create(edition=edition, booth=booth, participation=exhibitor)
            for model in (Offer, Need):
                model.objects.create(edition=edition, participation=exhibitor, title={"en": f"Battery {number}"})
        roles = {
            "buyer": {"firm": buyers[0].firm},
            "exhibitor": {"firm": exhibitors[0].firm},
            "organiser": {"organisation": edition.organisation},
        }
        for visitor, side in roles.items():
            user = User.objects.create(email=VISITORS[visitor], name=visitor.title())
            Role.objects.create(user=user, kind=Role.Kind.OWNER, **side)
    return edition
