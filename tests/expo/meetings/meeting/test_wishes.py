"""Wishes: said, replaced, taken back; a veto ends what is open and shows itself to nobody."""

import re
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.meetings.meeting.domain.wishes import WishRefusedError, take_back, wish
from serai.expo.meetings.meeting.models import MeetingRequest, Wish
from serai.expo.meetings.requests.domain.requests import accept, ask, received, sent

S = Wish.Strength


def test_a_wish_said_again_replaces_what_was_said_and_both_are_in_the_trail(fair: Any) -> None:
    with scope(edition=fair.edition):
        wish(fair.buyer, fair.seller.participation, S.WOULD)
        wish(fair.buyer, fair.seller.participation, S.MUST)
        assert [said.strength for said in Wish.objects.all()] == ["must"]
    last = AuditEntry.objects.filter(action="wish.said").first()
    assert last is not None
    assert (last.before["strength"], last.after["strength"], last.user) == ("would", "must", fair.buyer.user)


def test_a_wish_taken_back_is_gone(fair: Any) -> None:
    with scope(edition=fair.edition):
        wish(fair.buyer, fair.seller.participation, S.WOULD)
        take_back(fair.buyer, fair.seller.participation)
        take_back(fair.buyer, fair.seller.participation)
        assert not Wish.objects.exists()


def test_buyers_do_not_wish_for_buyers_and_nobody_for_itself(fair: Any) -> None:
    with scope(edition=fair.edition):
        for other in (fair.rival.participation, fair.buyer.participation):
            with pytest.raises(WishRefusedError):
                wish(fair.buyer, other, S.MUST)


def test_a_veto_declines_what_they_asked_and_never_shows_what_they_ask_later(fair: Any) -> None:
    with scope(edition=fair.edition):
        first = ask(fair.buyer, fair.seller.participation, now=fair.now)
        wish(fair.seller, fair.buyer.participation, S.NO_THANKS)
        first.refresh_from_db()
        assert (first.state, first.reason) == ("declined", "")
        second = ask(fair.buyer, fair.seller.participation, now=fair.now)
        assert second.state == MeetingRequest.State.OPEN
        assert list(sent(fair.buyer.participation)) == [second]
        assert list(received(fair.seller.participation)) == []
        take_back(fair.seller, fair.buyer.participation)
        assert list(received(fair.seller.participation)) == [second]


def test_a_veto_waits_until_an_agreed_meeting_is_cancelled(fair: Any) -> None:
    with scope(edition=fair.edition):
        accept(ask(fair.buyer, fair.seller.participation, now=fair.now), fair.seller, now=fair.now)
        with pytest.raises(WishRefusedError, match="Cancel it first"):
            wish(fair.buyer, fair.seller.participation, S.NO_THANKS)
        assert not Wish.objects.filter(strength=S.NO_THANKS).exists()


def test_a_wish_is_undone_by_the_button_of_its_message(fair: Any) -> None:
    client = Client()
    client.force_login(fair.buyer.user)
    edition, other = fair.edition, fair.seller.participation
    page = f"/en/{edition.slug}/meetings/"
    with scope(edition=edition):
        wish(fair.buyer, other, S.WOULD)
        address = f"/en/{edition.slug}/meetings/wishes/{other.firm.identifier}/"
    told = client.post(address, {"strength": "must", "next": page}, follow=True)
    assert told.redirect_chain == [(page, 302)]
    notice = told.text.partition('role="status"><p>Kept')[2].partition("</form>")[0]
    assert f'action="{address}"' in notice
    assert "Undo" in notice
    fields = dict(re.findall(r'name="(strength|next)" value="([^"]*)"', notice))
    assert fields == {"strength": "would", "next": page}
    assert client.post(address, fields, follow=True).redirect_chain == [(page, 302)]
    with scope(edition=edition):
        assert Wish.objects.get().strength == S.WOULD
