"""Redirects: the identifier of a merged firm leads to the surviving one. No identifier is lost."""

from serai.expo.firms.record.models import Firm


def leading(identifier_given: str) -> str:
    """The current identifier of the firm with this one. An unknown identifier is returned in its normal form."""
    identifier = identifier_given.replace("\0", "").strip().upper()[:16]
    firm = Firm.objects.select_related("merged_into").filter(identifier=identifier, merged_into__isnull=False).first()
    while firm is not None and firm.merged_into is not None:
        firm = firm.merged_into
    return firm.identifier if firm else identifier
