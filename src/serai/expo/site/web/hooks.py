"""The organiser's desk: checks of the set-up, the queue of applications, and cards."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from serai.expo.base import revisions
from serai.expo.base.daily import daily
from serai.expo.fairs.desk.domain import Todo, card, check, queue
from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.offers.chains.domain.chain_maps import missing
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.offers.chains.models import Placement
from serai.expo.participants.participation.domain.decisions import applications

daily("join revisions")(revisions.gather)


@check
def _gaps(edition: Edition) -> Iterator[Todo]:
    count = missing(edition, chains_of_edition(edition))
    if count and Placement.objects.filter(edition=edition).exists():
        yield Todo(
            ngettext_lazy("Fill %d missing node", "Fill %d missing nodes", count) % count,
            _("Nobody at this fair offers these; the chain maps show them."),
            "chain-list",
            count,
        )


@check
def _timetable(edition: Edition) -> Iterator[Todo]:
    wishes = Wish.objects.filter(edition=edition).exclude(strength=Wish.Strength.NO_THANKS)
    runs = TimetableRun.objects.filter(edition=edition)
    timed = Meeting.objects.filter(edition=edition, starts_at__isnull=False)
    if wishes.exists() and not runs.exists() and not timed.exists():
        yield Todo(_("Make the timetable"), _("There are wishes to meet and no timetable yet."), "timetable")
    elif (
        runs.filter(state=TimetableRun.State.DRAFT).exists()
        and not runs.filter(state=TimetableRun.State.PUBLISHED).exists()
    ):
        yield Todo(_("Publish the timetable"), _("It is a draft that only organisers see."), "timetable")


@queue(
    "applications",
    title=_("Applications"),
    text=_("Firms that wish to take part wait for your answer."),
)
def count_applications(edition: Edition) -> int:
    """How many firms wait for an answer."""
    return applications(edition).count()


card(
    "phases",
    "build",
    title=_("Phases"),
    text=_("When applications, wishes, requests and outcomes open and close by themselves."),
    order=20,
)
card(
    "participant-list",
    "people",
    title=_("Participants"),
    text=_("All who take part or asked to; change one, cancel it or take it back."),
    order=11,
)
card(
    "queues",
    "people",
    title=_("To decide"),
    text=_("All that waits for your decision, in one place."),
    order=10,
)
card(
    "matching",
    "meetings",
    title=_("Chains and matches"),
    text=_("Place offers and needs on the chains and see who should meet whom."),
    order=10,
)
card(
    "meeting-rules",
    "meetings",
    title=_("Who may meet whom"),
    text=_("Rules by kind, section and group of countries, and how many requests may wait at a time."),
    order=20,
)
card(
    "timetable",
    "meetings",
    title=_("Timetable"),
    text=_("Seat the wished meetings without conflict, with the proof of how good it is."),
    order=30,
)
