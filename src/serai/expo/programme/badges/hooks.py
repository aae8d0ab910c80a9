"""What this room tells the registries: letters, desk, cloning, leaving, and a person's own data."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from serai.expo.base.audit.domain.entries import record_change
from serai.expo.fairs.desk.domain import card, queue
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.kinds import Place, letter
from serai.expo.participants.desk.domain import entry
from serai.expo.participants.exhibitors.domain.tasks import done_by_itself
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.packages.domain import limit
from serai.expo.participants.participation.domain.decisions import kind_changed
from serai.expo.participants.participation.domain.exhibitors import EXHIBITING
from serai.expo.participants.participation.domain.withdrawal import ends
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.badges import to_decide, to_print
from serai.expo.programme.badges.domain.mentions import forget_person, rows_about
from serai.expo.programme.badges.domain.visa_letters import INVITATION
from serai.expo.programme.badges.models import Badge, BadgeRule, Kind

PERSON: dict[str, Place] = {"person": (gettext_lazy("the names on the badges"), "Li Wei")}
REASON: dict[str, Place] = {
    "reason": (gettext_lazy("the reason that you gave"), gettext_lazy("No press card was handed in."))
}
TO = gettext_lazy("To the person whose badge it is, and to those who ask for the badges of the firm or delegation.")

letter(
    "badge-granted",
    title=gettext_lazy("A badge is granted"),
    when=TO,
    places=PERSON,
    needed=("person",),
    words=lambda: (
        _("{fair}: granted, the badge of %s") % "{person}",
        _("Dear {name},\n\ngranted and ready to be printed, the badge of: {person}\n\n{link}"),
    ),
)
letter(
    "badge-refused",
    title=gettext_lazy("A badge is refused"),
    when=TO,
    places=PERSON | REASON,
    needed=("person", "reason"),
    words=lambda: (
        _("{fair}: refused, the badge of %s") % "{person}",
        _(
            "Dear {name},\n\nrefused, the badge of: {person}\n\n{reason}\n\n"
            "Where what is printed on it is changed, the badge is asked for anew.\n\n{link}"
        ),
    ),
)
letter(
    INVITATION,
    title=gettext_lazy("A letter of invitation for a visa"),
    when=gettext_lazy("Printed by who comes to the fair, with the details of the passport below it; it is not mailed."),
    places={
        "person": (gettext_lazy("the traveller's name"), "Amina Odhiambo"),
        "firm": (gettext_lazy("the firm or delegation with which the traveller comes"), "Huanghe Cells"),
        "kind": (gettext_lazy("as what it takes part"), gettext_lazy("Exhibitor")),
        "organiser": (gettext_lazy("the organisation that holds the fair"), "Chamber of Trade"),
    },
    needed=("person",),
    words=lambda: (
        _("Invitation to {fair}"),
        _(
            "To the consular section in charge\n\n"
            "We invite {person} of {firm} ({kind}) to {fair}, which is held in {city} from {first_day} to {last_day}, "
            "and ask you to issue in time the visa that is needed for it.\n\n"
            "The cost of travel, stay and insurance is borne by the traveller or the firm, unless it has been agreed "
            "otherwise in writing. The details below are as in the passport.\n\n"
            "Yours faithfully,\n{organiser}"
        ),
    ),
)

privacy.rows_about.register(rows_about)
privacy.erasing.register(forget_person)


@queue(
    "badges",
    title=gettext_lazy("Badges to print"),
    text=gettext_lazy("Granted, of those who take part, entered or made anew since badges were last printed."),
    page="badges-to-print",
)
def _waiting(edition: Edition) -> int:
    return to_print(edition).count()


@queue(
    "badges-asked",
    title=gettext_lazy("Badges to decide on"),
    text=gettext_lazy("Of kinds on which you decide: by default the press and delegations."),
    page="badges-to-print",
)
def _asked(edition: Edition) -> int:
    return to_decide(edition).count()


card(
    "badges-to-print",
    "people",
    title=gettext_lazy("Badges"),
    text=gettext_lazy("Of everybody who comes, by kind: decide, print, and read at the door."),
    order=60,
)


copied(BadgeRule, "badges")


def _granted(participation: Participation, _at: datetime) -> QuerySet[Badge]:
    return Badge.objects.filter(participation=participation, state=Badge.State.GRANTED)


ends(
    "badges",
    rows=_granted,
    words=ngettext_lazy("%d badge lets in no more.", "%d badges let in no more."),
)


def _badges(exhibitor: Participation) -> QuerySet[Badge]:
    return Badge.objects.filter(participation=exhibitor)


limit("badges", gettext_lazy("Badges"), lambda exhibitor: _badges(exhibitor).count(), order=20)
done_by_itself(DeskTask.Page.BADGES, lambda exhibitor: _badges(exhibitor).exists())


@kind_changed.register
def follow_kind(participation: Participation, user: User) -> None:
    """Give the badges of a participant its new kind, to be printed anew. Speakers and staff keep theirs."""
    depending = Badge.objects.filter(participation=participation).exclude(kind__in=(Kind.SPEAKER, Kind.STAFF))
    for badge in depending.exclude(kind=participation.kind).order_by("pk"):
        record_change("badge.changed", badge, user=user, kind=participation.kind, printed_at=None)


entry(
    "desk-badges", "participation", title=gettext_lazy("Badges"), duty="edit", of_firm=True, kinds=EXHIBITING, order=50
)
entry("my-badges", "participation", title=gettext_lazy("Own badges"), duty="meet", order=55)
