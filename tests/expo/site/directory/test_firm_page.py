"""The page of a firm is seen by those who may see that it takes part, and shows what has not run out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.market.models import Offer


@pytest.mark.parametrize("state", ["applied", "waiting", "rejected", "cancelled"])
def test_who_is_not_confirmed_has_no_public_page(
    state: str, edition: Edition, take_part: Callable[..., Participation], anonymous_client: Client
) -> None:
    there = take_part(edition, state=state)
    for page in ("", "partners/"):
        assert anonymous_client.get(f"/en/{edition.slug}/firms/{there.firm.identifier}/{page}").status_code == 404


def test_what_has_run_out_is_shown_no_more_on_the_day_after(
    edition: Edition,
    take_part: Callable[..., Participation],
    offer: Callable[..., Offer],
    anonymous_client: Client,
) -> None:
    there, today = take_part(edition), timezone.localdate()
    offer(there, "Run out film", valid_until=today - timedelta(days=1))
    offer(there, "Lasting film", valid_until=today)
    page = anonymous_client.get(f"/en/{edition.slug}/firms/{there.firm.identifier}/").text
    assert ("Run out film" in page, "Lasting film" in page) == (False, True)
