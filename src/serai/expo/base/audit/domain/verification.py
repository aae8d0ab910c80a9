"""Verifying the trail: every entry stands as it was written, and no entry and no seal is missing or too many."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Min, QuerySet

from serai.expo.base.audit.domain.proofs import FACTS, FIELDS, PERSONS, Proof, Standing, keys, parted, standing
from serai.expo.base.audit.domain.seals import Head, from_ranges, kept_head, mark_of
from serai.expo.base.audit.models import AuditEntry, AuditSeal

MOST_FAULTS = 50
"""Faults that are told one by one; the others are counted."""


@dataclass
class Findings:
    """What a verification has found so far."""

    entries: int = 0
    seals: int = 0
    masked: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None
    head: Head | None = None
    faults: list[str] = field(default_factory=list)
    more_faults: int = 0
    _marks: set[str] = field(default_factory=set, repr=False)
    _gone: dict[str, dict[int, int]] = field(default_factory=dict, repr=False)  # person -> primary key -> an entry

    def fault(self, sentence: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(sentence)
        else:
            self.more_faults += 1


def verify(outer: Head | None = None, *, last: int | None = None) -> Findings:
    """Verify the whole trail, or only its ``last`` seals and what is not sealed. It reads only.

    ``outer`` is a head that was kept elsewhere; without it the one in the file beside the database is compared.
    """
    findings = Findings()
    newest = AuditSeal.objects.order_by("-number").first()
    findings.head = Head(newest.number, newest.mark) if newest else None
    first = max(0, newest.number - last) if newest and last is not None else 0
    _verify_seals(findings, first, newest.number if newest else 0)
    _verify_head(findings, outer or kept_head(), newest.number if newest else 0)
    _verify_rest(findings, newest.number if newest else 0)
    _verify_persons(findings)
    return findings


def _verify_seals(findings: Findings, first: int, last: int) -> None:
    """Walk the seals after number ``first`` together with their entries."""
    begin = AuditSeal.objects.filter(number=first).first()
    before = begin.mark if begin else ""
    rows = _rows(AuditEntry.objects.filter(seal__gt=first, seal__lte=last).order_by("seal", "pk"))
    by_seal = groupby(rows, key=lambda row: row["seal_id"])
    number, entries = next(by_seal, (None, iter(())))
    expected = first
    for seal in AuditSeal.objects.filter(number__gt=first, number__lte=last).order_by("number").iterator():
        expected += 1
        if seal.number != expected:
            findings.fault(f"Seals {expected} to {seal.number - 1} are missing.")
            expected = seal.number
        while number is not None and number < seal.number:
            _foreign(findings, entries)
            number, entries = next(by_seal, (None, iter(())))
        of_seal: list[dict[str, Any]] = []
        if number == seal.number:
            of_seal = list(entries)
            number, entries = next(by_seal, (None, iter(())))
        _verify_seal(findings, seal, before, of_seal)
        before = seal.mark
    while number is not None:
        _foreign(findings, entries)
        number, entries = next(by_seal, (None, iter(())))


def _foreign(findings: Findings, entries: Iterator[dict[str, Any]]) -> None:
    for row in entries:
        findings.fault(f"{_named(row)} belongs to a seal that is not there.")


def _verify_seal(findings: Findings, seal: AuditSeal, before: str, rows: list[dict[str, Any]]) -> None:
    findings.seals += 1
    faults = len(findings.faults) + findings.more_faults
    sealed, present = set(from_ranges(seal.entries)), {row["pk"] for row in rows}
    for missing in sorted(sealed - present):
        findings.fault(f"Entry {missing}, sealed at {seal.at:%Y-%m-%d %H:%M} UTC, is deleted.")
    for row in rows:
        if row["pk"] in sealed:
            _verify_entry(findings, row)
        else:
            findings.fault(f"{_named(row)} is inserted: seal {seal.number} does not know it.")
    marks = [row["proof"] for row in rows if row["pk"] in sealed]
    fits = any(mark_of(key, before, seal, marks) == seal.mark for key in keys())
    if not fits and faults == len(findings.faults) + findings.more_faults:
        findings.fault(f"Seal {seal.number} of {seal.at:%Y-%m-%d %H:%M} UTC does not follow from the one before it.")


def _verify_entry(findings: Findings, row: dict[str, Any]) -> None:
    findings.entries += 1
    proof: Proof | None = parted(row["proof"])
    if proof is None:
        findings.fault(f"{_named(row)} has no proof: it is inserted, or its proof is deleted.")
        return
    standing_now = standing([row[name] for name in FACTS], row["before"], row["after"], proof)
    findings.masked += standing_now is Standing.MASKED
    if standing_now is Standing.CHANGED or not _same_persons(findings, row, proof):
        findings.fault(f"{_named(row)} is altered.")
    elif proof.mark in findings._marks:
        findings.fault(f"{_named(row)} is a copy of another entry.")
    else:
        findings._marks.add(proof.mark)


def _same_persons(findings: Findings, row: dict[str, Any], proof: Proof) -> bool:
    """Whether the entry names whom it named; a person, session or fair that it names no more has to be gone."""
    for name, written in zip(PERSONS, proof.persons.split(","), strict=True):
        now = row[name]
        if str(now or "") == written:
            continue
        if now is not None:
            return False
        findings._gone.setdefault(name, {})[int(written)] = row["pk"]
    return True


def _verify_persons(findings: Findings) -> None:
    for name, gone in findings._gone.items():
        related: Any = AuditEntry._meta.get_field(name.removesuffix("_id")).related_model
        for number in sorted(related._base_manager.in_bulk(gone)):
            findings.fault(f"Entry {gone[number]} is altered: it named the {related._meta.model_name} {number}.")


def _verify_rest(findings: Findings, last: int) -> None:
    """Entries that no seal has yet, or one that was made after the verification began."""
    unsealed = AuditEntry.objects.filter(seal=None)
    findings.unsealed = unsealed.count()
    findings.unsealed_since = unsealed.aggregate(since=Min("at"))["since"]
    for rows in (unsealed, AuditEntry.objects.filter(seal__gt=last)):
        for row in _rows(rows.order_by("pk")):
            _verify_entry(findings, row)


def _verify_head(findings: Findings, outer: Head | None, last: int) -> None:
    if outer is None:
        return
    if outer.number > last:
        findings.fault(f"The end is cut off: seal {outer.number} was made, and the last one here is {last}.")
    elif not AuditSeal.objects.filter(number=outer.number, mark=outer.mark).exists():
        findings.fault(f"Seal {outer.number} is not the one that was kept outside of the database.")


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = entries.values("pk", "seal_id", *FIELDS).iterator(chunk_size=2000)
    return rows


def _named(row: dict[str, Any]) -> str:
    return (
        f"Entry {row['pk']} ({row['at']:%Y-%m-%d %H:%M} UTC, {row['action']}, {row['object_type']} {row['object_id']})"
    )
