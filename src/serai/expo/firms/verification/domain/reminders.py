"""Before a verification ends its firm's owners are told once, so that they can ask for it anew in time."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django_scopes import scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.firms.record.domain.owners import active_owners
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.models import Verification

REMIND = timedelta(days=30)
"""So long before: gathering evidence takes longer than renewing an offer."""


def remind_of_verifications(today: date | None = None) -> int:
    """Write to the owners of each firm whose level soon ends and that has no other as high for longer. Returns how many
    verifications that were."""
    on = today or timezone.localdate()
    granted = Verification.objects.filter(state=Verification.State.GRANTED)
    longer = granted.filter(
        firm=OuterRef("firm"), level__gte=OuterRef("level"), valid_until__gt=OuterRef("valid_until")
    )
    ending = granted.filter(
        ~Exists(longer), valid_until__gte=on, valid_until__lt=on + REMIND, reminded_on__isnull=True
    ).order_by("pk")
    reminded = 0
    for verification in ending.select_related("firm"):
        edition = _edition_of(verification)
        if edition is not None:
            _remind(verification, edition, on)
            reminded += 1
    return reminded


def _edition_of(verification: Verification) -> Edition | None:
    """The latest fair of the firm, one of those who granted the level before all others: by its outbox it is told."""
    with scopes_disabled():
        taking_part = (
            Participation.objects.filter(firm=verification.firm_id)
            .exclude(state=Participation.State.CANCELLED)
            .select_related("edition")
            .order_by("-edition__starts_on", "-pk")
        )
        participation = (
            taking_part.filter(edition__organisation=verification.organisation_id).first() or taking_part.first()
        )
    return participation.edition if participation else None


@transaction.atomic
def _remind(verification: Verification, edition: Edition, on: date) -> None:
    before = state(verification)
    verification.reminded_on = on
    verification.save(update_fields=["reminded_on"])
    record("verification.reminded", verification, before=before, after=state(verification), edition=edition)
    until = verification.valid_until
    assert until is not None
    send_letters(
        edition,
        active_owners(verification.firm_id),
        "verification-ends",
        lambda _owner: {
            "firm": shown_name(verification.firm),
            "level": verification.get_level_display(),
            "until": date_format(until),
        },
    )
