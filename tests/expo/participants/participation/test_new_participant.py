"""An organiser adds a participant by hand: who is known is found first, and nobody is entered twice unasked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.withdrawal import cancel
from serai.expo.people.account.models import User

GIVEN = {"legal_name": "Longwell Separator Co., Ltd.", "country": "CN", "kind": "exhibitor", "address": "1 Lake Road"}


def test_a_new_firm_is_entered_with_its_numbers(edition: Edition, organiser_client: Client) -> None:
    page = f"/en/{edition.slug}/organiser/participants/add/"
    wrong = organiser_client.post(page, GIVEN | {"LEI": "5493001KJTIIGC8Y1R13"})
    assert "its check does not come out" in wrong.content.decode()
    assert not Firm.objects.exists()
    assert organiser_client.post(page, GIVEN | {"LEI": "5493001KJTIIGC8Y1R12"}).status_code == 302
    firm = Firm.objects.get()
    assert (firm.address, [str(one) for one in firm.identifiers.all()]) == (
        {"en": "1 Lake Road"},
        ["LEI 5493001KJTIIGC8Y1R12"],
    )
    assert firm.provenance["identifiers"]["source"] == "organiser"
    with scope(edition=edition):
        assert Participation.objects.get().state == "confirmed"


def test_a_firm_that_is_known_is_shown_first_and_taken_when_chosen(
    edition: Edition, other_edition: Edition, organiser_client: Client, a_firm: Callable[..., Firm], take_part: Any
) -> None:
    known = a_firm("Longwell Separator Ltd", address={"en": "1 Lake Road"})
    take_part(other_edition, known)
    page = f"/en/{edition.slug}/organiser/participants/add/"
    shown = organiser_client.post(page, GIVEN).content.decode()
    assert known.identifier in shown
    assert Firm.objects.count() == 1
    assert organiser_client.post(page, GIVEN | {"firm": "987654"}).status_code == 404
    assert organiser_client.post(page, GIVEN | {"firm": known.pk}).status_code == 302
    with scope(edition=edition):
        assert Participation.objects.get().firm == known
    again = organiser_client.post(page, GIVEN | {"firm": known.pk})
    assert "takes part" in again.content.decode()
    assert organiser_client.post(page, GIVEN | {"firm": "new"}).status_code == 302
    assert Firm.objects.count() == 2


def test_who_was_cancelled_is_taken_back_by_adding_it_as_by_undoing_that(
    edition: Edition, organiser: User, organiser_client: Client, firm: Firm, owner: User, take_part: Any
) -> None:
    today = timezone.localdate()
    Edition.objects.filter(pk=edition.pk).update(starts_on=today, ends_on=today + timedelta(days=2))
    edition.refresh_from_db()
    one = take_part(edition, firm)
    cancel(one, {"en": "The fee was not paid."}, by=organiser)
    with scope(edition=edition):
        Mail.objects.all().delete()
    given = GIVEN | {"legal_name": firm.legal_name, "country": firm.country, "firm": firm.pk}
    assert organiser_client.post(f"/en/{edition.slug}/organiser/participants/add/", given).status_code == 302
    with scope(edition=edition):
        one.refresh_from_db()
        assert one.state == "confirmed"
        assert [made.state for made in ApplicationDecision.objects.all()] == ["confirmed", "cancelled"]
        assert AuditEntry.objects.get(action="participation.restored").user == organiser
        assert Mail.objects.get().user == owner
