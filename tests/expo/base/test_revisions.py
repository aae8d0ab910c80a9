"""The revision of a table moves with every write to it, and what a process keeps counts until then."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from serai.expo.base import revisions
from serai.expo.base.revisions import by_revision, gather, install, reading
from serai.expo.fairs.edition.models import Edition, Section
from serai.expo.firms.record.models import Firm
from serai.expo.people.account.models import User
from tests.expo.changes import revisions_before

pytestmark = pytest.mark.every_database

SECTION, FIRM, USER = "expo_section", "expo_firm", "expo_user"


def moved(write: Callable[[], object]) -> set[str]:
    """The tables whose revisions a write moves."""
    before = revisions_before()
    write()
    after = revisions.revisions()
    assert before.keys() <= after.keys()
    return {table for table, number in after.items() if number != before.get(table, 0)}


@pytest.fixture
def section(edition: Edition) -> Section:
    with scope(edition=edition):
        return Section.objects.get()


KINDS: dict[str, Callable[[Section], object]] = {
    "save": lambda row: row.save(),
    "save some columns": lambda row: row.save(update_fields=["order"]),
    "delete": lambda row: row.delete(),
    "update": lambda row: Section.objects.update(order=7),
    "update by an expression": lambda row: Section.objects.update(order=row.order + 1),
    "bulk create": lambda row: Section.objects.bulk_create([Section(edition=row.edition, slug="new")]),
    "bulk create beside conflicts": lambda row: Section.objects.bulk_create(
        [Section(edition=row.edition, slug=slug) for slug in (row.slug, "new")], ignore_conflicts=True
    ),
    "bulk create or update": lambda row: Section.objects.bulk_create(
        [Section(edition=row.edition, slug=row.slug, order=9)],
        update_conflicts=True,
        unique_fields=["edition", "slug"],
        update_fields=["order"],
    ),
    "bulk update": lambda row: Section.objects.bulk_update([row], ["order"]),
    "delete of many": lambda row: Section.objects.all().delete(),
    "raw delete": lambda row: Section.objects.all()._raw_delete("default"),
    "SQL by hand": lambda row: connection.cursor().execute('UPDATE "expo_section" SET "order" = 3'),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_write_moves_the_revision_of_its_table(kind: str, section: Section) -> None:
    with scope(edition=section.edition):
        assert SECTION in moved(lambda: KINDS[kind](section))


def test_a_write_moves_no_other_revision(section: Section) -> None:
    with scope(edition=section.edition):
        assert moved(section.save) == {SECTION}


def test_what_is_removed_with_a_row_moves_too(section: Section) -> None:
    with scope(edition=section.edition):
        assert {SECTION, "expo_edition"} <= moved(section.edition.delete)


def test_reading_moves_nothing(section: Section) -> None:
    with scope(edition=section.edition):
        assert moved(lambda: list(Section.objects.all())) == set()


def test_signing_in_moves_nothing_that_pages_show(stranger: User) -> None:
    stranger.last_login = timezone.now()
    assert moved(lambda: stranger.save(update_fields=["last_login"])) == set()
    stranger.name = "Another name"
    assert moved(lambda: stranger.save(update_fields=["name"])) == {USER}


def triggers() -> set[str]:
    """The tables that have the triggers for insert, update and delete."""
    asked = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'expo_revision_%' "
        "GROUP BY tbl_name HAVING count(*) = 3",
        "postgresql": "SELECT DISTINCT CAST(CAST(tgrelid AS regclass) AS text) FROM pg_trigger "
        "WHERE tgname = 'expo_revision' AND tgtype & 60 = 60",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return {table for (table,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_of_the_fair_is_counted() -> None:
    tables = {model._meta.db_table for model in apps.get_app_config("expo").get_models(include_auto_created=True)}
    assert len(tables) > 100
    assert triggers() == tables
    assert revisions.revisions().keys() == tables


def test_triggers_that_a_migration_lost_come_back_with_what_was_counted(section: Section) -> None:
    with scope(edition=section.edition):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER expo_revision_{SECTION}_{event}")
            else:
                cursor.execute(f"DROP TRIGGER expo_revision ON {SECTION}")
        assert moved(section.save) == set()
        counted = revisions.revisions()[SECTION]
        install(connection)
        assert revisions.revisions()[SECTION] == counted
        assert moved(section.save) == {SECTION}


def test_what_connections_counted_is_joined_without_moving_anything(section: Section) -> None:
    with scope(edition=section.edition):
        section.save()
        assert moved(gather) == set()
        assert moved(section.save) == {SECTION}


def test_a_reading_knows_its_tables(section: Section) -> None:
    with scope(edition=section.edition):
        with reading() as read:
            list(Section.objects.select_related("edition__organisation"))
        assert read.tables == {SECTION, "expo_edition", "expo_organisation"}
        assert read.repeatable


@pytest.mark.django_db
@pytest.mark.parametrize(
    "work",
    [lambda: Firm.objects.update(name={}), Session.objects.count],
    ids=["writes", "reads a table of another app"],
)
def test_what_writes_or_reads_what_is_not_counted_cannot_be_kept(work: Callable[[], object]) -> None:
    with reading() as read:
        work()
    assert not read.repeatable


# Values: nothing is kept inside of a transaction, and so these tests have none.


@pytest.fixture
def counted() -> Callable[[], int]:
    """How many firms there are, and how often that was counted."""
    calls = 0

    def count() -> int:
        nonlocal calls
        calls += 1
        count.calls = calls  # type: ignore[attr-defined]
        return Firm.objects.count()

    return count


def asked(counted: Any) -> tuple[int, int]:
    """The number of firms by its revision, and how often they were counted so far."""
    return by_revision("firms", [], counted), counted.calls


@pytest.mark.django_db(transaction=True)
def test_a_value_is_kept_until_its_table_changes_or_the_minute_is_over(
    counted: Callable[[], int], a_firm: Callable[..., Firm]
) -> None:
    with time_machine.travel("2026-11-28 09:00:05Z", tick=False) as now:
        assert [asked(counted), asked(counted)] == [(0, 1), (0, 1)]
        a_firm()
        assert [asked(counted), asked(counted)] == [(1, 2), (1, 2)]
        User.objects.create_user("somebody@example.org")
        assert asked(counted) == (1, 2)
        now.shift(54)
        assert asked(counted) == (1, 2)
        now.shift(1)
        assert asked(counted) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_takes_back_was_never_kept(counted: Callable[[], int], a_firm: Callable[..., Firm]) -> None:
    assert asked(counted) == (0, 1)
    with transaction.atomic():
        a_firm()
        assert asked(counted) == (1, 2)
        transaction.set_rollback(True)
    a_user = User.objects.create_user("somebody@example.org")
    assert asked(counted) == (0, 2)
    with transaction.atomic():
        a_firm()
        a_user.delete()
    assert asked(counted) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_who_uses_a_kept_value_has_read_its_tables(counted: Callable[[], int]) -> None:
    for _ in range(2):
        with reading() as read:
            asked(counted)
        assert read.tables == {FIRM}
    assert counted.calls == 1  # type: ignore[attr-defined]
