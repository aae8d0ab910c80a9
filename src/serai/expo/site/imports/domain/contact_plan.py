"""The plan of a list of contact persons: each row finds its firm among those that take part, or is held back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from serai.expo.base.workbooks.domain.grid import Row
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.identity.domain.known_firms import SERAI
from serai.expo.firms.identity.domain.redirects import leading
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.models import Firm
from serai.expo.site.imports.domain.contact_cells import CELLS, WHO
from serai.expo.site.imports.domain.contact_record import contact_record
from serai.expo.site.imports.domain.draft import Draft
from serai.expo.site.imports.domain.fields import Column, fields, split
from serai.expo.site.imports.domain.plan import row_plan
from serai.expo.site.imports.domain.row_cells import Rejection, annotator, read_cells
from serai.expo.site.imports.domain.row_identity import LEFT_OUT, Identity
from serai.expo.site.imports.domain.rows import Parsed
from serai.expo.site.imports.domain.stored import Stored, keys_of, load
from serai.expo.site.imports.domain.subject import Plan, RowPlan, Sent
from serai.expo.site.imports.models import ImportRow

State = ImportRow.State
_OF_FIRM = ("name", "legal_name", "serai", "address", "language")

WITHOUT_NEW = frozenset({"no_such_participant", "like_participant", "several_participants"})
"""Reasons of rows held back that no new firm can be made of."""

ALIKE = 85
SHOWN = 5


def columns() -> Mapping[str, Column]:
    """The columns of a list of contact persons: what names their firm, and what is said of them."""
    return {name: column for name, column in fields().items() if name in _OF_FIRM or name in CELLS}


def plan_contacts(sent: Sent) -> Plan:
    """Plan the import of contact persons, in a fixed number of queries. No firm is made or changed."""
    stored, annotate = load(sent.edition, ()), annotator(sent)
    draft = Draft(stored.objects)
    participants = _participants(draft)
    by_name: dict[str, set[int]] = defaultdict(set)
    for number, participation in participants.items():
        for key in keys_of(participation.firm):
            by_name[key].add(number)
    plans: list[RowPlan] = []
    for row in (_parsed(row, sent) for row in sent.rows):
        if isinstance(row, Rejection):
            plans.append(RowPlan(row.number, State.REJECTED, row.reason, row.details))
            continue
        identity = _identity(row, sent.choices.get(row.number, ""), participants, by_name, stored)
        own = participants.get(identity.firm.pk) if identity.firm else None
        if own is not None:
            draft.take(row.number, contact_record(row, own, draft))
        plans.append(row_plan(row, identity, own, draft, annotate))
    return Plan(plans, draft)


def _parsed(row: Row, sent: Sent) -> Parsed | Rejection:
    cells = read_cells(row, sent.header, sent.mapped, columns())
    if isinstance(cells, Rejection):
        return cells
    said = cells.values
    names = {split(name)[1] or "en": text for name, text in said.items() if split(name)[0] == "name"}
    if not (names or said.get("legal_name") or said.get("serai")):
        return Rejection(cells.number, "no_firm_named", {"notes": [*cells.notes]})
    if not any(said.get(key) for key in WHO):
        return Rejection(cells.number, "no_contact", {"notes": [*cells.notes]})
    values = {name: value for name, value in said.items() if split(name)[0] != "name"}
    values.setdefault("contact_address", next((said[name] for name in said if split(name)[0] == "address"), ""))
    identifiers = {SERAI: said["serai"]} if "serai" in said else {}
    return Parsed(cells.number, "", names, values, identifiers=identifiers, notes=cells.notes)


def _participants(draft: Draft) -> dict[int, Participation]:
    """The participation of each firm to which contacts are added: one that is not over, exhibitors before others."""
    order = {kind: place for place, kind in enumerate(Participation.Kind.values)}
    rows = sorted(draft.participations(), key=lambda own: (own.state in Participation.OVER, order[own.kind], own.pk))
    participants: dict[int, Participation] = {}
    for own in rows:
        participants.setdefault(own.firm_id, own)
    return participants


def _identity(
    row: Parsed,
    choice: str,
    participants: Mapping[int, Participation],
    by_name: Mapping[str, set[int]],
    stored: Stored,
) -> Identity:
    if choice == LEFT_OUT:
        return Identity(State.REJECTED, "left_out")
    if choice.isdecimal() and int(choice) in participants:
        return Identity(State.MATCHED, "same_firm", firm=stored.firms[int(choice)])
    identifier = row.identifiers.get(SERAI, "")
    keys = (
        [leading(identifier)] if identifier else [key for name in row.names for key in (name.upper(), name_key(name))]
    )
    found = next((by_name[key] for key in keys if by_name.get(key)), set())
    if len(found) == 1:
        return Identity(State.MATCHED, firm=stored.firms[next(iter(found))])
    if found:
        return _held("several_participants", stored, ((firm, 1.0) for firm in sorted(found)))
    if identifier:
        return Identity(State.POSSIBLE, "no_such_participant")
    names = list(by_name)
    alike: dict[int, float] = {}
    for name in map(name_key, row.names):
        for key, score, _index in process.extract(name, names, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=SHOWN):
            for firm in by_name[key]:
                alike[firm] = max(score / 100, alike.get(firm, 0.0))
    if alike:
        return _held("like_participant", stored, sorted(alike.items(), key=lambda pair: -pair[1])[:SHOWN])
    return Identity(State.POSSIBLE, "no_such_participant")


def _held(reason: str, stored: Stored, firms: Iterable[tuple[int, float]]) -> Identity:
    """Held back until a person chooses one of these firms."""
    shown = [_shown(stored.firms[number], similarity) for number, similarity in firms]
    return Identity(State.POSSIBLE, reason, {"candidates": shown})


def _shown(firm: Firm, similarity: float) -> dict[str, object]:
    return {
        "firm": firm.pk,
        "identifier": firm.identifier,
        "name": firm.legal_name,
        "similarity": round(similarity, 2),
    }
