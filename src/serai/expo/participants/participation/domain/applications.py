"""Applying as press, as a delegation or as a service provider: what each kind is asked, and what is kept of it.

Who exhibits applies at the exhibitor's desk, who buys registers as a buyer; all are decided on in one queue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.models import Firm
from serai.expo.participants.questions.domain.answers import keep_answers
from serai.expo.people.account.models import Role, User

Kind, State = Participation.Kind, Participation.State


class ApplicationRefusedError(ValueError):
    """Why an application cannot be taken, in the reader's language."""


@dataclass(frozen=True)
class Question:
    """What a kind is asked: its name, its words, and what may be answered: a text, a number, or one of choices."""

    name: str
    title: str | Promise
    is_number: bool = False
    is_long: bool = False
    is_needed: bool = True
    choices: Sequence[tuple[str, str | Promise]] = ()


QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    Kind.PRESS: (
        Question(
            "medium",
            gettext_lazy("Kind of medium"),
            choices=(
                ("print", gettext_lazy("Newspaper or magazine")),
                ("broadcast", gettext_lazy("Radio or television")),
                ("online", gettext_lazy("Online medium")),
                ("agency", gettext_lazy("News agency")),
                ("freelance", gettext_lazy("Freelance journalist")),
            ),
        ),
        Question("people", gettext_lazy("How many people come"), is_number=True),
        Question("card", gettext_lazy("Press card: who issued it, and its number")),
        Question("work", gettext_lazy("Work of the last year: titles or addresses"), is_long=True),
        Question(
            "equipment", gettext_lazy("Equipment that is brought into the country"), is_long=True, is_needed=False
        ),
    ),
    Kind.DELEGATION: (
        Question("people", gettext_lazy("How many people come"), is_number=True),
        Question("head", gettext_lazy("Who leads the delegation, with the office held")),
        Question("sectors", gettext_lazy("Chains and trades of interest"), is_long=True),
        Question("wants", gettext_lazy("Whom the delegation wants to meet, and what for"), is_long=True),
        Question("languages", gettext_lazy("Languages, and whether interpreters are needed"), is_needed=False),
    ),
    Kind.SERVICE: (
        Question(
            "service",
            gettext_lazy("Kind of service"),
            choices=(
                ("logistics", gettext_lazy("Transport and logistics")),
                ("finance", gettext_lazy("Finance and insurance")),
                ("law", gettext_lazy("Law and taxes")),
                ("testing", gettext_lazy("Testing and certification")),
                ("language", gettext_lazy("Interpreting and translation")),
                ("digital", gettext_lazy("Digital services")),
                ("other", gettext_lazy("Another service")),
            ),
        ),
        Question("offers", gettext_lazy("What you do for participants of the fair"), is_long=True),
        Question("countries", gettext_lazy("Countries and regions that you serve"), is_needed=False),
        Question("references", gettext_lazy("Fairs and clients served before"), is_long=True, is_needed=False),
    ),
}
"""What each kind is asked, in the order of its form."""


@made_once
def apply_as(
    edition: Edition,
    firm: Firm,
    kind: str,
    answers: Mapping[str, Any],
    *,
    remarks: str = "",
    own_answers: Mapping[int, Any] | None = None,
    user: User,
) -> Participation:
    """Ask to take part as press, delegation or service provider.

    ``own_answers`` are to the organiser's own questions, by their numbers. Who withdrew or was refused may apply again.
    Raises ApplicationRefusedError and AnswerRefusedError, and then nothing has changed.
    """
    require_open(edition, Phase.Kind.APPLY, refusal=ApplicationRefusedError)
    if kind not in QUESTIONS:
        raise ApplicationRefusedError(_("Nobody applies as this here. Choose one of the list."))
    if not Role.objects.filter(user=user, firm=firm, kind__in=(Role.Kind.OWNER, Role.Kind.MANAGER)).exists():
        raise ApplicationRefusedError(_("Only the owner or a manager of a firm applies for it."))
    if missing := [question for question in QUESTIONS[kind] if question.is_needed and not answers.get(question.name)]:
        raise ApplicationRefusedError(_("An answer is missing: %s.") % missing[0].title)
    earlier = Participation.objects.select_for_update().filter(edition=edition, firm=firm, kind=kind).first()
    if earlier is not None and earlier.state not in Participation.OVER:
        raise ApplicationRefusedError(_("This firm has applied already, or takes part."))
    participation = earlier or Participation(edition=edition, firm=firm, kind=kind)
    before = state(participation) if earlier else None
    participation.state, participation.entered_at, participation.remarks = State.APPLIED, timezone.now(), remarks
    participation.answers = {
        question.name: answers[question.name] for question in QUESTIONS[kind] if answers.get(question.name)
    }
    participation.save()
    record(
        "participation.applied", participation, before=before, after=state(participation), user=user, edition=edition
    )
    keep_answers(participation, own_answers or {}, user=user, registering=True)
    return participation


@transaction.atomic
def withdraw(participation: Participation, *, user: User) -> None:
    """Take an application back that is not decided on. Raises ApplicationRefusedError."""
    held = Participation.objects.select_for_update().get(pk=participation.pk)
    if held.state not in (State.APPLIED, State.WAITING):
        raise ApplicationRefusedError(
            _("The organiser has decided on this application. An owner of the firm can withdraw from the fair.")
        )
    record_change("participation.withdrawn", held, user=user, state=State.CANCELLED)


def answers_of(participation: Participation) -> list[tuple[str, str]]:
    """The questions that were answered, with the answers in words."""
    asked = [(question, participation.answers.get(question.name)) for question in QUESTIONS.get(participation.kind, ())]
    return [
        (str(question.title), str(dict(question.choices).get(answer, answer))) for question, answer in asked if answer
    ]


def own_applications(user: User, edition: Edition) -> QuerySet[Participation]:
    """All participations of the user's firms in an edition, whatever their state."""
    firms = Role.objects.filter(user=user, firm__isnull=False).values("firm")
    applications = Participation.objects.filter(edition=edition, firm__in=firms)
    return applications.select_related("firm").order_by("-entered_at", "pk")


def owned_by(user: User) -> frozenset[int]:
    """The firms that the user owns, by primary key."""
    owning = Role.objects.filter(user=user, kind=Role.Kind.OWNER, firm__isnull=False)
    return frozenset(key for key in owning.values_list("firm_id", flat=True) if key)
