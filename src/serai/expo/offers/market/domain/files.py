"""Pictures and documents of offers and needs."""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.files.models import Focus, focus_of
from serai.expo.base.narrowed_files import delete_on_commit
from serai.expo.base.uploads import DOCUMENTS, PICTURES, UploadRefusedError, check_upload, cleaned
from serai.expo.fairs.edition.models import Participation
from serai.expo.offers.market.domain.items import ItemRefusedError
from serai.expo.offers.market.domain.visibility import named_to, shown_to_all
from serai.expo.offers.market.models import MarketFile, MarketItem, Offer, Review
from serai.expo.people.account.models import User

MOST_FILES = 8


class Readers(Enum):
    """Who may read a file."""

    ALL = "all"
    READER = "reader"
    """The reader, and not everybody."""
    NOBODY = "nobody"


def readers_of(file: MarketFile, user: User | AnonymousUser) -> Readers:
    """Whether everybody, or at least ``user``, may read a file: the firm, the organiser, whom an item is named to.

    The file comes with its item; NOBODY also if it is not in the storage.
    """
    item: MarketItem | None = file.offer or file.need
    if item is None or not file.file.storage.exists(file.file.name or ""):
        return Readers.NOBODY
    item.participation = Participation.objects.select_related("edition").get(pk=item.participation_id)
    if not item.anonymous and type(item).objects.filter(shown_to_all(), pk=item.pk).exists():
        return Readers.ALL
    named = item.anonymous and item.review == Review.PUBLISHED and named_to(user, item.participation.edition)(item)
    may_read = named or user.has_perm("expo.see_desk", item.participation)
    return Readers.READER if may_read else Readers.NOBODY


@transaction.atomic
def add_file(
    item: MarketItem,
    file: UploadedFile[Any],
    *,
    kind: str,
    description: Mapping[str, str],
    user: User,
    focus: str = Focus.CENTRE,
) -> MarketFile:
    """Keep a picture of an offer or a document of an item.

    Raises ItemRefusedError where the file is not of a kind that is taken, too large, or one too many, or where a
    picture does not say what it shows.
    """
    of_item = {"offer": item} if isinstance(item, Offer) else {"need": item}
    if MarketFile.objects.filter(**of_item).count() >= MOST_FILES:
        raise ItemRefusedError(_("At most %d files are kept; remove one first.") % MOST_FILES)
    is_picture = kind == MarketFile.Kind.PICTURE
    if is_picture and not any(description.values()):
        raise ItemRefusedError(_("Say what the picture shows, for those who can't see it."))
    try:
        media_type = check_upload(file, PICTURES if is_picture else DOCUMENTS)
        file = cleaned(file, media_type)
    except UploadRefusedError as refusal:
        raise ItemRefusedError(str(refusal)) from None
    made = MarketFile.objects.create(
        edition=item.edition,
        kind=kind,
        file=file,
        media_type=media_type,
        description=dict(description),
        focus=focus,
        **of_item,
    )
    record("market_file.added", made, after=state(made), user=user, edition=item.edition)
    return made


def set_focus(file: MarketFile, focus: str, *, user: User) -> None:
    """Choose what of a picture must stay in sight; the centre where it is no spot of a picture."""
    record_change("market_file.changed", file, user=user, focus=focus_of(focus))


@transaction.atomic
def remove_file(file: MarketFile, *, user: User) -> None:
    """Delete a file for good."""
    record("market_file.removed", file, before=state(file), user=user, edition=file.edition)
    delete_on_commit(Path(file.file.path))
    file.delete()
