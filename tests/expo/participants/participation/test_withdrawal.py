"""A confirmed participation ends, through the organiser or its own firm, and comes back as far as it can."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.fairs.interface.models import Delivery
from serai.expo.fairs.mailing.models import Mail
from serai.expo.meetings.matchmaking.models import Suggestion
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingRequest, Wish
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.domain.candidates import candidates
from serai.expo.offers.market.domain.visibility import market
from serai.expo.offers.market.models import Interest, Offer
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, history_of
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.expo.participants.participation.domain.withdrawal import (
    can_be_restored,
    cancel,
    restore,
    step_back,
    what_ends,
)
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.domain.door import read
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, SignUp, Speaker
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.domain.properties import figures
from serai.expo.site.api.domain import add_webhook
from serai.expo.venue.contracts.domain.contracts import publish_terms, withdraw
from serai.expo.venue.contracts.models import BoothContract
from serai.expo.venue.halls.models import Booth, Hall, Stand

type Make[Thing] = Callable[..., Thing]
State = Participation.State
REASON = {"en": "The fee was not paid."}


@pytest.fixture(autouse=True)
def to_come(edition: Edition) -> Iterator[None]:
    """The fair is ten days ahead, and all is done inside of its scope."""
    today = timezone.localdate()
    Edition.objects.filter(pk=edition.pk).update(
        starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=12)
    )
    edition.refresh_from_db()
    with scope(edition=edition):
        yield


@pytest.fixture
def leaver(edition: Edition, owner: User, take_part: Make[Participation]) -> Participation:
    """A confirmed exhibitor that `owner` owns."""
    firm = owner.roles.get().firm
    one: Participation = take_part(edition, firm)
    return one


@pytest.fixture
def other(edition: Edition, take_part: Make[Participation], new_user: Make[User]) -> Participation:
    one: Participation = take_part(edition, kind="buyer")
    new_user("across", firm=one.firm)
    return one


def meeting(
    host: Participation, guest: Participation, state: str = "scheduled", days: int = 10, **more: object
) -> Meeting:
    begins = timezone.now() + timedelta(days=days)
    return Meeting.objects.create(
        edition=host.edition,
        host=host,
        guest=guest,
        state=state,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=30),
        place="T1",
        **more,
    )


def told(address: str) -> list[str]:
    return list(Mail.objects.filter(user__email=address).order_by("pk").values_list("subject", flat=True))


def now_of(row: object) -> object:
    row.refresh_from_db()  # type: ignore[attr-defined]
    return row


def test_the_organiser_ends_a_participation_and_its_people_read_why(
    leaver: Participation, organiser: User, owner: User
) -> None:
    _hook, _secret = add_webhook(leaver.edition, "https://hooks.example.org/", ["participation.*"], by=organiser)
    cancel(leaver, REASON, by=organiser)
    assert now_of(leaver).state == State.CANCELLED
    assert not exhibitors(leaver.edition).exists()
    (entry,) = AuditEntry.objects.filter(action="participation.cancelled")
    assert (entry.user, entry.before["state"], entry.after["state"]) == (organiser, "confirmed", "cancelled")
    assert entry.after["reason"] == REASON
    (mail,) = Mail.objects.filter(user=owner)
    assert "takes part no more" in mail.subject
    assert REASON["en"] in mail.body
    assert [one.event for one in Delivery.objects.all()] == ["participation.cancelled"]
    assert [(one.state, one.reason) for one in history_of(leaver)][-1] == ("cancelled", REASON)


@pytest.mark.parametrize("kind", ["exhibitor", "co_exhibitor", "service", "buyer", "delegation", "press"])
def test_every_kind_can_be_ended(kind: str, edition: Edition, take_part: Make[Participation], organiser: User) -> None:
    one = take_part(edition, kind=kind)
    cancel(one, REASON, by=organiser)
    assert now_of(one).state == State.CANCELLED


@pytest.mark.parametrize("state", [one for one in State.values if one != State.CONFIRMED])
def test_only_what_is_confirmed_is_ended(
    state: str, edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    one = take_part(edition, state=state)
    with pytest.raises(DecisionRefusedError, match=one.firm.legal_name):
        cancel(one, REASON, by=organiser)
    assert now_of(one).state == state
    assert not AuditEntry.objects.exists()


def test_the_organiser_gives_a_reason_and_ends_nothing_after_the_fair(leaver: Participation, organiser: User) -> None:
    with pytest.raises(DecisionRefusedError, match="give the reason"):
        cancel(leaver, {"en": "  "}, by=organiser)
    last = timezone.localdate() - timedelta(days=3)
    Edition.objects.filter(pk=leaver.edition_id).update(starts_on=last, ends_on=last)
    with pytest.raises(DecisionRefusedError, match="is over"):
        cancel(Participation.objects.get(pk=leaver.pk), REASON, by=organiser)
    assert now_of(leaver).state == State.CONFIRMED


def test_an_owner_ends_the_participation_of_its_firm_and_the_organiser_is_told(
    leaver: Participation, owner: User, new_user: Make[User], organisation: Organisation
) -> None:
    holder = new_user("holder")
    Role.objects.create(user=holder, organisation=organisation, kind=Role.Kind.OWNER)
    step_back(leaver, {"en": "We moved."}, by=owner)
    assert now_of(leaver).state == State.CANCELLED
    (mail,) = Mail.objects.filter(user=holder)
    assert leaver.firm.name["en"] in mail.subject
    assert "We moved." in mail.body


def test_nobody_but_an_owner_ends_it_for_the_firm(leaver: Participation, organiser: User, new_user: Make[User]) -> None:
    manager = new_user("manager")
    Role.objects.create(user=manager, firm=leaver.firm, kind=Role.Kind.MANAGER)
    for person in (manager, organiser, new_user("nobody")):
        with pytest.raises(DecisionRefusedError, match="owner"):
            step_back(leaver, {}, by=person)
    assert now_of(leaver).state == State.CONFIRMED


def test_meetings_to_come_are_cancelled_and_what_was_held_stays(
    leaver: Participation, other: Participation, edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    coming = meeting(leaver, other, "confirmed")
    held = meeting(leaver, take_part(edition), "held", days=-1)
    begun = meeting(leaver, take_part(edition), "scheduled", days=-1)
    drafted = meeting(leaver, take_part(edition), "wished")
    elsewhere = meeting(other, take_part(edition), "scheduled")
    cancel(leaver, REASON, by=organiser)
    states = [now_of(one).state for one in (coming, held, begun, drafted, elsewhere)]
    assert states == ["cancelled", "held", "scheduled", "wished", "scheduled"]
    assert drafted.starts_at is None
    event = MeetingEvent.objects.get(meeting=coming)
    assert (event.kind, event.user, event.words) == ("cancelled", organiser, "")
    assert len(told("across@example.org")) == 1
    assert "cancelled" in told("across@example.org")[0]


def test_open_requests_and_exchanges_end(
    leaver: Participation, other: Participation, edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    later = timezone.now() + timedelta(days=5)
    third = take_part(edition)
    sent = MeetingRequest.objects.create(edition=edition, asker=leaver, asked=third, awaiting=third, expires_at=later)
    got = MeetingRequest.objects.create(edition=edition, asker=other, asked=leaver, awaiting=leaver, expires_at=later)
    first, second = meeting(leaver, other), meeting(other, third, days=11)
    exchange = MeetingExchange.objects.create(
        edition=edition,
        asker=other,
        first=first,
        second=second,
        first_starts_at=first.starts_at,
        second_starts_at=second.starts_at,
        expires_at=later,
    )
    cancel(leaver, REASON, by=organiser)
    assert [now_of(one).state for one in (sent, got, exchange)] == ["withdrawn", "declined", "declined"]
    assert now_of(second).state == "scheduled"
    assert any("will not meet you" in subject for subject in told("across@example.org"))


def test_its_wishes_make_no_meeting_and_are_counted_no_more(
    leaver: Participation, other: Participation, edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    for wisher, wished in ((leaver, other), (other, leaver), (take_part(edition), other)):
        Wish.objects.create(edition=edition, wisher=wisher, wished=wished, strength="must")
    Suggestion.objects.create(
        edition=edition, participation=other, partner=leaver, rank=1, score=1, made_on=timezone.localdate()
    )
    cancel(leaver, REASON, by=organiser)
    assert {leaver.pk} & {pk for one in candidates(edition) for pk in (one.host_id, one.guest_id)} == set()
    assert len(candidates(edition)) == 1
    assert {one.code: one.value for one in figures(edition)}["wishes"] == 1
    assert not Suggestion.objects.exists()
    restore(leaver, State.CONFIRMED, by=organiser)
    assert len(candidates(edition)) == 2


def test_no_meeting_is_moved_to_a_table_on_the_way_out(
    leaver: Participation, other: Participation, edition: Edition, organiser: User
) -> None:
    booth = Booth.objects.create(edition=edition, hall=Hall.objects.create(edition=edition, code="W1"), code="A1")
    Stand.objects.create(edition=edition, booth=booth, participation=leaver)
    coming = meeting(leaver, other)
    Meeting.objects.filter(pk=coming.pk).update(place=booth.label)
    cancel(leaver, REASON, by=organiser)
    assert (now_of(coming).state, coming.place) == ("cancelled", booth.label)
    assert len(told("across@example.org")) == 1


def test_its_stand_is_free_and_the_offer_of_a_contract_withdrawn(
    leaver: Participation, edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    hall = Hall.objects.create(edition=edition, code="W1")
    alone, shared, held = (
        Booth.objects.create(edition=edition, hall=hall, code=code, state=state)
        for code, state in (("A1", "reserved"), ("A2", "contracted"), ("A3", "on_hold"))
    )
    Booth.objects.filter(pk=held.pk).update(held_for=leaver)
    for booth in (alone, shared):
        Stand.objects.create(edition=edition, booth=booth, participation=leaver)
    stays = Stand.objects.create(edition=edition, booth=shared, participation=take_part(edition))
    terms = publish_terms(edition, {"en": "Terms."}, party="Body", language="en", currency="EUR", by=organiser)
    contracts = [
        BoothContract.objects.create(
            edition=edition, number=number, participation=leaver, booth=booth, terms=terms, state=state
        )
        for number, booth, state in ((1, alone, "offered"), (2, shared, "signed"))
    ]
    cancel(leaver, REASON, by=organiser)
    assert list(Stand.objects.all()) == [stays]
    assert [now_of(one).state for one in (alone, shared, held)] == ["available", "contracted", "available"]
    assert held.held_for is None
    assert [now_of(one).state for one in contracts] == ["withdrawn", "signed"]
    stays.delete()
    withdraw(contracts[1], by=organiser)
    assert now_of(shared).state == "available"


def test_events_at_its_booth_are_not_held_and_its_people_give_their_seats_up(
    leaver: Participation, owner: User, edition: Edition, new_user: Make[User], take_part: Make[Participation],
    organiser: User,
) -> None:  # fmt: skip
    forum = Forum.objects.create(edition=edition, slug="booth-events", kind="booth_event")
    room = Room.objects.create(edition=edition, title={"en": "Hall"})
    begins = timezone.now() + timedelta(days=10)
    ends_at = begins + timedelta(hours=1)
    common = {"edition": edition, "forum": forum, "room": room, "starts_at": begins, "ends_at": ends_at}
    proposed = Session.objects.create(**common, host=leaver, state="proposed")
    confirmed = Session.objects.create(**common, host=leaver, state="confirmed")
    forum_session = Session.objects.create(**common, capacity=1)
    waits, both = new_user("waits"), new_user("both", firm=leaver.firm)
    Role.objects.create(user=both, firm=take_part(edition).firm, kind=Role.Kind.MEMBER)
    kept = SignUp.objects.create(edition=edition, session=confirmed, user=both, state="confirmed")
    seat = SignUp.objects.create(edition=edition, session=forum_session, user=owner, state="confirmed")
    line = SignUp.objects.create(edition=edition, session=forum_session, user=waits, state="waiting")
    cancel(leaver, REASON, by=organiser)
    assert not Session.objects.filter(pk=proposed.pk).exists()
    assert now_of(confirmed).state == "cancelled"
    assert [now_of(one).state for one in (seat, line, kept)] == ["withdrawn", "confirmed", "confirmed"]
    assert AuditEntry.objects.get(action="sign_up.withdrawn").user == organiser


def test_badges_let_in_no_more_and_offers_are_shown_no_more(
    leaver: Participation, other: Participation, edition: Edition, offer: Make[Offer], organiser: User
) -> None:
    badge = Badge.objects.create(edition=edition, participation=leaver, name="Li Wei")
    item = offer(leaver, launch=True)
    got = Interest.objects.create(edition=edition, offer=item, asker=other, cooperation="Supply", about="Us")
    mine = Interest.objects.create(edition=edition, offer=offer(other), asker=leaver, cooperation="Supply", about="We")
    assert read(edition, token_of(badge), "en").why_not == ""
    assert {one.code: one.value for one in figures(edition)}["launches"] == 1
    cancel(leaver, REASON, by=organiser)
    assert "does not take part" in read(edition, token_of(badge), "en").why_not
    assert not market(Offer, edition).exists()
    assert {one.code: one.value for one in figures(edition)}["launches"] == 0
    assert [now_of(one).state for one in (got, mine)] == ["declined", "withdrawn"]
    restore(leaver, State.CONFIRMED, by=organiser)
    assert read(edition, token_of(badge), "en").why_not == ""
    assert market(Offer, edition).count() == 1


def test_its_co_exhibitors_stand_for_themselves_and_are_told(
    leaver: Participation, edition: Edition, take_part: Make[Participation], new_user: Make[User], organiser: User
) -> None:
    led = take_part(edition, kind="co_exhibitor", lead=leaver)
    new_user("led", firm=led.firm)
    badge = Badge.objects.create(edition=edition, participation=led, name="Li Wei", kind="co_exhibitor")
    cancel(leaver, REASON, by=organiser)
    assert (now_of(led).lead, led.kind, led.state) == (None, "exhibitor", "confirmed")
    assert now_of(badge).kind == "exhibitor"
    assert any("exhibit together no more" in subject for subject in told("led@example.org"))
    assert AuditEntry.objects.get(action="participation.parted").object_id == str(led.pk)


def test_what_will_end_is_said_before(
    leaver: Participation, other: Participation, edition: Edition, take_part: Make[Participation], offer: Make[Offer]
) -> None:
    assert what_ends(leaver) == []
    meeting(leaver, other)
    meeting(leaver, take_part(edition))
    offer(leaver)
    said = " ".join(what_ends(leaver))
    assert "2 meetings to come are cancelled" in said
    assert "1 offer or need is shown no more" in said


def test_sessions_that_name_its_people_are_shown_to_the_organiser_and_go_on_naming_them(
    leaver: Participation, owner: User, edition: Edition, organiser: User, organiser_client: Client
) -> None:
    forum = Forum.objects.create(edition=edition, slug="main", kind="main_forum", title={"en": "Main forum"})
    begins = timezone.now() + timedelta(days=10)
    common = {"edition": edition, "forum": forum}
    sessions = [
        Session.objects.create(**common, title=title, starts_at=begins + later, ends_at=begins + later * 2, state=state)
        for title, later, state in (
            ({"en": "Opening"}, timedelta(hours=1), "confirmed"),
            ({}, timedelta(hours=2), "proposed"),
            ({"en": "Called off"}, timedelta(hours=3), "cancelled"),
            ({"en": "Of others"}, timedelta(hours=4), "confirmed"),
        )
    ]
    speakers = [
        Speaker.objects.create(edition=edition, name={"en": "Li Wei"}, participation=leaver),
        Speaker.objects.create(edition=edition, name={"en": "Owner"}, user=owner),
    ]
    for session in sessions[:3]:
        for speaker in speakers:
            Appearance.objects.create(edition=edition, session=session, speaker=speaker)
    (said,) = what_ends(leaver)
    assert said.startswith("2 sessions go on naming its people as speakers")
    assert all(title in said for title in ("Opening", "Main forum"))
    assert not any(title in said for title in ("Called off", "Of others"))
    assert said in organiser_client.get(reverse("participant-cancel", args=[edition.slug, leaver.pk])).text
    cancel(leaver, REASON, by=organiser)
    assert Appearance.objects.count() == 6


def test_open_cases_of_assistance_are_closed_with_a_trace(
    leaver: Participation, edition: Edition, organiser: User
) -> None:
    common = {"edition": edition, "participation": leaver, "currency": "USD", "spent": 20}
    asked, done = (AssistanceCase.objects.create(**common, state=state) for state in ("in_work", "done"))
    said = AssistanceCase.objects.create(**common, state="asked", answer="We will see.")
    assert what_ends(leaver) == ["2 open cases of assistance are closed."]
    cancel(leaver, REASON, by=organiser)
    assert [now_of(one).state for one in (asked, said, done)] == ["refused", "refused", "done"]
    assert (asked.answer, said.answer) == ("The exhibitor takes no part in the fair any more.", "We will see.")
    assert asked.closed_at is not None
    assert asked.spent == 20
    assert AuditEntry.objects.filter(action="assistance.set", user=organiser).count() == 2
    restore(leaver, State.CONFIRMED, by=organiser)
    assert now_of(asked).state == "refused"  # as a request for a meeting, it is asked for anew


def test_it_is_undone_once_to_one_of_two_states(leaver: Participation, organiser: User, owner: User) -> None:
    with pytest.raises(DecisionRefusedError, match="can't be undone"):
        restore(leaver, State.CONFIRMED, by=organiser)
    cancel(leaver, REASON, by=organiser)
    assert can_be_restored(leaver)
    with pytest.raises(DecisionRefusedError):
        restore(leaver, State.REJECTED, by=organiser)
    restore(leaver, State.APPLIED, by=organiser)
    assert now_of(leaver).state == State.APPLIED
    assert [one.state for one in ApplicationDecision.objects.all()] == ["applied", "cancelled"]
    assert len(told(owner.email)) == 1


def test_who_withdrew_an_application_is_not_confirmed_behind_its_back(
    edition: Edition, take_part: Make[Participation], organiser: User
) -> None:
    one = take_part(edition, state=State.CANCELLED)
    with pytest.raises(DecisionRefusedError):
        restore(one, State.CONFIRMED, by=organiser)


def test_a_buyer_that_is_taken_back_waits_to_be_vetted_again(
    other: Participation, edition: Edition, organiser: User
) -> None:
    vetting = Vetting.objects.create(edition=edition, participation=other, purpose="own_use", state="approved")
    cancel(other, REASON, by=organiser)
    restore(other, State.APPLIED, by=organiser)
    assert now_of(vetting).state == "waiting"


def test_the_organiser_cancels_and_takes_back_on_its_pages(
    leaver: Participation, other: Participation, organiser_client: Client
) -> None:
    meeting(leaver, other)
    page = reverse("participant-cancel", args=[leaver.edition.slug, leaver.pk])
    assert "1 meeting to come is cancelled" in organiser_client.get(page).text
    assert organiser_client.post(page, {"reason_en": ""}).status_code == 400
    assert now_of(leaver).state == State.CONFIRMED
    shown = organiser_client.post(page, {"reason_en": "Not paid."}, follow=True)
    assert "Not paid." in shown.text
    assert now_of(leaver).state == State.CANCELLED
    back = reverse("participant-restore", args=[leaver.edition.slug, leaver.pk])
    organiser_client.post(back, {"to": "anything"})
    assert now_of(leaver).state == State.CANCELLED
    organiser_client.post(back, {"to": "confirmed"})
    assert now_of(leaver).state == State.CONFIRMED


def test_an_owner_withdraws_on_a_page_and_says_so_twice(leaver: Participation, owner: User, client: Client) -> None:
    client.force_login(owner)
    page = reverse("own-withdrawal", args=[leaver.edition.slug, leaver.pk])
    assert page in client.get(reverse("own-applications", args=[leaver.edition.slug])).text
    assert page in client.get(reverse("desk", args=[leaver.edition.slug, leaver.firm.identifier])).text
    assert client.post(page, {"reason": "We moved."}).status_code == 400
    assert now_of(leaver).state == State.CONFIRMED
    assert "We moved." in client.post(page, {"sure": "on", "reason": "We moved."}, follow=True).text
    assert now_of(leaver).state == State.CANCELLED


@pytest.mark.parametrize("who", ["member_client", "stranger_client", "other_organiser_client", "anonymous_client"])
def test_nobody_else_ends_it(who: str, leaver: Participation, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    slug = leaver.edition.slug
    for name in ("participant-cancel", "participant-restore", "participant", "own-withdrawal"):
        sent = {"reason_en": "x", "to": "confirmed", "sure": "on"}
        answer = client.post(reverse(name, args=[slug, leaver.pk]), sent)
        assert answer.status_code in (403, 404) or "/sign-in/" in answer["Location"]
    assert now_of(leaver).state == State.CONFIRMED


def test_the_list_of_participants_costs_the_same_for_one_and_for_three(
    edition: Edition, take_part: Make[Participation], organiser_client: Client
) -> None:
    page = reverse("participant-list", args=[edition.slug])
    counted = []
    for more in (1, 2):
        leader = take_part(edition)
        for _number in range(more - 1):
            take_part(edition, kind="co_exhibitor", lead=leader, state="cancelled")
        organiser_client.get(page)
        with CaptureQueriesContext(connection) as asked:
            shown = organiser_client.get(page)
        counted.append(len(asked))
    assert shown.text.count('<th scope="row">') == 3
    assert counted[0] == counted[1]
    assert organiser_client.get(page, {"state": "cancelled"}).text.count('<th scope="row">') == 1
    assert organiser_client.get(page, {"q": leader.firm.identifier}).text.count('<th scope="row">') == 1
    assert "No participant is like this." in organiser_client.get(page, {"q": "nobody"}).text
