"""The firm: one record that lives across editions, and the rows that belong to it."""

from serai.expo.firms.record.models.firm import Firm
from serai.expo.firms.record.models.identity import FirmAlias, FirmIdentifier
from serai.expo.firms.record.models.profile import Certification, Flow, Medium, Plant

__all__ = ["Certification", "Firm", "FirmAlias", "FirmIdentifier", "Flow", "Medium", "Plant"]
