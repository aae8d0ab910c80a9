"""A person's photo is the person's: set, shown and deleted by it alone, and gone when it goes."""

import io
from base64 import b64decode
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.domain import FileRefusedError, place
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.fairs.edition.models import Edition
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.domain.consents import give
from serai.expo.people.account.domain.privacy import erase, export_of
from serai.expo.people.account.domain.profile import set_photo, show_photo_to
from serai.expo.people.account.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))


def picture(name: str = "me.png") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue())


def client_of(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def answers(file: StoredFile, user: User | None) -> int:
    answer = client_of(user).get(reverse("stored-file", args=[file.token]))
    if answer.streaming:
        assert b"".join(answer.streaming_content) == place(file).read_bytes()  # type: ignore[arg-type]
    return answer.status_code


def test_whom_a_person_shows_the_photo_sees_it_and_nobody_else(
    edition: Edition, member: User, stranger: User, organiser: User, other_organiser: User, a_firm: Any, take_part: Any,
    new_user: Any,
) -> None:  # fmt: skip
    neighbour = a_firm("Neighbour Ltd")
    take_part(edition, neighbour)
    beside = new_user("beside", firm=neighbour)
    colleague = new_user("colleague", firm=Firm.objects.get(roles__user=member))
    readers = {"own": member, "colleague": colleague, "organiser": organiser, "beside": beside}
    readers |= {"other organiser": other_organiser, "stranger": stranger, "nobody": None}
    file = set_photo(member, picture(), Audience.FIRM)
    assert {name for name, user in readers.items() if answers(file, user) == 200} == {"own", "colleague"}
    show_photo_to(member, Audience.PARTICIPANTS)
    seen = {name for name, user in readers.items() if answers(file, user) == 200}
    assert seen == {"own", "colleague", "organiser", "beside"}
    show_photo_to(member, Audience.PUBLIC)
    assert {name for name, user in readers.items() if answers(file, user) == 200} == set(readers)


def test_it_stands_beside_the_name_for_who_may_see_both(edition: Edition, member: User, stranger: User) -> None:
    firm = Firm.objects.get(roles__user=member)
    give(member, "publish_name")
    file = set_photo(member, picture(), Audience.PARTICIPANTS)
    page = f"/en/{edition.slug}/firms/{firm.identifier}/"
    assert file.token in client_of(member).get(page).content.decode()
    hidden = client_of(stranger).get(page).content.decode()
    assert member.name in hidden
    assert file.token not in hidden


def test_a_person_sets_changes_and_deletes_it_on_the_own_page(
    member: User, django_capture_on_commit_callbacks: Any
) -> None:
    client, page = client_of(member), reverse("profile")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"photo": "set", "file": picture(), "audience": "participants"})
        first = StoredFile.objects.get()
        client.post(page, {"photo": "set", "file": picture("again.png"), "audience": "firm"})
        second = StoredFile.objects.get()
    assert (second.audience, second.person, place(first).exists(), place(second).exists()) == (
        "firm",
        member,
        False,
        True,
    )
    client.post(page, {"photo": "set", "audience": "everybody"})
    assert StoredFile.objects.get().audience == "firm"  # what is not known hides
    told = client.post(page, {"photo": "set", "file": SimpleUploadedFile("a.pdf", b"%PDF-1")}, follow=True)
    assert "kind of file" in told.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"photo": "remove"})
    assert not StoredFile.objects.exists()
    assert not place(second).exists()


def test_it_is_in_the_export_and_goes_with_the_person(member: User, django_capture_on_commit_callbacks: Any) -> None:
    file = set_photo(member, picture("li-na-at-home.png"), Audience.FIRM)
    assert export_of(member)["storedfile.person"][0]["name"] == "li-na-at-home.png"
    with django_capture_on_commit_callbacks(execute=True):
        erase(member)
    assert not StoredFile.objects.exists()
    assert not place(file).exists()
    trail = AuditEntry.objects.filter(object_type="storedfile")
    assert trail.exists()
    assert not any("li-na" in str((one.before, one.after)) for one in trail)


def test_a_document_is_no_photo(member: User) -> None:
    with pytest.raises(FileRefusedError, match="PNG, JPEG, WebP"):
        set_photo(member, SimpleUploadedFile("a.pdf", b"%PDF-1"), Audience.PUBLIC)
    member.refresh_from_db()
    assert member.photo is None


def test_own_data_holds_the_photo_itself_as_a_browser_opens_it(member: User) -> None:
    assert export_of(member)["files"] == []
    kept = set_photo(member, picture(), Audience.FIRM)
    [file] = export_of(member)["files"]
    head, content = file["content"].split(",")
    assert (file["name"], head) == ("me.png", "data:image/png;base64")
    assert b64decode(content) == place(kept).read_bytes()
    assert content in client_of(member).get("/en/account/my-data.json").text
    place(kept).unlink()
    assert export_of(member)["files"] == []
