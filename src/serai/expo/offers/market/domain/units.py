"""Units in which quantities of offers and needs are counted."""

from django.utils.translation import gettext_lazy as _

UNITS = (
    ("", "—"),
    ("H87", _("pieces")),
    ("C62", _("units")),
    ("PR", _("pairs")),
    ("DZN", _("dozens")),
    ("MIL", _("thousands")),
    ("SET", _("sets")),
    ("GRM", _("grams")),
    ("KGM", _("kilograms")),
    ("TNE", _("tonnes")),
    ("MLT", _("millilitres")),
    ("LTR", _("litres")),
    ("MMT", _("millimetres")),
    ("MTR", _("metres")),
    ("KMT", _("kilometres")),
    ("MTK", _("square metres")),
    ("HAR", _("hectares")),
    ("MTQ", _("cubic metres")),
    ("KWT", _("kilowatts")),
    ("MAW", _("megawatts")),
    ("KWH", _("kilowatt hours")),
    ("MWH", _("megawatt hours")),
    ("TKM", _("tonne-kilometres")),
    ("HUR", _("hours")),
    ("DAY", _("days")),
    ("WEE", _("weeks")),
    ("MON", _("months")),
    ("ANN", _("years")),
)
"""Of UN/CEFACT Recommendation 20 (revision 17, 2021) those that goods and services of a fair are counted in. A piece is
H87; C62, 'one', counts what is not a piece, such as licences or journeys."""
