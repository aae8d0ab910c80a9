"""Scenarios that were run in the lab of a fair, and who may run one."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.tasks.models import DoneByTask

CODE_BYTES = 12


def new_code() -> str:
    """The code of a run in its address, which nobody guesses."""
    return secrets.token_hex(CODE_BYTES)


class LabSettings(EditionModel):
    """Who may run scenarios in the lab of a fair. A fair without a row is as one with the default."""

    class Access(models.TextChoices):
        OFF = "off", _("Organisers only")
        MEMBERS = "members", _("Participants and organisers")
        PUBLIC = "public", _("Everyone")

    edition = models.OneToOneField("Edition", models.CASCADE, related_name="lab_settings")
    access = models.CharField(_("Who may run scenarios"), max_length=16, choices=Access, default=Access.MEMBERS)

    def __str__(self) -> str:
        return f"{self.edition}: {self.access}"


class LabRun(DoneByTask, EditionModel):
    """One scenario and its result. The same scenario on the same data is run once; whoever asks again gets this row.

    ``scenario`` is its canonical form; ``fingerprint`` changes with that, with the chain, the table and the method. A
    task does it. How it ended stays, and the result is never changed afterwards, so that a shared link keeps its
    numbers.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Being computed")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="lab_runs")
    code = models.CharField(max_length=32, unique=True, default=new_code)
    scenario = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    task = models.OneToOneField("django_tasks_database.DBTaskResult", models.SET_NULL, null=True, related_name="+")
    ended = models.CharField(max_length=16, choices=State, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, help_text=_("Why it was refused, in English."))
    result = models.JSONField(null=True)
    seconds = models.FloatField(default=0)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "fingerprint"], name="scenario_is_run_once_an_edition")
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.code}"
