"""The segments, templates and mailings that a user may see: only organisers see those of a fair."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.kinds import letters
from serai.expo.fairs.mailing.models import Mailing, MailTemplate, Segment
from serai.expo.people.account.models import User


def segments_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Segment]:
    return _organised(Segment.objects.filter(edition=edition), user, edition)


def templates_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[MailTemplate]:
    """The templates of mailings, without an organiser's own words for single letters (``wording.py``)."""
    rows = MailTemplate.objects.filter(edition=edition).exclude(key__in=list(letters()))
    return _organised(rows, user, edition)


def mailings_visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Mailing]:
    return _organised(Mailing.objects.filter(edition=edition), user, edition)


def _organised[Row: Model](rows: QuerySet[Row], user: User | AnonymousUser, edition: Edition) -> QuerySet[Row]:
    return rows if user.has_perm("expo.read_letters", edition) else rows.none()
