"""Asking several participants to meet at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.meeting.domain.life import MeetingRefusedError
from serai.expo.meetings.meeting.models import MeetingRequest
from serai.expo.meetings.requests.domain.requests import ask
from serai.expo.participants.participation.domain.representation import Acting


@dataclass(frozen=True)
class Asked:
    """What became of asking several participants: the requests made, and why others were not asked."""

    made: tuple[MeetingRequest, ...]
    refused: tuple[tuple[Participation, str], ...]


def ask_several(by: Acting, others: Iterable[Participation], *, message: str = "") -> Asked:
    """Ask several participants to meet at any time; one that is refused keeps no other from being asked."""
    made: list[MeetingRequest] = []
    refused: list[tuple[Participation, str]] = []
    for other in others:
        try:
            made.append(ask(by, other, message=message))
        except MeetingRefusedError as refusal:
            refused.append((other, str(refusal)))
    return Asked(tuple(made), tuple(refused))
