"""The pages of a participant's desk, and what it has to do, as rooms declare them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.desk import domain as dues_module
from serai.expo.participants.desk.domain import GROUPS, Due, dues_of, entries, entry, is_of_desk

ALL = frozenset({"see", "meet", "market", "edit", "leads", "team"})


def keys(participation: Participation, duties: frozenset[str]) -> set[str]:
    return {declared.key for _title, members in entries(participation, duties) for declared in members}


def test_an_exhibitor_and_a_buyer_have_the_pages_of_their_kind(desk: Participation) -> None:
    exhibitor = keys(desk, ALL)
    assert {"desk", "desk-offers", "my-meetings", "desk-booth"} <= exhibitor
    assert "buyer-desk" not in exhibitor
    desk.kind = Participation.Kind.BUYER
    buyer = keys(desk, ALL)
    assert {"buyer-desk", "my-meetings"} <= buyer
    assert not {"desk", "desk-offers", "desk-booth"} & buyer


def test_a_member_has_the_pages_of_its_duties_only(desk: Participation) -> None:
    assert {"my-meetings", "agenda"} <= keys(desk, frozenset({"see", "meet"}))
    assert not {"desk-team", "desk-offers", "desk-leads"} & keys(desk, frozenset({"see", "meet"}))


def test_each_page_of_the_desk_has_an_address(desk: Participation) -> None:
    for kind in Participation.Kind:
        desk.kind = kind
        for _title, members in entries(desk, ALL):
            for declared in members:
                assert declared.address(desk).startswith(f"/en/{desk.edition.slug}/"), declared.key


def test_a_page_that_all_read_is_none_of_the_desk() -> None:
    assert is_of_desk("desk-offers")
    assert not is_of_desk("firm")
    assert not is_of_desk("directory")


def test_a_group_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="no group 'halls'") as refusal:
        entry("hall", "halls", title="Hall")
    assert all(group in str(refusal.value) for group in GROUPS)


def test_what_ends_first_stands_first_and_what_has_no_end_last(
    desk: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()

    def first(_participation: Participation, at: datetime) -> Iterator[Due]:
        yield Due("desk", "without end", "", "/")
        yield Due("desk", "tomorrow", "", "/", until=at + timedelta(days=1))

    def second(_participation: Participation, at: datetime) -> Iterator[Due]:
        yield Due("desk", "in an hour", "", "/", until=at + timedelta(hours=1))
        yield Due("desk", "of another duty", "", "/", duty="team")

    monkeypatch.setattr(dues_module, "_found_by", [first, second])
    with scope(edition=desk.edition):
        found = dues_of(desk, frozenset({"see"}), now)
    assert [due.text for due in found] == ["in an hour", "tomorrow", "without end"]
