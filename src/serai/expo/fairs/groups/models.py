"""Corrections of the packaged table of the members of country groups."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from serai.world.classifications.country_groups import Status


class GroupMembership(models.Model):
    """A span in which a country belongs to a group.

    The rows of one country in one group replace all packaged rows of that pair, so that a span can be removed as well
    as added: a row with ``status`` 'none' means that there is no membership.
    """

    NONE = "none"

    group = models.CharField(max_length=32)
    country = models.CharField(max_length=2)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)
    status = models.CharField(
        max_length=16, choices=[*((status.value, status.value) for status in Status), (NONE, NONE)]
    )
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["group", "country", "since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "country", "since"], name="membership_begins_once")
        ]

    def __str__(self) -> str:
        return f"{self.country} in {self.group}"
