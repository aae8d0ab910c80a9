"""Results of the model of the world, as tasks have computed them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class StoredResult(models.Model):
    """A result with what it was computed from. Without an edition it is of the world and the same for every fair.

    ``key`` holds what the result was asked for, such as the slug of a chain. ``fingerprint`` tells whether it is still
    current: it changes with the chain, the world table, the rows of the fair and the version of the method. Where
    nothing could be computed, ``problem`` says why.
    """

    edition = models.ForeignKey("Edition", models.CASCADE, null=True, blank=True, related_name="stored_results")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64)
    data = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    computed_at = models.DateTimeField(default=timezone.now)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering: ClassVar = ["kind", "key", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "kind", "key"], name="stored_result_once_an_edition"),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(edition__isnull=True), name="stored_result_once_in_the_world"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}".strip()
