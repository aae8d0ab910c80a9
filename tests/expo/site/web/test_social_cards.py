"""The picture that other sites show beside a link to a page of a fair."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from serai.expo.base.text import Said
from serai.expo.fairs.edition.models import Edition
from serai.expo.site.web.domain.social_cards import HEIGHT, WIDTH, Card, drawn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "language"), [("Clean energy", "en"), ("清洁能源", "zh-hans"), ("الطاقة النظيفة", "ar")]
)
def test_a_card_has_words_in_every_script(title: str, language: str) -> None:
    empty = drawn(Card(Said("", language), Said("", language), Said("", language), language))
    written = drawn(Card(Said("", language), Said(title, language), Said("", language), language))
    with Image.open(io.BytesIO(written)) as picture:
        assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(written) > len(empty) + 500


def test_a_page_names_its_card_and_everybody_gets_it(edition: Edition) -> None:
    page = Client().get(reverse("edition", args=[edition.slug])).text
    address = reverse("social-card", args=[edition.slug, "fair", edition.slug])
    assert f'<meta property="og:image" content="http://testserver{address}">' in page
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize(
    ("kind", "key"), [("nothing", "x"), ("firm", "x"), ("chain", "x"), ("session", "x"), ("session", "1")]
)
def test_what_the_public_does_not_see_has_no_card(edition: Edition, kind: str, key: str) -> None:
    assert Client().get(reverse("social-card", args=[edition.slug, kind, key])).status_code == 404
