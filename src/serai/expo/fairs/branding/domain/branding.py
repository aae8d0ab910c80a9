"""Choosing how a fair looks: its colours, its pictures, and its words on the front page."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.files.domain import discard, keep
from serai.expo.base.files.models import Audience, StoredFile, focus_of
from serai.expo.fairs.branding.domain.colours import USES, checked, nearest, text_on
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User

PICTURES = ("logo", "picture")
"""The pictures of a fair: its logo beside the name on every page, and one in the header of the front page."""


@transaction.atomic
def set_colours(edition: Edition, colours: Mapping[str, str], *, user: User) -> None:
    """Choose the colours of USES; an empty one is as Serai comes. Raises ColourRefusedError, and changes nothing then.

    Without a main colour for dark pages it is the nearest to that of light pages that can be read there.
    """
    chosen = {key: checked(key, colours[key]) for key in USES if colours.get(key)}
    if "brand" in chosen and "dark" not in chosen:
        chosen["dark"] = nearest("dark", chosen["brand"])
    others = {key: value for key, value in edition.branding.items() if key not in USES}
    _keep(edition, others | chosen, user)


@transaction.atomic
def set_picture(edition: Edition, key: str, upload: "UploadedFile[bytes] | None", *, user: User) -> None:
    """Replace a picture of PICTURES, or take it away. Raises FileRefusedError, and changes nothing then."""
    before, branding = edition.branding.get(key), dict(edition.branding)
    branding.pop(key, None)
    if key == "picture":
        branding.pop("focus", None)  # it was of the picture that goes
    if upload is not None:
        kept = keep(upload, organisation=edition.organisation, user=user, audience=Audience.PUBLIC, pictures_only=True)
        branding[key] = kept.token
    _keep(edition, branding, user)
    used = {
        token for others in Edition.objects.values_list("branding", flat=True) for token in others.values() if token
    }
    if before and before not in {token for token in used if isinstance(token, str)}:
        for file in StoredFile.objects.filter(token=before):
            discard(file, user=user)


def set_focus(edition: Edition, focus: str, *, user: User) -> None:
    """Choose what of the header picture must stay in sight; the centre where it is no spot of a picture."""
    _keep(edition, {**edition.branding, "focus": focus_of(focus).value}, user)


@transaction.atomic
def set_words(edition: Edition, words: Mapping[str, str], *, user: User) -> None:
    """Choose the words on the front page, in Markdown by language."""
    if dict(words) != edition.welcome:
        record_change("edition.words_chosen", edition, user=user, welcome=dict(words))


def stylesheet(edition: Edition) -> str:
    """The colours of the fair as CSS; empty where it chose none."""
    chosen = edition.branding
    lines = []
    if "brand" in chosen:
        light, dark = chosen["brand"], chosen["dark"]
        lines += [
            f"  --brand: light-dark({light}, {dark});",
            f"  --on-brand: light-dark({text_on(light)}, {text_on(dark)});",
        ]
    if "night" in chosen:
        lines.append(f"  --night: {chosen['night']};")
    return "\n".join([":root {", *lines, "}", ""]) if lines else ""


def _keep(edition: Edition, branding: dict[str, Any], user: User) -> None:
    if branding != edition.branding:
        record_change("edition.branded", edition, user=user, branding=branding)
