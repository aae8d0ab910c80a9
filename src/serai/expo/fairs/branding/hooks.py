"""The card of the branding on the organiser's desk, and own pages in the next fair."""

from django.utils.translation import gettext_lazy as _

from serai.expo.fairs.branding.domain import keep_titles
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied, edition_cloned

card(
    "branding",
    "build",
    title=_("Look and own pages"),
    text=_("Logo, colours, header picture, your words on the front page, and pages of your own."),
    order=80,
)
copied(OwnPage, "pages")
edition_cloned.register(keep_titles)
