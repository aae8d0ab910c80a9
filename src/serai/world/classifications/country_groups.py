"""Dated membership of countries in groups: trade agreements, organisations, the categories of the United Nations.

Every question needs a date, because members join, leave and graduate. The two tables are country_groups.csv and
country_group_members.csv in data/classifications; COUNTRIES.md there says how they were made.

In both, a date is ISO 8601 of any precision: a year or a month alone counts from its first day (`since`) to its last
(`until`). Both ends are days of membership: a country that leaves at midnight has that day as its last, and one that
graduates on a day has the day before. An empty `until` is open; an empty `since` means since before the records here,
that is from the day when the group began, before which it has no members.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType

from serai.world.classifications.countries import country, find, rows


class Status(StrEnum):
    """How a country belongs to a group. Only one status counts as membership of it, `Group.status`."""

    MEMBER = "member"
    PARTY = "party"
    SIGNATORY = "signatory"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of countries.

    `founded` is the first day on which it has members, `status` the one that counts as membership, `meaning` says in
    English what membership is, `titles` are by language.
    """

    key: str
    titles: Mapping[str, str]
    founded: str
    status: Status
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Membership:
    """One row of the table: a country in a group, with a status, from `since` to `until`, both included.

    `verified` says that two independent sources agree on the row; any other is to be checked before it is quoted.
    """

    group: str
    country: str
    since: str
    until: str
    status: Status
    source: str
    verified: bool

    def covers(self, on: date) -> bool:
        """Whether the day lies in the row's span. The founding day of the group is not considered."""
        return _begun(self.since, on) and (not self.until or on.isoformat()[: len(self.until)] <= self.until)


def members(group: str, on: date) -> frozenset[str]:
    """The alpha-2 codes of the group's members on a day, empty before the group began. Raises LookupError."""
    return _members(_group(group).key, on)


def members_in(labels: Iterable[str], group: str, on: date) -> tuple[str, ...]:
    """Those of a table's country labels that are members of the group on a day, in the table's order.

    A label is a code of ISO 3166-1 or a name that `countries.find` knows; what it does not know, such as a rest of the
    world, is no member. Raises LookupError.
    """
    within = members(group, on)
    return tuple(label for label in labels if (found := find(label)) is not None and found.alpha2 in within)


def is_member(alpha2: str, group: str, on: date) -> bool:
    """Whether the country is a member of the group on a day. Raises LookupError for an unknown country or group."""
    return country(alpha2).alpha2 in members(group, on)


def groups_of(alpha2: str, on: date) -> tuple[str, ...]:
    """The keys of the groups whose member the country is on a day, in the order of `groups`. Raises LookupError."""
    return tuple(key for key in _groups() if is_member(alpha2, key, on))


def groups() -> tuple[Group, ...]:
    """Every group, in the order of the table."""
    return tuple(_groups().values())


@cache
def memberships() -> tuple[Membership, ...]:
    """Every row of the table, whatever its status and dates."""
    return tuple(
        Membership(
            row["group"],
            row["country"],
            row["from"],
            row["to"],
            Status(row["status"]),
            row["source"],
            row["verified"] == "true",
        )
        for row in rows("country_group_members.csv")
    )


def unverified() -> tuple[Membership, ...]:
    """The rows that need a check before a report uses them."""
    return tuple(row for row in memberships() if not row.verified)


@cache
def _groups() -> Mapping[str, Group]:
    return MappingProxyType({row["group"]: _read_group(row) for row in rows("country_groups.csv")})


def _read_group(row: dict[str, str]) -> Group:
    key, founded, status, meaning, source = (
        row.pop(column) for column in ("group", "founded", "status", "meaning", "source")
    )
    return Group(key, MappingProxyType(row), founded, Status(status), meaning, source)


def _group(key: str) -> Group:
    try:
        return _groups()[key]
    except KeyError:
        raise LookupError(f"There is no country group '{key}'; known are: {', '.join(_groups())}.") from None


@lru_cache(maxsize=4096)
def _members(key: str, on: date) -> frozenset[str]:
    return members_by(memberships(), key, on)


def members_by(table: Iterable[Membership], key: str, on: date) -> frozenset[str]:
    """The members of a group on a day by another table than the packaged one. Raises LookupError."""
    group = _group(key)
    if not _begun(group.founded, on):
        return frozenset()
    rows_of_group = (row for row in table if row.group == key and row.status is group.status)
    return frozenset(row.country for row in rows_of_group if row.covers(on))


def _begun(since: str, on: date) -> bool:
    """Whether a day is not before `since`; cutting the day to its precision compares a year with a year."""
    return on.isoformat()[: len(since)] >= since
