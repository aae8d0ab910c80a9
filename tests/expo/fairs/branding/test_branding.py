"""An organiser gives the fair its logo, colours, header picture, words and pages."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope
from PIL import Image

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.branding.domain import keep_page
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.edition.domain.clone import clone_edition
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User


@pytest.fixture
def page(edition: Edition) -> str:
    return f"/en/{edition.slug}/organiser/branding/"


def front(edition: Edition) -> str:
    return Client().get(f"/en/{edition.slug}/").text


def picture() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 20), "#123456").save(content, "PNG")
    return SimpleUploadedFile("logo.png", content.getvalue(), "image/png")


def test_colours_come_by_a_stylesheet_of_the_fair_and_by_no_inline_style(
    edition: Edition, organiser_client: Client, page: str
) -> None:
    assert "branding.css" not in front(edition)
    sent = {"what": "colours", "brand": "#7a1f5c", "dark": "", "night": "#20103a"}
    assert organiser_client.post(page, sent).status_code == 302
    shown = front(edition)
    assert f"/en/{edition.slug}/branding.css?" in shown
    assert " style=" not in shown
    sheet = Client().get(f"/en/{edition.slug}/branding.css")
    assert sheet["Content-Type"].startswith("text/css")
    assert "--brand: light-dark(#7a1f5c, #" in sheet.text
    assert "--night: #20103a;" in sheet.text
    assert AuditEntry.objects.get(action="edition.branded").after["branding"]["brand"] == "#7a1f5c"
    organiser_client.post(page, {"what": "colours", "brand": "", "dark": "", "night": ""})
    assert "branding.css" not in front(edition)


def test_a_colour_that_cannot_be_read_changes_nothing_and_names_the_nearest(
    edition: Edition, organiser_client: Client, page: str
) -> None:
    answer = organiser_client.post(page, {"what": "colours", "brand": "#ffe08a", "dark": "", "night": ""})
    assert answer.status_code == 400
    assert "The nearest colour that passes is #" in answer.text
    edition.refresh_from_db()
    assert edition.branding == {}


def test_a_picture_passes_the_checks_of_pictures_is_public_and_goes_when_it_is_replaced(
    edition: Edition, organiser_client: Client, page: str
) -> None:
    assert organiser_client.post(page, {"what": "logo", "file": picture()}).status_code == 302
    first = StoredFile.objects.get()
    assert f"/files/{first.token}/" in front(edition)
    file = Client().get(f"/en/files/{first.token}/")
    assert (file["Content-Type"], file.getvalue()[:4]) == ("image/png", b"\x89PNG")
    organiser_client.post(page, {"what": "logo", "file": picture()})
    assert StoredFile.objects.get().token != first.token
    bad = SimpleUploadedFile("logo.svg", b"<svg onload='x()'/>", "image/svg+xml")
    assert "This kind of file is not taken" in organiser_client.post(page, {"what": "picture", "file": bad}).text
    organiser_client.post(page, {"what": "logo", "remove": "1"})
    assert not StoredFile.objects.exists()


def test_own_words_stand_on_the_front_page_in_the_language_of_the_reader(
    edition: Edition, organiser_client: Client, page: str
) -> None:
    sent = {"what": "words", "welcome_en": "Come **all**", "welcome_zh-hans": "欢迎"}
    assert organiser_client.post(page, sent).status_code == 302
    assert "Come <strong>all</strong>" in front(edition)
    assert "欢迎" in Client().get(f"/zh-hans/{edition.slug}/").text


def test_a_published_page_stands_in_the_navigation_in_order_and_a_draft_is_for_organisers(
    edition: Edition, organiser: User, organiser_client: Client
) -> None:
    with scope(edition=edition):
        for slug, order, published in (("press", 20, True), ("journey", 10, True), ("hotels", 5, False)):
            row = OwnPage(edition=edition, slug=slug, order=order, published=published)
            row.title, row.text = {"en": slug.title()}, {"en": f"# About {slug}"}
            keep_page(row, user=organiser)
    shown = front(edition)
    assert 0 < shown.index("/pages/journey/") < shown.index("/pages/press/")
    assert "/pages/hotels/" not in shown
    assert "<h2>About journey</h2>" in Client().get(f"/en/{edition.slug}/pages/journey/").text
    assert Client().get(f"/en/{edition.slug}/pages/hotels/").status_code == 404
    assert "A draft" in organiser_client.get(f"/en/{edition.slug}/pages/hotels/").text


def test_a_page_is_written_changed_and_removed_on_the_desk(
    edition: Edition, organiser_client: Client, page: str
) -> None:
    new = f"{page}pages/new/"
    sent = {"title_en": "Journey", "text_en": "By *train*", "slug": "journey", "order": "10", "published": "on"}
    assert organiser_client.post(new, sent).status_code == 302
    assert "By <em>train</em>" in Client().get(f"/en/{edition.slug}/pages/journey/").text
    assert "Another page of this fair has this address" in organiser_client.post(new, sent).text
    with scope(edition=edition):
        row = OwnPage.objects.get()
    assert organiser_client.post(f"{page}pages/{row.pk}/", {"remove": "1"}).status_code == 302
    assert "/pages/journey/" not in front(edition)
    assert {"own_page.made", "own_page.removed"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_a_copy_of_the_fair_looks_alike_and_has_its_pages_only_if_they_are_copied(
    edition: Edition, organiser: User
) -> None:
    with scope(edition=edition):
        keep_page(
            OwnPage(edition=edition, slug="press", title={"en": "Press"}, text={"en": "-"}, published=True),
            user=organiser,
        )
    Edition.objects.filter(pk=edition.pk).update(
        branding={"night": "#20103a", "pages": [{"slug": "press", "title": {"en": "Press"}}]}
    )
    for slug, parts, pages in (("next-a", ["pages"], True), ("next-b", [], False)):
        new = Edition.objects.get(pk=edition.pk)
        new.pk, new._state.adding, new.slug = None, True, slug
        copy = clone_edition(Edition.objects.get(pk=edition.pk), new, parts, invite=False, user=organiser).edition
        copy.refresh_from_db()
        assert copy.branding["night"] == "#20103a"
        assert ("pages" in copy.branding) == pages
