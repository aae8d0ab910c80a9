"""Imports and their rows: nothing that was sent is lost, and an import can be reversed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel


class Import(EditionModel):
    """A file of an organiser, with the mapping of its columns and its state."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        PREVIEWED = "previewed", _("Previewed, nothing changed yet")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Undone")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    subject = models.CharField(max_length=16, default="firms", help_text=_("What the list is about."))
    sheet = models.CharField(max_length=255, blank=True)
    encoding = models.CharField(max_length=32, blank=True)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict, help_text=_("Field by column."))
    tallies = models.JSONField(
        default=list, help_text=_("Per column: cells filled, cells not understood, 1 where the workbook hides it.")
    )
    state = models.CharField(max_length=16, choices=State, default=State.PREVIEWED)
    turn = models.PositiveSmallIntegerField(
        default=0, help_text=_("How often it has been applied, the time that is being applied among them.")
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} into {self.edition}"


class ImportRow(models.Model):
    """A row of the file as sent, with its state, the reason, and the steps of its reversal."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        MATCHED = "matched", _("Already known")
        POSSIBLE = "possible", _("Possibly already known")
        UNCHANGED = "unchanged", _("Already there, unchanged")
        REJECTED = "rejected", _("Rejected")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_("Row number in the file, the header being in row 1."))
    raw = models.JSONField()
    state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(max_length=64, blank=True)
    reason_details = models.JSONField(default=dict, blank=True)
    firm = models.ForeignKey("Firm", models.SET_NULL, null=True, blank=True, related_name="import_rows")
    participation = models.ForeignKey(
        "Participation", models.SET_NULL, null=True, blank=True, related_name="import_rows"
    )
    undo = models.JSONField(
        default=list, help_text=_("What to take back: objects made, earlier states of objects changed.")
    )

    class Meta:
        ordering: ClassVar = ["batch", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "number"], name="row_once_an_import")]

    def __str__(self) -> str:
        return f"{self.batch} row {self.number}"
