"""Where an identifier leads: to its firm, or to the one that this has become. No identifier is ever lost."""

from serai.expo.firms.record.models import Firm


def leading(said: str) -> str:
    """The identifier of the firm to which this one leads, for a query; one that is not known as it was said."""
    identifier = said.replace("\0", "").strip().upper()[:16]
    found = Firm.objects.select_related("merged_into").filter(identifier=identifier, merged_into__isnull=False).first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found.identifier if found else identifier
