"""Who stays unnamed until it accepts: shown to all without a name, asked, and named to whom it accepts alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.interests.domain import InterestRefusedError, answer, say, withdraw
from serai.expo.offers.market.domain.buyer_needs import change_need, state_need
from serai.expo.offers.market.domain.items import count_waiting, keep_item
from serai.expo.offers.market.models import Interest, Need, Offer
from serai.expo.participants.participation.domain.representation import acting
from serai.expo.people.account.models import User

NAME = "Hidden Trading House"
SAID = {
    "cooperation": "We could supply it.",
    "unclear": "How thick?",
    "about": "A maker of films.",
    "agreement": "supply",
}


@pytest.fixture(autouse=True)
def chains(db: None) -> None:
    load_builtin_chains()


@pytest.fixture
def buyer(edition: Edition, firm: Firm, take_part: Callable[..., Participation]) -> Participation:
    """A buyer that ``owner`` owns and whose name nobody is to learn."""
    Firm.objects.filter(pk=firm.pk).update(name={"en": NAME}, legal_name=f"{NAME} Ltd")
    firm.refresh_from_db()
    return take_part(edition, firm, kind="buyer")


@pytest.fixture
def hidden(buyer: Participation, edition: Edition, owner: User, organiser_client: Client) -> Need:
    """Its need, on the market without its name, as the organiser approved it."""
    with scope(edition=edition):
        need = state_need(
            acting(owner, buyer), Need(title={"en": "Battery separator film"}, hs=["8507"], anonymous=True)
        )
        assert need.review == "submitted"
    organiser_client.post(f"/en/{edition.slug}/organiser/review/needs/{need.pk}/", {"approve": "1"})
    return need


def test_nobody_but_the_firm_and_organisers_learns_the_name_before_it_accepts(
    hidden: Need,
    buyer: Participation,
    edition: Edition,
    anonymous_client: Client,
    stranger_client: Client,
    member_client: Client,
    owner_client: Client,
    organiser_client: Client,
    other_organiser_client: Client,
) -> None:
    place_edition(edition)
    base, item = f"/en/{edition.slug}/", f"/en/{edition.slug}/market/needs/{hidden.pk}/"
    member_client.post(item, SAID)
    others = (anonymous_client, stranger_client, member_client, other_organiser_client)
    for client in others:
        for page in (
            f"{base}market/",
            f"{base}market/?q=separator",
            item,
            f"{base}chains/",
            f"{base}firms/?q=separator",
        ):
            text = client.get(page).text
            assert NAME not in text, page
            assert buyer.firm.identifier not in text, page
            assert ("separator film" in text) == (page.startswith(f"{base}market/")), page
        assert client.get(f"{base}firms/{buyer.firm.identifier}/").status_code == 404
        [told] = client.get(f"/api/v1/editions/{edition.slug}/needs").json()["items"]
        assert told["firm"] is None
    assert NAME not in member_client.get(f"{base}market/interests/").text
    with scope(edition=edition):
        other = Participation.objects.exclude(pk=buyer.pk).get()
    assert NAME not in member_client.get(f"{base}firms/{other.firm.identifier}/partners/").text
    for client in (owner_client, organiser_client):
        assert NAME in client.get(item).text
    structured = anonymous_client.get(item).text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(structured)["@type"] == "Demand"
    assert "offeredBy" not in structured
    with scope(edition=edition):
        assert not Placement.objects.filter(need=hidden).exists()
        assert not Placement.objects.filter(participation=buyer).exists()


def test_accepting_names_the_firm_to_the_asker_alone(
    hidden: Need,
    edition: Edition,
    member_client: Client,
    owner_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
    new_user: Callable[..., User],
    take_part: Callable[..., Participation],
) -> None:
    item, mine = (f"/en/{edition.slug}/market/{page}" for page in (f"needs/{hidden.pk}/", "interests/"))
    assert member_client.post(item, SAID)["Location"] == mine
    with scope(edition=edition):
        assert list(Mail.objects.values_list("user__email", "subject")) == [
            ("owner@example.org", "Interest in: Battery separator film")
        ]
    received = owner_client.get(mine).text
    for said in ("Member Materials", "We could supply it.", "How thick?", "A maker of films.", "Supply"):
        assert said in received
    with scope(edition=edition):
        interest = Interest.objects.get()
    for client, code in ((anonymous_client, 302), (stranger_client, 403)):
        assert client.post(f"{mine}{interest.pk}/", {"act": "accept"}).status_code == code
    member_client.post(f"{mine}{interest.pk}/", {"act": "accept"})  # it may withdraw its own, not accept it
    with scope(edition=edition):
        assert Interest.objects.get().state == "open"
    owner_client.post(f"{mine}{interest.pk}/", {"act": "accept", "words": "Come and see us."})
    third = new_user("third", firm=take_part(edition).firm)
    third_client = Client()
    third_client.force_login(third)
    assert NAME in member_client.get(item).text
    assert NAME in member_client.get(mine).text
    assert "Come and see us." in member_client.get(mine).text
    for client in (third_client, stranger_client, anonymous_client):
        assert NAME not in client.get(item).text
    with scope(edition=edition):
        actions = AuditEntry.objects.filter(object_type="interest").order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["interest.said", "interest.accepted"]


def test_declining_names_nobody_and_is_the_last_word(
    hidden: Need, buyer: Participation, edition: Edition, owner: User, member: User, member_client: Client
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        by, owning = acting(member, own), acting(owner, buyer)
        with pytest.raises(InterestRefusedError, match="Say what cooperation"):
            say(by, hidden, SAID | {"about": " "})
        with pytest.raises(InterestRefusedError, match="your own"):
            say(owning, hidden, SAID)
        first = say(by, hidden, SAID)
        with pytest.raises(InterestRefusedError, match="already"):
            say(by, hidden, SAID)
        withdraw(by, first)
        again = say(by, hidden, SAID)
        assert again.pk == first.pk
        with pytest.raises(InterestRefusedError, match="not yours to answer"):
            answer(by, again, accept=True)
        answer(owning, again, accept=False)
        for act in (lambda: answer(owning, again, accept=True), lambda: withdraw(by, again)):
            with pytest.raises(InterestRefusedError, match="answered or withdrawn"):
                act()
    page = member_client.get(f"/en/{edition.slug}/market/interests/").text
    assert "Declined" in page
    assert NAME not in page


def test_who_was_vetoed_may_ask_and_is_never_answered(
    hidden: Need,
    buyer: Participation,
    edition: Edition,
    owner_client: Client,
    member: User,
    member_client: Client,
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        Wish.objects.create(edition=edition, wisher=buyer, wished=own, strength="no_thanks")
    member_client.post(f"/en/{edition.slug}/market/needs/{hidden.pk}/", SAID)
    with scope(edition=edition):
        assert not Mail.objects.exists()
    assert "Member Materials" not in owner_client.get(f"/en/{edition.slug}/market/interests/").text
    assert "Waiting for an answer" in member_client.get(f"/en/{edition.slug}/market/interests/").text


def test_a_buyer_that_stays_unnamed_finds_its_sources_all_the_same(
    hidden: Need, edition: Edition, desk: Participation, offer: Callable[..., Offer], take_part: Callable[..., Any]
) -> None:
    maker = take_part(edition)
    offer(maker, "Battery separator film", hs=["8507"])
    place_edition(edition)
    with scope(edition=edition):
        found = sources_of(Need.objects.get(pk=hidden.pk))
        assert [partner.participation for partner in found.best] == [maker]
        assert not Placement.objects.filter(need=hidden).exists()


def test_the_number_of_a_certificate_does_not_name_who_stays_unnamed(
    desk: Participation, edition: Edition, offer: Callable[..., Offer], client: Client
) -> None:
    item = offer(desk, anonymous=True)
    with scope(edition=edition):
        row = Certification.objects.create(firm=desk.firm, scheme="ISO 9001", number="QX-1", verified_at=timezone.now())
        item.certifications.add(row)
    page = client.get(f"/en/{edition.slug}/market/offers/{item.pk}/").text
    assert "ISO 9001" in page
    assert "QX-1" not in page
    assert "QX-1" not in client.get(f"/api/v1/editions/{edition.slug}/offers").text


def test_what_is_not_published_or_has_run_out_is_not_on_the_market(
    desk: Participation, edition: Edition, need: Callable[..., Need], client: Client, take_part: Callable[..., Any]
) -> None:
    today = timezone.localdate()
    shown = need(desk, "Shown film")
    gone = [
        need(desk, "Draft film", review="draft"),
        need(desk, "Old film", valid_until=today - timezone.timedelta(days=1)),
        need(take_part(edition, kind="buyer"), "Film of a buyer"),
        need(take_part(edition, state="applied"), "Film of an applicant"),
    ]
    page = client.get(f"/en/{edition.slug}/market/").text
    assert "Shown film" in page
    for one in gone:
        assert one.title["en"] not in page
        assert client.get(f"/en/{edition.slug}/market/needs/{one.pk}/").status_code == 404
    assert client.get(f"/en/{edition.slug}/market/needs/{shown.pk}/").status_code == 200
    assert "Shown film" in client.get(f"/en/{edition.slug}/market/?q=film&family=goods").text
    assert "Shown film" not in client.get(f"/en/{edition.slug}/market/?family=service").text
    assert "Shown film" not in client.get(f"/en/{edition.slug}/market/?unnamed=1").text


def test_lists_of_the_market_ask_as_often_with_three_rows_as_with_one(
    desk: Participation,
    edition: Edition,
    need: Callable[..., Need],
    member: User,
    member_client: Client,
    owner_client: Client,
) -> None:
    counts: dict[int, list[int]] = {}
    for rows in (1, 3):
        while Need._base_manager.count() < rows:
            item = need(desk, anonymous=True)
            member_client.post(f"/en/{edition.slug}/market/needs/{item.pk}/", SAID)
        for client in (member_client, owner_client):
            for page in ("market/", "market/interests/"):
                client.get(f"/en/{edition.slug}/{page}")
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(f"/en/{edition.slug}/{page}").status_code == 200
                counts.setdefault(rows, []).append(len(asked))
    assert counts[1] == counts[3]


def test_an_unnamed_need_that_its_buyer_takes_back_leaves_no_interest_waiting(
    hidden: Need, edition: Edition, owner: User, buyer: Participation, member_client: Client
) -> None:
    member_client.post(f"/en/{edition.slug}/market/needs/{hidden.pk}/", SAID)
    with scope(edition=edition):
        assert Interest.objects.get().state == "open"
        need = Need.objects.get()
        need.anonymous = False
        change_need(acting(owner, buyer), need)
        assert Interest.objects.get().state == "declined"


def test_a_program_puts_no_need_of_a_buyer_on_the_market_unread(
    edition: Edition, owner: User, buyer: Participation, anonymous_client: Client
) -> None:
    key = make_key(owner, "a program", ("read", "write"))[1]
    with scope(edition=edition):
        need = state_need(acting(owner, buyer), Need(title={"en": "Battery separator film"}))
    page = f"/api/v1/editions/{edition.slug}/needs/{need.pk}"
    answer = anonymous_client.patch(
        page, {"anonymous": True}, content_type="application/json", headers={"authorization": f"Bearer {key}"}
    )
    assert (answer.status_code, answer.json()["review"]) == (200, "submitted")
    assert anonymous_client.get(page).status_code == 404
    with scope(edition=edition):
        assert count_waiting(edition) == 1


def test_what_was_imported_as_published_comes_to_the_queue_when_it_is_changed(
    edition: Edition, owner: User, desk: Participation, need: Callable[..., Need]
) -> None:
    own = need(desk)
    with scope(edition=edition):
        assert count_waiting(edition) == 0
        keep_item(own, user=owner)
        assert count_waiting(edition) == 1


def test_an_organiser_sees_on_the_market_what_buyers_keep_private(
    buyer: Participation, edition: Edition, organiser_client: Client, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        Need.objects.create(edition=edition, participation=buyer, title={"en": "Kept need"})
    page = f"/en/{edition.slug}/market/"
    shown = organiser_client.get(page).text
    assert "Kept need" in shown
    assert "only organisers see it" in shown
    assert "Kept need" not in anonymous_client.get(page).text
