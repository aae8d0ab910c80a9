"""What this room tells the registries: desk, cloning, leaving, and a person's own data."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from serai.expo.fairs.desk.domain import card, queue
from serai.expo.fairs.edition.domain.cloning import copied
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.exhibitors.domain.tasks import done_by_itself
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.packages.domain import limit
from serai.expo.participants.participation.domain.signals import kind_changed
from serai.expo.participants.participation.domain.withdrawal import ends
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.badge_kinds import follow_kind
from serai.expo.programme.badges.domain.badges import to_decide, to_print
from serai.expo.programme.badges.domain.mentions import forget_person, rows_about
from serai.expo.programme.badges.models import Badge, BadgeRule

privacy.rows_about.register(rows_about)
privacy.erasing.register(forget_person)


@queue(
    "badges",
    title=_("Badges to print"),
    text=_("Granted, of those who take part, entered or made anew since badges were last printed."),
    page="badges-to-print",
)
def _waiting(edition: Edition) -> int:
    return to_print(edition).count()


@queue(
    "badges-asked",
    title=_("Badges to decide on"),
    text=_("Of kinds on which you decide: by default the press and delegations."),
    page="badges-to-print",
)
def _asked(edition: Edition) -> int:
    return to_decide(edition).count()


card(
    "badges",
    "people",
    title=_("Badges"),
    text=_("Of everybody who comes, by kind: decide, print, and read at the door."),
    page="badges-to-print",
    order=60,
)


copied(BadgeRule, "badges")


def _granted(participation: Participation, _at: datetime) -> QuerySet[Badge]:
    return Badge.objects.filter(participation=participation, state=Badge.State.GRANTED)


ends(
    "badges",
    rows=_granted,
    words=lambda count: ngettext("%d badge lets in no more.", "%d badges let in no more.", count) % count,
)


def _badges(exhibitor: Participation) -> QuerySet[Badge]:
    return Badge.objects.filter(participation=exhibitor)


limit("badges", _("Badges"), lambda exhibitor: _badges(exhibitor).count(), order=20)
done_by_itself(DeskTask.Page.BADGES, lambda exhibitor: _badges(exhibitor).exists())


@kind_changed.register
def _follow_kind(participation: Participation, user: User) -> None:
    follow_kind(participation, user=user)
