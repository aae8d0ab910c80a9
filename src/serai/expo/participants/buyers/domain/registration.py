"""A buyer registers, the organiser vets: in one queue, with a question back where something is not clear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.firms import new_firm
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Firm
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.participation.domain.decisions import DecisionRefusedError, decide
from serai.expo.participants.participation.domain.signals import participation_changed
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
