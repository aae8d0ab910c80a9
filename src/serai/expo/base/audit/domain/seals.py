"""Sealing the trail: what is committed is put into a chain, some seconds after it was written.

    mark of a seal = keyed hash of (mark of the seal before, number, time, entries, their marks by primary key)

An entry is written without a look at the chain, so no writer waits for another. The last seal is kept in a file beside
the database too, so that cutting the end off is seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from serai.expo.base.audit.domain.proofs import keyed_hash, keys, parted
from serai.expo.base.audit.models import AuditEntry, AuditSeal
from serai.expo.base.home import home, write_whole

AT_A_TIME = 5000
"""Entries of one seal, which keeps the database for some hundredths of a second."""
WAIT = timedelta(seconds=2)
"""What is written within this time shares a seal."""
HEAD = "audit-head"


@dataclass(frozen=True)
class Head:
    """The last seal: its number and its mark."""

    number: int
    mark: str

    def __str__(self) -> str:
        return f"{self.number}:{self.mark}"


def head_of(text: str) -> Head:
    """The head that ``str(head)`` wrote. Raises ValueError."""
    number, colon, mark = text.strip().partition(":")
    if not (colon and mark and number.isdecimal()):
        raise ValueError("A head is written as NUMBER:MARK, as 'serai audit verify' prints it.")
    return Head(int(number), mark)


def head_file() -> Path:
    return home() / HEAD


def kept_head() -> Head | None:
    """The head in the file beside the database; None where there is none yet."""
    try:
        return head_of(head_file().read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def seal_next() -> bool:
    """Seal what has waited for a while, as a lane of the worker. Returns whether there was any."""
    due = AuditEntry.objects.filter(seal=None, at__lt=timezone.now() - WAIT)
    return due.exists() and seal() > 0


def seal() -> int:
    """Seal the first entries that no seal has, by primary key. Returns how many; 0 while another process seals."""
    with transaction.atomic():
        AuditSeal.objects.get_or_create(number=0, defaults={"entries": "", "mark": ""})
        if not AuditSeal.objects.select_for_update(skip_locked=True).filter(number=0).exists():
            return 0
        before = AuditSeal.objects.order_by("-number")[0]
        made = AuditSeal(number=before.number + 1, at=timezone.now())
        taken = _take(made.number)
        if not taken:
            return 0
        made.entries = in_ranges(number for number, _proof in taken)
        made.mark = mark_of(keys()[0], before.mark, made, (proof for _number, proof in taken))
        made.save(force_insert=True)
    write_whole(head_file(), f"{Head(made.number, made.mark)}\n".encode())  # if it raises, the next seal keeps its own
    return len(taken)


def mark_of(key: bytes, before: str, seal: AuditSeal, proofs: Iterable[str]) -> str:
    """The mark of a seal after one with the mark ``before``, over the proofs of its entries by primary key."""
    marks = (proof.mark if (proof := parted(text)) else "" for text in proofs)
    return keyed_hash(key, "seal", before, str(seal.number), _time(seal.at), seal.entries, *marks)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _take(number: int) -> list[tuple[int, str]]:
    """Give the first entries without a seal to the one of this number. Returns primary key and proof, in order.

    One statement: an entry that another process commits meanwhile is taken by it, with its proof, or left.
    """
    table = AuditEntry._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET seal_id = %s WHERE id IN (SELECT id FROM "{table}" WHERE seal_id IS NULL '  # noqa: S608
            "ORDER BY id LIMIT %s) RETURNING id, proof",
            [number, AT_A_TIME],
        )
        return sorted(cursor.fetchall())


def in_ranges(numbers: Iterable[int]) -> str:
    """Ascending whole numbers as text: 3, 4, 5, 9 -> '3-5,9'."""
    ranges = []
    for _offset, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        first, *rest = [number for _place, number in run]
        ranges.append(f"{first}-{rest[-1]}" if rest else str(first))
    return ",".join(ranges)


def from_ranges(text: str) -> Iterator[int]:
    """The numbers of a text that ``in_ranges`` wrote."""
    for part in filter(None, text.split(",")):
        first, _dash, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
