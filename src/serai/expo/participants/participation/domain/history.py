"""How a participation came to be what it is: every state with its day, and the organiser's reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import ApplicationDecision, Participation

DECIDED = ("application.decided", "participation.cancelled", "participation.restored")
"""What leaves a decision with its reason, and is read from there."""


@dataclass(frozen=True)
class Moment:
    """A state that began, and the reason that was given for it, by language. Who decided is not told."""

    at: datetime
    state: str
    reason: Mapping[str, str]

    @property
    def words(self) -> str:
        return str(Participation.State(self.state).label)


def history_of(participation: Participation) -> list[Moment]:
    """All states of a participation, the first before the rest."""
    return histories_of([participation])[participation.pk]


def histories_of(participations: Iterable[Participation]) -> dict[int, list[Moment]]:
    """The same of several, by primary key, in two queries: from the decisions, and of other changes from the trail."""
    by_key = {participation.pk: participation for participation in participations}
    histories: dict[int, list[Moment]] = {pk: [] for pk in by_key}
    for decision in ApplicationDecision.objects.filter(participation__in=by_key):
        histories[decision.participation_id].append(Moment(decision.decided_at, decision.state, decision.reason))
    entries = AuditEntry.objects.filter(object_type="participation", object_id__in=[str(pk) for pk in by_key])
    for entry in entries.exclude(action__in=DECIDED).order_by("at", "pk"):
        state = (entry.after or {}).get("state")
        if state in Participation.State.values:
            histories[int(entry.object_id)].append(Moment(entry.at, state, {}))
    for pk, moments in histories.items():
        moments.sort(key=lambda participation: participation.at)
        if not moments:
            moments.append(Moment(by_key[pk].entered_at, by_key[pk].state, {}))
    return histories
