"""A record that mixes two firms is parted as a person chooses, and becomes one again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain.merges import leading, merge
from serai.expo.firms.identity.domain.splits import Chosen, SplitRefusedError, split_firm, undo_split
from serai.expo.firms.identity.models import FirmPair, FirmParting
from serai.expo.firms.record.models import Firm, FirmAlias, Plant
from serai.expo.meetings.meeting.models import Wish
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation], offer: Any, need: Any
) -> Firm:
    """One record of two firms: a maker of separators and a tea garden."""
    firm = a_firm(
        "Longwell Separator Ltd",
        name={"en": "Longwell", "sw": "Chai Ndefu"},
        identifiers={"LEI": "5493001KJTIIGC8Y1R12", "GLN": "4006381333931"},
    )
    FirmAlias.objects.create(firm=firm, name="Long Tea", key="long tea")
    Plant.objects.create(firm=firm, country="KE", place={"en": "Kericho"})
    participation = take_part(edition, firm)
    offer(participation, "Separator film", hs=["3920"])
    offer(participation, "Black tea", hs=["0902"])
    need(participation, "Tea chests")
    load_builtin_chains()
    place_edition(edition)
    return firm


def tea(firm: Firm, **rows: Any) -> Chosen:
    """What belongs to the tea garden."""
    with scopes_disabled():
        chosen = {
            "identifiers": {firm.identifiers.get(scheme="GLN").pk},
            "aliases": {firm.aliases.get().pk},
            "plants": {firm.plants.get().pk},
            "offers": {Offer.objects.get(hs=["0902"]).pk},
            "needs": {Need.objects.get().pk},
        } | rows
    return Chosen("Long Tea Ltd", "KE", frozenset({"sw"}), {name: frozenset(pks) for name, pks in chosen.items()})


def test_what_is_chosen_goes_to_a_firm_of_its_own_and_the_rest_stays(edition: Edition, mixed: Firm) -> None:
    made = split_firm(mixed, tea(mixed))
    other = made.parted
    assert (other.legal_name, other.country, other.name) == ("Long Tea Ltd", "KE", {"sw": "Chai Ndefu"})
    assert other.identifier.startswith("KE")
    assert mixed.name == {"en": "Longwell"}
    assert [one.value for one in mixed.identifiers.all()] == ["5493001KJTIIGC8Y1R12"]
    assert [one.value for one in other.identifiers.all()] == ["4006381333931"]
    assert (other.plants.count(), other.aliases.count(), mixed.plants.count()) == (1, 1, 0)
    with scope(edition=edition):
        (there,) = Participation.objects.filter(firm=other)
        (here,) = Participation.objects.filter(firm=mixed)
        assert [one.title["en"] for one in there.offers.all()] == ["Black tea"]
        assert [one.title["en"] for one in there.needs.all()] == ["Tea chests"]
        assert [one.title["en"] for one in here.offers.all()] == ["Separator film"]
        assert (" tea " in there.tokens, " tea " in here.tokens) == (True, False)
        assert {one.offer for one in here.placements.all()} <= {*here.offers.all(), None}
        assert {one.offer for one in there.placements.all()} <= {*there.offers.all(), None}
    assert FirmPair.objects.get().state == "apart"
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"firm.parted", "firm.parted_off"}


def test_a_whole_participation_goes_with_all_that_belongs_to_it(
    edition: Edition, other_edition: Edition, mixed: Firm, take_part: Any, offer: Any, new_user: Any
) -> None:
    there = take_part(other_edition, mixed)
    sold = offer(there, "Green tea")
    user = new_user("taster", firm=mixed)
    role = Role.objects.get(user=user)
    rows = {"participations": {there.pk}, "offers": {sold.pk}, "needs": set(), "roles": {role.pk}}
    made = split_firm(mixed, tea(mixed, **rows))
    with scopes_disabled():
        assert Offer.objects.get(pk=sold.pk).participation.firm == made.parted
        assert Participation.objects.get(pk=there.pk).firm == made.parted
        assert Participation.objects.filter(firm=made.parted).count() == 1
    role.refresh_from_db()
    assert role.firm == made.parted


def test_taken_back_all_is_as_before_and_both_identifiers_lead_to_the_first(edition: Edition, mixed: Firm) -> None:
    models = (Offer, Need, FirmAlias, Plant)
    with scopes_disabled():
        before = [list(model._base_manager.order_by("pk").values()) for model in models]
        kept = Firm.objects.values().get(pk=mixed.pk)
    made = split_firm(mixed, tea(mixed))
    undo_split(made)
    with scopes_disabled():
        assert [
            list(model._base_manager.order_by("pk").values()) for model in (Offer, Need, FirmAlias, Plant)
        ] == before
        assert Firm.objects.values().get(pk=mixed.pk) == kept
        assert Participation.objects.filter(firm=mixed).count() == 1
        assert not Participation.objects.filter(firm=made.parted).exists()
    assert leading(made.parted.identifier) == mixed.identifier
    with pytest.raises(SplitRefusedError, match="already"):
        undo_split(made)


def test_what_the_new_firm_got_since_is_not_lost(edition: Edition, mixed: Firm, take_part: Any) -> None:
    made = split_firm(mixed, tea(mixed))
    other = take_part(edition)
    with scope(edition=edition):
        wish = Wish.objects.create(edition=edition, wisher=other, wished=Participation.objects.get(firm=made.parted))
    with pytest.raises(SplitRefusedError, match="of its own since"):
        undo_split(made)
    with scope(edition=edition):
        assert Wish.objects.get().pk == wish.pk
        assert Offer.objects.get(hs=["0902"]).participation.firm == made.parted
    assert FirmParting.objects.get().undone_at is None
    merge(mixed, made.parted)
    with pytest.raises(SplitRefusedError, match="merged since"):
        undo_split(made)


@pytest.mark.parametrize(
    ("chosen", "what"),
    [
        (Chosen("", "KE", frozenset({"sw"})), "legal name"),
        (Chosen("Tea", "KE"), "at least one thing"),
        (Chosen("Tea", "KE", frozenset({"en", "sw"})), "at least one name"),
        (Chosen("Tea", "KE", frozenset(), {"offers": frozenset({987_654})}), "no longer there"),
    ],
)
def test_what_cannot_be_parted_says_why_and_changes_nothing(mixed: Firm, chosen: Chosen, what: str) -> None:
    with pytest.raises(SplitRefusedError, match=what):
        split_firm(mixed, chosen)
    assert (Firm.objects.count(), FirmParting.objects.count()) == (1, 0)


def test_an_organiser_parts_and_rejoins_on_the_page_but_no_firm_of_another_fair(
    edition: Edition, other_edition: Edition, mixed: Firm, organiser_client: Client, take_part: Any, organiser: User
) -> None:
    page = f"/en/{edition.slug}/organiser/firms/{mixed.identifier}/part/"
    assert "Black tea" in organiser_client.get(page).content.decode()
    chosen = tea(mixed)
    given: dict[str, Any] = {name: list(pks) for name, pks in chosen.rows.items()}
    refused = organiser_client.post(page, given | {"legal_name": "", "country": "KE"})
    assert "legal name" in refused.content.decode()
    answer = organiser_client.post(page, given | {"legal_name": "Long Tea Ltd", "country": "KE", "names": ["sw"]})
    assert answer.status_code == 302
    made = FirmParting.objects.get()
    assert "Long Tea Ltd" in made.parted.legal_name
    undo = f"/en/{edition.slug}/organiser/partings/{made.pk}/undo/"
    listed = organiser_client.get(f"/en/{edition.slug}/organiser/duplicates/").content.decode()
    assert undo in listed
    assert organiser_client.post(undo).status_code == 302
    take_part(other_edition, mixed)
    assert organiser_client.get(page).status_code == 403


def test_an_old_identifier_leads_to_the_firm_on_every_page_desk_and_wish(
    edition: Edition, a_firm: Callable[..., Firm], take_part: Any, new_user: Any, anonymous_client: Client
) -> None:
    first, second, third = (a_firm(f"Longwell {number} Ltd") for number in (1, 2, 3))
    take_part(edition, first)
    merge(second, third)
    merge(first, second)
    own = Client()
    owner = new_user("owner-of-it", firm=first)
    owner.roles.update(kind=Role.Kind.OWNER)
    own.force_login(owner)
    buyer = a_firm("Buyer Ltd")
    take_part(edition, buyer, "buyer")
    guest = Client()
    guest.force_login(new_user("guest", firm=buyer))
    base = f"/en/{edition.slug}"
    for old in (second.identifier, third.identifier, third.identifier.lower()):
        for page in ("", "partners/"):
            answer = anonymous_client.get(f"{base}/firms/{old}/{page}")
            assert answer["Location"] == f"{base}/firms/{first.identifier}/{page}"
        for page in ("claim/", "verification/", "positions/"):
            assert own.get(f"{base}/firms/{old}/{page}").status_code == 200, page
        assert own.get(f"{base}/desk/{old}/").status_code == 200
        api = anonymous_client.get(f"/api/v1/editions/{edition.slug}/firms/{old}")
        assert api.status_code in {200, 404}
        wished = guest.post(f"{base}/meetings/wishes/{old}/", {"strength": "must"})
        assert wished.status_code < 400
    with scope(edition=edition):
        assert Wish.objects.get().wished.firm == first
    assert anonymous_client.get(f"{base}/firms/CN2020001AAAAAA/").status_code == 404
