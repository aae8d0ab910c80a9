"""Asking somebody to join a team: the invitation, and the letter with its link."""

from collections.abc import Callable

from django.db import transaction

from serai.expo.editions.models import Participation
from serai.expo.mailing.letters import send_letter
from serai.expo.people.models import User
from serai.expo.team.joining import VALID_DAYS, invite
from serai.expo.team.models import TeamInvitation
from serai.expo.text import in_language


@transaction.atomic
def invite_by_mail(
    participation: Participation, *, email: str, kind: str, user: User, link: Callable[[str], str]
) -> TeamInvitation:
    """Ask somebody to join the firm's team; ``link`` makes the address of the page that answers of its token.

    Raises TeamRefusedError where the person is in the team or every seat is taken.
    """
    made, token = invite(participation, email=email, kind=kind, user=user)
    send_letter(
        participation.edition,
        made.email,
        "team-invitation",
        {
            "firm": in_language(made.firm.name).text or made.firm.legal_name,
            "person": user,
            "role": made.get_kind_display(),
            "days": VALID_DAYS,
            "address": link(token),
        },
        private=True,
    )
    return made
