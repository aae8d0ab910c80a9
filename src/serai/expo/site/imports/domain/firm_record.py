"""The firm of a row: fields, numbers, other names, plants, certificates, flows, positions.

A blank cell changes nothing, and nothing is removed because a list does not name it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from serai.expo.base.collation import fold, sort_name
from serai.expo.base.text import in_language
from serai.expo.firms.identity.domain.known_firms import SERAI
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.domain.firm_cells import SaidCertificate, SaidPlant
from serai.expo.firms.record.domain.names import name_key
from serai.expo.firms.record.domain.profile import identifier, mark
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.offers.chains.models import ChainPosition
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, IsFirst, Make, Remark
from serai.expo.site.imports.domain.inventory import Stored
from serai.expo.site.imports.domain.rows import FIRM_TEXTS, FIRM_VALUES, Parsed, Texts, first_values, language_of

SOURCE = "workbook"
SEVERAL = frozenset({"VAT", "GLN"})
"""Schemes in which a firm may have several numbers."""


def firm_record(row: Parsed, firm: Firm, draft: Draft, stored: Stored) -> Drafting[None]:
    """The firm's own fields and the rows that belong to it."""
    is_first = draft.first_of(row.number, firm)
    values = first_values(row, FIRM_VALUES, is_first) | _texts(row, firm, is_first)
    if "legal_name" in values:
        values["name_key"] = name_key(values["legal_name"])[:300]
    if {"name", "legal_name"} & values.keys():
        shown = in_language(values.get("name", firm.name), "en").text
        values["sort_name"] = sort_name(shown or values.get("legal_name", firm.legal_name))
    values |= yield from _parent(row, firm, stored, is_first)
    changed = [name for name, value in values.items() if name in FIRM and getattr(firm, name) != value]
    if firm._state.adding and not firm.provenance:
        changed += ["legal_name", "name", "country", "language"]
    yield Change(firm, values)
    if (yield from _numbers(row, firm, draft, is_first)):
        changed.append("identifiers")
    for key, (name, take) in _BELONGING.items():
        items = row.values.get(key)
        if items and is_first(key, items) and (yield from take(row, firm, draft, items)):
            changed.append(name)
    positions = row.values.get("positions")
    if positions and is_first("positions", positions) and (yield from _positions(firm, draft, stored, positions)):
        changed.append("positions")
    if changed:
        yield Change(firm, {"provenance": mark(firm, dict.fromkeys(changed), SOURCE)})


def _texts(row: Parsed, firm: Firm, is_first: IsFirst) -> dict[str, Texts]:
    """The texts of the firm with those of the row."""
    texts: dict[str, Texts] = {}
    for key in (*FIRM_TEXTS, *(["name"] if row.named else [])):
        of_row: Texts = row.name if key == "name" else row.values.get(key, {})
        if new := {language: text for language, text in of_row.items() if is_first(f"{key}:{language}", text)}:
            texts[key] = {**getattr(firm, key), **new}
    return texts


def _parent(row: Parsed, firm: Firm, stored: Stored, is_first: IsFirst) -> Drafting[dict[str, Any]]:
    """The firm that the row names as the parent, of the firms that are stored."""
    name = row.values.get("parent")
    if not name or not is_first("parent", name):
        return {}
    parent = stored.firm_by_name.get(name.upper()) or stored.firm_by_name.get(name_key(name))
    if parent is None or parent is firm:
        yield Remark("parent", "itself_as_parent" if parent else "unknown_parent")
        return {}
    return {"parent": parent}


def _numbers(row: Parsed, firm: Firm, draft: Draft, is_first: IsFirst) -> Drafting[bool]:
    """Numbers of the firm in registers; in a register with one number a firm, a new number replaces the old one."""
    changed = False
    for scheme, value in row.identifiers.items():
        if scheme == SERAI or not is_first(scheme, value):
            continue
        number = identifier(firm, scheme, value, source=SOURCE)
        if number.check_digit == FirmIdentifier.CheckDigit.WRONG:
            yield Remark(scheme, "wrong_check_digit")
            continue
        own = [other for other in draft.owned(firm, FirmIdentifier) if other.scheme == scheme]
        if any(other.value == number.value for other in own):
            continue
        if own and scheme not in SEVERAL:
            replaced = ("value", "check_digit", "source", "status", "checked_on")
            yield Change(own[0], {name: getattr(number, name) for name in replaced})
        else:
            yield Make(number)
        changed = True
    return changed


def _positions(firm: Firm, draft: Draft, stored: Stored, positions: Sequence[tuple[str, str]]) -> Drafting[bool]:
    """Positions on the chains, by title and role; a position that the firm itself stated is not changed."""
    changed = False
    for title, role in positions:
        node = stored.nodes.get(fold(title))
        if node is None:
            yield Remark("positions", "unknown_node", {"unknown": title})
            continue
        position = next((own for own in draft.owned(firm, ChainPosition) if own.node_id == node.pk), None)
        if position is None:
            state = ChainPosition.State.LISTED
            yield Make(ChainPosition(firm=firm, node=node, role=role, state=state, source=SOURCE))
            changed = True
        elif position.state == ChainPosition.State.LISTED and position.role != role:
            yield Change(position, {"role": role})
            changed = True
    return changed


def _names(row: Parsed, firm: Firm, draft: Draft, names: Sequence[str]) -> Drafting[bool]:
    """Other names of the firm."""
    own = {alias.name for alias in draft.owned(firm, FirmAlias)} | {firm.legal_name, *firm.name.values()}
    for name in (name for name in names if name not in own):
        language = _language(row, name)
        yield Make(FirmAlias(firm=firm, name=name, key=name_key(name)[:300], language=language, source=SOURCE))
    return not own.issuperset(names)


def _plants(row: Parsed, firm: Firm, draft: Draft, plants: Sequence[SaidPlant]) -> Drafting[bool]:
    """Plants; a plant in the same country with the same place and process is the same."""
    changed = False
    for cell in plants:
        own = draft.owned(firm, Plant)
        key = cell.country, fold(cell.place), fold(cell.process)
        plant = next((plant for plant in own if key in _plant_keys(plant)), None)
        if plant is None:
            number = max((plant.number for plant in own), default=0) + 1
            texts = {
                name: {_language(row, text): text} if text else {}
                for name, text in (("place", cell.place), ("process", cell.process))
            }
            plant = Plant(firm=firm, number=number, country=cell.country, **texts)
            yield Make(plant)
            changed = True
        stated = {"capacity": cell.capacity, "unit": cell.unit, "since": cell.since}
        changed |= yield from _complete(plant, stated)
    return changed


def _certificates(_row: Parsed, firm: Firm, draft: Draft, certificates: Sequence[SaidCertificate]) -> Drafting[bool]:
    """Certificates; a certificate of the same scheme and number is the same, whose days may have changed."""
    changed = False
    for cell in certificates:
        same_scheme = (own for own in draft.owned(firm, Certification) if fold(own.scheme) == fold(cell.scheme))
        certificate = next((own for own in same_scheme if own.number == cell.number or not cell.number), None)
        if certificate is None:
            certificate = Certification(firm=firm, scheme=cell.scheme, number=cell.number)
            yield Make(certificate)
            changed = True
        stated = {"body": cell.body, "valid_from": cell.valid_from, "valid_until": cell.valid_until}
        changed |= yield from _complete(certificate, stated)
    return changed


def _flows(direction: str) -> Callable[[Parsed, Firm, Draft, Sequence[str]], Drafting[bool]]:
    """Inputs or outputs, by their HS codes."""

    def take(_row: Parsed, firm: Firm, draft: Draft, codes: Sequence[str]) -> Drafting[bool]:
        own = draft.owned(firm, Flow)
        own_codes = {flow.code for flow in own if flow.direction == direction and flow.scheme == Flow.Scheme.HS}
        for code in (code for code in codes if code not in own_codes):
            yield Make(Flow(firm=firm, direction=direction, code=code))
        return not own_codes.issuperset(codes)

    return take


_BELONGING: Mapping[str, tuple[str, Callable[[Parsed, Firm, Draft, Any], Drafting[bool]]]] = {
    "other_names": ("aliases", _names),
    "plants": ("plants", _plants),
    "certifications": ("certifications", _certificates),
    "inputs": ("flows", _flows(Flow.Direction.INPUT)),
    "outputs": ("flows", _flows(Flow.Direction.OUTPUT)),
}
"""For each field of the workbook: the field of the firm's provenance, and the step that reads the items of the cell."""


def _complete(instance: Plant | Certification, stated: Mapping[str, Any]) -> Drafting[bool]:
    values = {
        name: value for name, value in stated.items() if value not in (None, "") and getattr(instance, name) != value
    }
    if values:
        yield Change(instance, values)
    return bool(values)


def _language(row: Parsed, text: str) -> str:
    return language_of(text, row.values.get("language", ""), row.country)


def _plant_keys(plant: Plant) -> Iterator[tuple[str, str, str]]:
    for place in list(plant.place.values()) or [""]:
        for process in list(plant.process.values()) or [""]:
            yield plant.country, fold(place), fold(process)
