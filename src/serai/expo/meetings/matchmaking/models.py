"""What the organiser chose about matching, the lists of suggestions, and the lists each protected firm stood in."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.base.scopes import EditionModel


class MatchingChoice(EditionModel):
    """The organiser's choice about matching, and the curve that showed what each floor costs."""

    edition = models.OneToOneField("Edition", models.CASCADE, related_name="matching_choice")
    floor = models.PositiveSmallIntegerField(default=1)
    link_weights = models.JSONField(default=dict, blank=True, help_text=_("Weight of each property of a link."))
    most_lost = models.FloatField(default=0.05, help_text=_("Share of a list's relevance that a link may cost."))
    table = models.CharField(
        max_length=40, blank=True, help_text=_("The world table that says which industries trade; empty: the usual.")
    )
    learned = models.JSONField(
        default=dict, blank=True, help_text=_("Weights of what speaks for a match, learned from the answers.")
    )
    learned_at = models.DateTimeField(null=True, blank=True)
    curve = models.JSONField(default=list, blank=True)
    curve_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.edition}: floor {self.floor}"


class Suggestion(EditionModel):
    """A suggestion to a participant, as the lists were last made."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="suggestions")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="suggestions")
    partner = models.ForeignKey("Participation", models.CASCADE, related_name="suggested_to")
    rank = models.PositiveSmallIntegerField(help_text=_("Place in the list, from 1."))
    score = models.FloatField(help_text=_("0 to 1."))
    made_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["participation", "rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "rank"], name="one_suggestion_a_rank"),
            models.CheckConstraint(
                name="suggestion_is_of_another", condition=~models.Q(participation=models.F("partner"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.partner} for {self.participation}"


class Exposure(EditionModel):
    """Number of lists in which a protected participant should stand on a day, and in which it stood."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="exposures")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="exposures")
    day = models.DateField()
    promised = models.PositiveIntegerField()
    given = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["day", "participation"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "day"], name="one_exposure_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.participation} on {self.day}: {self.given} of {self.promised}"
