"""The organiser's own questions at registration, and what a participant answered."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field

from serai.expo.base.rows import row_of
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.answers import Code, Key, Number, Texts, Words
from serai.expo.fairs.interface.domain.caller import Call
from serai.expo.fairs.interface.domain.operations import READ, Room
from serai.expo.fairs.interface.domain.problems import ProblemError
from serai.expo.participants.participation.domain.exhibitors import visible_to as participations_visible_to
from serai.expo.participants.questions.domain.answers import AnswerRefusedError, answered_by, keep_answers
from serai.expo.participants.questions.domain.questions import visible_to

room = Room(_("Questions at registration"), AnswerRefusedError)

MOST = 200


class ChoiceShown(Schema):
    key: str
    title: Texts


class QuestionShown(Schema):
    number: Key
    kinds: list[str] = Field(description="Kinds of participants that are asked")
    form: str = Field(description="`text`, `long`, `choice`, `choices`, `number`, `date` or `yes_no`")
    title: Texts
    help: Texts
    choices: list[ChoiceShown]
    required: bool
    change_until: date | None = Field(description="null: until the first day of the fair")


class AnswerGiven(Schema):
    question: Number
    value: bool | float | Words | list[Code] | None = Field(
        description="As the question's form asks: an ISO date for `date`, keys for choices; null takes it back"
    )


class AnswerShown(Schema):
    question: int
    value: bool | int | float | str | list[str] | None
    words: str = Field(description="The answer as people read it")


class AnswersShown(Schema):
    items: list[AnswerShown]


class AnswersGiven(Schema):
    answers: list[AnswerGiven] = Field(max_length=MOST)


def by_number(given: Iterable[AnswerGiven]) -> dict[int, Any]:
    """The answers given, by the number of their question."""
    return {answer.question: answer.value for answer in given}


@room.list("/questions", _("Questions at registration"), QuestionShown, scope=READ)
def questions(request: Call, edition: Edition) -> Any:
    """What the organiser asks those who register, as far as it is still asked."""
    return visible_to(request.user, edition)


def _own(request: Call, edition: Edition, number: int) -> Participation:
    rows = participations_visible_to(request.user, edition).select_related("firm", "edition")
    row = row_of(rows, number, _("There is no such participant."))
    if not request.user.has_perm("expo.edit_desk", row):
        raise ProblemError(403, _("This is for the firm and the organiser."))
    return row


def _answers(row: Participation) -> AnswersShown:
    answers = answered_by(row)
    return AnswersShown(
        items=[AnswerShown(question=answer.question.pk, value=answer.value, words=answer.words) for answer in answers]
    )


@room.get("/participations/{number}/answers", _("Answers at registration"), AnswersShown, scope=READ)
def answers(request: Call, edition: Edition, number: int) -> Any:
    """Of a participation of your firm, or as its organiser of any: every question with its answer, null for none."""
    return _answers(_own(request, edition, number))


@room.put("/participations/{number}/answers", _("Answer"), AnswersShown)
def answer_questions(request: Call, edition: Edition, number: int, given: AnswersGiven) -> Any:
    """Those given are kept, the others stay, until the day that the organiser set."""
    row = _own(request, edition, number)
    keep_answers(row, by_number(given.answers), user=request.user)
    return _answers(row)
