"""Hosted buyers of the demonstration: terms that some have accepted, one who has not yet."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.requests.models import Meeting
from serai.expo.participants.buyers.models import HostedTerms, TermsAccepted, Vetting
from serai.expo.people.account.models import User
from serai.expo.site.demonstration.domain.content import read
from serai.expo.site.demonstration.domain.entrants import Entrant

ACCEPTED = 9


def hosted(edition: Edition, buyers: Sequence[Entrant], user: User) -> None:
    """Buyers who come as guests: those with the most meetings where there are some already, and the first few.

    ``user`` acts for the first of the buyers, who finds the terms still to be read. Call inside of the scope.
    """
    said_at = datetime.combine(edition.starts_on - timedelta(days=9), time(10, 30), ZoneInfo(edition.time_zone))
    terms = HostedTerms.objects.create(
        edition=edition, version=1, text=read("buyer_desk.toml")["terms"]["text"], published_at=said_at
    )
    busy = Meeting.objects.filter(edition=edition).order_by().values_list("guest").annotate(met=Count("pk"))
    met = [guest for guest, _met in busy.order_by("-met", "guest")[: ACCEPTED // 2]]
    others = [one.participation.pk for one in buyers[1:] if one.participation.pk not in met]
    chosen = [*met, *others[: ACCEPTED - len(met)]]
    TermsAccepted.objects.bulk_create(
        TermsAccepted(
            edition=edition, participation_id=pk, terms=terms, accepted_at=said_at + timedelta(hours=7 * number)
        )
        for number, pk in enumerate(chosen, 1)
    )
    first = buyers[0].participation
    Vetting.objects.create(
        edition=edition,
        participation=first,
        applicant=user,
        purpose=Vetting.Purpose.OWN_USE,
        hosted=True,
        state=Vetting.State.APPROVED,
        applied_at=first.entered_at,
        decided_at=said_at,
    )
