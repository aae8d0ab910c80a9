"""A person's photo: the person alone sets it, deletes it and chooses who sees it."""

from base64 import b64encode
from collections.abc import Iterator

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.erasure import mask_rows
from serai.expo.base.files.domain import discard, keep, place
from serai.expo.base.files.models import Audience, StoredFile, focus_of
from serai.expo.people.account.models import User

AUDIENCES = (Audience.PUBLIC, Audience.PARTICIPANTS, Audience.FIRM)
"""The audiences that a person may choose: everyone, participants of its firms' fairs, or its firms alone."""


@transaction.atomic
def set_photo(user: User, upload: "UploadedFile[bytes]", audience: str, focus: str = "") -> StoredFile:
    """Replace the photo. Raises files.domain.FileRefusedError, and then nothing has changed."""
    before = user.photo
    photo = keep(upload, person=user, user=user, audience=_allowed(audience), pictures_only=True)
    photo.focus = focus_of(focus)
    photo.save(update_fields=["focus"])
    user.photo = photo
    user.save(update_fields=["photo"])
    if before is not None:
        discard(before, user=user)
    return photo


@transaction.atomic
def show_photo_to(user: User, audience: str, focus: str = "") -> None:
    """Choose who sees the photo, and what of it stays in sight where it is cut."""
    if user.photo is None:
        return
    before = user.photo.audience
    user.photo.audience = _allowed(audience)
    user.photo.focus = focus_of(focus or user.photo.focus)
    user.photo.save(update_fields=["audience", "focus"])
    record("file.shown_to", user.photo, before={"audience": before}, after={"audience": user.photo.audience}, user=user)


@transaction.atomic
def remove_photo(user: User) -> None:
    """Delete the photo for good."""
    before = user.photo
    if before is None:
        return
    user.photo = None
    user.save(update_fields=["photo"])
    discard(before, user=user)


def contents_of(user: User) -> Iterator[tuple[StoredFile, str]]:
    """Each file of a person with its content as a `data:` address. Files that the store has lost are left out."""
    for file in StoredFile.objects.filter(person=user).order_by("pk"):
        if (path := place(file)).exists():
            yield file, f"data:{file.media_type};base64,{b64encode(path.read_bytes()).decode('ascii')}"


def forget_files(user: User) -> None:
    """Delete all files of a person that is erased, and mask them in the audit trail."""
    for file in StoredFile.objects.filter(person=user):
        number = file.pk
        discard(file)
        mask_rows(StoredFile, [number])


def _allowed(audience: str) -> Audience:
    return Audience(audience) if audience in AUDIENCES else Audience.FIRM
