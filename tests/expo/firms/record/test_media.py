"""A firm shows pictures and names films, and no page asks anything of a third party."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.domain import place
from serai.expo.base.files.models import StoredFile
from serai.expo.fairs.edition.domain.phases import closed_sentence, set_phases
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.firms.record.domain import media
from serai.expo.firms.record.domain.media import MediumRefusedError
from serai.expo.firms.record.models import Firm, Medium
from serai.expo.people.account.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))


@pytest.fixture
def firm(member: User) -> Firm:
    member.roles.update(kind=Role.Kind.OWNER)
    return Firm.objects.get(roles__user=member)


def picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(drawn, "PNG")
    return SimpleUploadedFile("plant.png", drawn.getvalue())


def test_a_firm_shows_a_logo_sets_another_and_takes_it_away(
    edition: Edition, firm: Firm, member_client: Client, anonymous_client: Client
) -> None:
    page, shown = (f"/en/{edition.slug}/firms/{firm.identifier}/{rest}" for rest in ("media/", ""))
    assert "firm-logo" not in anonymous_client.get(shown).text
    for _time in range(2):
        member_client.post(page, {"file": picture(), "logo": "keep"})
    file = StoredFile.objects.get()  # the first is gone
    firm.refresh_from_db()
    assert (firm.logo, firm.media.count()) == (file, 0)
    address = reverse("stored-file", args=[file.token])
    assert f'<img class="firm-logo" src="{address}"' in anonymous_client.get(shown).text
    assert address in member_client.get(page).text
    member_client.post(page, {"file": SimpleUploadedFile("a.png", b"no picture"), "logo": "keep"})
    assert StoredFile.objects.get() == file
    member_client.post(page, {"logo": "remove"})
    assert not StoredFile.objects.exists()
    assert "firm-logo" not in anonymous_client.get(shown).text
    entry = AuditEntry.objects.filter(action="firm.changed").order_by("pk").last()
    assert entry is not None
    assert entry.after is not None
    assert entry.after["logo"] is None


def test_a_firm_adds_and_takes_away_on_its_page_and_everyone_sees_it(
    edition: Edition, firm: Firm, member_client: Client, anonymous_client: Client,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    page = f"/en/{edition.slug}/firms/{firm.identifier}/media/"
    member_client.post(page, {"file": picture(), "caption": "The coating line"})
    member_client.post(page, {"link": "https://film.example/plant", "caption": "A walk through the plant"})
    assert [(one.kind, one.number) for one in firm.media.all()] == [("picture", 1), ("film", 2)]
    shown = anonymous_client.get(f"/en/{edition.slug}/firms/{firm.identifier}/").content.decode()
    assert 'alt="The coating line"' in shown
    assert '<a href="https://film.example/plant" rel="noopener nofollow">' in shown
    assert "<iframe" not in shown
    assert "<video" not in shown
    file = StoredFile.objects.get()
    answer = anonymous_client.get(reverse("stored-file", args=[file.token]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content) == place(file).read_bytes()  # type: ignore[arg-type]
    path = place(file)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        member_client.post(page, {"remove": Medium.objects.get(kind="picture").pk})
    assert not path.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (lambda firm, user: media.add_film(firm, "http://film.example/a", {"en": "A"}, user=user), "no address"),
        (lambda firm, user: media.add_film(firm, "javascript:alert(1)", {"en": "A"}, user=user), "no address"),
        (
            lambda firm, user: media.add_film(firm, "https://film.example/a", {"en": " "}, user=user),
            "what is to be seen",
        ),
        (
            lambda firm, user: media.add_picture(firm, SimpleUploadedFile("a.pdf", b"%PDF-1"), {"en": "A"}, user=user),
            "kind of file",
        ),
    ],
)
def test_what_is_not_taken_says_why(firm: Firm, member: User, act: Any, what: str) -> None:
    with pytest.raises(MediumRefusedError, match=what):
        act(firm, member)
    assert not Medium.objects.exists()
    assert not StoredFile.objects.exists()


def test_while_profiles_are_closed_the_page_says_so_shows_no_form_and_takes_nothing(
    edition: Edition, firm: Firm, member: User, member_client: Client
) -> None:
    kept = media.add_film(firm, "https://film.example/plant", {"en": "A walk"}, user=member)
    set_phases(edition, {Phase.Kind.PROFILE: (None, timezone.now() - timedelta(days=1))})
    said = closed_sentence(edition, Phase.Kind.PROFILE)
    page = f"/en/{edition.slug}/firms/{firm.identifier}/"
    for sent in ({"link": "https://film.example/more", "caption": "More"}, {"remove": str(kept.pk)}):
        answer = member_client.post(f"{page}media/", sent)
        assert (answer.status_code, said in answer.text) == (200, True)
    assert list(firm.media.all()) == [kept]
    for name in ("media", "positions"):
        shown = member_client.get(f"{page}{name}/").text
        assert said in shown
        assert "<form" not in shown.partition("<main")[2].partition("</main>")[0]


def test_there_is_an_end_to_it(firm: Firm, member: User) -> None:
    for number in range(media.MOST):
        media.add_film(firm, f"https://film.example/{number}", {"en": "A"}, user=member)
    with pytest.raises(MediumRefusedError, match="At most 12"):
        media.add_film(firm, "https://film.example/more", {"en": "A"}, user=member)
