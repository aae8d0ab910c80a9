"""Invitations to join the team of a firm."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from serai.expo.people.account.models import Role


class TeamInvitation(models.Model):
    """An invitation sent by mail. Of its token only a hash is kept: who reads the database can't join a firm."""

    firm = models.ForeignKey("Firm", models.CASCADE, related_name="team_invitations")
    email = models.EmailField()
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in Role.IN_A_FIRM])
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["firm", "email"],
                name="one_open_invitation_an_address",
                condition=models.Q(accepted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.firm}"
