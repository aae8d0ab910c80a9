"""What participants answered, as a table: a row a participant, a column a question."""

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from serai.expo.editions.models import Edition, Participation
from serai.expo.exports.registry import Filter, Rows, Wanted, table
from serai.expo.questions.answering import words_of
from serai.expo.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.text import in_language

AT_A_TIME = 500


def columns(edition: Edition) -> tuple[str, ...]:
    """A name for each question: its number, which stays, and its words in English where it has them."""
    asked = RegistrationQuestion.objects.filter(edition=edition).order_by("pk")
    return tuple(f"{one.pk} {in_language(one.title, 'en').text}" for one in asked)


@table(
    "registration-answers",
    title=_("Answers at registration"),
    columns=("firm", "firm_name", "firm_country", "kind", "state"),
    more=columns,
    filters=(
        Filter("kind", _("Kind"), Participation.Kind.choices),
        Filter("state", _("State"), Participation.State.choices),
    ),
    personal=True,
)
def registration_answers(edition: Edition, wanted: Wanted) -> Rows:
    asked = list(RegistrationQuestion.objects.filter(edition=edition).order_by("pk"))
    given: dict[int, dict[int, object]] = defaultdict(dict)
    for answer in RegistrationAnswer.objects.filter(edition=edition).iterator(AT_A_TIME):
        given[answer.participation_id][answer.question_id] = answer.value
    rows = Participation.objects.filter(edition=edition, **wanted).select_related("firm")
    for one in rows.order_by("firm__sort_name", "pk").iterator(AT_A_TIME):
        said = given.get(one.pk, {})
        answers = [_cell(question, said.get(question.pk)) for question in asked]
        yield one.firm.identifier, one.firm.legal_name, one.firm.country, one.kind, one.state, *answers


def _cell(question: RegistrationQuestion, value: object) -> object:
    """A number, a day and yes or no as they are, choices and texts in words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return value if question.form == RegistrationQuestion.Form.DATE else words_of(question, value, "en")
