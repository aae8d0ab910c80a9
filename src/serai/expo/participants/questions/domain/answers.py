"""Answers to the organiser's questions: checked, stored with the participation, and put into words."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import today_at
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.questions.domain.questions import Form, asked_of
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.people.account.models import User

MOST_CHARACTERS = {Form.TEXT: 300, Form.LONG: 4_000}
LARGEST = 1e15


class AnswerRefusedError(ValueError):
    """Why an answer cannot be taken, in the reader's language; ``question`` is the one at fault."""

    def __init__(self, question: RegistrationQuestion, words: str) -> None:
        super().__init__(words)
        self.question = question


@dataclass(frozen=True)
class Answered:
    """A question with what a participant answered; ``value`` is None and ``words`` empty where it did not."""

    question: RegistrationQuestion
    value: Any
    words: str


def check(question: RegistrationQuestion, value: Any) -> Any:
    """The value as it is kept; None for no answer. Raises AnswerRefusedError for what the question does not take."""
    if value is None or value == "" or value == []:
        return None
    try:
        checked = _CHECKS[Form(question.form)](question, value)
    except (TypeError, ValueError):
        raise AnswerRefusedError(
            question,
            _("The answer to '%(question)s' is not of this kind: %(form)s.")
            % {"question": title_of(question), "form": question.get_form_display()},
        ) from None
    return checked


def _text(question: RegistrationQuestion, value: Any) -> str | None:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    if len(value) > MOST_CHARACTERS[Form(question.form)]:
        raise AnswerRefusedError(
            question,
            _("The answer to '%(question)s' is longer than %(most)d characters.")
            % {"question": title_of(question), "most": MOST_CHARACTERS[Form(question.form)]},
        )
    return value.strip() or None


def _choice(question: RegistrationQuestion, value: Any) -> str:
    if value not in {choice["key"] for choice in question.choices}:
        raise ValueError
    return str(value)


def _choices(question: RegistrationQuestion, value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise TypeError
    chosen = {_choice(question, key) for key in value}
    return [key["key"] for key in question.choices if key["key"] in chosen]


def _number(_question: RegistrationQuestion, value: Any) -> int | float:
    if isinstance(value, bool):
        raise TypeError
    number = float(value)
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise ValueError
    return int(number) if number.is_integer() else number


def _date(_question: RegistrationQuestion, value: Any) -> str:
    return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()


def _yes_no(_question: RegistrationQuestion, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_CHECKS: Mapping[Form, Callable[[RegistrationQuestion, Any], Any]] = {
    Form.TEXT: _text,
    Form.LONG: _text,
    Form.CHOICE: _choice,
    Form.CHOICES: _choices,
    Form.NUMBER: _number,
    Form.DATE: _date,
    Form.YES_NO: _yes_no,
}


def title_of(question: RegistrationQuestion) -> str:
    """The question in the reader's language."""
    return in_language(question.title).text


def words_of(question: RegistrationQuestion, value: Any, language: str = "") -> str:
    """An answer as people read it, in the reader's language or the one given."""
    if value is None:
        return ""
    if question.form in (Form.CHOICE, Form.CHOICES):
        titles = {choice["key"]: in_language(choice["title"], language or None).text for choice in question.choices}
        keys = value if isinstance(value, list) else [value]
        return " · ".join(titles.get(key, str(key)) for key in keys)
    if question.form == Form.YES_NO:
        return _("Yes") if value else _("No")
    if question.form == Form.DATE:
        return date_format(date.fromisoformat(value))
    return str(value)


@made_once
def keep_answers(
    participation: Participation, given: Mapping[int, Any], *, user: User, registering: bool = False
) -> int:
    """Keep answers by the number of their question; one that is None takes the answer back. Returns how many changed.

    ``registering``: every required question of the kind must be answered, now or before. Later an answer can be changed
    until the day that the organiser set, by an organiser always. Raises AnswerRefusedError,
    and then nothing has changed.
    """
    edition = participation.edition
    organises = user.has_perm("expo.change_people", edition)
    asked = {row.pk: row for row in asked_of(edition, participation.kind)}
    kept = {row.question_id: row for row in RegistrationAnswer.objects.filter(participation=participation)}
    changed = 0
    for number, question in asked.items():
        before = kept[number].value if number in kept else None
        after = check(question, given[number]) if number in given else before
        if after is None and question.required and (registering or number in given):
            raise AnswerRefusedError(question, _("An answer is missing: %s.") % title_of(question))
        if after == before:
            continue
        if not (registering or organises or can_be_changed(question)):
            raise AnswerRefusedError(
                question, _("'%s' can't be changed any more; ask the organiser.") % title_of(question)
            )
        _keep(participation, question, kept.get(number), after, user, by_organiser=organises)
        changed += 1
    return changed


def _keep(
    participation: Participation,
    question: RegistrationQuestion,
    kept: RegistrationAnswer | None,
    value: Any,
    user: User,
    *,
    by_organiser: bool,
) -> None:
    edition = participation.edition
    before = _told(kept, question) if kept else None
    if value is None:
        assert kept is not None  # what was nothing before has not changed
        record("answer.taken_back", kept, before=before, user=user, edition=edition)
        kept.delete()
        return
    answer = kept or RegistrationAnswer(edition=edition, participation=participation, question=question)
    answer.value, answer.answered_at = value, timezone.now()
    if not by_organiser:  # what an organiser writes for others is not of the organiser
        answer.answered_by, answer.user = user, user if question.personal else None
    answer.save()
    record("answer.kept", answer, before=before, after=_told(answer, question), user=user, edition=edition)


def _told(answer: RegistrationAnswer, question: RegistrationQuestion) -> dict[str, Any]:
    """The answer as the audit trail stores it, without personal data."""
    return state(answer) | ({"value": "***"} if question.personal else {})


def can_be_changed(question: RegistrationQuestion) -> bool:
    """Whether participants may change their answer: until the day set, or the first day of the fair."""
    edition = question.edition
    today = today_at(edition)
    return question.closed_at is None and today <= (question.change_until or edition.starts_on)


def answered_by(participation: Participation) -> list[Answered]:
    """The questions of its kind in their order, also closed ones that it answered."""
    given = {
        row.question_id: row
        for row in RegistrationAnswer.objects.filter(participation=participation).select_related("question__edition")
    }
    shown = {row.pk: row for row in asked_of(participation.edition, participation.kind)}
    shown |= {number: row.question for number, row in given.items() if number not in shown}
    listed = sorted(shown.values(), key=lambda row: (row.order, row.pk))
    values = [(row, given[row.pk].value if row.pk in given else None) for row in listed]
    return [Answered(row, value, words_of(row, value)) for row, value in values]


def answers_of_all(participations: Iterable[Participation]) -> dict[int, list[tuple[str, str]]]:
    """Per participation: its questions with the answers in words. One query."""
    answers: dict[int, list[tuple[str, str]]] = {row.pk: [] for row in participations}
    rows = RegistrationAnswer.objects.filter(participation__in=list(answers)).select_related("question")
    for row in rows.order_by("question__order", "question"):
        answers[row.participation_id].append((title_of(row.question), words_of(row.question, row.value)))
    return answers


def unanswered(participation: Participation) -> list[RegistrationQuestion]:
    """The required questions of its kind that a participant has not answered and still may."""
    return waiting(answered_by(participation))


def waiting(answers: Iterable[Answered]) -> list[RegistrationQuestion]:
    """The required questions without an answer that can still be answered."""
    asked = [row.question for row in answers if row.value is None]
    return [row for row in asked if row.required and can_be_changed(row)]


@dataclass(frozen=True)
class Tally:
    """How often something was answered; ``key`` is that of a choice, or yes or no, ``wanted`` what is kept for it."""

    key: str
    wanted: Any
    words: str
    count: int


def tallies(question: RegistrationQuestion, values: Sequence[Any]) -> list[Tally]:
    """How often each choice was made, or yes and no were said; nothing for texts, numbers and days."""
    if question.form == Form.YES_NO:
        keys: list[tuple[str, Any, str]] = [("yes", True, _("Yes")), ("no", False, _("No"))]
    else:
        keys = [(choice["key"], choice["key"], in_language(choice["title"]).text) for choice in question.choices]
    return [Tally(key, wanted, words, sum(is_chosen(value, wanted) for value in values)) for key, wanted, words in keys]


def is_chosen(value: Any, wanted: Any) -> bool:
    """Whether an answer is this choice, or contains it."""
    return value == wanted or (isinstance(value, list) and wanted in value)


def edition_answers(edition: Edition, question: RegistrationQuestion) -> list[RegistrationAnswer]:
    """All answers to a question, by the firms' names."""
    rows = RegistrationAnswer.objects.filter(edition=edition, question=question)
    return list(rows.select_related("participation__firm").order_by("participation__firm__sort_name", "pk"))
