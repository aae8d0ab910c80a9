"""Invitations to the desk of a firm, and when who did not join is reminded."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.people.account.models import Role


class DeskInvitation(EditionModel):
    """The invitation of a contact person into the team of its firm. Of the link only a hash is kept."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("an invitation", "On its way")
        SENT = "sent", pgettext_lazy("an invitation", "Sent")
        OPENED = "opened", _("Link opened")
        JOINED = "joined", _("Joined")
        BOUNCED = "bounced", _("Bounced")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="desk_invitations")
    contact = models.OneToOneField("ContactPerson", models.CASCADE, related_name="invitation")
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.label) for kind in Role.IN_A_FIRM], default=Role.Kind.OWNER
    )
    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    token_hash = models.CharField(max_length=64, unique=True)
    days = models.PositiveSmallIntegerField(default=14, help_text=_("For how many days a link is good."))
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now, help_text=_("When the link was made that is good now."))
    expires_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=64, blank=True, help_text=_("Fingerprint of the program that opened it."))
    joined_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    mail = models.ForeignKey("Mail", models.SET_NULL, null=True, blank=True, related_name="desk_invitations")
    reason = models.CharField(max_length=500, blank=True, help_text=_("Why the letter came back."))

    class Meta:
        ordering: ClassVar = ["-invited_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["edition", "state"])]

    def __str__(self) -> str:
        return f"{self.contact} {self.state}"


class ReminderPlan(EditionModel):
    """After how many days who has not joined is reminded."""

    edition = models.OneToOneField("Edition", models.CASCADE, related_name="reminder_plan")
    days = models.JSONField(default=list, help_text=_("Days after the invitation, one for each reminder."))

    def __str__(self) -> str:
        return f"{self.edition}: {self.days}"
