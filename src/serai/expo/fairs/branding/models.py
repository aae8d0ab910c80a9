"""Pages that an organiser writes for a fair."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class OwnPage(EditionModel):
    """A page of the fair in the organiser's words, in Markdown and per language."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="own_pages")
    slug = models.SlugField(
        _("Address"), max_length=60, help_text=_("The last part of its web address, such as 'how-to-get-there'.")
    )
    title = LocalizedTextField(verbose_name=_("Title"))
    text = LocalizedTextField(verbose_name=_("Text"))
    order = models.PositiveSmallIntegerField(_("Order"), default=10)
    published = models.BooleanField(_("Published"), default=False)

    class Meta:
        ordering: ClassVar = ["order", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "slug"], name="own_page_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.slug}"
