"""What a buyer or a delegation comes for, said by the organiser, the buyer itself or a list."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.delegations.domain import forget_journeys
from serai.expo.people.account.models import User

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
