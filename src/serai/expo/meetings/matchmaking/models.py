"""What the organiser chose about matching, the lists of suggestions, and the lists each protected firm stood in."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel


def usual_weights() -> dict[str, float]:
    """The weights of what a source does for its buyer, until an organiser chooses others."""
    return {"secure": 1.0, "stable": 1.0, "inclusive": 1.0}


class MatchingChoice(EditionModel):
    """The organiser's choice about matching, and the curve that showed what each floor costs."""

    edition = models.OneToOneField("Edition", models.CASCADE, related_name="matching_choice")
    floor = models.PositiveSmallIntegerField(default=1)
    link_weights = models.JSONField(
        default=usual_weights, blank=True, help_text=_("Weight of each property of a link.")
    )
    most_lost = models.FloatField(default=0.01, help_text=_("Share of a list's relevance that a link may cost."))
    table = models.CharField(
        max_length=40, blank=True, help_text=_("The world table that says which industries trade; empty: the usual.")
    )
    learned = models.JSONField(
        default=dict, blank=True, help_text=_("Weights of what speaks for a match, learned from the answers.")
    )
    learned_at = models.DateTimeField(null=True, blank=True)
    curve = models.JSONField(default=list, blank=True)
    curve_at = models.DateTimeField(null=True, blank=True)
    value_curve = models.JSONField(default=list, blank=True)  # what the weight of sources costs and brings
    value_curve_at = models.DateTimeField(null=True, blank=True)

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


class SourceValue(EditionModel):
    """What one more source of a link of a chain, in a country, changes for a buyer in another: by averages alone.

    The rank follows it, and pages tell it to everybody, so nothing here rests on what a firm declares of its sources.
    ``figures`` holds by property what can be told: now, its change, the low and the high end of nine draws in ten, and
    the direction. ``worst`` and ``largest`` are the countries whose stop is worst now, and whose share is largest.
    """

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="source_values")
    node = models.ForeignKey("Node", models.CASCADE, related_name="source_values")
    buyer = models.CharField(max_length=2, help_text=_("ISO 3166 alpha-2."))
    source = models.CharField(max_length=2, help_text=_("ISO 3166 alpha-2."))
    figures = models.JSONField(default=dict)
    part = models.FloatField(help_text=_("What the new source takes of the input, 0 to 1."))
    grade = models.CharField(max_length=1)
    worst = models.CharField(max_length=2, blank=True)
    largest = models.CharField(max_length=2, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["node", "buyer", "source"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "node", "buyer", "source"], name="source_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.node_id} from {self.source} to {self.buyer}"
