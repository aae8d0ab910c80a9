"""Delegations and their members."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel


class Delegation(EditionModel):
    """People of several firms who come together, led by one who acts for those that agreed to it."""

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="delegations")
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="delegations_led")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class DelegationMember(EditionModel):
    """A person of a delegation, and the firm that the leader acts for once ``proxy_since`` is set.

    Of the journey only what the reception needs is kept: the two days, and whether a letter for a visa is wanted.
    """

    class Part(models.TextChoices):
        HEAD = "head", _("Head")
        DELEGATE = "delegate", _("Delegate")
        INTERPRETER = "interpreter", _("Interpreter")
        STAFF = "staff", _("Staff")

    class Letter(models.TextChoices):
        NONE = "none", _("not needed")
        WANTED = "wanted", _("wanted")
        SENT = "sent", pgettext_lazy("a letter", "sent")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="delegation_members")
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="members")
    participation = models.ForeignKey(
        "Participation", models.CASCADE, null=True, blank=True, related_name="delegation_members"
    )
    name = models.CharField(max_length=200)
    part = models.CharField(max_length=16, choices=Part, default=Part.DELEGATE)
    arrives_on = models.DateField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)
    letter = models.CharField(max_length=8, choices=Letter, default=Letter.NONE)
    proxy_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="member_leaves_after_arriving",
                condition=models.Q(arrives_on__isnull=True)
                | models.Q(leaves_on__isnull=True)
                | models.Q(leaves_on__gte=models.F("arrives_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.delegation}"
