"""Numbers as pages send them: five thousand digits are no number, and no page falls over them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from serai.expo.base.numbers import MOST_DIGITS, in_percent, number_of, rounded
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.participants.buyers.models import TermsAccepted
from serai.expo.people.account.models import User

LONG = "9" * 5_000
"""Python reads no number of more than 4,300 digits."""


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.0", " 1", "\u0663", "\u00b2", LONG, "1" * (MOST_DIGITS + 1)])
def test_what_is_no_number_of_a_row_is_none(text: str | None) -> None:
    assert number_of(text) is None


@pytest.mark.parametrize(("language", "written"), [("en", "36 %"), ("zh-hans", "36%"), ("ar", "36 %")])
def test_chinese_sets_no_space_before_the_sign_of_per_cent(language: str, written: str) -> None:
    with override(language):
        assert in_percent("36") == written


def test_a_number_is_read() -> None:
    assert (number_of("0"), number_of("0042"), number_of("1" * MOST_DIGITS)) == (0, 42, int("1" * MOST_DIGITS))


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(1.2098, 2, "1.21"), (1.2, 2, "1.20"), (-0.456, 1, "-0.5"), (1e-7, 2, "0.00"), (1234.56, 1, "1,234.6")],
)
def test_a_number_is_rounded_and_not_cut_off(value: float, places: int, shown: str) -> None:
    assert rounded(value, places) == shown


@pytest.mark.parametrize(
    ("page", "said", "status"),
    [
        ("own-applications", "withdraw", 404),
        ("invitations", "invitation", 403),
        ("own-assistance", "exhibitor", 403),
        ("claim-outcome", "meeting", 404),
    ],
)
def test_a_page_of_a_person_refuses_it(
    page: str, said: str, status: int, edition: Edition, member_client: Client
) -> None:
    address = reverse(page, args=[edition.slug])
    assert member_client.post(address, {said: LONG, "kind": "contract"}).status_code == status


def test_a_buyer_accepts_no_terms_of_such_a_version(
    edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    new_user: Callable[..., User],
) -> None:
    firm = a_firm("Buying House Ltd")
    take_part(edition, firm, "buyer")
    client = Client()
    client.force_login(new_user("buyer", firm=firm))
    assert client.post(reverse("accept-terms", args=[edition.slug]), {"version": LONG}).status_code == 302
    assert not TermsAccepted._base_manager.exists()


@pytest.mark.parametrize(
    ("page", "said", "status"),
    [
        ("size-rules", "remove", 404),
        ("granted-list", "number", 404),
        ("claim-list", "claim", 404),
        ("position-list", "number", 404),
        ("applications", "chosen", 302),
        ("buyers", "vetting", 404),
    ],
)
def test_a_page_of_the_organiser_refuses_it(
    page: str, said: str, status: int, edition: Edition, organiser_client: Client
) -> None:
    answer = organiser_client.post(reverse(page, args=[edition.slug]), {said: LONG, "to": "confirmed"})
    assert answer.status_code == status
