"""Groups of countries on a day: the packaged tables with the corrections of this instance's organisers."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.models import GroupMembership
from serai.expo.people.account.models import Role, User
from serai.world.classifications import countries
from serai.world.classifications.country_groups import Membership, Status, groups, members_by, memberships

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


US_AND_EUROPE = "US-EUROPE"
"""The key of the United States and Europe together, which are chosen like a group and are none."""


class GroupError(ValueError):
    """Why a correction is refused, in the reader's language."""


def rows() -> tuple[Membership, ...]:
    """All memberships. The corrections of a pair of group and country replace its packaged rows. One query."""
    corrections = list(GroupMembership.objects.all())
    if not corrections:
        return memberships()
    pairs = {(row.group, row.country) for row in corrections}
    own = [
        Membership(row.group, row.country, row.since, row.until, Status(row.status), row.source, row.verified)
        for row in corrections
        if row.status != GroupMembership.NONE
    ]
    return (*(row for row in memberships() if (row.group, row.country) not in pairs), *own)


def members(group: str, on: date) -> frozenset[str]:
    """The alpha-2 codes of the group's members on a day, with corrections. Raises LookupError."""
    return members_by(rows(), group, on)


def members_of_all(on: date) -> Mapping[str, frozenset[str]]:
    """Key of every group -> its members on a day, in one query."""
    all_rows = rows()
    return {group.key: members_by(all_rows, group.key, on) for group in groups()}


def choosable(keys: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Keys and titles of the groups of countries that a fair can choose; with ``keys`` of those alone.

    Without the United States and Europe together, which have no list of members, where ``keys`` are given.
    """
    titled = [(group.key, str(in_language(group.titles)) or group.key) for group in groups()]
    if keys is None:
        return [*titled, (US_AND_EUROPE, _("United States and Europe"))]
    return [(key, title) for key, title in titled if key in set(keys)]


@transaction.atomic
def choose(edition: Edition, keys: Iterable[str], *, user: User) -> None:
    """Choose the groups of countries for which the fair shows shares. Raises GroupError for one that is not known."""
    known, wanted = dict(choosable()), set(keys)
    if unknown := wanted - set(known):
        raise GroupError(_("There is no group of countries '%s'.") % min(unknown))
    chosen = [key for key in known if key in wanted]
    if chosen != edition.country_groups:
        record_change("edition.groups_chosen", edition, user=user, country_groups=chosen)


def may_correct(user: User) -> bool:
    """Whether the user is an owner of an organisation of this instance, or staff in an open session."""
    in_staff_session = user.is_superuser and user.staff_session is not None
    return in_staff_session or Role.objects.filter(user=user, organisation__isnull=False, kind=Role.Kind.OWNER).exists()


@made_once
def correct(
    group: str,
    country: str,
    *,
    since: str = "",
    until: str = "",
    status: str,
    source: str,
    verified: bool = False,
    user: User,
    edition: Edition | None = None,
) -> GroupMembership:
    """Replace the packaged rows of a country in a group with a membership from one day to another.

    A second call with another ``since`` adds a span. Raises GroupError.
    """
    if group not in {row.key for row in groups()} or country not in countries.countries():
        raise GroupError(_("Choose a group and a country from the lists."))
    if not all(_is_date(text) for text in (since, until)):
        raise GroupError(_("Write a date as 2026, 2026-11 or 2026-11-24."))
    if since and until and until < since[: len(until)]:
        raise GroupError(_("Give an end after the beginning."))
    if status not in {*Status, GroupMembership.NONE}:
        raise GroupError(_("Choose a status from the list."))
    if not source.strip():
        raise GroupError(_("Name the source, so that others can check it."))
    existing = GroupMembership.objects.filter(group=group, country=country, since=since).first()
    before = state(existing) if existing else None
    row = existing or GroupMembership(group=group, country=country, since=since)
    row.until, row.status, row.source, row.verified, row.said_by = until, status, source.strip(), verified, user
    row.save()
    record("group_membership.corrected", row, before=before, after=state(row), user=user, edition=edition)
    return row


@transaction.atomic
def take_back(correction: GroupMembership, *, user: User, edition: Edition | None = None) -> None:
    """Delete a correction. After the last one of its pair the packaged rows count again."""
    record("group_membership.taken_back", correction, before=state(correction), user=user, edition=edition)
    correction.delete()


def _is_date(text: str) -> bool:
    if not text:
        return True
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10] if len(text) == 4 else (text + "-01")[:10])
    except ValueError:
        return False
    return True
