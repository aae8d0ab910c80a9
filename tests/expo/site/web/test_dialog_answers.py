"""What is done in a dialog leads the browser on, to the page that the dialog stood over."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from serai.expo.base.submission import back_or
from serai.expo.fairs.edition.models import Edition

IN_DIALOG = {"HX-Request": "true", "HX-Target": "dialog-page"}


def test_the_browser_is_told_where_to_go_instead_of_being_sent_there(edition: Edition) -> None:
    address = reverse("participant-list", args=[edition.slug])
    plainly, in_dialog = Client().get(address), Client().get(address, headers=IN_DIALOG)
    assert (plainly.status_code, in_dialog.status_code) == (302, 204)
    assert in_dialog["HX-Redirect"] == plainly["Location"]
    assert not in_dialog.has_header("Location")


def test_a_page_that_answers_is_shown_in_the_dialog(edition: Edition, organiser_client: Client) -> None:
    answer = organiser_client.get(reverse("participant-list", args=[edition.slug]), headers=IN_DIALOG)
    assert (answer.status_code, answer.has_header("HX-Redirect")) == (200, False)


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ({"HX-Target": "dialog-page", "HX-Current-URL": "http://testserver/en/demo/meetings/?page=2#received"}, True),
        ({"HX-Target": "list", "HX-Current-URL": "http://testserver/en/demo/meetings/?page=2"}, False),
        ({"HX-Target": "dialog-page", "HX-Current-URL": "https://other.example/en/demo/meetings/?page=2"}, False),
    ],
)
def test_a_form_leads_back_to_the_page_that_its_dialog_stood_over(said: dict[str, str], back: bool) -> None:
    request = RequestFactory().post("/", headers=said)
    went = back_or(request, "home")["Location"]
    assert went == ("http://testserver/en/demo/meetings/?page=2" if back else reverse("home"))
