"""How long answers of persons to the organiser's questions are kept."""

from django.utils.translation import gettext_lazy as _

from serai.expo.audit.forgetting import mask_rows
from serai.expo.editions.models import Edition
from serai.expo.questions.models import RegistrationAnswer
from serai.expo.retention.registry import kept


@kept(
    "answers",
    title=_("Answers of persons at registration"),
    text=_("To those of your questions that you marked as asking for something of a person."),
    days=180,
)
def forget_answers(edition: Edition) -> int:
    found = RegistrationAnswer.objects.filter(edition=edition, question__personal=True)
    mask_rows(RegistrationAnswer, found.values_list("pk", flat=True))
    return found.delete()[0]
