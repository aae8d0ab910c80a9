"""Codes guessed from words: headings of the Harmonized System, classes of ISIC and nodes of the chains.

For "pick one of these five", not for coding in silence.
"""

from serai.match.codes.phrases import CodeKind
from serai.match.codes.suggestion import Suggestion, suggest

__all__ = ["CodeKind", "Suggestion", "suggest"]
