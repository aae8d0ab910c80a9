"""A draft of a timetable as a solver leaves it, made by hand."""

from collections.abc import Mapping
from typing import Any

from django_scopes import scope

from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.meetings.timetable.models import TimetableRun


def draft(
    fair: Any,
    *guests: Participation,
    at: int = 0,
    place: str = "T1",
    changes: Mapping[str, object] | None = None,
) -> list[Meeting]:
    """A draft in which the seller meets each of the guests, from slot ``at`` on; ``changes`` are of told meetings."""
    grid = slots(fair.edition)
    with scope(edition=fair.edition):
        numbers = {"objective": 0, "bound": 0, "seconds": 0, "wished": 0, "placed": 0}
        run = TimetableRun.objects.create(edition=fair.edition, status="optimal", changes=changes or {}, **numbers)
        return [
            Meeting.objects.create(
                edition=fair.edition,
                host=fair.seller.participation,
                guest=guest,
                run=run,
                starts_at=grid[at + number].starts_at,
                ends_at=grid[at + number].ends_at,
                place=place,
            )
            for number, guest in enumerate(guests)
        ]
