"""Three firms at a fair and a meeting that two of them held."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.participants.participation.domain.representation import Acting, acting
from serai.expo.people.account.models import User

WHEN = datetime(2026, 11, 28, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Trio:
    edition: Edition
    seller: Acting
    buyer: Acting
    third: Acting
    meeting: Meeting


@pytest.fixture
def trio(
    edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    new_user: Callable[..., User],
) -> Trio:
    def enter(name: str, kind: str) -> Acting:
        firm = a_firm(f"{name.title()} Ltd", name={"en": f"{name.title()} Ltd"})
        participation = take_part(edition, firm, kind)
        with scope(edition=edition):
            return acting(new_user(name, firm=firm), participation)

    seller, buyer, third = enter("seller", "exhibitor"), enter("buyer", "buyer"), enter("third", "exhibitor")
    with scope(edition=edition):
        meeting = Meeting.objects.create(
            edition=edition,
            host=seller.participation,
            guest=buyer.participation,
            state="held",
            starts_at=WHEN,
            ends_at=WHEN,
            host_arrived_at=WHEN,
            guest_arrived_at=WHEN,
        )
    return Trio(edition, seller, buyer, third, meeting)
