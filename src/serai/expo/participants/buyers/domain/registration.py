"""A buyer registers and says what it comes for; the organiser vets in one queue, with a question back where
something is not clear.

A visit says the same of a delegation. The organiser, the buyer itself or a list says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.names import name_key, new_firm, shown_name
from serai.expo.firms.record.domain.visibility import active_owners
from serai.expo.firms.record.models import Firm
from serai.expo.participants.buyers.models import Vetting, Visit
from serai.expo.participants.delegations.domain import forget_journeys
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, decide, participation_changed
from serai.expo.participants.questions.domain.answers import keep_answers
from serai.expo.people.account.models import Role, User

P = Participation.State
MEETINGS_MAXIMUM = 24
"""How many meetings a buyer may have who has set nothing and accepted no terms."""


class RegistrationRefusedError(ValueError):
    """Why a registration cannot be taken, in the reader's language."""


@dataclass(frozen=True)
class Answers:
    """What a buyer says of itself when it registers."""

    purpose: str
    position: str = ""
    hosted: bool = False
    about: str = ""
    own: Mapping[int, Any] = field(default_factory=dict)  # to the organiser's own questions, by their numbers


@made_once
def register(user: User, edition: Edition, firm: Firm, answers: Answers, *, known_firm: bool = False) -> Vetting:
    """The firm as a buyer that waits for the organiser. Who was refused may register again.

    Raises RegistrationRefusedError while registration is closed, and where the firm is a buyer or has registered, and
    AnswerRefusedError for an answer to the organiser's questions that is missing or wrong.
    """
    require_open(edition, Phase.Kind.APPLY, refusal=RegistrationRefusedError)
    participation = Participation.objects.filter(edition=edition, firm=firm, kind=Participation.Kind.BUYER).first()
    if participation is not None and participation.state not in Participation.OVER:
        raise RegistrationRefusedError(_("This firm is registered as a buyer already."))
    before = state(participation) if participation else None
    participation = participation or Participation(edition=edition, firm=firm, kind=Participation.Kind.BUYER)
    participation.state, participation.entered_at, participation.meetings_maximum = (
        P.APPLIED,
        timezone.now(),
        MEETINGS_MAXIMUM,
    )
    participation.save()
    record(
        "participation.applied", participation, before=before, after=state(participation), user=user, edition=edition
    )
    keep_answers(participation, answers.own, user=user, registering=True)
    vetting = Vetting.objects.filter(participation=participation).first() or Vetting(
        edition=edition, participation=participation
    )
    was = state(vetting) if vetting.pk else None
    vetting.applicant, vetting.known_firm, vetting.state = user, known_firm, Vetting.State.WAITING
    vetting.purpose, vetting.position, vetting.hosted = answers.purpose, answers.position, answers.hosted
    vetting.about, vetting.words, vetting.applied_at = answers.about.strip(), "", timezone.now()
    vetting.save()
    record("vetting.asked_for", vetting, before=was, after=state(vetting), user=user, edition=edition)
    participation_changed.call(participation)
    return vetting


@made_once
def register_by_name(
    user: User, edition: Edition, *, legal_name: str, country: str, language: str, website: str, answers: Answers
) -> Vetting:
    """Register a firm by its name: a new one is the user's own at once, a known one when the organiser has vetted.

    Nobody becomes owner of a firm by writing its name. Raises RegistrationRefusedError where people of the firm are
    known: they can take the user into their team.
    """
    firm_there = Firm.objects.filter(
        country=country, name_key=name_key(legal_name)[:300], merged_into__isnull=True
    ).first()
    if firm_there is None:
        firm = new_firm(
            legal_name=legal_name,
            country=country,
            on=timezone.localdate(),
            name={language: legal_name},
            language=language,
            website=website,
        )
        firm.save()
        record("firm.entered", firm, after=state(firm), user=user)
        _give_role(user, firm)
        return register(user, edition, firm, answers)
    if firm_there.roles.filter(user=user).exists():
        return register(user, edition, firm_there, answers)
    if firm_there.roles.exists():
        raise RegistrationRefusedError(
            _("A firm of this name is known in this country. Ask its owner to take you into its team.")
        )
    return register(user, edition, firm_there, answers, known_firm=True)


def _give_role(user: User, firm: Firm) -> None:
    """Owner of a firm that has none. Of another, which was claimed since, nobody becomes owner by writing its name."""
    kind = Role.Kind.MEMBER if active_owners(firm.pk) else Role.Kind.OWNER
    role, made = Role.objects.get_or_create(user=user, firm=firm, defaults={"kind": kind})
    if made:
        record("role.given", role, after=state(role), user=user)


@transaction.atomic
def vet(vetting: Vetting, to: Participation.State, reason: Mapping[str, str], *, by: User) -> None:
    """Let the buyer in, put it on the waiting list, or refuse it with a reason; then who registered acts for the firm.

    Raises RegistrationRefusedError, and then nothing has changed.
    """
    before = state(vetting)
    if vetting.participation.state != to:
        try:
            decide(vetting.participation, to, reason, user=by)
        except DecisionRefusedError as refusal:
            raise RegistrationRefusedError(str(refusal)) from None
    if to == P.CONFIRMED:
        vetting.state = Vetting.State.APPROVED
        if vetting.applicant is not None:
            _give_role(vetting.applicant, vetting.participation.firm)
    elif to == P.REJECTED:
        vetting.state = Vetting.State.REFUSED
    vetting.decided_at, vetting.decided_by = timezone.now(), by
    vetting.save()
    record("vetting.decided", vetting, before=before, after=state(vetting), user=by, edition=vetting.edition)


@transaction.atomic
def reopen(participation: Participation, *, user: User) -> None:
    """The registration of a buyer that was cancelled waits for the organiser again, if there is one."""
    vetting = Vetting.objects.filter(participation=participation).first()
    if vetting is None or vetting.state == Vetting.State.WAITING:
        return
    record_change("vetting.reopened", vetting, user=user, state=Vetting.State.WAITING)


@transaction.atomic
def ask_more(vetting: Vetting, words: str, *, by: User) -> None:
    """Ask the buyer for what is missing. Raises RegistrationRefusedError without a question."""
    if not words.strip():
        raise RegistrationRefusedError(_("Write what you want to know."))
    record_change("vetting.asked", vetting, user=by, state=Vetting.State.ASKED, words=words.strip())
    if vetting.applicant is not None and vetting.applicant.is_active:
        firm = vetting.participation.firm
        send_letters(
            vetting.edition,
            [vetting.applicant],
            "registration-asked",
            lambda _applicant: {"firm": shown_name(firm), "question": vetting.words},
        )


@transaction.atomic
def tell_more(vetting: Vetting, about: str, *, by: User) -> None:
    """The buyer answers; the registration waits for the organiser again."""
    record_change("vetting.told", vetting, user=by, about=about.strip(), state=Vetting.State.WAITING)


def queue(edition: Edition) -> QuerySet[Vetting]:
    """Buyers who wait to be vetted, the oldest first; also one let in elsewhere who can't act for its firm yet."""
    roleless = Q(participation__state=P.CONFIRMED, applicant__isnull=False) & ~Exists(
        Role.objects.filter(user=OuterRef("applicant"), firm=OuterRef("participation__firm"))
    )
    return (
        Vetting.objects.filter(Q(participation__state__in=[P.APPLIED, P.WAITING]) | roleless, edition=edition)
        .select_related("participation__firm", "participation__edition", "applicant", "edition")
        .order_by("applied_at", "pk")
    )


def visible_to(user: User, edition: Edition) -> QuerySet[Vetting]:
    """All registrations for an organiser, for others their own."""
    rows = Vetting.objects.filter(edition=edition)
    return rows if user.has_perm("expo.read_people", edition) else rows.filter(applicant=user)


def vettings_of(user: User, edition: Edition) -> QuerySet[Vetting]:
    """The registrations of a user, the newest first."""
    return (
        Vetting.objects.filter(edition=edition, applicant=user)
        .select_related("participation__firm", "edition")
        .prefetch_related("participation__decisions")
        .order_by("-applied_at")
    )


COMING = (Participation.Kind.BUYER, Participation.Kind.DELEGATION)
"""The kinds of participants that say what they come for."""
FIELDS = ("budget", "currency", "interests", "arrives_on", "leaves_on")
MOST_INTERESTS = 50


class VisitRefusedError(ValueError):
    """Why a visit can't be kept so, in the reader's language."""


def coming(edition: Edition) -> QuerySet[Participation]:
    """The participants that say what they come for."""
    return Participation.objects.filter(edition=edition, kind__in=COMING).select_related("firm", "edition")


def visit_of(participation: Participation) -> Visit:
    """What is kept of a participant's visit; an unsaved one where there is nothing."""
    with scope(edition=participation.edition):
        kept = Visit.objects.filter(participation=participation).first()
    return kept or Visit(edition=participation.edition, participation=participation)


@made_once
def plan_visit(participation: Participation, values: Mapping[str, Any], *, user: User) -> Visit:
    """Say what a participant comes for. Raises VisitRefusedError, and then nothing has changed."""
    if participation.kind not in COMING:
        raise VisitRefusedError(_("Only buyers and delegations say what they come for."))
    visit = visit_of(participation)
    before = state(visit) if visit.pk else None
    for name in FIELDS:
        if name in values:
            setattr(visit, name, values[name])
    if visit.arrives_on and visit.leaves_on and visit.leaves_on < visit.arrives_on:
        raise VisitRefusedError(_("They would leave before arriving."))
    if visit.budget is not None and not visit.currency:
        raise VisitRefusedError(_("Say in which currency the budget is."))
    with scope(edition=participation.edition):
        visit.save()
    if state(visit) != before:
        record("visit.planned", visit, before=before, after=state(visit), user=user, edition=participation.edition)
    return visit


def forget_all_journeys(edition: Edition) -> int:
    """Forget when people came and went, of buyers and of delegations. Returns of how many."""
    visits = Visit.objects.filter(edition=edition).exclude(arrives_on__isnull=True, leaves_on__isnull=True)
    return visits.update(arrives_on=None, leaves_on=None) + forget_journeys(edition)
