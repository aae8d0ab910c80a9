"""Asking somebody to join a team: the invitation, and the letter with its link."""

from collections.abc import Callable

from django.db import transaction
from django.urls import reverse

from serai.expo.fairs.edition.models import Participation
from serai.expo.fairs.mailing.domain.letters import send_letter
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.participants.team.domain.membership import VALID_DAYS, invite
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import User


@transaction.atomic
def invite_by_mail(
    participation: Participation, *, email: str, kind: str, user: User, absolute: Callable[[str], str]
) -> TeamInvitation:
    """Ask somebody to join the firm's team; ``absolute`` makes an address of a path of this site.

    Raises TeamRefusedError where the person is in the team or every seat is taken.
    """
    made, token = invite(participation, email=email, kind=kind, user=user)
    send_letter(
        participation.edition,
        made.email,
        "team-invitation",
        {
            "firm": shown_name(made.firm),
            "person": user,
            "role": made.get_kind_display(),
            "days": VALID_DAYS,
            "address": absolute(reverse("team-join", args=[participation.edition.slug, token])),
        },
        private=True,
    )
    return made
