"""An organiser adds a participant by hand: who is known is found first, and nobody is entered twice unasked."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django_scopes import scope

from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.models import Firm

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
