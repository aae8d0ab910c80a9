"""The tasks that an organiser sets its exhibitors, and the invitations of a chain leader to its suppliers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class DeskTask(EditionModel):
    """Something that exhibitors have to do by a day: read the manual, order badges, insure, send freight."""

    class Page(models.TextChoices):
        """The page of the desk on which it is done. What a page shows as done needs no tick."""

        NONE = "", _("None: it is ticked by hand")
        PROFILE = "desk-profile", _("Profile")
        OFFERS = "desk-offers", _("Offers")
        NEEDS = "desk-needs", _("Needs")
        TEAM = "desk-team", _("Team")
        BADGES = "desk-badges", _("Badges")
        CO_EXHIBITORS = "desk-co-exhibitors", _("Co-exhibitors")
        CONTRACT = "desk-contract", _("Contract of a booth")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="desk_tasks")
    code = models.SlugField()
    title = LocalizedTextField()
    text = LocalizedTextField()
    page = models.CharField(max_length=32, choices=Page, blank=True)
    kinds = models.JSONField(default=list, blank=True)
    due_on = models.DateField()
    wants_file = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="desk_task_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.edition}/{self.code}"


class DeskTaskDone(EditionModel):
    """That an exhibitor has done a task, with a note or a file."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="desk_tasks_done")
    task = models.ForeignKey(DeskTask, models.CASCADE, related_name="done")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="desk_tasks_done")
    note = models.TextField(blank=True)
    file = models.FileField(upload_to="tasks/%Y/%m/", blank=True)
    done_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "participation"], name="desk_task_done_once_a_participation")
        ]

    def __str__(self) -> str:
        return f"{self.participation} did {self.task}"


class CoExhibitorInvitation(EditionModel):
    """A chain leader asks a supplier to stand with it."""

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("an invitation", "Sent")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="co_exhibitor_invitations")
    leader = models.ForeignKey("Participation", models.CASCADE, related_name="co_exhibitor_invitations")
    firm = models.ForeignKey("Firm", models.CASCADE, null=True, blank=True, related_name="co_exhibitor_invitations")
    firm_name = models.CharField(max_length=300)
    country = models.CharField(max_length=2)
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16, choices=State, default=State.SENT)
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.leader} asks {self.firm_name}"
