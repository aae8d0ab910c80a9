"""An account: made once for a mail address, its profile and its photo, and the letters about it."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.domain.erasure import mask_rows
from serai.expo.base.files.domain import discard, keep, place
from serai.expo.base.files.models import Audience, StoredFile, focus_of
from serai.expo.base.rooms import Hook
from serai.expo.base.rows import made_once
from serai.expo.people.account.models import User

FIELDS = ("given_name", "family_name", "name_order", "native_name", "position", "languages", "language")
FAMILY_FIRST = {"zh", "ja", "ko", "vi", "hu"}
"""Languages in which the family name comes first."""
HAN_OR_HANGUL = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]")


def display_name(given: str, family: str, order: str) -> str:
    """The names in their order; Chinese and Korean names have no space between them."""
    names = (family, given) if order == User.NameOrder.FAMILY_FIRST else (given, family)
    filled = [name.strip() for name in names if name.strip()]
    together = all(HAN_OR_HANGUL.search(name) for name in filled)
    return ("" if together else " ").join(filled)


def usual_order(user: User) -> str:
    """The order of names in the language that a person reads or speaks first, where it has not chosen one."""
    languages = {language.partition("-")[0] for language in (user.language, *user.languages[:1])}
    return User.NameOrder.GIVEN_FIRST if FAMILY_FIRST.isdisjoint(languages) else User.NameOrder.FAMILY_FIRST


@transaction.atomic
def change_profile(user: User, fields: Mapping[str, Any], *, by: User) -> None:
    """Change the profile (FIELDS). The name that is shown follows from its parts."""
    before = state(user)
    for name in FIELDS:
        if name in fields:
            setattr(user, name, fields[name])
    user.name = display_name(user.given_name, user.family_name, user.name_order) or user.name
    user.save(update_fields=[*FIELDS, "name"])
    record("user.profile_changed", user, before=before, after=state(user), user=by)


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


@made_once
def account_of(email: str, *, name: str = "", by: User | None = None) -> User:
    """The account with this mail address, made without a password where there is none.

    The address counts as proved only after a code that was sent there. Raises ValidationError for what is no address.
    """
    email = email.strip().lower()
    validate_email(email)
    if there := User.objects.filter(email=email).first():
        return there
    user = User.objects.create_user(email, name=name, language=get_language() or "en")
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    record("user.made", user, after=state(user), user=by)
    return user


IPV6_PREFIX = 64
"""A visitor has at least a network of this size, so a limit per single IPv6 address would limit nobody."""


def place_of(request: HttpRequest) -> str:
    """The visitor's address before as many proxies as SERAI_PROXIES says; for IPv6 its network."""
    client: str = get_adapter().get_client_ip(request)
    try:
        address = ip_address(client)
    except ValueError:
        return client  # a socket of the machine has no address
    return str(ip_network((address, IPV6_PREFIX), strict=False)) if isinstance(address, IPv6Address) else client


account_letter = Hook[[str, str, str, str, int | None], object]("letter about an account")
"""Called with mail address, language, subject, text, and for how many seconds the code in it is good, if it has one.

Whoever keeps the outbox queues the letter.
"""
