"""Certificates that an offer carries: rows of its firm, each with its file, its validity and who verified it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.among import among
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.certificates import canonical_list
from serai.expo.base.files.domain import FileRefusedError, keep
from serai.expo.firms.record.domain.profile import ProfileError, put
from serai.expo.firms.record.domain.visibility import audience_of
from serai.expo.firms.record.models import Certification
from serai.expo.offers.market.domain.items import ItemRefusedError, keep_item
from serai.expo.offers.market.models import MarketItem, Offer
from serai.expo.people.account.models import User


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
def add_certificate(
    offer: Offer, values: Mapping[str, Any], file: UploadedFile[bytes] | None, *, user: User
) -> Certification:
    """Enter a certificate of the firm, with its file, and let the offer carry it.

    Raises ItemRefusedError where the file is of another kind or too large, or where a value cannot be.
    """
    firm = offer.participation.firm
    row = Certification(firm=firm, **values)
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
