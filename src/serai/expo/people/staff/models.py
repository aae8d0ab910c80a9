"""Times in which somebody acted with the rights of somebody else. They are kept for good."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class StaffSession(models.Model):
    """A superuser has opened the rights of a superuser, with a reason, until ``ends_at`` at the latest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="staff_sessions")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and timezone.now() < self.ends_at


class StaffRequest(models.Model):
    """One request in a staff session."""

    session = models.ForeignKey(StaffSession, models.CASCADE, related_name="requests")
    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    status = models.PositiveSmallIntegerField()
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"
