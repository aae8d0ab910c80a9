"""What is taken off the market: by its firm, by its day, by the organiser; and those who asked are told."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.offers.market.domain.items import expire_and_remind
from serai.expo.offers.market.models import Interest, Need, Offer
from serai.expo.people.account.models import Role, User

SAID = {"cooperation": "We could supply it.", "about": "A maker of films."}


def test_who_asked_is_told_when_it_is_taken_back_or_runs_out(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    member: User,
    member_client: Client,
    address: str,
    need: Callable[..., Need],
    offer: Callable[..., Offer],
) -> None:
    Role.objects.filter(user=member).update(kind=Role.Kind.OWNER)
    taken = need(desk, "Cathode foil", anonymous=True)
    ending = offer(desk, "Film", valid_until=timezone.localdate())
    for kind, item in (("needs", taken), ("offers", ending)):
        assert member_client.post(f"/en/{edition.slug}/market/{kind}/{item.pk}/", SAID).status_code == 302
    owner_client.post(f"{address}needs/{taken.pk}/withdraw/")
    assert expire_and_remind(timezone.localdate() + timedelta(days=1)) == (1, 0)
    with scope(edition=edition):
        assert Need.objects.get().review == "draft"
        assert set(Interest.objects.values_list("state", flat=True)) == {"declined"}
        told = Mail.objects.filter(user=member).order_by("pk").values_list("subject", flat=True)
        assert list(told) == ["On the market no more: Cathode foil", "On the market no more: Film"]
    assert member_client.get(f"/en/{edition.slug}/market/needs/{taken.pk}/").status_code == 404
    assert "Owned Materials" not in member_client.get(f"/en/{edition.slug}/market/interests/").text.split("Film")[0]


def test_a_buyer_changes_renews_and_removes_its_need(
    edition: Edition,
    member: User,
    member_client: Client,
    stranger_client: Client,
    owner_client: Client,
    desk: Participation,
    need: Callable[..., Need],
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm__roles__user=member)
        Participation.objects.filter(pk=own.pk).update(kind="buyer")
    item = need(own, "Cathode foil", valid_until=timezone.localdate())
    page = f"/en/{edition.slug}/buyer/needs/{item.pk}/edit/"
    sent = {"title_en": "Cathode foil, 12 µm", "family": "goods", "certificates": ["ISO 9001"], "save": "1"}
    assert stranger_client.post(page, sent).status_code == 403
    assert owner_client.post(page, sent).status_code == 403  # an exhibitor, whose needs stand at its desk
    assert member_client.post(page, sent | {"title_en": ""}).status_code == 400
    assert member_client.post(page, sent | {"anonymous": "on"}).status_code == 302
    with scope(edition=edition):
        kept = Need.objects.get()
        assert (kept.title, kept.certificates, kept.review) == (
            {"en": "Cathode foil, 12 µm"},
            ["ISO 9001"],
            "submitted",
        )
    member_client.post(page, sent | {"valid_until": "2026-12-01"})
    member_client.post(page, {"renew": "1"})
    with scope(edition=edition):
        kept = Need.objects.get()
        assert kept.review == "published"
        assert kept.valid_until is not None
        assert kept.valid_until > timezone.localdate() + timedelta(days=170)
    member_client.post(page, {"remove": "1"})
    with scope(edition=edition):
        assert not Need.objects.exists()
        actions = AuditEntry.objects.filter(object_type="need").order_by("pk").values_list("action", flat=True)
        assert list(actions) == [
            *("need.changed", "need.changed", "need.published", "need.removed_by_its_buyer", "need.removed"),
        ]
