"""Rows that few people see: the trail, what the organiser writes to whom, and what one firm says to another."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.segments import mailings_visible_to, segments_visible_to, templates_visible_to
from serai.expo.fairs.mailing.models import Mailing, MailTemplate, Segment
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.interests import domain as interests
from serai.expo.offers.market.models import Interest, Offer
from serai.expo.people.account.models import Role, User
from serai.expo.site.trail.domain import kinds, visible_to

People = Mapping[str, User | AnonymousUser]


@pytest.fixture
def people(
    organiser: User,
    owner: User,
    firm: Firm,
    member: User,
    other_organiser: User,
    stranger: User,
    new_user: Callable[..., User],
) -> People:
    """``owner`` and ``colleague`` are of one exhibitor of the fair, ``member`` is of another."""
    return {
        "organiser": organiser,
        "owner": owner,
        "colleague": new_user("colleague", firm=firm),
        "member": member,
        "other organiser": other_organiser,
        "stranger": stranger,
        "anonymous": AnonymousUser(),
    }


def who_sees(find: Callable[[Any, Edition], QuerySet[Any]], people: People, edition: Edition) -> dict[str, list[Any]]:
    """Those who see any rows, with the rows."""
    with scope(edition=edition):
        found = {who: list(find(user, edition)) for who, user in people.items()}
    return {who: rows for who, rows in found.items() if rows}


def test_the_trail_of_a_fair_is_its_organisers_alone(
    edition: Edition, other_edition: Edition, desk: Participation, people: People
) -> None:
    here = record("participation.set", desk, edition=edition, after={"state": "confirmed"})
    there = record("edition.changed", other_edition, edition=other_edition, after={"state": "draft"})
    assert who_sees(visible_to, people, edition) == {"organiser": [here]}
    assert who_sees(visible_to, people, other_edition) == {"other organiser": [there]}
    known = {who: kinds(user, edition) for who, user in people.items() if isinstance(user, User)}
    assert {who for who, (actions, types) in known.items() if actions or types} == {"organiser"}


def test_segments_templates_and_mailings_are_the_organisers_alone(
    edition: Edition, other_edition: Edition, desk: Participation, people: People
) -> None:
    finding = (segments_visible_to, templates_visible_to, mailings_visible_to)
    for fair, who in ((edition, "organiser"), (other_edition, "other organiser")):
        with scope(edition=fair):
            segment = Segment.objects.create(edition=fair, name="Everyone")
            template = MailTemplate.objects.create(
                edition=fair, key="news", subject={"en": "News"}, body={"en": "News"}
            )
            mailing = Mailing.objects.create(
                edition=fair, template=template, segment="Everyone", purpose=template.purpose
            )
        seen = [who_sees(find, people, fair) for find in finding]
        assert seen == [{who: [segment]}, {who: [template]}, {who: [mailing]}]


def test_an_organiser_of_both_fairs_finds_in_each_its_own(
    edition: Edition, other_edition: Edition, organiser: User, organiser_client: Client
) -> None:
    Role.objects.create(user=organiser, organisation=other_edition.organisation, kind=Role.Kind.MANAGER)
    with scope(edition=other_edition):
        segment = Segment.objects.create(edition=other_edition, name="Everyone there")
    page = "organiser/segments/"
    assert organiser_client.get(f"/en/{other_edition.slug}/{page}{segment.pk}/").status_code == 200
    assert organiser_client.get(f"/en/{edition.slug}/{page}{segment.pk}/").status_code == 404
    assert "Everyone there" not in organiser_client.get(f"/en/{edition.slug}/{page}").text


@pytest.fixture
def said(edition: Edition, desk: Participation, member: User, offer: Callable[..., Offer]) -> Interest:
    """What the firm of ``member`` says of an offer of ``owner``'s."""
    shown = offer(desk, review="published")
    with scope(edition=edition):
        asker = Participation.objects.get(firm=member.roles.get().firm)
        return Interest.objects.create(
            edition=edition, offer=shown, asker=asker, cooperation="We need it.", about="A maker of cells."
        )


def test_an_expression_of_interest_is_read_by_its_two_sides_alone(
    edition: Edition, other_edition: Edition, people: People, said: Interest
) -> None:
    assert set(who_sees(interests.visible_to, people, edition)) == {"owner", "colleague", "member"}
    assert who_sees(interests.visible_to, people, other_edition) == {}


def test_who_was_vetoed_reads_what_it_said_and_is_read_once_it_is_answered(
    edition: Edition, people: People, said: Interest, desk: Participation
) -> None:
    with scope(edition=edition):
        Wish.objects.create(edition=edition, wisher=desk, wished=said.asker, strength=Wish.Strength.NO_THANKS)
        assert list(interests.received(desk)) == []
    assert set(who_sees(interests.visible_to, people, edition)) == {"member"}
    with scope(edition=edition):
        Interest.objects.update(state=Interest.State.DECLINED)
        assert list(interests.received(desk)) == [said]
    assert set(who_sees(interests.visible_to, people, edition)) == {"owner", "colleague", "member"}


def test_what_was_taken_back_is_its_askers_alone(edition: Edition, people: People, said: Interest) -> None:
    with scope(edition=edition):
        Interest.objects.update(state=Interest.State.WITHDRAWN)
    assert set(who_sees(interests.visible_to, people, edition)) == {"member"}


def test_who_acts_for_two_firms_answers_for_the_one_that_was_asked(
    edition: Edition, said: Interest, owner: User, owner_client: Client, take_part: Callable[..., Participation]
) -> None:
    """Whichever of them it acts for at the moment."""
    second = take_part(edition)
    Role.objects.create(user=owner, firm=second.firm, kind=Role.Kind.OWNER)
    base = f"/en/{edition.slug}/market/interests/"
    assert owner_client.get(f"{base}?as={second.firm.identifier}").status_code == 200
    assert owner_client.post(f"{base}{said.pk}/", {"act": "accept"}).status_code == 302
    with scope(edition=edition):
        assert Interest.objects.get().state == "accepted"
