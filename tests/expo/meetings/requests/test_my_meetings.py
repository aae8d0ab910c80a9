"""The pages of a participant's meetings: who sees what, what a POST does, and what nobody ever sees."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.domain.life import EVERYTHING
from serai.expo.meetings.meeting.domain.wishes import wish
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.meetings.requests.api.meetings import meeting
from serai.expo.meetings.requests.domain.requests import accept, ask, cancel
from serai.expo.meetings.timetable.domain.pools import pair_of_each
from serai.expo.meetings.timetable.models import InterpreterPool
from serai.expo.people.account.models import User


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(fair: Any, page: str = "") -> str:
    return f"/en/{fair.edition.slug}/meetings/{page}"


def test_a_wish_is_said_on_a_firms_page_and_shown_to_its_own_side_only(fair: Any) -> None:
    buyer, seller = client_of(fair.buyer.user), client_of(fair.seller.user)
    firm = fair.seller.participation.firm.identifier
    page = f"/en/{fair.edition.slug}/firms/{firm}/"
    assert "No thanks" in buyer.get(page).text
    answer = buyer.post(address(fair, f"wishes/{firm}/"), {"strength": "no_thanks", "next": page})
    assert answer["Location"] == page
    with scope(edition=fair.edition):
        assert Wish.objects.get().strength == "no_thanks"
    assert 'value="" aria-pressed="true">No thanks' in buyer.get(page).text
    mine = seller.get(address(fair)).text + seller.get(address(fair, "wishes/")).text
    assert "Buyer Ltd" not in mine
    buyer.post(address(fair, f"wishes/{firm}/"), {"strength": "", "next": "https://elsewhere.example/"})
    with scope(edition=fair.edition):
        assert not Wish.objects.exists()


def test_a_wish_never_leads_to_another_site(fair: Any) -> None:
    firm = fair.seller.participation.firm.identifier
    answer = client_of(fair.buyer.user).post(
        address(fair, f"wishes/{firm}/"), {"strength": "must", "next": "https://elsewhere.example/"}
    )
    assert answer["Location"] == address(fair, "wishes/")


def test_nobody_who_takes_no_part_sees_the_buttons(fair: Any, stranger: User, anonymous_client: Client) -> None:
    page = f"/en/{fair.edition.slug}/firms/{fair.seller.participation.firm.identifier}/"
    for client in (client_of(stranger), anonymous_client, client_of(fair.seller.user)):
        assert "Ask for a meeting" not in client.get(page).text


def test_a_request_is_sent_answered_and_becomes_a_meeting_page_of_both(fair: Any, organiser: User) -> None:
    buyer, seller = client_of(fair.buyer.user), client_of(fair.seller.user)
    firm = fair.seller.participation.firm.identifier
    form = buyer.get(address(fair, f"ask/{firm}/")).text
    assert fair.times[0].isoformat() in form
    sent = {"starts_at": fair.times[0].isoformat(), "message": "Separators for 2027"}
    assert buyer.post(address(fair, f"ask/{firm}/"), sent)["Location"] == address(fair)
    with scope(edition=fair.edition):
        request = MeetingRequest.objects.get()
    page = address(fair, f"requests/{request.pk}/")
    assert "Separators for 2027" in seller.get(address(fair)).text
    assert "Separators for 2027" in seller.get(page).text
    assert client_of(fair.rival.user).get(page).status_code == 404
    assert seller.post(page, {"act": "accept"})["Location"] == address(fair)
    with scope(edition=fair.edition):
        meeting = Meeting.objects.get()
    own = address(fair, f"{meeting.pk}/")
    for who in (buyer, seller):
        assert "Confirmed by both" in who.get(own).text
    assert [client_of(user).get(own).status_code for user in (fair.rival.user, organiser)] == [404, 403]
    assert client_of(fair.rival.user).post(f"{own}act/", {"act": "cancel"}).status_code == 404
    assert seller.get(address(fair, f"ask/{firm}/")).status_code == 404


def test_a_wrong_form_changes_nothing_and_says_why(fair: Any) -> None:
    buyer = client_of(fair.buyer.user)
    firm = fair.seller.participation.firm.identifier
    for wrong in ("yesterday", "2020-01-01T10:00:00+00:00"):
        answer = buyer.post(address(fair, f"ask/{firm}/"), {"starts_at": wrong})
        assert answer.status_code == 200
        assert "not one of the available choices" in answer.text
    with scope(edition=fair.edition):
        assert not MeetingRequest.objects.exists()


def test_decline_counter_and_withdraw_on_the_page(fair: Any) -> None:
    buyer, seller = client_of(fair.buyer.user), client_of(fair.seller.user)
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation)
    page = address(fair, f"requests/{request.pk}/")
    seller.post(page, {"act": "counter", "starts_at": fair.times[2].isoformat(), "message": "Then?"})
    assert "Then?" in buyer.get(address(fair)).text
    assert "has been withdrawn" in buyer.post(page, {"act": "withdraw"}, follow=True).text
    request.refresh_from_db()
    assert request.state == "withdrawn"
    with scope(edition=fair.edition):
        again = ask(fair.buyer, fair.seller.participation)
    page = address(fair, f"requests/{again.pk}/")
    assert "Select a valid choice" in seller.post(page, {"act": "decline", "reason": "hate"}).text
    seller.post(page, {"act": "decline", "reason": "no_time", "words": "Next year"})
    shown = buyer.get(page).text
    assert "We have no time left" in shown
    assert "Next year" in shown


def test_who_was_vetoed_is_never_told_and_who_vetoed_is_not_bothered(fair: Any) -> None:
    buyer, seller = client_of(fair.buyer.user), client_of(fair.seller.user)
    with scope(edition=fair.edition):
        wish(fair.seller, fair.buyer.participation, Wish.Strength.NO_THANKS)
    firm = fair.seller.participation.firm.identifier
    answer = buyer.post(address(fair, f"ask/{firm}/"), {"message": "Hello there"}, follow=True)
    assert "has been sent" in answer.text
    assert "Their answer is awaited" in buyer.get(address(fair)).text
    assert "Hello there" not in seller.get(address(fair)).text
    with scope(edition=fair.edition):
        request = MeetingRequest.objects.get()
    assert seller.get(address(fair, f"requests/{request.pk}/")).status_code == 404
    for page in (address(fair), address(fair, f"requests/{request.pk}/"), address(fair, "wishes/")):
        assert "thanks" not in buyer.get(page).text.replace("'no thanks'", "").replace("&#x27;no thanks&#x27;", "")


def test_the_day_on_the_page_of_a_meeting(fair: Any) -> None:
    with scope(edition=fair.edition):
        meeting = accept(ask(fair.buyer, fair.seller.participation, starts_at=fair.times[0]), fair.seller)
    act = address(fair, f"{meeting.pk}/act/")
    buyer = client_of(fair.buyer.user)
    assert "half an hour before" in buyer.post(act, {"act": "confirm"}, follow=True).text
    assert buyer.post(act, {"act": "note", "note": "Bring samples"})["Location"] == address(fair, f"{meeting.pk}/")
    assert "Bring samples" in buyer.get(address(fair, f"{meeting.pk}/")).text
    assert "Bring samples" not in client_of(fair.seller.user).get(address(fair, f"{meeting.pk}/")).text
    assert buyer.post(act, {"act": "note", "next_step_on": "soon"}).status_code == 200
    buyer.post(act, {"act": "assign", "person": fair.buyer.user.pk})
    assert "own firm" in buyer.post(act, {"act": "assign", "person": fair.seller.user.pk}, follow=True).text
    assert buyer.post(act, {"act": "explode"}).status_code == 404
    buyer.post(act, {"act": "cancel", "words": "Ill"})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.guest_person) == ("cancelled", fair.buyer.user)


def queries_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_my_meetings_asks_as_often_for_three_meetings_as_for_one(fair: Any, take_part: Any) -> None:
    def asked(numbers: list[int]) -> int:
        with scope(edition=fair.edition):
            for number in numbers:
                meeting, waiting = (take_part(fair.edition, kind="buyer") for _ in range(2))
                by = type(fair.buyer)(fair.buyer.user, meeting)
                accept(ask(by, fair.seller.participation, starts_at=fair.times[number]), fair.seller)
                ask(type(fair.buyer)(fair.buyer.user, waiting), fair.seller.participation, message="Yes?")
        return queries_of(client_of(fair.seller.user), address(fair))

    asked([3])  # what the process keeps of a fair is read once
    assert asked([0]) == asked([1, 2])


def test_the_list_of_wishes_asks_as_often_for_three_as_for_one(fair: Any, take_part: Any) -> None:
    def asked(count: int) -> int:
        with scope(edition=fair.edition):
            for _ in range(count):
                wish(fair.buyer, take_part(fair.edition), Wish.Strength.MUST)
        return queries_of(client_of(fair.buyer.user), address(fair, "wishes/"))

    assert asked(1) == asked(2)


def test_a_side_reads_why_its_wish_has_no_seat_and_never_who_said_no_thanks(published: Any) -> None:
    """The seller may meet one: the buyer was wished for more. The rival's wish was vetoed by the seller."""
    fair = published

    def left_out(by: Any, why: str, strength: str = "would") -> Meeting:
        wish(by, fair.seller.participation, Wish.Strength(strength))
        return Meeting.objects.create(
            edition=fair.edition, host=fair.seller.participation, guest=by.participation, why_not=why, why_not_told=why
        )

    with scope(edition=fair.edition):
        left_out(fair.buyer, "NO_PLACE")
        left_out(fair.rival, "VETOED")
    buyer, rival, seller = (client_of(one.user) for one in (fair.buyer, fair.rival, fair.seller))
    assert "all tables are taken when both are free" in buyer.get(address(fair)).text
    told = rival.get(address(fair)).text
    assert "no seat was found beside the other meetings of the two" in told
    assert "no thanks, or the rules" not in told
    # The seller wished for neither, and is told of neither.
    assert "Without a seat" not in seller.get(address(fair)).text
    # The same sentence is read where nobody said no thanks, so that it betrays nothing.
    with scope(edition=fair.edition):
        Meeting.objects.filter(guest=fair.buyer.participation).update(why_not_told="LOWER_VALUE")
    assert "no seat was found beside the other meetings of the two" in buyer.get(address(fair)).text


def test_a_draft_tells_no_side_why(fair: Any) -> None:
    with scope(edition=fair.edition):
        wish(fair.buyer, fair.seller.participation, Wish.Strength.MUST)
        Meeting.objects.create(
            edition=fair.edition, host=fair.seller.participation, guest=fair.buyer.participation, why_not="NO_PLACE"
        )
    assert "Without a seat" not in client_of(fair.buyer.user).get(address(fair)).text


def test_a_draft_tells_no_side_when_and_where(fair: Any) -> None:
    """The two have agreed; a draft has seated them, and may seat them elsewhere before it is published."""
    with scope(edition=fair.edition):
        request = ask(fair.buyer, fair.seller.participation)
        row = accept(request, fair.seller)
        Meeting.objects.filter(pk=row.pk).update(starts_at=fair.times[0], ends_at=fair.times[1], place="T77")
        row.refresh_from_db()
        pair = pair_of_each(fair.edition)
        told, known = (
            meeting(row, organises=False, may_read=EVERYTHING, pair=pair),
            meeting(row, organises=True, may_read=EVERYTHING, pair=pair),
        )
    assert (told.starts_at, told.ends_at, told.place) == (None, None, "")
    assert (known.starts_at, known.place) == (fair.times[0], "T77")
    clock = f"{fair.times[0].astimezone(ZoneInfo(fair.edition.time_zone)):%H:%M}"
    for side in (fair.buyer, fair.seller):
        client = client_of(side.user)
        for page in (client.get(address(fair)).text, client.get(address(fair, f"{row.pk}/")).text):
            assert "T77" not in page
            assert f"{clock}–" not in page
            assert f"{clock}</time>" not in page
    with scope(edition=fair.edition):
        cancel(row, fair.buyer, now=fair.times[0] + timedelta(minutes=1))  # of an hour that nobody was told
        assert row.events.get(kind="cancelled").starts_at is None
        assert (row.state, meeting(row, organises=False, may_read=EVERYTHING, pair=pair).place) == ("cancelled", "")
    assert "T77" not in client_of(fair.buyer.user).get(address(fair, f"{row.pk}/")).text


def test_a_program_reads_no_more_of_it_than_its_side_may(fair: Any) -> None:
    with scope(edition=fair.edition):
        row = Meeting.objects.create(
            edition=fair.edition,
            host=fair.seller.participation,
            guest=fair.buyer.participation,
            why_not="NO_PLACE",  # by a draft
            why_not_told="VETOED",
        )
        pair = pair_of_each(fair.edition)
        assert meeting(row, organises=False, may_read=EVERYTHING, pair=pair).why_not == "NO_SEAT"
        assert meeting(row, organises=True, may_read=EVERYTHING, pair=pair).why_not == "NO_PLACE"
        row.why_not_told = ""
        assert meeting(row, organises=False, may_read=EVERYTHING, pair=pair).why_not == ""


def test_a_meeting_names_the_languages_of_its_interpreter(fair: Any) -> None:
    seller, buyer = fair.seller.participation, fair.buyer.participation
    begins = fair.times[2]
    with scope(edition=fair.edition):
        row = Meeting.objects.create(
            edition=fair.edition,
            host=seller,
            guest=buyer,
            state="confirmed",
            starts_at=begins,
            ends_at=begins + timedelta(minutes=30),
        )
    pages = address(fair), address(fair, f"{row.pk}/")

    def told() -> tuple[list[bool], tuple[str, str] | None]:
        with scope(edition=fair.edition):
            pair = pair_of_each(fair.edition)(Meeting.objects.select_related("host__firm", "guest__firm").get())
        reader = client_of(fair.buyer.user)
        return ["Interpreter" in reader.get(page).text for page in pages], pair

    def speak(firm: Firm, *languages: str) -> None:
        Firm.objects.filter(pk=firm.pk).update(languages=list(languages))

    speak(seller.firm, "zh-hans", "en")
    speak(buyer.firm, "en", "ja")
    assert told() == ([False, False], None)
    speak(buyer.firm, "ar", "fr")
    assert told() == ([True, True], ("zh", "ar"))
    with scope(edition=fair.edition):
        InterpreterPool.objects.create(edition=fair.edition, one="fr", other="zh", number=2)
    assert told() == ([True, True], ("zh", "fr"))
    with scope(edition=fair.edition):
        InterpreterPool.objects.all().delete()
    speak(buyer.firm)
    Firm.objects.filter(pk=buyer.firm.pk).update(language="ru")
    assert told() == ([False, False], None)  # it has not said what its people speak
