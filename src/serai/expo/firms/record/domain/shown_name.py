"""What a firm is called where people read."""

from typing import TYPE_CHECKING

from serai.expo.base.text import in_language

if TYPE_CHECKING:
    from serai.expo.firms.record.models import Firm


def shown_name(firm: "Firm", language: str | None = None) -> str:
    """The firm's name in ``language``, else the reader's; its legal name where it has said none."""
    return in_language(firm.name, language).text or firm.legal_name
