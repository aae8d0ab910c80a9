"""What belongs to a firm beyond its own fields, from a row: other names, plants, certificates, inputs and outputs.

What is there already is found again and completed; nothing of it is taken away by a list that does not name it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from serai.expo.chains.models import ChainPosition
from serai.expo.firms.models import Certification, Firm, FirmAlias, Flow, Plant
from serai.expo.firms.names import fold, name_key
from serai.expo.imports.draft import Draft
from serai.expo.imports.firm_cells import SaidCertificate, SaidPlant
from serai.expo.imports.rows import Parsed, language_of

SOURCE = "workbook"


@dataclass
class Belongings:
    """The rows that belong to a firm, stored or drafted."""

    aliases: list[FirmAlias] = field(default_factory=list)
    plants: list[Plant] = field(default_factory=list)
    certifications: list[Certification] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    positions: list[ChainPosition] = field(default_factory=list)


type Take = Callable[[Draft, Parsed, Firm, Belongings, Any], bool]
"""Drafts what a cell says, and tells whether that makes or changes anything."""


def take_names(draft: Draft, row: Parsed, firm: Firm, there: Belongings, said: Sequence[str]) -> bool:
    known = {one.name for one in there.aliases} | {firm.legal_name, *firm.name.values()}
    for name in (one for one in said if one not in known):
        language = language_of(name, row.values.get("language", ""), row.country)
        made = FirmAlias(firm=firm, name=name, key=name_key(name)[:300], language=language, source=SOURCE)
        there.aliases.append(draft.make(made, row.number))
    return bool(set(said) - known)


def take_plants(draft: Draft, row: Parsed, firm: Firm, there: Belongings, said: Sequence[SaidPlant]) -> bool:
    """Plants; one in the same country with the same place and process is the same."""
    changed = False
    for one in said:
        key = _key(one.country, one.place, one.process)
        known = next((plant for plant in there.plants if key in _plant_keys(plant)), None)
        if known is None:
            number = max((plant.number for plant in there.plants), default=0) + 1
            texts = {name: _text(row, getattr(one, name)) for name in ("place", "process")}
            made = Plant(firm=firm, number=number, country=one.country, **texts)
            known = draft.make(made, row.number)
            there.plants.append(known)
            changed = True
        stated = {"capacity": one.capacity, "unit": one.unit, "since": one.since}
        changed |= _complete(draft, row, known, stated)
    return changed


def take_certificates(
    draft: Draft, row: Parsed, firm: Firm, there: Belongings, said: Sequence[SaidCertificate]
) -> bool:
    """Certificates; one of the same scheme and number is the same, whose days may be other than before."""
    changed = False
    for one in said:
        known = next(
            (
                each
                for each in there.certifications
                if fold(each.scheme) == fold(one.scheme) and (each.number == one.number or not one.number)
            ),
            None,
        )
        if known is None:
            known = draft.make(Certification(firm=firm, scheme=one.scheme, number=one.number), row.number)
            there.certifications.append(known)
            changed = True
        stated = {"body": one.body, "valid_from": one.valid_from, "valid_until": one.valid_until}
        changed |= _complete(draft, row, known, stated)
    return changed


def take_flows(direction: str) -> Take:
    """Inputs or outputs, by their HS codes."""

    def take(draft: Draft, row: Parsed, firm: Firm, there: Belongings, said: Sequence[str]) -> bool:
        known = {one.code for one in there.flows if one.direction == direction and one.scheme == Flow.Scheme.HS}
        new = [code for code in said if code not in known]
        there.flows += [draft.make(Flow(firm=firm, direction=direction, code=code), row.number) for code in new]
        return bool(new)

    return take


TAKE: Mapping[str, tuple[str, Take]] = {
    "other_names": ("aliases", take_names),
    "plants": ("plants", take_plants),
    "certifications": ("certifications", take_certificates),
    "inputs": ("flows", take_flows(Flow.Direction.INPUT)),
    "outputs": ("flows", take_flows(Flow.Direction.OUTPUT)),
}
"""For each field of the workbook the rows that it fills, by the name under which their source is kept, and how."""


def _complete(draft: Draft, row: Parsed, one: Plant | Certification, stated: Mapping[str, Any]) -> bool:
    """Take what is said; what is left blank stays."""
    said = {name: value for name, value in stated.items() if value not in (None, "") and getattr(one, name) != value}
    draft.change(one, row.number, **said)
    return bool(said)


def _text(row: Parsed, text: str) -> dict[str, str]:
    return {language_of(text, row.values.get("language", ""), row.country): text} if text else {}


def _key(country: str, place: str, process: str) -> tuple[str, str, str]:
    return country, fold(place), fold(process)


def _plant_keys(plant: Plant) -> set[tuple[str, str, str]]:
    places, processes = list(plant.place.values()) or [""], list(plant.process.values()) or [""]
    return {_key(plant.country, place, process) for place in places for process in processes}
