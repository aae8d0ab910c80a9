"""Keys of programs, webhooks, and their deliveries."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel


class ApiKey(models.Model):
    """A key with which a program acts as a person, within its scopes. The database has only a hash of it."""

    class Scope(models.TextChoices):
        READ = "read", _("Read what I may see")
        WRITE = "write", _("Change what is mine")
        ORGANISE = "organise", _("Read what only organisers see, and with the right to change decide on it")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    key_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    only_in = models.ForeignKey("Edition", models.CASCADE, null=True, blank=True, related_name="api_keys")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def is_good(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or timezone.now() < self.expires_at)


class Webhook(EditionModel):
    """An address to which events of an edition are sent."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=300, help_text=_("Sealed: who reads the database cannot sign."))
    active = models.BooleanField(default=True)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text=_("Attempts that failed since the last that arrived.")
    )
    switched_off_at = models.DateTimeField(null=True, blank=True)
    busy_until = models.DateTimeField(
        default=timezone.now, help_text=_("Until when a worker sends to it; one at a time, whoever was served first.")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="webhooks_made")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.url


class Delivery(EditionModel):
    """One event for one address, with all attempts to send it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="deliveries")
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=64)
    body = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("HTTP status of the last answer."))
    fault = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "next_at"])]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"
