"""Applications to exhibit. The organiser decides in ``participation.domain.decisions``."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import require_open
from serai.expo.fairs.edition.models import Edition, Participation, Phase, Section
from serai.expo.firms.record.domain.names import name_key, new_firm
from serai.expo.firms.record.models import Firm
from serai.expo.participants.participation.domain.applications import ApplicationRefusedError
from serai.expo.participants.participation.domain.decisions import participation_changed
from serai.expo.participants.questions.domain.answers import keep_answers
from serai.expo.people.account.models import Role, User

KINDS = (Participation.Kind.EXHIBITOR, Participation.Kind.SERVICE)


@made_once
def apply(
    edition: Edition,
    firm: Firm,
    *,
    kind: str,
    user: User,
    area_wanted_m2: int | None = None,
    section: Section | None = None,
    pavilion: str = "",
    remarks: str = "",
    answers: Mapping[int, Any] | None = None,
) -> Participation:
    """Ask to exhibit: a participation in the state APPLIED.

    ``answers`` are to the organiser's questions, by their numbers. A firm that withdrew or was refused may apply again.
    Raises ApplicationRefusedError while applications are closed and where the firm takes part or has applied already,
    and AnswerRefusedError for an answer that is missing or wrong.
    """
    require_open(edition, Phase.Kind.APPLY, refusal=ApplicationRefusedError)
    earlier = Participation.objects.select_for_update().filter(edition=edition, firm=firm, kind__in=KINDS)
    if earlier.exclude(state__in=Participation.OVER).exists():
        raise ApplicationRefusedError(_("This firm has applied already, or takes part."))
    participation = earlier.filter(kind=kind).first() or Participation(edition=edition, firm=firm, kind=kind)
    before = state(participation) if participation.pk else None
    participation.state = Participation.State.APPLIED
    participation.area_wanted_m2, participation.section, participation.pavilion, participation.remarks = (
        area_wanted_m2,
        section,
        pavilion,
        remarks,
    )
    participation.entered_at = timezone.now()
    participation.save()
    record(
        "participation.applied", participation, before=before, after=state(participation), user=user, edition=edition
    )
    keep_answers(participation, answers or {}, user=user, registering=True)
    participation_changed.call(participation)
    return participation


@made_once
def enter_firm(*, legal_name: str, country: str, language: str, user: User) -> Firm:
    """A new firm, owned by who enters it.

    Raises ApplicationRefusedError where a firm of this name is known in the country: nobody becomes its owner by
    writing its name.
    """
    if Firm.objects.filter(country=country, name_key=name_key(legal_name)[:300]).exists():
        raise ApplicationRefusedError(
            _("A firm of this name is known in this country. Ask its owner to invite you, or ask the organiser.")
        )
    today = timezone.localdate()
    firm = new_firm(legal_name=legal_name, country=country, on=today, name={language: legal_name}, language=language)
    firm.save()
    record("firm.entered", firm, after=state(firm), user=user)
    role = Role.objects.create(user=user, firm=firm, kind=Role.Kind.OWNER)
    record("role.given", role, after=state(role), user=user)
    return firm


def firms_to_apply_for(user: User) -> list[Firm]:
    """The firms for which the user may apply: those that the user owns or manages."""
    kinds = (Role.Kind.OWNER, Role.Kind.MANAGER)
    return list(Firm.objects.filter(roles__user=user, roles__kind__in=kinds).order_by("sort_name"))
