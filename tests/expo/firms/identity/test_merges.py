"""Two records of one firm become one with all that refers to them, and two again exactly as they were."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core import serializers
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import MergeRefusedError, foreseen, merge, survivor_of, undo_merge
from serai.expo.firms.identity.domain.references import name_of, relations
from serai.expo.firms.identity.models import FirmMerge, FirmPair
from serai.expo.firms.record.domain.profile import identifier
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, Plant
from serai.expo.firms.record.rules import may_merge
from serai.expo.meetings.meeting.models import Meeting, Wish
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.search.domain.index import refresh_tokens
from serai.expo.people.account.models import Role, User

pytestmark = pytest.mark.django_db
REMEMBERED = {"firmmerge", "firmpair", "auditentry", "searchentry", "session"}
"""What a merge and a split leave behind: they are remembered. Search entries follow by triggers, with new keys."""


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every model of the fair."""
    with scopes_disabled():
        return {
            name_of(model): serializers.serialize("python", model._base_manager.order_by("pk"))
            for model in apps.get_app_config("expo").get_models(include_auto_created=True)
            if name_of(model) not in REMEMBERED
        }


@pytest.fixture
def two(
    edition: Edition,
    other_edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
    need: Callable[..., Need],
    new_user: Callable[..., User],
) -> tuple[Firm, Firm]:
    """Two records of one firm with something of everything; both take part in one edition."""
    one = a_firm("Longwell Separator Ltd", name={"en": "Longwell"}, identifiers={"LEI": "5493001KJTIIGC8Y1R12"})
    two = a_firm(
        "Long Well Separator",
        name={"en": "Long Well", "zh-hans": "隆威"},
        website="https://longwell.example",
        isic=["2220"],
    )
    third = take_part(edition)
    here, double, there = take_part(edition, one), take_part(edition, two), take_part(other_edition, two)
    follower = take_part(edition, kind="co_exhibitor", lead=double)
    assert follower.lead == double
    offer(here, "Separator")
    offer(double, "Film")
    need(there, "Resin")
    with scope(edition=edition):
        for wisher, wished in ((here, third), (double, third), (third, double), (here, double)):
            Wish.objects.create(edition=edition, wisher=wisher, wished=wished)
        Meeting.objects.create(edition=edition, host=double, guest=third)
    user = new_user("both", firm=one)
    Role.objects.create(user=user, firm=two, kind=Role.Kind.OWNER)
    new_user("second", firm=two)
    identifier(two, "GLN", "4006381333931").save()
    FirmAlias.objects.create(firm=two, name="LW", key="lw")
    Plant.objects.create(firm=two, country="CN", place={"en": "Wuxi"})
    Certification.objects.create(firm=two, scheme="ISO 9001")
    a_firm("Daughter", parent=two)
    with scopes_disabled():
        refresh_tokens(Participation.objects.all())
    return one, two


def test_all_that_refers_to_the_second_refers_to_the_first(two: tuple[Firm, Firm], edition: Edition) -> None:
    one, other = two
    merge(one, other)
    with scopes_disabled():
        for relation in relations(Firm):
            model, column = relation.related_model, relation.field.name
            if name_of(model) not in REMEMBERED and column != "merged_into":
                assert not model._base_manager.filter(**{column: other}).exists(), (model, column)
    one.refresh_from_db()
    assert one.name == {"en": "Longwell", "zh-hans": "隆威"}
    assert (one.website, one.isic) == ("https://longwell.example", ["2220"])
    assert {alias.name for alias in one.aliases.all()} == {"LW", "Long Well Separator", "Long Well", "隆威"}
    assert {number.scheme for number in one.identifiers.all()} == {"LEI", "GLN"}
    with scope(edition=edition):
        here = Participation.objects.get(firm=one)
        assert {item.title["en"] for item in here.offers.all()} == {"Separator", "Film"}
        assert " film " in here.tokens
        assert [wish.wished.firm_id for wish in here.wishes.all()] != []
        assert not Wish.objects.filter(wisher=here, wished=here).exists()
        assert Meeting.objects.get().host == here
        assert Participation.objects.get(kind="co_exhibitor").lead == here
    assert Role.objects.get(user__email="both@example.org").kind == Role.Kind.OWNER
    assert Role.objects.filter(firm=one).count() == 2


def test_a_split_is_a_true_inverse(two: tuple[Firm, Firm], organiser: User) -> None:
    before = everything()
    made = merge(*two, user=organiser)
    assert everything() != before
    assert undo_merge(made, user=organiser) == []
    assert everything() == before
    actions = AuditEntry.objects.filter(user=organiser).values_list("action", flat=True)
    assert {"firm.merged", "firm.merged_away", "firm.split", "firm.split_off", "firm_pair.decided"} <= set(actions)


def test_what_came_since_stays_and_is_told(two: tuple[Firm, Firm]) -> None:
    made = merge(*two)
    plant = Plant.objects.create(firm=two[0], country="CN", number=2)
    Firm.objects.filter(pk=two[0].pk).update(website="https://new.example")
    left = undo_merge(made)
    assert [step["do"] for step in left] == ["changed"]
    plant.refresh_from_db()
    assert plant.firm == two[0]
    assert Firm.objects.get(pk=two[0].pk).website == "https://new.example"
    assert Firm.objects.get(pk=two[0].pk).isic == []


def test_merges_are_taken_back_the_last_first(two: tuple[Firm, Firm], a_firm: Callable[..., Firm]) -> None:
    first = merge(*two)
    second = merge(two[0], a_firm("Lang Well"))
    with pytest.raises(MergeRefusedError, match="later merge"):
        undo_merge(first)
    undo_merge(second)
    undo_merge(first)
    with pytest.raises(MergeRefusedError, match="already"):
        undo_merge(first)


def test_a_chain_of_merges_leads_to_the_firm_that_survived(two: tuple[Firm, Firm], a_firm: Callable[..., Firm]) -> None:
    last = a_firm("Group")
    merge(*two)
    merge(last, two[0])
    assert survivor_of(Firm.objects.get(pk=two[1].pk)) == last


def test_firms_that_meet_each_other_are_two(two: tuple[Firm, Firm], edition: Edition) -> None:
    with scope(edition=edition):
        host, guest = (Participation.objects.get(firm=firm, kind="exhibitor") for firm in two)
        Meeting.objects.create(edition=edition, host=host, guest=guest)
    before = everything()
    with pytest.raises(MergeRefusedError, match="meeting with each other"):
        merge(*two)
    assert everything() == before


def test_a_firm_is_not_merged_with_itself_or_twice(two: tuple[Firm, Firm], a_firm: Callable[..., Firm]) -> None:
    with pytest.raises(MergeRefusedError):
        merge(two[0], two[0])
    merge(*two)
    with pytest.raises(MergeRefusedError, match="merged already"):
        merge(a_firm(), two[1])


def test_a_decision_is_remembered(two: tuple[Firm, Firm]) -> None:
    made = merge(*two)
    assert FirmPair.objects.get().state == FirmPair.State.SAME
    undo_merge(made)
    assert FirmPair.objects.get().state == FirmPair.State.APART


def test_foreseeing_a_merge_changes_nothing(two: tuple[Firm, Firm]) -> None:
    before = everything()
    told = foreseen(*two)
    assert told.moved["participation"] == 1
    assert len(told.joined) == 1
    assert set(told.names) == {"Long Well Separator", "Long Well", "隆威"}
    assert everything() == before
    assert not FirmMerge.objects.exists()


def test_who_may_merge(
    edition: Edition,
    other_edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    organiser: User,
    other_organiser: User,
    member: User,
    stranger: User,
) -> None:
    here, also_here, shared, nowhere = a_firm(), a_firm(), a_firm(), a_firm()
    for firm in (here, also_here, shared):
        take_part(edition, firm)
    take_part(other_edition, shared)
    assert may_merge(organiser, [here, also_here])
    for firms in ([here, shared], [here, nowhere]):
        assert not may_merge(organiser, firms)
    for user in (other_organiser, member, stranger, AnonymousUser()):
        assert not may_merge(user, [here, also_here])
    stranger.is_superuser = True
    assert not may_merge(stranger, [here, shared])  # without a session that says why
    stranger.staff_session = object()
    assert may_merge(stranger, [here, shared, nowhere])
    Role.objects.create(user=organiser, organisation=other_edition.organisation, kind=Role.Kind.MANAGER)
    assert may_merge(organiser, [here, shared])
