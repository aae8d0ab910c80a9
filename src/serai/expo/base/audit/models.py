"""The audit entry: who changed what, when, in which request, from which state to which; and the seals of the trail."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One change. Entries are added, never changed."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="audit_entries")
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="audit_entries_for_others"
    )
    staff_session = models.ForeignKey("StaffSession", models.SET_NULL, null=True, blank=True, related_name="+")
    edition = models.ForeignKey("Edition", models.SET_NULL, null=True, related_name="audit_entries")
    request_id = models.CharField(max_length=32, blank=True)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    proof = models.CharField(max_length=240, blank=True, help_text="What shows that it stands as it was written.")
    seal = models.ForeignKey("AuditSeal", models.PROTECT, null=True, related_name="sealed", db_index=False)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["seal", "id"], name="audit_entry_by_seal"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"


class AuditSeal(models.Model):
    """A link of the chain of the trail, over some entries and the seal before. Seal 0 is over none."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    entries = models.TextField(blank=True, help_text="Primary keys of its entries, as in 3-5,9.")
    mark = models.CharField(max_length=43, blank=True)

    def __str__(self) -> str:
        return f"{self.number}:{self.mark}"
