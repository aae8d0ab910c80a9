"""The fair that is tried: made before, and read afterwards. The functions run in processes of their own (`apart`)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from serai.expo.site.operation.domain.instance import open_instance

EXHIBITORS, BUYERS, OFFERS = 60, 12, 3
"""Sides whose people write, and what each exhibitor offers."""
READERS = 2_000
"""People who ask for a code to sign in, each once."""
LETTERS = 60
"""Further people, who ask for one all at once."""
FIRM = "Faults Firm "
"""How the names of the firms begin that the organiser imports."""


def make_fair() -> dict[str, Any]:
    """Make a fair with people of both sides who are signed in. Returns their addresses and cookies."""
    open_instance()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.urls import reverse
    from django_scopes import scope

    from benchmarks.small_fair import make_edition, make_participations
    from serai.expo.fairs.edition.models import Edition
    from serai.expo.offers.market.models import Offer
    from serai.expo.people.account.models import Role, User

    today = date.today()  # noqa: DTZ011  the fair is weeks ahead
    edition = make_edition("faults")
    days = {"starts_on": today + timedelta(days=30), "ends_on": today + timedelta(days=32)}
    Edition.objects.filter(pk=edition.pk).update(**days, meeting_tables=20)
    edition.refresh_from_db()
    at = {"edition": edition.slug}
    with scope(edition=edition):
        exhibitors = make_participations(edition, range(EXHIBITORS))
        buyers = make_participations(edition, range(EXHIBITORS, EXHIBITORS + BUYERS), "buyer")
        type(exhibitors[0]).objects.update(state="confirmed", meetings_maximum=500)
        offers = Offer.objects.bulk_create(
            Offer(edition=edition, participation=exhibitor, title={"en": f"Battery {number}"})
            for number in range(OFFERS)
            for exhibitor in exhibitors
        )
        sides = [
            {
                "participation": side.pk,
                "cookie": _signed_in(_owner_of(side.firm, f"side{side.pk}@faults.example")),
                "lead": reverse("desk-lead-new", kwargs=at | {"identifier": side.firm.identifier}),
                "ask": reverse("ask-to-meet", kwargs=at | {"identifier": side.firm.identifier}),
                "wish": reverse("wish", kwargs=at | {"identifier": side.firm.identifier}),
            }
            for side in (*exhibitors, *buyers)
        ]
        interests = [(offer.pk, reverse("market-offer", kwargs=at | {"number": offer.pk})) for offer in offers]
    organiser = User.objects.create(email="organiser@faults.example", name="Organiser")
    Role.objects.create(user=organiser, organisation=edition.organisation, kind=Role.Kind.OWNER)
    User.objects.bulk_create(User(email=reader(number), name=f"Reader {number}") for number in range(READERS + LETTERS))
    names = ("edition", "programme", "directory", "market", "hall-list", "speaker-list")
    return {
        "edition": edition.slug,
        "exhibitors": sides[: len(exhibitors)],
        "buyers": sides[len(exhibitors) :],
        "interests": interests,
        "organiser": _signed_in(organiser),
        "pages": [reverse(name, kwargs=at) for name in names],
        "meetings": reverse("my-meetings", kwargs=at),
        "code": reverse("account_request_login_code"),
        "sign-in": reverse("sign-in"),
        "workbook": reverse("export", kwargs=at | {"file_name": "exhibitors.xlsx"}),
        "import": reverse("import-upload", kwargs=at),
    }


def reader(number: int) -> str:
    """The mail address of one of those who ask for a code."""
    return f"reader{number}@faults.example"


def _owner_of(firm: Any, email: str) -> Any:
    from serai.expo.people.account.models import Role, User

    user = User.objects.create(email=email, name=email.partition("@")[0])
    Role.objects.create(user=user, firm=firm, kind=Role.Kind.OWNER)
    return user


def _signed_in(user: Any) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def read_fair() -> dict[str, Any]:
    """What the instance holds: rows by kind and mark, meetings with a time, letters, and what still waits."""
    open_instance()
    from django.db.models import Q
    from django.utils import timezone
    from django_scopes import scopes_disabled
    from django_tasks_db.models import DBTaskResult, get_date_max

    from serai.expo.fairs.mailing.models import Mail
    from serai.expo.firms.record.models import Firm
    from serai.expo.meetings.leads.models import Lead
    from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
    from serai.expo.offers.market.models import Interest

    held: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with scopes_disabled():
        for person in Lead.objects.filter(person__startswith="lead-").values_list("person", flat=True):
            held["lead"][person].append(person)
        for text in MeetingRequest.objects.filter(message__startswith="request-").values_list("message", flat=True):
            held["request"][text].append(text)
        for number in MeetingRequest.objects.filter(state="accepted").values_list("pk", flat=True):
            held["agreement"][str(number)].append("accepted")
        for text in Interest.objects.filter(cooperation__startswith="message-").values_list("cooperation", flat=True):
            held["message"][text].append(text)
        for wisher, wished, strength in Wish.objects.values_list("wisher", "wished", "strength"):
            held["wish"][f"{wisher}>{wished}"].append(strength)
        for name in Firm.objects.filter(legal_name__startswith=FIRM).values_list("legal_name", flat=True):
            held["import"][name].append(name)
        meetings = Meeting.objects.filter(state__in=Meeting.TOLD, starts_at__isnull=False, ends_at__isnull=False)
        letters = Mail.objects.filter(user__email__endswith="@faults.example") | Mail.objects.filter(
            email__endswith="@faults.example"
        )
        soon = timezone.now() + timedelta(minutes=10)  # what is planned for the night does not count
        tasks = DBTaskResult.objects.filter(status__in=("READY", "RUNNING"))
        tasks = tasks.filter(Q(run_after=get_date_max()) | Q(run_after__lt=soon))
        return {
            "held": held,
            "bookings": [
                (
                    row.pk,
                    row.starts_at.timestamp(),
                    row.ends_at.timestamp(),
                    [f"side {row.host_id}", f"side {row.guest_id}", *([f"place {row.place}"] if row.place else [])],
                )
                for row in meetings
            ],
            "letters": [(row.address, row.state, row.reason) for row in letters.select_related("user")],
            "waiting": tasks.count() + Mail.objects.filter(state__in=("queued", "sending")).count(),
        }
