"""Who takes part no more has said nothing that still waits: its interests are taken back, and no price of it stands."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.offers.interests.domain import answer, quote, say
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.models import Interest, Need, Offer
from serai.expo.participants.participation.domain.representation import Acting, acting
from serai.expo.participants.participation.domain.withdrawal import cancel, what_ends
from serai.expo.people.account.models import Role, User

type Make[Thing] = Callable[..., Thing]

WORDS = {"cooperation": "We could supply it.", "unclear": "", "about": "A maker of films."}
TERMS: dict[str, Any] = {
    "price": Decimal(1250),
    "currency": "CNY",
    "per": Decimal(1000),
    "unit": "MTK",
    "valid_until": timezone.localdate() + timedelta(days=30),
}
REASON = {"en": "The fee was not paid."}


@pytest.fixture(autouse=True)
def to_come(edition: Edition) -> None:
    today = timezone.localdate()
    edition.starts_on, edition.ends_on = today + timedelta(days=10), today + timedelta(days=12)
    edition.save()


@pytest.fixture
def sides(edition: Edition, take_part: Make[Participation], new_user: Make[User]) -> tuple[Acting, Acting]:
    """A seller and a buyer."""
    found = []
    for name, kind in (("seller", "exhibitor"), ("buyer", "buyer")):
        one = take_part(edition, kind=kind)
        with scope(edition=edition):
            found.append(acting(new_user(name, firm=one.firm), one))
        one.firm.roles.update(kind=Role.Kind.OWNER)
    return found[0], found[1]


def letters(edition: Edition, to: Acting, do: Callable[[], object]) -> list[str]:
    with scope(edition=edition):
        Mail.objects.all().delete()
        do()
        return list(Mail.objects.filter(user=to.user).order_by("pk").values_list("subject", flat=True))


def test_an_interest_of_who_leaves_is_taken_back_as_by_itself_with_the_price_that_stands_to_it(
    edition: Edition, sides: tuple[Acting, Acting], offer: Make[Offer], need: Make[Need], organiser: User
) -> None:
    seller, buyer = sides
    with scope(edition=edition):
        of_offer = say(buyer, offer(seller.participation), WORDS)  # the other side quotes
        asked_for = quote(seller, of_offer, TERMS)
        cancel(buyer.participation, REASON, by=organiser)
        of_offer.refresh_from_db()
        asked_for.refresh_from_db()
        assert (of_offer.state, asked_for.state) == ("withdrawn", "withdrawn")
        assert of_offer.answered_at == asked_for.ended_at is not None
        assert AuditEntry.objects.get(action="interest.withdrawn").user == organiser


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("of", ["need", "offer"])
def test_nobody_stands_behind_a_price_of_who_leaves(
    of: str,
    accepted: bool,
    edition: Edition,
    sides: tuple[Acting, Acting],
    offer: Make[Offer],
    need: Make[Need],
    organiser: User,
) -> None:
    seller, buyer = sides
    with scope(edition=edition):
        said = (
            say(seller, need(buyer.participation, anonymous=True), WORDS)
            if of == "need"
            else say(buyer, offer(seller.participation), WORDS)
        )
        if accepted:
            answer(buyer if of == "need" else seller, said, accept=True)
        price = quote(seller, said, TERMS)
        assert "1 quotation that stands is withdrawn." in what_ends(seller.participation)
    told = letters(edition, buyer, lambda: cancel(seller.participation, REASON, by=organiser))
    with scope(edition=edition):
        price.refresh_from_db()
        assert (price.state, price.ended_at is None) == (Quotation.State.WITHDRAWN, False)
        assert AuditEntry.objects.get(action="quotation.withdrawn").user == organiser
        over = {"need": "withdrawn", "offer": "declined"}[of]
        assert Interest.objects.get().state == ("accepted" if accepted else over)
    # Who had an answer is told of the price; who had none of the end of its interest, and of nothing twice.
    assert len(told) == (1 if accepted or of == "offer" else 0)


def test_a_price_of_the_other_side_stands_while_its_interest_does(
    edition: Edition, sides: tuple[Acting, Acting], need: Make[Need], organiser: User
) -> None:
    seller, buyer = sides
    with scope(edition=edition):
        said = say(seller, need(buyer.participation, anonymous=True), WORDS)
        answer(buyer, said, accept=True)
        price = quote(seller, said, TERMS)
        cancel(buyer.participation, REASON, by=organiser)
        price.refresh_from_db()
        assert price.state == Quotation.State.STANDS
