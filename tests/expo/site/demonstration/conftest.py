"""The demonstration fair as it is invented, before anything is written: most of it needs no database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Wish
from serai.expo.site.demonstration.domain.buyers import buyers
from serai.expo.site.demonstration.domain.entrants import Desk, Entrant
from serai.expo.site.demonstration.domain.exhibitors import exhibitors
from serai.expo.site.demonstration.domain.meetings import wishes
from serai.expo.site.demonstration.domain.texts import host_brands


@dataclass(frozen=True)
class Fair:
    edition: Edition
    exhibitors: list[Entrant]
    buyers: list[Entrant]
    wishes: list[Wish]

    @property
    def everyone(self) -> list[Entrant]:
        return [*self.exhibitors, *self.buyers]

    @property
    def foreign(self) -> list[Entrant]:
        return [entrant for entrant in self.exhibitors if entrant.firm.country != "CN"]


def invent_fair(seed: int) -> Fair:
    edition = Edition(
        slug="demo",
        country="CN",
        time_zone="Asia/Shanghai",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 5),
    )
    desk = Desk(edition, Random(seed), set())
    brands = host_brands(desk.random)
    exhibiting = exhibitors(desk, brands)
    buying = buyers(desk, brands)
    return Fair(edition, exhibiting, buying, wishes(edition, desk.random, exhibiting, buying))


@pytest.fixture(scope="session")
def invent() -> Callable[[int], Fair]:
    return invent_fair


@pytest.fixture(scope="session")
def fair() -> Fair:
    return invent_fair(2023)
