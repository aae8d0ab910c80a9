"""The trail is sealed in a chain: one altered, inserted or deleted row is found, whoever wrote it."""

import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import connection, transaction

from serai.expo.base.audit.domain import proofs, seals
from serai.expo.base.audit.domain.entries import entry, record, record_all
from serai.expo.base.audit.domain.erasure import ERASED, mask, mask_mentions
from serai.expo.base.audit.domain.seals import Head, from_ranges, in_ranges, seal, seal_next
from serai.expo.base.audit.domain.verification import verify
from serai.expo.base.audit.models import AuditEntry, AuditSeal
from serai.expo.base.tasks.domain.queue import lanes
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.domain.privacy import erase
from serai.expo.people.account.models import User

pytestmark = pytest.mark.every_database

TABLE = "expo_auditentry"


@pytest.fixture(autouse=True)
def head_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the head, beside no other instance's."""
    monkeypatch.setattr(seals, "home", lambda: tmp_path)
    return tmp_path / seals.HEAD


@pytest.fixture
def trail(edition: Edition, organiser: User) -> list[int]:
    """Primary keys of nine entries in three seals and one more that is not sealed."""
    AuditEntry.objects.all().delete()
    written = []
    for number in range(9):
        after = {"area": 1.5 * number, "city": f"Ningde {number}", "names": {"en": "a", "zh": "宁"}, "big": 1e22}
        written.append(record("edition.changed", edition, before={"area": -0.0}, after=after, user=organiser).pk)
        if number % 3 == 2:
            assert seal() == 3
    states = {"before": {"area": 1}, "after": {"area": 2}}
    return [*written, record("edition.opened", edition, user=organiser, edition=edition, **states).pk]


def sql(statement: str, *values: Any) -> None:
    """What somebody does who writes to the database and knows nothing of the key."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults() -> list[str]:
    return verify().faults


def test_a_trail_that_nobody_touched_stands(trail: list[int], head_of_its_own: Path) -> None:
    found = verify()
    assert (found.entries, found.seals, found.unsealed, found.faults) == (10, 3, 1, [])
    assert found.head == Head(3, AuditSeal.objects.get(number=3).mark)
    assert head_of_its_own.read_text() == f"{found.head}\n"
    assert head_of_its_own.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("after", '{"city": "Elsewhere"}'),
        ("before", None),
        ("action", "edition.forgotten"),
        ("object_id", "99"),
        ("object_type", "firm"),
        ("request_id", "another"),
        ("at", "2026-01-01 00:00:00+00:00"),
        ("user_id", None),
        ("edition_id", None),
        ("impersonator_id", "organiser"),
        ("proof", ""),
    ],
)
@pytest.mark.parametrize("which", [4, 9], ids=["sealed", "unsealed"])
def test_one_altered_value_is_found(
    column: str, value: str | None, which: int, trail: list[int], organiser: User, edition: Edition
) -> None:
    number = trail[which]
    if column == "edition_id" and which == 4:
        value = str(edition.pk)  # it has none
    sql(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", organiser.pk if value == "organiser" else value, number)
    (fault, *_others) = faults()
    assert str(number) in fault
    assert "altered" in fault or "has no proof" in fault


@pytest.mark.parametrize("which", [0, 4, 8])
def test_one_deleted_row_is_found(which: int, trail: list[int]) -> None:
    sql(f"DELETE FROM {TABLE} WHERE id = %s", trail[which])
    (fault,) = faults()
    assert f"Entry {trail[which]}, sealed at" in fault
    assert "deleted" in fault


def _insert(columns: str, values: str, *given: Any) -> None:
    sql(f"INSERT INTO {TABLE} ({columns}) SELECT {values} FROM {TABLE} WHERE id = %s", *given)


COPIED = "at, user_id, edition_id, request_id, action, object_type, object_id, before, after, proof"


def test_one_inserted_row_is_found(trail: list[int]) -> None:
    _insert(COPIED, COPIED.replace("action", "'firm.merged'"), trail[2])
    (fault,) = faults()
    assert "firm.merged" in fault
    sql(f"DELETE FROM {TABLE} WHERE action = 'firm.merged'")
    _insert(COPIED, COPIED, trail[2])
    (fault,) = faults()
    assert "is a copy of another entry" in fault
    seal()
    assert len(faults()) == 1, "Sealing makes no lie true."
    sql(f"DELETE FROM {TABLE} WHERE id > %s", trail[9])
    assert len(faults()) == 1, "What was sealed and is deleted is missed."


def test_a_row_inserted_among_sealed_ones_is_found(trail: list[int]) -> None:
    _insert(f"{COPIED}, seal_id", f"{COPIED}, seal_id", trail[2])
    (fault,) = faults()
    assert "seal 1 does not know it" in fault


def test_rows_that_change_their_places_are_found(trail: list[int]) -> None:
    first, second = AuditEntry.objects.filter(pk__in=trail[:2]).order_by("pk")
    for number, other in ((first.pk, second), (second.pk, first)):
        AuditEntry.objects.filter(pk=number).update(
            **{name: getattr(other, name) for name in proofs.FIELDS if name != "edition_id"}
        )
    (fault,) = faults()
    assert "Seal 1 of" in fault


def test_a_tail_that_is_cut_off_is_found_by_the_head_beside_the_database(
    trail: list[int], head_of_its_own: Path
) -> None:
    whole = verify().head
    sql(f"DELETE FROM {TABLE} WHERE seal_id = 3")
    sql("DELETE FROM expo_auditseal WHERE number = 3")
    (fault,) = faults()
    assert "The end is cut off: seal 3 was made, and the last one here is 2." in fault
    head_of_its_own.unlink()
    assert faults() == [], "Without the file nobody can know ..."
    assert len(verify(whole).faults) == 1, "... but who kept the head."


def test_a_seal_that_is_deleted_or_made_anew_without_the_key_is_found(trail: list[int]) -> None:
    with transaction.atomic():
        sql(f"UPDATE {TABLE} SET seal_id = NULL WHERE seal_id = 2")
        sql("DELETE FROM expo_auditseal WHERE number = 2")
        assert faults()[0] == "Seals 2 to 2 are missing."
        transaction.set_rollback(True)
    sql("UPDATE expo_auditseal SET mark = %s WHERE number = 3", "a" * 43)
    assert [fault.split(" of ")[0] for fault in faults()] == ["Seal 3", "Seal 3 is not the one that was kept outside"]


def test_another_key_makes_no_fitting_proof(trail: list[int], settings: Any) -> None:
    secret = settings.SECRET_KEY
    settings.SECRET_KEY = "a guess of the key"
    assert len(faults()) > 9
    settings.SECRET_KEYS_BEFORE = [secret]
    assert faults() == [], "The key was changed and the one before is known."


def test_what_is_masked_stays_verifiable_and_is_named_in_the_trail(trail: list[int]) -> None:
    assert mask(AuditEntry.objects.filter(pk__in=trail[1:3])) == 2
    assert mask_mentions("Ningde 5") == 1
    seal()
    found = verify()
    assert (found.faults, found.masked) == ([], 3)
    named = [row.after["entries"] for row in AuditEntry.objects.filter(action="trail.masked").order_by("pk")]
    assert named == [f"{trail[1]}-{trail[2]}", str(trail[5])]
    sql(f"UPDATE {TABLE} SET after = %s WHERE id = %s", f'{{"city": "{ERASED}"}}', trail[1])
    assert len(faults()) == 1, "Nobody else masks."


def test_masking_does_not_make_an_altered_entry_good(trail: list[int]) -> None:
    sql(f"UPDATE {TABLE} SET after = %s WHERE id = %s", '{"city": "Ningde 4", "area": 7}', trail[4])
    mask_mentions("Ningde 4")
    (fault,) = faults()
    assert "altered" in fault


def test_a_person_who_is_erased_leaves_a_trail_that_stands(trail: list[int], organiser: User, new_user: Any) -> None:
    person = new_user("leaving")
    record("user.renamed", person, after={"name": "Leaving"}, user=person)
    seal()
    erase(person)
    seal()
    assert faults() == []
    assert AuditEntry.objects.filter(action="user.renamed", user=None).exists()


def test_many_entries_at_once_have_proofs_too_and_one_place_writes_them(edition: Edition) -> None:
    record_all([entry("edition.changed", edition, after={"area": number}) for number in range(3)])
    assert faults() == []
    source = Path(seals.__file__).parents[3]
    writers = [path for path in source.rglob("*.py") if "AuditEntry.objects.bulk_create" in path.read_text()]
    assert [path.name for path in writers] == ["entries.py"]


def test_numbers_are_written_in_ranges() -> None:
    assert in_ranges([3, 4, 5, 9, 11, 12]) == "3-5,9,11-12"
    assert list(from_ranges("3-5,9,11-12")) == [3, 4, 5, 9, 11, 12]
    assert (in_ranges([]), list(from_ranges(""))) == ("", [])


def test_the_worker_seals_what_has_waited_for_a_moment(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(lane.step is seal_next for lane in lanes())
    seal()
    record("edition.changed", edition, after={"area": 1})
    assert not seal_next()
    monkeypatch.setattr(seals, "WAIT", timedelta(0))
    assert seal_next()
    assert not seal_next()
    assert not AuditEntry.objects.filter(seal=None).exists()


def test_a_full_disk_keeps_no_part_of_a_head_and_the_next_seal_keeps_its_own(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal()
    there = set(seals.head_file().parent.iterdir())
    record("edition.changed", edition, after={"area": 1})
    with monkeypatch.context() as full:
        full.setattr(Path, "replace", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(OSError, match="No space left"):
            seal()
    assert set(seals.head_file().parent.iterdir()) == there
    assert faults() == []
    record("edition.changed", edition, after={"area": 2})
    seal()
    assert seals.kept_head() == verify().head


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, and tests one connection.")
@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_make_one_chain(new_user: Callable[..., User], monkeypatch: pytest.MonkeyPatch) -> None:
    person = new_user("somebody")
    record_all([entry("user.renamed", person, after={"name": str(number)}) for number in range(40)])

    monkeypatch.setattr(seals, "AT_A_TIME", 4)

    def seal_all() -> None:
        for _try in range(40):
            seal()
        connection.close()

    with ThreadPoolExecutor(4) as sealers:
        for done in [sealers.submit(seal_all) for _sealer in range(4)]:
            done.result()
    found = verify()
    assert (found.faults, found.unsealed, found.entries) == ([], 0, AuditEntry.objects.count())
    assert found.seals >= 10
