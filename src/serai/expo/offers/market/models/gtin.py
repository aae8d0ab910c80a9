"""The number of an article of trade (GS1 GTIN, ISO/IEC 15420): 8, 12, 13 or 14 digits, the last a check digit."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import ean

LENGTHS = (8, 12, 13, 14)


def validate_gtin(value: str) -> None:
    """Raise ValidationError unless this is a GTIN whose check digit comes out."""
    if len(value) not in LENGTHS or not ean.is_valid(value):
        raise ValidationError(_("A GTIN has 8, 12, 13 or 14 digits, and its last one checks the others. Copy it anew."))
