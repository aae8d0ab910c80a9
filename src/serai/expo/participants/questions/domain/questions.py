"""The organiser's questions at registration: written, closed, opened again, or deleted if unanswered."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.text import in_language, language_name
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.people.account.models import User

Form = RegistrationQuestion.Form
CHOOSING = (Form.CHOICE, Form.CHOICES)
MOST_CHOICES = 60

type Choice = dict[str, Any]
"""``key``, which answers hold, and ``title`` by language."""


class QuestionRefusedError(ValueError):
    """Why a question cannot be kept so, in the reader's language."""


def questions_of(edition: Edition) -> list[RegistrationQuestion]:
    """All questions in their order, each with ``answered``: how many answered it."""
    return list(RegistrationQuestion.objects.filter(edition=edition).annotate(answered=Count("answers")))


def asked_of(edition: Edition, *kinds: str) -> list[RegistrationQuestion]:
    """The open questions that participants of any of these kinds are asked, in their order."""
    rows = RegistrationQuestion.objects.filter(edition=edition, closed_at__isnull=True).select_related("edition")
    return [row for row in rows if set(kinds) & set(row.kinds)]  # JSON is not searched alike in both databases


@transaction.atomic
def keep_question(question: RegistrationQuestion, *, user: User) -> RegistrationQuestion:
    """Write a new or changed question.

    Raises QuestionRefusedError without words, without choices where there must be some, and where answers that were
    given would lose their meaning.
    """
    if not question.title:
        raise QuestionRefusedError(_("Write the question in at least one language."))
    if not question.kinds or not set(question.kinds) <= set(Participation.Kind.values):
        raise QuestionRefusedError(_("Say who is asked."))
    if question.form in CHOOSING and len(question.choices) < 2:
        raise QuestionRefusedError(_("Give at least two choices, each on a line of its own."))
    if question.form not in CHOOSING:
        question.choices = []
    stored = RegistrationQuestion.objects.filter(pk=question.pk).first() if question.pk else None
    if stored is not None:
        _require_answers_to_keep_their_meaning(stored, question)
    question.save()
    record(
        "question.kept",
        question,
        before=state(stored) if stored else None,
        after=state(question),
        user=user,
        edition=question.edition,
    )
    return question


def _require_answers_to_keep_their_meaning(stored: RegistrationQuestion, question: RegistrationQuestion) -> None:
    given = list(RegistrationAnswer.objects.filter(question=stored).values_list("value", flat=True))
    if not given:
        return
    if stored.form != question.form:
        raise QuestionRefusedError(
            _("It has been answered, so how it is answered stays. Close it and write a new question instead.")
        )
    if stored.personal != question.personal:
        raise QuestionRefusedError(_("It has been answered: whether it is of a person stays as it was told then."))
    chosen = {key for value in given for key in (value if isinstance(value, list) else [value])}
    kept = {choice["key"] for choice in question.choices}
    for choice in stored.choices:
        if choice["key"] in chosen - kept:
            title = in_language(choice["title"]).text
            raise QuestionRefusedError(_("'%s' has been chosen by participants and can't be taken away.") % title)


def choices_from(texts: Mapping[str, str], choices: Sequence[Choice]) -> list[Choice]:
    """Choices written a line each, in every language the same number of lines in the same order.

    A choice whose words are known in any language keeps its key; where as many lines are given as before, so does one
    that was only worded anew. Raises QuestionRefusedError where languages differ, or a line stands twice.
    """
    lines = {language: [line.strip() for line in text.splitlines() if line.strip()] for language, text in texts.items()}
    lines = {language: titles_there for language, titles_there in lines.items() if titles_there}
    if not lines:
        return []
    first = next(iter(lines))
    for language, titles_there in lines.items():
        if len(titles_there) != len(lines[first]):
            raise QuestionRefusedError(
                _("%(one)s has %(count)d choices and %(other)s has %(others)d: give the same ones in each language.")
                % {
                    "one": language_name(first),
                    "count": len(lines[first]),
                    "other": language_name(language),
                    "others": len(titles_there),
                }
            )
        if twice := next((line for line in titles_there if titles_there.count(line) > 1), None):
            raise QuestionRefusedError(_("The choice '%s' stands twice.") % twice)
    count = len(lines[first])
    if count > MOST_CHOICES:
        raise QuestionRefusedError(_("Give at most %d choices.") % MOST_CHOICES)
    titles = [
        {language: titles_there[number][:200] for language, titles_there in lines.items()} for number in range(count)
    ]
    return [{"key": key, "title": title} for key, title in zip(_keys(titles, choices), titles, strict=True)]


def _keys(titles: Sequence[Mapping[str, str]], choices: Sequence[Choice]) -> list[str]:
    kept: list[str | None] = []
    for title in titles:
        same = (choice["key"] for choice in choices if set(choice["title"].items()) & set(title.items()))
        kept.append(next((key for key in same if key not in kept), None))
    if len(titles) == len(choices):
        kept = [
            key or (choice["key"] if choice["key"] not in kept else None)
            for key, choice in zip(kept, choices, strict=True)
        ]
    last = max((int(choice["key"]) for choice in choices), default=0)
    keys = []
    for key in kept:
        if key is None:
            last += 1
        keys.append(key or str(last))
    return keys


@transaction.atomic
def take_away(question: RegistrationQuestion, *, user: User) -> bool:
    """Delete a question that nobody answered; one with answers is closed and asked no more.

    Returns whether it was deleted.
    """
    before = state(question)
    if RegistrationAnswer.objects.filter(question=question).exists():
        if question.closed_at is None:
            question.closed_at = timezone.now()
            question.save(update_fields=["closed_at"])
            after = state(question)
            record("question.closed", question, before=before, after=after, user=user, edition=question.edition)
        return False
    record("question.removed", question, before=before, user=user, edition=question.edition)
    question.delete()
    return True


@transaction.atomic
def open_again(question: RegistrationQuestion, *, user: User) -> None:
    """Ask a closed question again."""
    record_change("question.opened", question, user=user, closed_at=None)


def visible_to(_user: Any, edition: Edition) -> QuerySet[RegistrationQuestion]:
    """The open questions: whoever thinks of registering may read what will be asked."""
    return RegistrationQuestion.objects.filter(edition=edition, closed_at__isnull=True)
