"""What is attached to offers and needs: pictures and documents, and the certificates that an offer carries.

A certificate is a row of its firm, with its file, its validity and who verified it.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.certificates import canonical_list
from serai.expo.base.files.domain import FileRefusedError, keep
from serai.expo.base.files.models import Focus, focus_of
from serai.expo.base.narrowed_files import delete_on_commit
from serai.expo.base.rows import among
from serai.expo.base.uploads import DOCUMENTS, PICTURES, UploadRefusedError, check_upload, cleaned
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.profile import ProfileError, put
from serai.expo.firms.record.domain.visibility import audience_of
from serai.expo.firms.record.models import Certification
from serai.expo.offers.market.domain.items import ItemRefusedError, keep_item
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


@transaction.atomic
def carry(offer: Offer, certifications: Iterable[Certification], *, user: User) -> None:
    """Let an offer carry these certificates of its firm and no others. Those of another firm are passed over."""
    firm = offer.participation.firm_id
    chosen = {certificate.pk for certificate in certifications if certificate.firm_id == firm}
    before = sorted(offer.certifications.values_list("pk", flat=True))
    if chosen == set(before):
        return
    offer.certifications.set(chosen)
    record(
        "offer.certificates_changed",
        offer,
        before={"certifications": before},
        after={"certifications": sorted(chosen)},
        user=user,
        edition=offer.edition,
    )


@transaction.atomic
def keep_with_certificates[Item: MarketItem](
    item: Item, certifications: Iterable[Certification], *, user: User
) -> Item:
    """Write an offer with the certificates that it carries, or a need. Raises ItemRefusedError."""
    keep_item(item, user=user)
    if isinstance(item, Offer):
        carry(item, certifications, user=user)
    return item


@transaction.atomic
def add_certificate(offer: Offer, values: Mapping[str, Any], *, user: User) -> Certification:
    """Enter a certificate of the firm, with its `file`, and let the offer carry it.

    Raises ItemRefusedError where the file is of another kind or too large, or where a value cannot be.
    """
    firm = offer.participation.firm
    columns = dict(values)
    file: UploadedFile[bytes] | None = columns.pop("file")
    row = Certification(firm=firm, **columns)
    try:
        if file is not None:
            row.file = keep(file, firm=firm, user=user, audience=audience_of(firm, "certificate_files"))
        put(row, user=user, edition=offer.edition)
    except (FileRefusedError, ProfileError) as refusal:
        raise ItemRefusedError(str(refusal)) from None
    carry(offer, [*offer.certifications.all(), row], user=user)
    return row


@transaction.atomic
def verify_certificate(offer: Offer, number: int, how: str, *, user: User) -> None:
    """An organiser has looked at a certificate that the offer carries. Raises ItemRefusedError if it says not how."""
    row = offer.certifications.select_for_update().filter(pk=number).first()
    if row is None:
        raise ItemRefusedError(_("The offer does not carry this certificate."))
    if not how.strip():
        raise ItemRefusedError(_("Say how you verified it, such as: in the register of the issuing body."))
    before = state(row)
    row.verified_by, row.verified_at, row.verified_how = user, timezone.now(), how.strip()[:300]
    row.save(update_fields=["verified_by", "verified_at", "verified_how"])
    record("certification.verified", row, before=before, after=state(row), user=user, edition=offer.edition)


def still_valid(to: str, fair: str = "edition__") -> Q:
    """The condition that the certificate to which this path leads is valid on the opening day of the fair."""
    return Q(**{f"{to}valid_until": None}) | Q(**{f"{to}valid_until__gte": F(f"{fair}starts_on")})


def schemes_of(offers: Collection[int]) -> dict[int, list[str]]:
    """By offer of these the schemes of the certificates that it carries, valid on the opening day of its fair."""
    through = Offer.certifications.through._base_manager.filter(among("offer", offers)).order_by()
    valid = still_valid("certification__", "offer__edition__")
    schemes: dict[int, list[str]] = {}
    for offer, scheme in through.filter(valid).values_list("offer_id", "certification__scheme"):
        schemes.setdefault(offer, []).append(scheme)
    return {offer: canonical_list(names) for offer, names in schemes.items()}
