"""What pages say to machines: JSON-LD, the map of the site, vCards."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import FirmIdentifier
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.domain.consents import give
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.models import Forum, Session

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def linked_data(page: str) -> Any:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


def test_a_fair_is_an_exhibition_event(edition: Edition, anonymous_client: Client) -> None:
    page = anonymous_client.get(f"/zh-hans/{edition.slug}/").text
    event = linked_data(page.partition("data-dataset=")[0])  # after it stand the figures as a dataset
    assert (event["@type"], event["name"], event["startDate"]) == ("ExhibitionEvent", "链博会", "2026-11-28")
    assert event["location"]["address"]["addressCountry"] == "CN"
    assert "" not in event.values()


def test_a_session_is_an_event_of_the_fair_in_the_language_of_the_page(
    edition: Edition, anonymous_client: Client
) -> None:
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="main", kind=Forum.Kind.MAIN_FORUM, title={"en": "Main"})
        starts = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
        session = Session.objects.create(
            edition=edition,
            forum=forum,
            title={"en": "Chains that hold", "zh-hans": "稳定的链"},
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
        )
    event = linked_data(anonymous_client.get(f"/zh-hans/{edition.slug}/programme/{session.pk}/").text)
    assert (event["@type"], event["name"], event["superEvent"]["name"]) == ("Event", "稳定的链", "链博会")
    assert event["startDate"] == "2026-11-28T09:30:00+08:00"
    assert event["eventStatus"].endswith("EventScheduled")


def test_a_firm_is_an_organization_with_its_numbers_offers_and_demands(
    edition: Edition,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    anonymous_client: Client,
) -> None:
    firm = a_firm("Breaking </script><b> Ltd", isic=["2220"])
    there = take_part(edition, firm)
    FirmIdentifier.objects.create(firm=firm, scheme="LEI", value="5493001KJTIIGC8Y1R12", check_digit="right")
    FirmIdentifier.objects.create(firm=firm, scheme="GLN", value="4012345000009", check_digit="wrong")
    offer(there, "Film", hs=["392020"], gtin="4006381333931")
    offer(there, "Nameless film", anonymous=True)
    need(there, "Nameless resin", anonymous=True)
    need(there, "Resin", quantity=5, unit="TNE")
    organisation, offered, demanded = linked_data(
        anonymous_client.get(f"/en/{edition.slug}/firms/{firm.identifier}/").text
    )
    assert organisation["legalName"] == "Breaking </script><b> Ltd"
    assert organisation["leiCode"] == "5493001KJTIIGC8Y1R12"
    assert "globalLocationNumber" not in organisation  # a number whose check digit is wrong is not told on
    assert organisation["isicV4"] == ["2220"]
    assert (offered["@type"], offered["itemOffered"]["@type"]) == ("Offer", "Product")
    assert offered["itemOffered"]["gtin"] == "4006381333931"
    assert offered["itemOffered"]["additionalProperty"][0]["value"] == "392020"
    assert (demanded["@type"], demanded["eligibleQuantity"]["unitCode"]) == ("Demand", "TNE")
    assert offered["offeredBy"]["@id"] == organisation["@id"]


@pytest.mark.parametrize("kind", ["offer", "need"])
def test_who_goes_without_a_name_is_told_to_no_machine(
    kind: str,
    edition: Edition,
    take_part: Callable[..., Participation],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    anonymous_client: Client,
) -> None:
    there = take_part(edition)
    more = {"gtin": "4006381333931"} if kind == "offer" else {}
    item = {"offer": offer, "need": need}[kind](there, "Nameless film", anonymous=True, **more)
    page = anonymous_client.get(f"/en/{edition.slug}/market/{kind}s/{item.pk}/")
    assert page.status_code == 200
    call = anonymous_client.get(f"/api/v1/editions/{edition.slug}/{kind}s/{item.pk}")
    assert call.json()["firm"] is None
    for text in (page.text, call.text, anonymous_client.get(f"/sitemap-{edition.slug}.en.xml").text):
        assert "4006381333931" not in text
    for text in (page.text, call.text):
        assert there.firm.identifier not in text
        assert there.firm.legal_name not in text


def test_the_map_names_every_public_page_in_every_language_and_no_other(
    edition: Edition, other_edition: Edition, take_part: Callable[..., Participation], anonymous_client: Client
) -> None:
    shown, buyer = take_part(edition), take_part(edition, kind="buyer")
    Edition.objects.filter(pk=other_edition.pk).update(state=Edition.State.DRAFT)
    index = ElementTree.fromstring(anonymous_client.get("/sitemap.xml").content)
    files = [one.text or "" for one in index.iter(f"{MAP}loc")]
    assert len(files) == 6
    assert not any(other_edition.slug in file for file in files)
    for file in files:
        listed = ElementTree.fromstring(anonymous_client.get(file.removeprefix("http://testserver")).content)
        pages = [one.text or "" for one in listed.iter(f"{MAP}loc")]
        assert any(page.endswith(f"/firms/{shown.firm.identifier}/") for page in pages)
        assert not any(buyer.firm.identifier in page for page in pages)
        assert {anonymous_client.get(page.removeprefix("http://testserver")).status_code for page in pages} == {200}
        assert all(len(one) == 7 for one in listed)  # its own address and six of the languages
    assert anonymous_client.get(f"/sitemap-{other_edition.slug}.en.xml").status_code == 404


def test_robots_are_told_where_the_map_is(db: None, client: Client) -> None:
    said = client.get("/robots.txt").text
    assert "Sitemap: http://testserver/sitemap.xml" in said
    assert "Disallow: /*/*/organiser/" in said


@pytest.fixture
def card(edition: Edition, member: User) -> str:
    firm = member.roles.get().firm
    assert firm is not None
    User.objects.filter(pk=member.pk).update(
        name="Okoye; Amina",
        given_name="Amina",
        family_name="Okoye",
        position="Purchasing, Asia",
        languages=["en", "fr"],
    )
    return f"/en/{edition.slug}/firms/{firm.identifier}/people/{member.pk}.vcf"


def test_a_person_is_seen_as_it_has_agreed(
    card: str,
    edition: Edition,
    member: User,
    member_client: Client,
    organiser_client: Client,
    stranger: User,
    stranger_client: Client,
    anonymous_client: Client,
    take_part: Callable[..., Participation],
) -> None:
    def seen() -> dict[str, Any]:
        clients = {"own": member_client, "organiser": organiser_client, "met": stranger_client, "all": anonymous_client}
        answers = {who: client.get(card) for who, client in clients.items()}
        return {who: None if a.status_code == 404 else "EMAIL" in a.text for who, a in answers.items()}

    other = take_part(edition)
    Role.objects.create(user=stranger, firm=other.firm, kind=Role.Kind.MEMBER)
    assert seen() == {"own": True, "organiser": True, "met": None, "all": None}
    give(member, "publish_name")
    assert seen() == {"own": True, "organiser": True, "met": False, "all": False}
    give(member, "matches")
    assert seen() == {"own": True, "organiser": True, "met": False, "all": False}
    with scope(edition=edition):
        own = Participation.objects.get(firm=member.roles.get().firm)
        Meeting.objects.create(edition=edition, host=own, guest=other, state=Meeting.State.SCHEDULED)
    assert seen() == {"own": True, "organiser": True, "met": True, "all": False}


def test_a_vcard_is_escaped_and_folded(card: str, organiser_client: Client) -> None:
    answer = organiser_client.get(card)
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    lines = answer.content.decode().split("\r\n")
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:4.0"]
    assert "FN:Okoye\\; Amina" in lines
    assert "N:Okoye;Amina;;;" in lines
    assert "TITLE:Purchasing\\, Asia" in lines
    assert "LANG;PREF=2:fr" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines[-2:] == ["END:VCARD", ""]
