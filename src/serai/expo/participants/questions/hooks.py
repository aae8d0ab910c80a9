"""What this room tells the registries: tables, desk, cloning, keeping times."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from serai.expo.base.audit.domain.erasure import mask_rows
from serai.expo.base.export_tables import Filter, Rows, Wanted, table
from serai.expo.base.retention import kept
from serai.expo.base.text import in_language
from serai.expo.fairs.desk.domain import card
from serai.expo.fairs.edition.domain.clone import copied
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.desk.domain import Due, dues
from serai.expo.participants.questions.domain.answers import unanswered, words_of
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion

AT_A_TIME = 500


def columns(edition: Edition) -> tuple[str, ...]:
    """A name for each question: its number, which stays, and its words in English where it has them."""
    asked = RegistrationQuestion.objects.filter(edition=edition).order_by("pk")
    return tuple(f"{question.pk} {in_language(question.title, 'en').text}" for question in asked)


@table(
    "registration-answers",
    title=gettext_lazy("Answers at registration"),
    columns=("firm", "firm_name", "firm_country", "kind", "state"),
    more=columns,
    filters=(
        Filter("kind", gettext_lazy("Kind"), Participation.Kind.choices),
        Filter("state", gettext_lazy("State"), Participation.State.choices),
    ),
    personal=True,
)
def registration_answers(edition: Edition, wanted: Wanted) -> Rows:
    asked = list(RegistrationQuestion.objects.filter(edition=edition).order_by("pk"))
    given: dict[int, dict[int, object]] = defaultdict(dict)
    for answer in RegistrationAnswer.objects.filter(edition=edition).iterator(AT_A_TIME):
        given[answer.participation_id][answer.question_id] = answer.value
    rows = Participation.objects.filter(edition=edition, **wanted).select_related("firm")
    for participation in rows.order_by("firm__sort_name", "pk").iterator(AT_A_TIME):
        values = given.get(participation.pk, {})
        answers = [_cell(question, values.get(question.pk)) for question in asked]
        yield (
            participation.firm.identifier,
            participation.firm.legal_name,
            participation.firm.country,
            participation.kind,
            participation.state,
            *answers,
        )


def _cell(question: RegistrationQuestion, value: object) -> object:
    """A number, a day and yes or no as they are, choices and texts in words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if question.form == RegistrationQuestion.Form.DATE else words_of(question, value, "en")


card(
    "registration-questions",
    "build",
    title=gettext_lazy("Questions at registration"),
    text=gettext_lazy(
        "What you ask exhibitors, buyers, delegations and the press when they register, and what they answered."
    ),
    order=25,
)


copied(RegistrationQuestion, "questions", shifted=("change_until",), only=Q(closed_at__isnull=True))


@kept(
    "answers",
    title=gettext_lazy("Answers of persons at registration"),
    text=gettext_lazy("To those of your questions that you marked as asking for something of a person."),
    days=180,
)
def forget_answers(edition: Edition) -> int:
    answers = RegistrationAnswer.objects.filter(edition=edition, question__personal=True)
    mask_rows(RegistrationAnswer, answers.values_list("pk", flat=True))
    return answers.delete()[0]


@dues
def unanswered_questions(participation: Participation, _now: datetime) -> Iterator[Due]:
    """Questions of the organiser that have no answer."""
    if waiting := len(unanswered(participation)):
        yield Due(
            "registration-answers",
            ngettext(
                "%d question of the organiser waits for your answer.",
                "%d questions of the organiser wait for your answer.",
                waiting,
            )
            % waiting,
            lost=_("The organiser plans with your answers."),
            address=reverse("registration-answers", args=[participation.edition.slug, participation.pk]),
        )
