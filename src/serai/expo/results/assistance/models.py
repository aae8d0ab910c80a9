"""The case of an exhibitor that gets help."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serai.expo.base.rows import EditionModel


class AssistanceCase(EditionModel):
    """Help of one kind for one exhibitor, with the person responsible, the due day, the budget and the amount spent."""

    class Kind(models.TextChoices):
        STAND = "stand", _("Stand and stand building")
        FREIGHT = "freight", _("Freight")
        VISA = "visa", _("Visa")
        INTERPRETER = "interpreter", _("Interpreter")
        MENTOR = "mentor", _("Mentor")
        TRAVEL = "travel", _("Travel and lodging")
        OTHER = "other", _("Other help")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a case of assistance", "Asked for")
        GRANTED = "granted", pgettext_lazy("a case of assistance", "Granted")
        IN_WORK = "in_work", pgettext_lazy("a case of assistance", "In work")
        DONE = "done", pgettext_lazy("a case of assistance", "Done")
        REFUSED = "refused", pgettext_lazy("a case of assistance", "Refused")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="assistance_cases")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="assistance_cases")
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind)
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.ASKED)
    note = models.TextField(_("What is needed"), max_length=2000, blank=True)
    answer = models.TextField(_("Answer"), max_length=2000, blank=True, help_text=_("The exhibitor reads it."))
    budget_line = models.CharField(_("Budget line"), max_length=120, blank=True)
    budget = models.DecimalField(_("Budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField(_("Spent"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("Currency"), max_length=3, blank=True, help_text=_("ISO 4217, such as USD."))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assistance_cases",
        verbose_name=_("Responsible"),
    )
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="assistance_spends_no_less_than_nothing", condition=models.Q(spent__gte=0))
        ]
        indexes: ClassVar = [models.Index(fields=["edition", "state"])]

    def __str__(self) -> str:
        return f"{self.kind} for {self.participation}"
