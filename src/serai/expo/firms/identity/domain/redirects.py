"""Where an identifier leads: to its firm, or to the one that this has become. No identifier is ever lost."""

from serai.expo.firms.record.models import Firm


def leading(identifier_given: str) -> str:
    """The identifier of the firm to which this one leads, for a query; one that is not known as it was said."""
    identifier = identifier_given.replace("\0", "").strip().upper()[:16]
    firm = Firm.objects.select_related("merged_into").filter(identifier=identifier, merged_into__isnull=False).first()
    while firm is not None and firm.merged_into is not None:
        firm = firm.merged_into
    return firm.identifier if firm else identifier
