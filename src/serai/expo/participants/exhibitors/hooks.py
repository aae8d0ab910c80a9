"""What this room tells the registries: letters, desk, cloning, leaving."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from serai.expo.base.text import in_language
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import letter
from serai.expo.fairs.mailing.domain.segments import condition
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import visible_at
from serai.expo.participants.desk.domain import Due, dues
from serai.expo.participants.exhibitors.domain.co_exhibitors import part, take_back
from serai.expo.participants.exhibitors.domain.tasks import done_by_itself, tasks_of
from serai.expo.participants.exhibitors.models import CoExhibitorInvitation, DeskTask, DeskTaskDone
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING, visible_to
from serai.expo.participants.participation.domain.withdrawal import Leaving, ends
from serai.expo.people.account.models import Role

letter(
    "co-exhibitor-invitation",
    title=gettext_lazy("An invitation to exhibit with a chain leader"),
    when=gettext_lazy("To the address that the leader gives, with a link that is secret."),
    places={
        "leader": (gettext_lazy("the firm that invites"), "Huanghe Motors"),
        "firm": (gettext_lazy("the firm that is invited"), "Huanghe Cells"),
        "address": (gettext_lazy("the link"), "https://fair.example/…"),
    },
    needed=("address",),
    words=lambda: (
        _("%(leader)s asks you to exhibit with it: %(fair)s") % {"leader": "{leader}", "fair": "{fair}"},
        _("%(leader)s invites %(firm)s to stand with it at %(fair)s.")
        % {"leader": "{leader}", "firm": "{firm}", "fair": "{fair}"}
        + "\n\n"
        + _("Answer here:")
        + "\n\n{address}",
    ),
)

letter(
    "co-exhibitor-parted",
    title=gettext_lazy("Two firms exhibit together no more"),
    when=gettext_lazy("To the people of the side that did not end it, to both where the organiser does."),
    places={
        "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
        "other": (gettext_lazy("the firm that it stood with"), "Huanghe Motors"),
    },
    needed=("other",),
    words=lambda: (
        _("%(fair)s: %(other)s and you exhibit together no more") % {"fair": "{fair}", "other": "{other}"},
        _(
            "Dear {name},\n\n{firm} and {other} no longer stand together at {fair}. Each takes part for itself from now"
            " on.\n\n{link}"
        ),
    ),
)


card(
    "desk-tasks",
    "people",
    title=gettext_lazy("Tasks for exhibitors"),
    text=gettext_lazy("What each exhibitor has to do by when, and how many have done it."),
    order=40,
)


copied(DeskTask, "tasks", shifted=("due_on",))


@condition("late_tasks", gettext_lazy("with a task overdue"), order=70)
def with_late_tasks(edition: Edition) -> Q:
    """Those with an overdue task that they have not ticked. Tasks that a page of the desk ticks do not count."""
    late = Q(pk__in=())
    for task in DeskTask.objects.filter(edition=edition, due_on__lt=today_at(edition), page=DeskTask.Page.NONE):
        done = DeskTaskDone.objects.filter(task=task, participation=OuterRef("pk"))
        meant = Q(kind__in=task.kinds) if task.kinds else Q(pk__isnull=False)
        late |= meant & Q(~Exists(done))
    return late


def _led(leader: Participation, _at: datetime) -> QuerySet[Participation]:
    return leader.co_exhibitors.select_related("firm", "edition", "lead__firm").order_by("pk")


def _part(leaving: Leaving, led: list[Participation]) -> None:
    for co_exhibitor in led:
        part(co_exhibitor, user=leaving.user, by=leaving.participation)


def _invitations(leader: Participation, _at: datetime) -> QuerySet[CoExhibitorInvitation]:
    return CoExhibitorInvitation.objects.filter(leader=leader, state=CoExhibitorInvitation.State.SENT)


def _take_back(leaving: Leaving, invitations: list[CoExhibitorInvitation]) -> None:
    for invitation in invitations:
        take_back(invitation, user=leaving.user)


ends(
    "co-exhibitors",
    rows=_led,
    end=_part,
    words=ngettext_lazy(
        "%d co-exhibitor stands for itself from then on, and is told.",
        "%d co-exhibitors stand for themselves from then on, and are told.",
    ),
)
ends("invitations", rows=_invitations, end=_take_back)

done_by_itself(DeskTask.Page.TEAM, lambda exhibitor: Role.objects.filter(firm_id=exhibitor.firm_id).count() > 1)
done_by_itself(DeskTask.Page.CO_EXHIBITORS, lambda exhibitor: exhibitor.co_exhibitors.exists())


@visible_at.register
def _is_visible(user: Any, edition: Edition, firm: Firm) -> bool:
    return visible_to(user, edition).filter(firm=firm).exists()


card(
    "size-rules",
    "people",
    title=gettext_lazy("Size classes"),
    text=gettext_lazy("Whom this fair counts as a small firm."),
    order=52,
)


@dues
def open_tasks(participation: Participation, now: datetime) -> Iterator[Due]:
    """Tasks that the organiser has set and that are not done."""
    if participation.kind not in EXHIBITING:
        return
    zone = ZoneInfo(participation.edition.time_zone)
    for standing in tasks_of(participation, today_at(participation.edition, now)):
        if not standing.is_done:
            yield Due(
                "desk-task",
                in_language(standing.task.title).text,
                lost=_("It is late.") if standing.is_late else _("The organiser asks for it by this day."),
                address=reverse(
                    "desk-task", args=[participation.edition.slug, participation.firm.identifier, standing.task.code]
                ),
                until=datetime.combine(standing.task.due_on, time.max, zone),
            )


@dues
def unanswered_invitations(participation: Participation, _now: datetime) -> Iterator[Due]:
    """Firms that were invited to stand with this one and have not answered."""
    invitations = CoExhibitorInvitation.objects.filter(leader=participation, state=CoExhibitorInvitation.State.SENT)
    if waiting := invitations.count():
        yield Due(
            "desk-co-exhibitors",
            ngettext("%d invited firm has not answered.", "%d invited firms have not answered.", waiting) % waiting,
            lost=_("They are on your booth only after they have accepted."),
            address=reverse("desk-co-exhibitors", args=[participation.edition.slug, participation.firm.identifier]),
            duty="edit",
        )
