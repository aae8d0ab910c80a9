"""The nine properties of a supply network by their names in the reader's language, in their order."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

PROPERTIES: Mapping[str, Promise] = {
    "secure": pgettext_lazy("property of a chain", "Secure"),
    "stable": pgettext_lazy("property of a chain", "Stable"),
    "smooth": pgettext_lazy("property of a chain", "Smooth"),
    "efficient": pgettext_lazy("property of a chain", "Efficient"),
    "open": pgettext_lazy("property of a chain", "Open"),
    "inclusive": pgettext_lazy("property of a chain", "Inclusive"),
    "mutual": pgettext_lazy("property of a chain", "Mutually beneficial"),
    "green": pgettext_lazy("property of a chain", "Green"),
    "digital": pgettext_lazy("property of a chain", "Digital"),
}
