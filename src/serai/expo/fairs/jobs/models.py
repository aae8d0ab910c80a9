"""What an organiser asked for, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.tasks.models import DoneByTask


class Job(DoneByTask, EditionModel):
    """Work of one kind, with what it was given. A task does it; how it ended stays when the task is forgotten."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being done")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=32)
    given = models.JSONField(default=dict)
    language = models.CharField(max_length=16)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="jobs")
    asked_at = models.DateTimeField(default=timezone.now)
    acting = models.JSONField(default=dict, help_text=_("Who acted for the person, as in the audit trail."))
    task = models.OneToOneField("django_tasks_database.DBTaskResult", models.SET_NULL, null=True, related_name="job")
    ended = models.CharField(max_length=16, choices=State, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sentence = models.TextField(blank=True, help_text=_("What came of it, in the language of who asked."))
    page = models.CharField(max_length=300, blank=True, help_text=_("Address at which work goes on."))
    made = models.BigIntegerField(null=True, help_text=_("Number of what was made."))
    file_name = models.CharField(max_length=200, blank=True, help_text=_("Of the file that was made, for who asked."))

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d %H:%M}"
