"""A fair of one exhibitor and two buyers, with people who act for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.participants.participation.domain.representation import Acting, acting
from serai.expo.people.account.models import Organisation, User


@dataclass(frozen=True)
class Fair:
    """The fair begins ten days from today; ``now`` is today, ``times`` are the beginnings of its slots."""

    edition: Edition
    seller: Acting
    buyer: Acting
    rival: Acting
    now: datetime

    @property
    def times(self) -> list[datetime]:
        return [slot.starts_at for slot in slots(self.edition)]


@pytest.fixture
def fair(
    organisation: Organisation,
    new_edition: Callable[..., Edition],
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    new_user: Callable[..., User],
) -> Fair:
    today = datetime.now(tz=UTC).date()
    edition = new_edition(
        organisation,
        "meet",
        starts_on=today + timedelta(days=10),
        ends_on=today + timedelta(days=11),
        meeting_tables=2,
    )

    def enter(name: str, kind: str) -> Acting:
        firm = a_firm(f"{name.title()} Ltd", name={"en": f"{name.title()} Ltd"})
        participation = take_part(edition, firm, kind)
        user = new_user(name, firm=firm)
        with scope(edition=edition):
            return acting(user, participation)

    now = datetime.now(tz=UTC)
    return Fair(edition, enter("seller", "exhibitor"), enter("buyer", "buyer"), enter("rival", "buyer"), now)


@pytest.fixture
def published(fair: Fair) -> Fair:
    """The fair after its timetable has been told."""
    with scope(edition=fair.edition):
        TimetableRun.objects.create(
            edition=fair.edition,
            state=TimetableRun.State.PUBLISHED,
            status="optimal",
            objective=0,
            bound=0,
            seconds=0,
            wished=0,
            placed=0,
        )
    return fair
