"""Pairs of firms are decided singly or many at once, and what was decided of one record holds after it was merged."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain import duplicates
from serai.expo.firms.identity.domain.duplicates import decide_each
from serai.expo.firms.identity.domain.merges import merge, survivor_of, undo_merge
from serai.expo.firms.identity.models import FirmMerge, FirmPair
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.people.account.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]) -> Callable[..., Firm]:
    """A function that makes a firm which takes part in the fair."""

    return lambda name: take_part(edition, a_firm(name, name={"en": name})).firm


def pair(one: Firm, other: Firm, state: str = FirmPair.State.POSSIBLE) -> FirmPair:
    return FirmPair.objects.create(one=one, other=other, state=state, probability=0.9)


def standing(*firms: Firm) -> list[bool]:
    """Which of the firms stand for themselves."""
    return [Firm.objects.get(pk=firm.pk).merged_into_id is None for firm in firms]


def test_several_pairs_are_merged_by_one_post_and_each_can_be_taken_back(
    edition: Edition, organiser_client: Client, here: Callable[..., Firm]
) -> None:
    firms = [here(f"Longwell {number}") for number in range(6)]
    pairs = [pair(firms[0], firms[1]), pair(firms[2], firms[3]), pair(firms[4], firms[5])]
    page = f"/en/{edition.slug}/organiser/duplicates/"
    assert organiser_client.get(page).text.count('name="chosen"') == 3
    chosen = [str(pairs[0].pk), str(pairs[1].pk), "nonsense", "999999"]
    told = organiser_client.post(f"{page}decide/", {"chosen": chosen, "answer": "one"}, follow=True).text
    assert "Longwell 1 is now part of Longwell 0. This can be taken back below." in told
    assert "Longwell 3 is now part of Longwell 2. This can be taken back below." in told
    assert standing(*firms) == [True, False, True, False, True, True]
    first = FirmMerge.objects.get(survivor=firms[0])
    organiser_client.post(f"/en/{edition.slug}/organiser/merges/{first.pk}/undo/")
    assert standing(*firms) == [True, True, True, False, True, True]


def test_one_pair_that_cannot_be_merged_leaves_the_others_done(
    edition: Edition, organiser_client: Client, here: Callable[..., Firm]
) -> None:
    firms = [here(f"Longwell {number}") for number in range(4)]
    with scope(edition=edition):
        host, guest = (Participation.objects.get(firm=firm) for firm in firms[:2])
        Meeting.objects.create(edition=edition, host=host, guest=guest)
    pairs = [pair(firms[0], firms[1]), pair(firms[2], firms[3])]
    answer = {"chosen": [str(one.pk) for one in pairs], "answer": "one"}
    told = organiser_client.post(
        f"/en/{edition.slug}/organiser/duplicates/decide/", answer, follow=True
    ).content.decode()
    assert "Longwell 0 · Longwell 1: These two have a meeting with each other" in told
    assert standing(*firms) == [True, True, True, False]
    assert FirmPair.objects.get(pk=pairs[0].pk).state == FirmPair.State.POSSIBLE


def test_three_records_of_one_firm_become_one_whatever_the_order_of_their_pairs(
    edition: Edition, organiser: User, here: Callable[..., Firm]
) -> None:
    one, two, three = (here(f"Longwell {number}") for number in range(3))
    pairs = [pair(one, three), pair(two, three), pair(one, two)]
    with scope(edition=edition):
        told = decide_each(pairs, "one", user=organiser, edition=edition)
    assert [each.done for each in told] == [True, True, True]
    assert {survivor_of(Firm.objects.get(pk=firm.pk)) for firm in (one, two, three)} == {two}
    with scope(edition=edition):
        assert not duplicates.pairs_of(edition).exists()


def test_firms_said_to_be_different_are_not_asked_about_again(
    edition: Edition, organiser_client: Client, here: Callable[..., Firm]
) -> None:
    for name in ("Longwell Separator Ltd", "Long Well Separators Co", "Harbour Cranes", "Harbor Crane"):
        here(name)
    page = f"/en/{edition.slug}/organiser/duplicates/"
    organiser_client.post(page)
    with scope(edition=edition):
        found = [one.pk for one in duplicates.pairs_of(edition)]
        assert len(found) == 2
        organiser_client.post(f"{page}decide/", {"chosen": found, "answer": "apart"})
        assert duplicates.look(edition) == 0
        assert not duplicates.pairs_of(edition).exists()
    told = organiser_client.post(f"{page}decide/", {"chosen": found, "answer": "one"}, follow=True).text
    assert "Choose the pairs that you decide on." in told
    assert FirmMerge.objects.count() == 0


@pytest.mark.parametrize("known", [True, False])
def test_a_merge_keeps_what_was_decided_of_the_record_that_goes(
    known: bool, edition: Edition, here: Callable[..., Firm]
) -> None:
    stays, goes, third = here("Longwell Separator"), here("Longwel Separator"), here("Longwells Separator")
    pair(goes, third, FirmPair.State.APART)
    if known:
        pair(stays, third)
    made = merge(stays, goes)
    with scope(edition=edition):
        assert duplicates.look(edition) == 0
        assert not duplicates.pairs_of(edition).exists()
        undo_merge(made)
        waiting = list(duplicates.pairs_of(edition).values_list("one", "other"))
    assert waiting == ([(stays.pk, third.pk)] if known else [])


def test_what_waits_for_a_person_waits_on_after_a_merge(edition: Edition, here: Callable[..., Firm]) -> None:
    stays, goes, third = here("Longwell"), here("Longwel"), here("Long Wells")
    pair(goes, third)
    merge(stays, goes)
    with scope(edition=edition):
        assert [(one.one, one.other) for one in duplicates.pairs_of(edition)] == [(stays, third)]


def test_pairs_of_other_fairs_are_not_decided_here(
    edition: Edition,
    other_edition: Edition,
    organiser_client: Client,
    here: Callable[..., Firm],
    take_part: Callable[..., Any],
) -> None:
    far, far_too, mine = take_part(other_edition).firm, take_part(other_edition).firm, here("Mine")
    elsewhere, between = pair(far, far_too), pair(far, mine)
    chosen = {"chosen": [elsewhere.pk, between.pk], "answer": "apart"}
    told = organiser_client.post(f"/en/{edition.slug}/organiser/duplicates/decide/", chosen, follow=True).text
    assert "only the staff of this site decides" in told
    assert set(FirmPair.objects.values_list("state", flat=True)) == {FirmPair.State.POSSIBLE}
