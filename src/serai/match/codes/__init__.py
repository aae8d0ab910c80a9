"""Codes suggested for a text: headings of the Harmonized System, classes of ISIC and nodes of the chains.

A person chooses among them; no text gets a code without being asked.
"""

from serai.match.codes.phrases import CodeKind
from serai.match.codes.suggestion import NONE_BELOW, Suggestion, service_chances, suggest

__all__ = ["NONE_BELOW", "CodeKind", "Suggestion", "service_chances", "suggest"]
