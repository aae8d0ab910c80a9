"""Groups of countries on a day: the packaged tables, and over them what the organisers of this instance corrected."""

import re
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.groups.models import GroupMembership
from serai.expo.people.account.models import Role, User
from serai.world.classifications import countries
from serai.world.classifications.country_groups import Membership, Status, groups, members_by, memberships

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class GroupError(ValueError):
    """What is wrong with a membership, in the reader's language."""


def rows() -> tuple[Membership, ...]:
    """Every row as this instance knows it: of a pair that was corrected the corrections only. One query."""
    corrected = list(GroupMembership.objects.all())
    if not corrected:
        return memberships()
    pairs = {(one.group, one.country) for one in corrected}
    own = [
        Membership(one.group, one.country, one.since, one.until, Status(one.status), one.source, one.verified)
        for one in corrected
        if one.status != GroupMembership.NONE
    ]
    return (*(one for one in memberships() if (one.group, one.country) not in pairs), *own)


def members(group: str, on: date) -> frozenset[str]:
    """The alpha-2 codes of the group's members on a day, as this instance knows them. Raises LookupError."""
    return members_by(rows(), group, on)


def members_of_all(on: date) -> Mapping[str, frozenset[str]]:
    """The members of every group on a day, by its key, in one query."""
    known = rows()
    return {group.key: members_by(known, group.key, on) for group in groups()}


def may_correct(user: User) -> bool:
    """Owners of an organisation of this instance, and staff in an open session."""
    in_staff_session = user.is_superuser and user.staff_session is not None
    return in_staff_session or Role.objects.filter(user=user, organisation__isnull=False, kind=Role.Kind.OWNER).exists()


@transaction.atomic
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
    """Say how a country belongs to a group from one day to another, in the place of the packaged rows of the pair.

    A second call with another ``since`` adds a span. Raises GroupError.
    """
    known = {one.key for one in groups()}
    if group not in known or country not in countries.countries():
        raise GroupError(_("Choose a group and a country from the lists."))
    if not all(_is_date(text) for text in (since, until)):
        raise GroupError(_("Write a date as 2026, 2026-11 or 2026-11-24."))
    if since and until and until < since[: len(until)]:
        raise GroupError(_("Give an end after the beginning."))
    if status not in {*Status, GroupMembership.NONE}:
        raise GroupError(_("Choose a status from the list."))
    if not source.strip():
        raise GroupError(_("Name the source, so that others can check it."))
    there = GroupMembership.objects.filter(group=group, country=country, since=since).first()
    before = state(there) if there else None
    made = there or GroupMembership(group=group, country=country, since=since)
    made.until, made.status, made.source, made.verified, made.said_by = until, status, source.strip(), verified, user
    made.save()
    record("group_membership.corrected", made, before=before, after=state(made), user=user, edition=edition)
    return made


@transaction.atomic
def take_back(correction: GroupMembership, *, user: User, edition: Edition | None = None) -> None:
    """Delete a correction; when it is the last of its pair the packaged rows count again."""
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
