"""A program enters what its owner's firm offers and needs, and reads its leads: as its owner may at the desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.meetings.leads.models import Lead
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge

GIVEN = {"title": {"en": "Separator film", "zh-hans": "隔膜"}, "hs": ["392020"], "family": "goods"}


@pytest.fixture
def identifier(member: User) -> str:
    firm = member.roles.get().firm
    assert firm is not None
    return str(firm.identifier)


@pytest.fixture
def seller(member: User) -> User:
    Role.objects.filter(user=member).update(kind=Role.Kind.SALES)
    return member


def test_an_offer_is_entered_as_a_draft_or_handed_in(
    edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    call = program_of(seller, "write")
    entered = call(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN)
    assert (entered.status_code, entered.json()["review"]) == (201, "draft")
    number = call(f"/editions/{edition.slug}/firms/{identifier}/needs", "post", GIVEN).json()["number"]
    handed_in = call(f"/editions/{edition.slug}/needs/{number}/submit", "post")
    assert (handed_in.status_code, handed_in.json()["review"]) == (200, "submitted")
    assert call(f"/editions/{edition.slug}/needs/{number}/submit", "post").status_code == 409
    with scope(edition=edition):
        assert Offer.objects.get().title["zh-hans"] == "隔膜"
        assert Need.objects.get().pk == number
    assert AuditEntry.objects.filter(action="offer.entered", user=seller).count() == 1


def test_who_may_not_at_the_desk_may_not_here(
    edition: Edition,
    member: User,
    stranger: User,
    other_organiser: User,
    identifier: str,
    program_of: Callable[..., Any],
) -> None:
    path = f"/editions/{edition.slug}/firms/{identifier}/offers"
    for user in (member, stranger, other_organiser):  # a plain member sees the desk and changes nothing
        assert program_of(user, "read", "write")(path, "post", GIVEN).status_code == 403
    assert program_of()(path, "post", GIVEN).status_code == 401
    Role.objects.filter(user=member).update(kind=Role.Kind.OWNER)
    assert program_of(member, "read")(path, "post", GIVEN).status_code == 403
    with scope(edition=edition):
        assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": {}},
        {"hs": ["39"] * 21},
        {"hs": ["39-20"]},
        {"family": "gifts"},
        {"title": {"English": "Film"}},
        {"title": {"en": "a\0b"}},
        {"hs": ["001122"]},
        {"price_low": 3},
        {"price_low": 3, "price_high": 2, "currency": "USD"},
        {"countries_wanted": ["XX"]},
        {"isic": ["nothing"]},
        {"gtin": "4006381333932"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    wrong: dict[str, Any], edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    answer = program_of(seller, "write")(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    with scope(edition=edition):
        assert not Offer.objects.exists()


def test_a_phase_that_is_closed_is_closed_here(
    edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROFILE, closes_at=timezone.now() - timedelta(days=1))
    answer = program_of(seller, "write")(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN)
    assert answer.status_code == 409
    assert "closed" in answer.json()["detail"]


def test_leads_are_read_by_those_who_keep_them(
    edition: Edition, seller: User, organiser: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm__identifier=identifier)
        Lead.objects.create(edition=edition, participation=own, person="Amina Okoye", met_by=seller)

    def read(user: User) -> list[str]:
        items = program_of(user, "read", "organise")(f"/editions/{edition.slug}/my/leads").json()["items"]
        return [row["person"] for row in items]

    assert read(seller) == ["Amina Okoye"]
    assert read(organiser) == []
    Role.objects.filter(user=seller).update(kind=Role.Kind.MEMBER)
    assert read(seller) == []


def test_all_that_an_item_says_is_read_as_it_was_written(
    edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    given = GIVEN | {
        "attributes": [["thickness", "≤", "12", "µm"]],
        "currency": "CNY",
        "price_low": 1.25,
        "price_high": 2.5,
        "incoterms": ["FOB", "CIF"],
        "delivery_from": "2027-01-01",
        "countries_wanted": ["KE", "ET"],
        "partner_role": {"en": "Stock and sell"},
        "capacity": 1000.5,
        "capacity_period": "month",
        "unit": "MTK",
        "gtin": "4006381333931",
        "launch": True,
    }
    call = program_of(seller, "read", "write")
    number = call(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", given).json()["number"]
    read = call(f"/editions/{edition.slug}/offers/{number}").json()
    for name, value in given.items():
        assert (float(read[name]) if isinstance(value, float) else read[name]) == value, name


def test_a_change_leaves_what_it_does_not_name_and_is_refused_where_it_was_read_before_another(
    edition: Edition, seller: User, identifier: str, program_of: Callable[..., Any]
) -> None:
    call = program_of(seller, "read", "write")
    number = call(f"/editions/{edition.slug}/firms/{identifier}/offers", "post", GIVEN).json()["number"]
    path = f"/editions/{edition.slug}/offers/{number}"
    tag = call(path)["ETag"]
    changed = call(path, "patch", {"minimum_order": 20}, if_match=tag)
    assert changed.status_code == 200
    assert float(changed.json()["minimum_order"]) == 20
    assert changed.json()["title"] == GIVEN["title"]
    assert changed["ETag"] == call(path)["ETag"] != tag
    late = call(path, "patch", {"minimum_order": 30}, if_match=tag)
    assert (late.status_code, "Read it again" in late.json()["detail"]) == (412, True)
    assert call(path, "delete", if_match=tag).status_code == 412
    assert float(call(path).json()["minimum_order"]) == 20
    assert call(path, "delete", if_match=changed["ETag"]).status_code == 204
    assert call(path).status_code == 404


def test_what_is_published_is_taken_back_and_renewed(
    edition: Edition, owner: User, desk: Participation, offer: Callable[..., Offer], program_of: Callable[..., Any]
) -> None:
    made = offer(desk, valid_until=timezone.localdate())
    path = f"/editions/{edition.slug}/offers/{made.pk}"
    call = program_of(owner, "read", "write")
    assert call(f"{path}/renew", "post").json()["valid_until"] > made.valid_until.isoformat()
    assert call(f"{path}/withdraw", "post").json()["review"] == "draft"
    assert program_of()(path).status_code == 404
    assert call(f"{path}/renew", "post").status_code == 409


def test_what_the_organiser_returns_says_why_to_its_firm_alone(
    edition: Edition,
    owner: User,
    organiser: User,
    desk: Participation,
    offer: Callable[..., Offer],
    program_of: Callable[..., Any],
) -> None:
    path = f"/editions/{edition.slug}/offers/{offer(desk, review='submitted').pk}"
    call = program_of(organiser, "organise", "write")
    assert call(f"{path}/review", "post", {"publish": False}).status_code == 409
    returned = call(f"{path}/review", "post", {"publish": False, "reason": "Which grade?"})
    assert returned.json()["review"] == "returned"
    assert program_of(owner, "read")(path).json()["review_note"] == "Which grade?"
    call(f"{path}/review", "post", {"publish": True})
    program_of(owner, "write")(f"{path}/submit", "post")
    assert call(f"{path}/review", "post", {"publish": True}).json()["review"] == "published"
    assert program_of()(path).status_code == 200


def test_a_firm_is_read_field_by_field_as_it_shows_itself(
    edition: Edition, owner: User, firm: Any, desk: Participation, stranger: User, program_of: Callable[..., Any]
) -> None:
    own = program_of(owner, "read", "write")
    given = {"turnover": "10-50", "employees": "50-249", "founded": 2009, "markets": ["KE", "ET"]}
    changed = own(f"/my/firms/{firm.identifier}", "patch", given | {"shown_to": {"founded": "organiser"}})
    assert changed.status_code == 200
    assert {name: changed.json()[name] for name in given} == given
    seen = program_of(stranger)(f"/editions/{edition.slug}/firms/{firm.identifier}").json()["firm"]
    assert seen["markets"] == ["KE", "ET"]
    assert [seen[name] for name in ("turnover", "employees", "founded")] == [None] * 3
    assert {"turnover", "employees", "founded"} <= set(seen["hidden"])


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"markets": ["XX"]}, "markets"),
        ({"isic": ["nothing"]}, "isic"),
        ({"shown_to": {"legal_name": "firm"}}, "legal_name"),
    ],
)
def test_a_firm_is_not_changed_to_what_there_is_not(
    given: dict[str, Any], at: str, owner: User, firm: Any, program_of: Callable[..., Any]
) -> None:
    answer = program_of(owner, "write")(f"/my/firms/{firm.identifier}", "patch", {"founded": 2009} | given)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"].endswith(at)
    firm.refresh_from_db()
    assert firm.founded is None


def test_a_badge_scanned_becomes_a_lead_and_a_program_that_sends_it_twice_keeps_one(
    edition: Edition,
    owner: User,
    desk: Participation,
    take_part: Callable[..., Participation],
    program_of: Callable[..., Any],
) -> None:
    with scope(edition=edition):
        badge = Badge.objects.create(edition=edition, participation=take_part(edition), name="Li Wei")
        code = token_of(badge)
    call = program_of(owner, "read", "write")
    path = f"/editions/{edition.slug}/firms/{desk.firm.identifier}/leads"
    first = call(path, "post", {"badge": code, "rating": 4, "key": "phone-1"})
    again = call(path, "post", {"badge": code, "rating": 4, "key": "phone-1"})
    assert (first.status_code, first.json()["person"]) == (201, "Li Wei")
    assert first.json()["number"] == again.json()["number"]
    assert call(path, "post", {"badge": "ABC"}).status_code == 409
    assert call(path, "post", {"rating": 3}).status_code == 409  # it names nobody


def test_a_contact_is_kept_by_the_code_of_a_badge(
    edition: Edition,
    take_part: Callable[..., Participation],
    new_user: Callable[..., User],
    program_of: Callable[..., Any],
) -> None:
    with scope(edition=edition):
        buying = take_part(edition, kind="buyer")
        code = token_of(Badge.objects.create(edition=edition, participation=take_part(edition), name="Li Wei"))
    call = program_of(new_user("ngozi", firm=buying.firm), "read", "write")
    path = f"/editions/{edition.slug}/my/contacts"
    kept = call(path, "post", {"badge": code, "note": "Film"})
    assert (kept.status_code, kept.json()["person"], kept.json()["notes"]) == (201, "Li Wei", "Film")
    assert call(path, "post", {"badge": "ABC"}).status_code == 409
    assert [row["person"] for row in call(path).json()["items"]] == ["Li Wei"]
