"""Units in which quantities of offers and needs are counted."""

from django.utils.translation import gettext_lazy as _

UNITS = (
    ("", "—"),
    ("C62", _("pieces")),
    ("SET", _("sets")),
    ("KGM", _("kilograms")),
    ("TNE", _("tonnes")),
    ("LTR", _("litres")),
    ("MTR", _("metres")),
    ("KMT", _("kilometres")),
    ("MTK", _("square metres")),
    ("MTQ", _("cubic metres")),
    ("KWH", _("kilowatt hours")),
    ("HUR", _("hours")),
    ("DAY", _("days")),
)
"""Of UN/CEFACT Recommendation 20 those that goods and services of a fair are counted in."""
