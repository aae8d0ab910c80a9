"""The firm: one record that lives across editions, what belongs to it, who it is, and who vouches for it."""

from serai.expo.firms.record.models.firm import Firm
from serai.expo.firms.record.models.identity import FirmAlias, FirmIdentifier, FirmMerge, FirmPair, FirmParting
from serai.expo.firms.record.models.profile import Certification, Flow, Medium, Plant
from serai.expo.firms.record.models.trust import Claim, ClaimCode, Evidence, Verification

__all__ = [
    "Certification",
    "Claim",
    "ClaimCode",
    "Evidence",
    "Firm",
    "FirmAlias",
    "FirmIdentifier",
    "FirmMerge",
    "FirmPair",
    "FirmParting",
    "Flow",
    "Medium",
    "Plant",
    "Verification",
]
