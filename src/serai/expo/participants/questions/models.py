"""A question that an organiser asks those who register, and the answer of one participant."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from serai.expo.base.rows import EditionModel
from serai.expo.base.text import LocalizedTextField


class RegistrationQuestion(EditionModel):
    """What participants of some kinds are asked. With answers it is never deleted: it is closed, and asked no more.

    ``choices`` are mappings of a ``key``, which stays when the words change, and a ``title`` in each language.
    """

    class Form(models.TextChoices):
        TEXT = "text", _("A line of text")
        LONG = "long", _("A longer text")
        CHOICE = "choice", _("One of several choices")
        CHOICES = "choices", _("Any of several choices")
        NUMBER = "number", _("A number")
        DATE = "date", _("A day")
        YES_NO = "yes_no", _("Yes or no")

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="registration_questions")
    kinds = models.JSONField(_("Who is asked"), default=list)
    form = models.CharField(_("How it is answered"), max_length=8, choices=Form, default=Form.TEXT)
    title = LocalizedTextField(verbose_name=_("Question"))
    help = LocalizedTextField(verbose_name=_("Explanation"))
    choices = models.JSONField(default=list, blank=True)
    required = models.BooleanField(_("An answer is required"), default=False)
    personal = models.BooleanField(
        _("It asks for something of a person"),
        default=False,
        help_text=_("Such an answer is forgotten with the person who gave it, and some months after the fair."),
    )
    order = models.PositiveSmallIntegerField(_("Order"), default=0)
    change_until = models.DateField(
        _("Participants may change their answer until"),
        null=True,
        blank=True,
        help_text=_("Empty: until the first day of the fair."),
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.edition}: {next(iter(self.title.values()), self.pk)}"


class RegistrationAnswer(EditionModel):
    """What a participant answered: a text, a number, an ISO date, yes or no, or the keys of what was chosen.

    ``user`` is set where the answer is of a person, with whom it goes; ``answered_by`` says who of the firm wrote it.
    """

    edition = models.ForeignKey("Edition", models.CASCADE, related_name="registration_answers")
    participation = models.ForeignKey("Participation", models.CASCADE, related_name="registration_answers")
    question = models.ForeignKey(RegistrationQuestion, models.RESTRICT, related_name="answers")
    value = models.JSONField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["participation", "question__order", "question"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["participation", "question"], name="answer_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.question_id}"
