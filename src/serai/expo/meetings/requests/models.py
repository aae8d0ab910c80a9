"""Exchanges of the times of two meetings."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.meetings.meeting.models import Meeting


class MeetingExchange(EditionModel):
    """A participant asks the other sides of two of its meetings to exchange the times of the two.

    Each of them answers for its own meeting, and is told nothing of the other.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("an exchange of times", "Waiting for an answer")
        DONE = "done", pgettext_lazy("an exchange of times", "Exchanged")
        DECLINED = "declined", pgettext_lazy("an exchange of times", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("an exchange of times", "Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="meeting_exchanges")
    asker = models.ForeignKey("Participation", models.CASCADE, related_name="exchanges_asked")
    first = models.ForeignKey(Meeting, models.CASCADE, related_name="exchanges_as_first")
    second = models.ForeignKey(Meeting, models.CASCADE, related_name="exchanges_as_second")
    first_starts_at = models.DateTimeField()
    second_starts_at = models.DateTimeField()
    """Times at which the two began when it was asked. If one has moved since, there is nothing to exchange."""
    first_agreed_at = models.DateTimeField(null=True, blank=True)
    second_agreed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    message = models.TextField(max_length=1000, blank=True)
    said_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-said_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="exchange_is_of_two", condition=~models.Q(first=models.F("second"))),
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "state"])]

    def __str__(self) -> str:
        return f"{self.first} for {self.second}: {self.state}"
