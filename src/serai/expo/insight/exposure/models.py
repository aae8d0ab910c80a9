"""What a firm says of its inputs and their sources: its own affair."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel


class DeclaredInput(EditionModel):
    """An input of a participant: a link of a chain or one of its needs, with its stock and what it buys in a year."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="declared_inputs")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="declared_inputs")
    node = models.ForeignKey("Node", models.CASCADE, null=True, blank=True, related_name="declared_inputs")
    need = models.ForeignKey("Need", models.CASCADE, null=True, blank=True, related_name="declared_inputs")
    stock_weeks = models.DecimalField(
        max_digits=5, decimal_places=1, null=True, blank=True, help_text=_("Weeks that the stock lasts.")
    )
    volume = models.DecimalField(
        max_digits=16, decimal_places=2, null=True, blank=True, help_text=_("What is bought in a year.")
    )
    unit = models.CharField(max_length=16, blank=True, help_text=_("UN/CEFACT Recommendation 20 code."))
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="input_is_a_link_or_a_need",
                condition=models.Q(node__isnull=True, need__isnull=False)
                | models.Q(node__isnull=False, need__isnull=True),
            ),
            models.UniqueConstraint(fields=["participation", "node"], name="input_once_a_link"),
            models.UniqueConstraint(fields=["participation", "need"], name="input_once_a_need"),
        ]

    def __str__(self) -> str:
        return f"Input {self.pk} of {self.participation_id}"


class PresentSource(EditionModel):
    """A source of an input today: its country, its firm where that is said, and its share of what is bought."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="present_sources")
    input = models.ForeignKey(DeclaredInput, models.CASCADE, related_name="sources")
    country = models.CharField(max_length=2, help_text=_("ISO 3166 alpha-2."))
    firm = models.CharField(max_length=200, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=2, help_text=_("Per cent of what is bought."))

    class Meta:
        ordering: ClassVar = ["-share", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="source_has_a_share", condition=models.Q(share__gt=0) & models.Q(share__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"Source {self.pk} of {self.input_id}"
