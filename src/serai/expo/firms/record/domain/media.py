"""The logo of a firm, its pictures, and links to its films: shown to everyone, the last two with words for those who
do not see them.

A film stays where it is: the page holds a link that a reader follows by choice, so that no page asks anything of a
third party.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.domain import FileRefusedError, discard, keep
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.firms.record.domain.profile import change, mark
from serai.expo.firms.record.models import Firm, Medium
from serai.expo.people.account.models import User

MOST = 12
_is_link = URLValidator(schemes=["https"])


class MediumRefusedError(ValueError):
    """Why a picture or a film is not taken, in the reader's language."""


@transaction.atomic
def add_picture(firm: Firm, upload: "UploadedFile[Any]", caption: Mapping[str, str], *, user: User) -> Medium:
    """Keep a picture, without what its camera wrote into it. Raises MediumRefusedError."""
    captions, number = _ready(firm, caption)
    try:
        file = keep(upload, firm=firm, user=user, audience=Audience.PUBLIC, pictures_only=True)
    except FileRefusedError as error:
        raise MediumRefusedError(str(error)) from error
    made = Medium(firm=firm, number=number, kind=Medium.Kind.PICTURE, file=file, caption=captions)
    return _write(made, user)


@transaction.atomic
def add_film(firm: Firm, link: str, caption: Mapping[str, str], *, user: User) -> Medium:
    """Keep a link to a film. Raises MediumRefusedError."""
    captions, number = _ready(firm, caption)
    try:
        _is_link(link)
    except ValidationError:
        raise MediumRefusedError(_("This is no address of a film. Write it as in https://example.com/film.")) from None
    if len(link) > 500:
        raise MediumRefusedError(_("The address is longer than 500 characters. Use a shorter one."))
    return _write(Medium(firm=firm, number=number, kind=Medium.Kind.FILM, link=link, caption=captions), user)


@transaction.atomic
def set_logo(firm: Firm, upload: "UploadedFile[Any]", *, user: User) -> None:
    """Keep a picture as the firm's logo; the one before is deleted for good. Raises MediumRefusedError."""
    try:
        file = keep(upload, firm=firm, user=user, audience=Audience.PUBLIC, pictures_only=True)
    except FileRefusedError as error:
        raise MediumRefusedError(str(error)) from error
    _exchange_logo(firm, file, user)


@transaction.atomic
def remove_logo(firm: Firm, *, user: User) -> None:
    """Take the logo away; its file is deleted for good."""
    _exchange_logo(firm, None, user)


def _exchange_logo(firm: Firm, file: StoredFile | None, user: User) -> None:
    before = Firm.objects.select_for_update(of=("self",)).select_related("logo").get(pk=firm.pk).logo
    if before != file:
        change(firm, {"logo": file}, user=user)
    if before is not None:
        discard(before, user=user)


@transaction.atomic
def remove(medium: Medium, *, user: User) -> None:
    """Take a picture or a film away; the file of a picture is deleted for good."""
    record("medium.removed", medium, before=state(medium), user=user)
    file = medium.file
    medium.delete()
    if file is not None:
        discard(file, user=user)


def _ready(firm: Firm, caption: Mapping[str, str]) -> tuple[dict[str, str], int]:
    locked = Firm.objects.select_for_update().get(pk=firm.pk)
    captions = {language: text.strip()[:300] for language, text in caption.items() if text.strip()}
    if not captions:
        raise MediumRefusedError(_("Say what is to be seen, for those who do not see it."))
    if locked.media.count() >= MOST:
        raise MediumRefusedError(_("At most %d pictures and films are kept; remove one first.") % MOST)
    return captions, (locked.media.aggregate(last=Max("number"))["last"] or 0) + 1


def _write(medium: Medium, user: User) -> Medium:
    medium.save()
    firm = medium.firm
    firm.provenance = mark(firm, ["media"], "firm", user=user)
    firm.save(update_fields=["provenance"])
    record("medium.added", medium, after=state(medium), user=user)
    return medium
