"""A need is stated once, placed, and its sources are shown; contacts are kept and leave as vCards."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.domain import LeadRefusedError, keep_contact, vcards
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.matchmaking.domain.matching import suppliers_for
from serai.expo.meetings.matchmaking.domain.partners import with_reasons
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.chains.models import Placement
from serai.expo.offers.market.domain.buyer_needs import (
    NeedRefusedError,
    change_need,
    remove_need,
    renew_need,
    state_need,
)
from serai.expo.offers.market.models import Need, Offer
from serai.expo.participants.participation.domain.representation import acting
from serai.expo.people.account.models import Role, User

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def sources(
    edition: Edition,
    a_firm: Make[Firm],
    take_part: Make[Participation],
    offer: Make[Offer],
) -> list[Participation]:
    """Five makers of separators in five countries, and a maker of something else."""
    load_builtin_chains()
    makers = []
    for country in ("CN", "DE", "JP", "KR", "US"):
        makers.append(take_part(edition, a_firm(f"Film {country}", country, name={"en": f"Film {country}"})))
        offer(makers[-1], "Lithium battery separator film", hs=["8507"])
    offer(take_part(edition, a_firm("Coffee Ltd", "ET")), "Washed arabica coffee", hs=["0901"])
    place_edition(edition)
    return makers


def test_a_need_is_placed_and_its_best_three_and_a_safer_source_are_told(
    edition: Edition,
    sources: list[Participation],
    a_firm: Make[Firm],
    take_part: Make[Participation],
    new_user: Make[User],
) -> None:
    firm = a_firm("Cells Inc", "US", name={"en": "Cells Inc"})
    buyer = take_part(edition, firm, "buyer")
    with scope(edition=edition):
        by = acting(new_user("buyer", firm=firm), buyer)
        before = Placement.objects.count()
        need = state_need(by, Need(title={"en": "Battery separator film"}, countries_excluded=["DE"]))
        assert Placement.objects.filter(need=need).exists()
        assert Placement.objects.exclude(need=need).count() == before
        known = sources_of(need)
        told = [one.participation.firm.country for one in known.best]
        assert len(told) == 3
        assert "DE" not in told
        assert all(one.sentences for one in known.best)
        if known.safer is not None:
            assert known.safer.participation.firm.country not in [*told, "US"]
        with pytest.raises(NeedRefusedError):
            state_need(by, Need(title={}))


@pytest.fixture
def buyer_client(edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User]) -> Client:
    """A plain member of a buyer."""
    firm = take_part(edition, a_firm("Cells Inc", "US", name={"en": "Cells Inc"}), "buyer").firm
    client = Client()
    client.force_login(new_user("buyer", firm=firm))
    return client


def test_who_offers_what_is_needed_is_a_source_whatever_else_its_firm_asks_for(
    edition: Edition,
    sources: list[Participation],
    a_firm: Make[Firm],
    take_part: Make[Participation],
    need: Make[Need],
    offer: Make[Offer],
) -> None:
    """Three stronger reasons to meet, as a customer, do not hide the one that the need is about."""
    buyer = take_part(edition, a_firm("Cells Inc", "US", name={"en": "Cells Inc"}))
    wanted = need(buyer, "Lithium battery separator film", hs=["8507"])
    for number in range(4):
        offer(buyer, f"Washed arabica coffee, lot {number}", hs=["0901"])
        need(sources[0], f"Washed arabica coffee, lot {number}", hs=["0901"])
    place_edition(edition)
    with scope(edition=edition):
        read, found = suppliers_for(wanted)
        assert {int(match.partner) for match in found} == {maker.pk for maker in sources}
        assert {reason.own for match in found for reason in match.reasons} == {f"need-{wanted.pk}"}
        assert len(with_reasons(read, buyer, found[:2])) == 2


def test_the_page_asks_as_many_queries_for_one_source_as_for_three(
    edition: Edition, sources: list[Participation], buyer_client: Client
) -> None:
    written = {"title_en": "Battery separator film", "family": "goods", "hs": "8507"}
    page = buyer_client.post(f"/en/{edition.slug}/buyer/needs/new/", written)["Location"]

    def asked() -> int:
        buyer_client.get(page)  # what is kept for the life of the process is there
        with CaptureQueriesContext(connection) as queries:
            assert buyer_client.get(page).status_code == 200
        return len(queries)

    of_five = asked()
    with scope(edition=edition):
        Placement.objects.filter(participation__in=sources[3:]).delete()
    of_three = asked()
    assert of_five == of_three + 2  # where there are others than the best: from where, and what is stored of them
    with scope(edition=edition):
        Placement.objects.filter(participation__in=sources[1:]).delete()
    assert asked() == of_three


def test_a_need_on_the_page_leads_to_its_sources(
    edition: Edition,
    sources: list[Participation],
    buyer_client: Client,
    stranger_client: Client,
) -> None:
    page = f"/en/{edition.slug}/buyer/needs/new/"
    wrong = {"title_en": "Separator film", "family": "goods", "hs": "85a"}
    assert "is not a code of HS 2022" in buyer_client.post(page, wrong).text
    with scope(edition=edition):
        assert not Need.objects.exists()
    answer = buyer_client.post(page, {"title_en": "Battery separator film", "family": "goods", "hs": "8507"})
    shown = buyer_client.get(answer["Location"])
    assert "The best sources at this fair" in shown.text
    assert shown.text.count("Ask for a meeting") >= 3
    assert stranger_client.get(answer["Location"]).status_code == 403


def test_codes_are_suggested_for_a_need_that_is_changed_and_nothing_is_kept(
    edition: Edition, sources: list[Participation], buyer_client: Client
) -> None:
    page = f"/en/{edition.slug}/buyer/needs/"
    buyer_client.post(f"{page}new/", {"title_en": "Battery separator film", "family": "goods", "hs": "8507"})
    with scope(edition=edition):
        number = Need.objects.get().pk
    shown = buyer_client.post(
        f"{page}{number}/edit/", {"title_en": "Fresh roses for florists", "family": "goods", "suggest": "1"}
    )
    assert (shown.status_code, "Fresh roses for florists" in shown.text, "Saved." in shown.text) == (200, True, False)
    assert buyer_client.post(f"{page}{number}/edit/", {}).status_code == 200  # no button: nothing is kept
    with scope(edition=edition):
        assert Need.objects.get().title == {"en": "Battery separator film"}


def test_an_exhibitor_states_and_changes_no_need_here_whatever_the_role(
    edition: Edition, member: User, member_client: Client, need: Make[Need]
) -> None:
    base = f"/en/{edition.slug}/buyer/"
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        draft = need(own, "Not yet for anybody", review="draft")
    said = {"save": "1", "title_en": "Seen by all at once", "family": "goods"}
    for page in ("needs/new/", f"needs/{draft.pk}/edit/"):
        for kind in (Role.Kind.MEMBER, Role.Kind.OWNER):
            member.roles.update(kind=kind)
            assert member_client.post(base + page, said).status_code == 403
            assert member_client.post(base + page, {"remove": "1"}).status_code == 403
    assert "needs/new/" not in member_client.get(base).text
    with scope(edition=edition):
        kept = Need.objects.get()
        assert (kept.review, kept.title) == ("draft", {"en": "Not yet for anybody"})
        by = acting(member, own)
        for refused in (
            lambda: state_need(by, Need(title={"en": "Film"})),
            lambda: change_need(by, kept),
            lambda: renew_need(by, kept),
            lambda: remove_need(by, kept),
        ):
            with pytest.raises(NeedRefusedError, match="own desk"):
                refused()


def test_who_acts_for_an_exhibitor_and_a_buyer_states_the_needs_of_the_buyer(
    edition: Edition, member: User, member_client: Client, a_firm: Make[Firm], take_part: Make[Participation]
) -> None:
    buyer = take_part(edition, a_firm("Cells Inc"), "buyer")
    Role.objects.create(user=member, firm=buyer.firm, kind=Role.Kind.MEMBER)
    member_client.post(f"/en/{edition.slug}/buyer/needs/new/", {"title_en": "Separator film", "family": "goods"})
    with scope(edition=edition):
        assert Need.objects.get().participation == buyer


def test_a_plain_member_reads_of_the_leads_what_it_kept_itself(
    edition: Edition, member: User, member_client: Client, new_user: Make[User], take_part: Make[Participation]
) -> None:
    other = take_part(edition)
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        seller = new_user("seller", firm=own.firm)
        seller.roles.update(kind=Role.Kind.SALES)
        keep_contact(acting(seller, own), other, "Pays late")
    theirs, base = Client(), f"/en/{edition.slug}/buyer/contacts/"
    theirs.force_login(seller)
    member_client.post(f"{base}{other.firm.identifier}/", {"note": "Call in May"})
    for page in (base, f"{base}contacts.vcf"):
        shown = member_client.get(page).text
        assert "Call in May" in shown
        assert "Pays late" not in shown
        assert "Pays late" in theirs.get(page).text


def test_a_contact_is_kept_once_and_leaves_as_a_vcard_that_is_read_back(
    edition: Edition, member: User, a_firm: Make[Firm], take_part: Make[Participation], new_user: Make[User]
) -> None:
    firm = a_firm(
        "Film, Sons; Co",
        "JP",
        name={"en": "Film, Sons; Co", "zh-hans": "膜"},
        city={"en": "Osaka"},
        website="https://film.example",
    )
    other = take_part(edition, firm, "buyer")
    person = new_user("haruka", firm=firm)
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        by = acting(member, own)
        keep_contact(by, other)
        Meeting.objects.create(edition=edition, host=own, guest=other, guest_person=person, state="confirmed")
        kept = keep_contact(by, other, "Wants 20 µm\nand soon " + "隔膜" * 60)
        assert Lead.objects.count() == 1
        text = vcards([kept])
        with pytest.raises(LeadRefusedError):
            keep_contact(by, own)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:4.0"]
    assert "FN:Haruka" in lines
    assert "ORG:Film\\, Sons\\; Co" in lines
    assert "EMAIL:haruka@example.org" in lines
    assert "ADR:;;;Osaka;;;JP" in lines
    assert f"NOTE:Wants 20 µm\\nand soon {'隔膜' * 60}" in lines


def test_contacts_are_ones_own(
    edition: Edition,
    member: User,
    member_client: Client,
    take_part: Make[Participation],
    a_firm: Make[Firm],
    new_user: Make[User],
) -> None:
    firm = a_firm("Nordwind", name={"en": "Nordwind"})
    take_part(edition, firm, "exhibitor")
    theirs = Client()
    theirs.force_login(new_user("theirs", firm=firm))
    base = f"/en/{edition.slug}/buyer/contacts/"
    member_client.post(f"{base}{firm.identifier}/", {"note": "Call in May"})
    assert "Call in May" in member_client.get(base).text
    assert "Call in May" in member_client.get(f"{base}contacts.vcf").text
    assert "Call in May" not in theirs.get(base).text
    assert member_client.post(f"{base}NOBODY/").status_code == 404
