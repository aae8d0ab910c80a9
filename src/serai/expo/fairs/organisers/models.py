"""Invitations to organise the fairs of an organisation."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from serai.expo.people.account.models import Role


class OrganiserInvitation(models.Model):
    """An invitation sent by mail. Of its token only a hash is kept: who reads the database can't organise."""

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("an invitation", "Sent")
        OPENED = "opened", pgettext_lazy("an invitation", "Link opened")
        ACCEPTED = "accepted", pgettext_lazy("an invitation", "Accepted")
        RUN_OUT = "run_out", pgettext_lazy("an invitation", "Run out")

    organisation = models.ForeignKey("Organisation", models.CASCADE, related_name="organiser_invitations")
    email = models.EmailField()
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in Role.IN_AN_ORGANISATION])
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="one_open_invitation_of_an_organiser",
                condition=models.Q(accepted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"

    @property
    def state(self) -> State:
        """How far it is."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.expires_at <= timezone.now():
            return self.State.RUN_OUT
        return self.State.OPENED if self.opened_at else self.State.SENT
