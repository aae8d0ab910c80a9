"""What can be found: one row a firm in an edition, an offer or a need."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel


class SearchEntry(EditionModel):
    """The terms and the meaning of a firm with all that it says, or of one of its offers or needs.

    The row of a firm follows ``Participation.tokens`` by a trigger of the database, whoever writes them; its missing
    vector says that the firm's rows are to be made anew (``search.domain.catch_up``).

    ``item`` is the primary key of the offer or need, 0 for a firm. ``terms`` stand between spaces in the order of the
    text. ``vector`` is the meaning in half precision by the encoder of the name ``encoder``; ``coming`` is the one by
    the encoder that is to follow, while the texts are read anew (``search.renewing``). ``codes`` are the codes that the
    texts may have (``codes.likeness.packed``). ``revision`` grows with every change, for those who keep a copy.
    """

    class Kind(models.TextChoices):
        FIRM = "firm", _("Firm")
        OFFER = "offer", _("Offer")
        NEED = "need", _("Need")

    edition = models.ForeignKey("expo.Edition", models.CASCADE, related_name="search_entries")
    participation = models.ForeignKey("expo.Participation", models.CASCADE, related_name="search_entries")
    kind = models.CharField(max_length=8, choices=Kind)
    item = models.BigIntegerField(default=0)
    terms = models.TextField(blank=True)
    vector = models.BinaryField(null=True)
    encoder = models.CharField(max_length=80, blank=True, db_default="")
    coming = models.BinaryField(null=True)
    coming_encoder = models.CharField(max_length=80, blank=True, db_default="")
    codes = models.BinaryField(null=True)
    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "kind", "item"], name="search_entry_once_a_thing")
        ]
        indexes: ClassVar = [
            models.Index(fields=["edition", "revision"], name="search_entry_revision"),
            models.Index(
                fields=["edition", "participation"],
                name="search_entry_without_meaning",
                condition=models.Q(vector__isnull=True),
            ),
            models.Index(
                fields=["edition", "encoder"], name="search_entry_encoder", condition=models.Q(vector__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item or self.participation_id}"
