"""Pictures and documents of offers and needs."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.audit.domain import record, state
from serai.expo.market.keeping import ItemRefusedError
from serai.expo.market.models import MarketFile, MarketItem, Offer
from serai.expo.people.models import User
from serai.expo.uploads import DOCUMENTS, PICTURES, UploadRefusedError, check_upload, cleaned

MOST_FILES = 8


@transaction.atomic
def add_file(
    item: MarketItem, file: UploadedFile[Any], *, kind: str, description: Mapping[str, str], user: User
) -> MarketFile:
    """Keep a picture of an offer or a document of an item. Call inside of the scope.

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
        edition=item.edition, kind=kind, file=file, media_type=media_type, description=dict(description), **of_item
    )
    record("market_file.added", made, after=state(made), user=user, edition=item.edition)
    return made


@transaction.atomic
def remove_file(file: MarketFile, *, user: User) -> None:
    """Delete a file for good."""
    record("market_file.removed", file, before=state(file), user=user, edition=file.edition)
    transaction.on_commit(lambda: file.file.delete(save=False))
    file.delete()
