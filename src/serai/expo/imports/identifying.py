"""Which firm a row of an import is of: a known one, that of an earlier row, a new one, or held back for a person."""

from collections.abc import Iterable
from typing import Any

from serai.expo.firms.domain import new_firm
from serai.expo.firms.finding import SERAI, Candidate, Found
from serai.expo.firms.models import Firm
from serai.expo.firms.names import fold
from serai.expo.imports.describing import describe
from serai.expo.imports.models import ImportRow
from serai.expo.imports.rows import Parsed
from serai.expo.imports.work import LEFT_OUT, NEW, SAME_AS, RowPlan, Work, name_keys, remember
from serai.expo.text import in_language

State = ImportRow.State


def look_ahead(work: Work, row: Parsed) -> None:
    """A choice holds for every row of the file with the same name; and all names of a hall must be known."""
    choice = work.choices.get(row.number, "")
    if choice == NEW:
        work.chosen_new.update(name_keys(row))
    elif choice.isdecimal() and (firm := work.stored.firms.get(int(choice))):
        remember(work, row, firm)
    codes, name = set(row.values.get("hall", ())), row.values.get("hall_name")
    if name and len(codes) == 1:
        work.stored.hall_names.add((codes.pop(), fold(name)))


def firm_of(work: Work, row: Parsed, found: Found) -> RowPlan:
    """What becomes of a row, with its firm where that is certain; of such a row what it says of the firm is taken."""
    choice = work.choices.get(row.number, "")
    if choice == LEFT_OUT:
        return RowPlan(row.number, State.REJECTED, "left_out")
    if found.firm:
        return _update(work, row, work.stored.firms[found.firm], "like_known" if found.by_likeness else "")
    if choice.startswith(SAME_AS) and (firm := work.entered.get(int(choice.removeprefix(SAME_AS)))):
        return _update(work, row, firm, "same_as_row", first=int(choice.removeprefix(SAME_AS)))
    if identifier := row.identifiers.get(SERAI):
        return RowPlan(row.number, State.REJECTED, "unknown_identifier", {"identifier": identifier})
    if firm := next(
        (firm for key in name_keys(row) if (firm := work.named.get(key)) and _agrees(work, row, firm)), None
    ):
        first = work.first_row.get(id(firm))
        if first is None or choice.isdecimal():
            return _update(work, row, firm, "same_firm")
        return _update(work, row, firm, "same_as_row", first=first)
    if found.candidates and not work.chosen_new.intersection(name_keys(row)):
        reason = "same_name" if any(one.similarity == 1 for one in found.candidates) else "similar_name"
        details = _notes(row) | {"candidates": _shown(found.candidates)}
        return RowPlan(row.number, State.POSSIBLE, reason, details)
    earlier = [each for each in work.alike.get(row.number, ()) if each[0] in work.entered]
    if earlier and not found.candidates and not work.chosen_new.intersection(name_keys(row)):
        details = _notes(row) | {"candidates": [_shown_row(work, *each) for each in earlier], "first": earlier[0][0]}
        return RowPlan(row.number, State.POSSIBLE, "similar_row", details)
    return _enter(work, row, "new_firm" if found.candidates or earlier else "")


def _shown_row(work: Work, number: int, similarity: float) -> dict[str, Any]:
    name = work.entered[number].legal_name
    return {
        "firm": f"{SAME_AS}{number}",
        "row": number,
        "identifier": "",
        "name": name,
        "similarity": round(similarity, 2),
    }


def _enter(work: Work, row: Parsed, reason: str) -> RowPlan:
    firm = new_firm(
        legal_name=row.values.get("legal_name") or in_language(row.name, "en").text,
        country=row.country,
        on=work.on,
        name=row.name,
        language=row.values.get("language") or next(iter(row.name)),
    )
    work.draft.make(firm, row.number)
    return describe(work, row, RowPlan(row.number, State.NEW, reason, _notes(row), firm), firm)


def _update(work: Work, row: Parsed, firm: Firm, reason: str = "", **details: Any) -> RowPlan:
    return describe(work, row, RowPlan(row.number, State.MATCHED, reason, _notes(row) | details, firm), firm)


def _agrees(work: Work, row: Parsed, firm: Firm) -> bool:
    """Whether no number of the row contradicts one of the firm."""
    numbers: dict[str, set[str]] = {SERAI: {firm.identifier}}
    for one in work.stored.numbers.get(id(firm), ()):
        numbers.setdefault(one.scheme, set()).add(one.value)
    return all(number in numbers.get(scheme, {number}) for scheme, number in row.identifiers.items())


def _notes(row: Parsed) -> dict[str, Any]:
    return {"notes": list(row.notes)} if row.notes else {}


def _shown(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [
        {"firm": one.firm, "identifier": one.identifier, "name": one.name, "similarity": round(one.similarity, 2)}
        for one in candidates
    ]
