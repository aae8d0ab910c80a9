"""What an import would do: each row's state, and the objects that it would make and change. Reads and never writes.

The first row of a file that says something of a firm is heard; what a later row says differently is noted at that row.
So the rows of one file agree on what they leave behind, and the same file sent again changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from serai.expo.chains.models import ChainPosition
from serai.expo.editions.models import Edition, Participation
from serai.expo.firms.domain import new_firm
from serai.expo.firms.finding import SERAI, Candidate, Found, Sought, alike_within, find_firms
from serai.expo.firms.known import said_address
from serai.expo.firms.models import Firm, FirmIdentifier
from serai.expo.firms.names import fold, name_key, sort_name
from serai.expo.firms.numbers import identifier
from serai.expo.firms.provenance import mark
from serai.expo.halls.models import Booth, Hall, Stand
from serai.expo.imports.belonging import SOURCE, TAKE
from serai.expo.imports.draft import Draft
from serai.expo.imports.models import ImportRow
from serai.expo.imports.rows import FIRM_TEXTS, Note, Parsed, Rejection, Texts, language_of
from serai.expo.imports.stored import Contents, Stored, load
from serai.expo.market.models import MarketItem, Need, Offer
from serai.expo.packages.granting import HANDED_ON
from serai.expo.text import in_language
from serai.world.classifications import harmonized_system

State = ImportRow.State

NEW, LEFT_OUT, SAME_AS = "new", "out", "row:"
"""What may be chosen for a row held back, besides the primary key of the firm that it is; row:12 is that of row 12."""

type Choices = Mapping[int, str]
"""What a person chose, by row number."""

type Annotate = Callable[[int, str, str, Mapping[str, Any]], Note]
"""Makes a note on a cell: row number, name of the field, reason, and what its sentence needs."""

EXHIBITING = (Participation.Kind.EXHIBITOR, Participation.Kind.CO_EXHIBITOR, Participation.Kind.SERVICE)
SEVERAL = frozenset({"VAT", "GLN"})
"""Schemes in which a firm may have several numbers."""
_FIRM_VALUES = (
    "founded", "size", "women_led", "website", "language", "isic", "cpc", "legal_form", "ownership", "employees",
    "turnover", "export_share", "markets", "markets_sought", "languages", "incoterms", "minimum_order",
    "lead_time_days", "emissions_year", "scope_1", "scope_2", "carbon_per_unit", "carbon_unit", "audit",
)  # fmt: skip
_MARKED = frozenset({*_FIRM_VALUES, "legal_name", "name", "city", "subdivision", "address", "description", "parent"})
"""Fields of which it is kept that the workbook said them."""


@dataclass
class RowPlan:
    """What becomes of a row."""

    number: int
    state: str
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    firm: Firm | None = None
    participation: Participation | None = None


@dataclass
class Plan:
    """What becomes of each row, the changes, and each participation's items and booths as they would be."""

    rows: list[RowPlan]
    draft: Draft
    contents: Mapping[int, Contents]


def plan(
    edition: Edition,
    parsed: Sequence[Parsed | Rejection],
    *,
    on: date,
    annotate: Annotate,
    choices: Choices | None = None,
) -> Plan:
    """Plan the import of rows into an edition. Call inside of its scope; the number of queries is fixed."""
    rows = [row for row in parsed if isinstance(row, Parsed)]
    sought = [_sought(row) for row in rows]
    found = find_firms(sought)
    chosen = choices or {}
    known = {one.firm for one in found if one.firm} | {int(choice) for choice in chosen.values() if choice.isdecimal()}
    stored = load(known)
    alike: dict[int, list[tuple[int, float]]] = {}
    for later, earlier, similarity in alike_within(sought):
        if not (found[later].firm or found[earlier].firm):
            alike.setdefault(rows[later].number, []).append((rows[earlier].number, similarity))
    work = _Work(edition, on, annotate, chosen, stored, alike)
    for row in rows:
        work.look_ahead(row)
    plans = {row.number: work.firm_of(row, one) for row, one in zip(rows, found, strict=True)}
    taken = [(row, plans[row.number]) for row in rows if plans[row.number].firm]
    for step in (work.take_part, work.join_lead, work.stand, work.offer_and_need):
        for row, row_plan in taken:
            step(row, row_plan)
    for _row, row_plan in taken:
        if row_plan.state == State.MATCHED and not row_plan.reason and row_plan.number not in work.draft.rows:
            row_plan.state = State.UNCHANGED
    for rejection in parsed:
        if isinstance(rejection, Rejection):
            plans[rejection.number] = RowPlan(
                rejection.number, State.REJECTED, rejection.reason, dict(rejection.details)
            )
    return Plan([plans[row.number] for row in parsed], work.draft, stored.contents)


@dataclass
class _Work:
    """A plan in the making: what is stored, what is drafted, and which row said what first."""

    edition: Edition
    on: date
    annotate: Annotate
    choices: Choices
    stored: Stored
    alike: Mapping[int, Sequence[tuple[int, float]]] = field(default_factory=dict)
    """Rows before a row whose names are like its own, and how like; of firms that are not known."""
    draft: Draft = field(default_factory=Draft)
    said: dict[tuple[int, str], tuple[int, Any]] = field(default_factory=dict)
    """Row and word, by the owner's ``id`` and the name of the field."""
    first_row: dict[int, int] = field(default_factory=dict)
    """The first row of a firm, by the firm's ``id``."""
    named: dict[tuple[str, str], Firm] = field(default_factory=dict)
    """The firms of the rows so far, and those chosen, by country and key of the name."""
    chosen_new: set[tuple[str, str]] = field(default_factory=set)
    entered: dict[int, Firm] = field(default_factory=dict)
    """The firms of the rows so far, by row."""

    # Which firm a row is of

    def look_ahead(self, row: Parsed) -> None:
        """A choice holds for every row of the file with the same name; and all names of a hall must be known."""
        choice = self.choices.get(row.number, "")
        if choice == NEW:
            self.chosen_new.update(_keys(row))
        elif choice.isdecimal() and (firm := self.stored.firms.get(int(choice))):
            self._name(row, firm)
        codes, name = set(row.values.get("hall", ())), row.values.get("hall_name")
        if name and len(codes) == 1:
            self.stored.hall_names.add((codes.pop(), fold(name)))

    def firm_of(self, row: Parsed, found: Found) -> RowPlan:
        choice = self.choices.get(row.number, "")
        if choice == LEFT_OUT:
            return RowPlan(row.number, State.REJECTED, "left_out")
        if found.firm:
            return self._update(row, self.stored.firms[found.firm], "like_known" if found.by_likeness else "")
        if choice.startswith(SAME_AS) and (firm := self.entered.get(int(choice.removeprefix(SAME_AS)))):
            return self._update(row, firm, "same_as_row", first=int(choice.removeprefix(SAME_AS)))
        if identifier := row.identifiers.get(SERAI):
            return RowPlan(row.number, State.REJECTED, "unknown_identifier", {"identifier": identifier})
        if firm := next(
            (firm for key in _keys(row) if (firm := self.named.get(key)) and self._agrees(row, firm)), None
        ):
            first = self.first_row.get(id(firm))
            if first is None or choice.isdecimal():
                return self._update(row, firm, "same_firm")
            return self._update(row, firm, "same_as_row", first=first)
        if found.candidates and not self.chosen_new.intersection(_keys(row)):
            reason = "same_name" if any(one.similarity == 1 for one in found.candidates) else "similar_name"
            details = _notes(row) | {"candidates": _shown(found.candidates)}
            return RowPlan(row.number, State.POSSIBLE, reason, details)
        earlier = [each for each in self.alike.get(row.number, ()) if each[0] in self.entered]
        if earlier and not found.candidates and not self.chosen_new.intersection(_keys(row)):
            details = _notes(row) | {"candidates": [self._shown_row(*each) for each in earlier], "first": earlier[0][0]}
            return RowPlan(row.number, State.POSSIBLE, "similar_row", details)
        return self._enter(row, "new_firm" if found.candidates or earlier else "")

    def _shown_row(self, number: int, similarity: float) -> dict[str, Any]:
        name = self.entered[number].legal_name
        return {
            "firm": f"{SAME_AS}{number}",
            "row": number,
            "identifier": "",
            "name": name,
            "similarity": round(similarity, 2),
        }

    def _enter(self, row: Parsed, reason: str) -> RowPlan:
        firm = new_firm(
            legal_name=row.values.get("legal_name") or in_language(row.name, "en").text,
            country=row.country,
            on=self.on,
            name=row.name,
            language=row.values.get("language") or next(iter(row.name)),
        )
        self.draft.make(firm, row.number)
        return self._describe(row, RowPlan(row.number, State.NEW, reason, _notes(row), firm), firm)

    def _update(self, row: Parsed, firm: Firm, reason: str = "", **details: Any) -> RowPlan:
        return self._describe(row, RowPlan(row.number, State.MATCHED, reason, _notes(row) | details, firm), firm)

    def _name(self, row: Parsed, firm: Firm) -> None:
        for key in _keys(row):
            self.named.setdefault(key, firm)

    def _describe(self, row: Parsed, row_plan: RowPlan, firm: Firm) -> RowPlan:
        """Take what the row says of the firm itself. What it leaves blank stays as it is."""
        self._name(row, firm)
        self.entered[row.number] = firm
        self.first_row.setdefault(id(firm), row.number)
        heard = self._heard(row, row_plan, firm, (*_FIRM_VALUES, "legal_name")) | self._texts(row, row_plan, firm)
        if "legal_name" in heard:
            heard["name_key"] = name_key(heard["legal_name"])[:300]
        if {"name", "legal_name"} & heard.keys():
            shown = in_language(heard.get("name", firm.name), "en").text
            heard["sort_name"] = sort_name(shown or heard.get("legal_name", firm.legal_name))
        if (said := row.values.get("parent")) and self._hear(row_plan, firm, "parent", said):
            heard |= self._parent(row_plan, firm, said)
        marked = [name for name, value in heard.items() if name in _MARKED and getattr(firm, name) != value]
        if firm._state.adding and not firm.provenance:
            marked += ["legal_name", "name", "country", "language"]
        self.draft.change(firm, row.number, **heard)
        marked += self._belong(row, row_plan, firm)
        if marked:
            self.draft.change(firm, row.number, provenance=mark(firm, dict.fromkeys(marked), SOURCE))
        return row_plan

    def _texts(self, row: Parsed, row_plan: RowPlan, firm: Firm) -> dict[str, Texts]:
        """The texts of the firm with those of the row."""
        found: dict[str, Texts] = {}
        for key in (*FIRM_TEXTS, *(["name"] if row.named else [])):
            texts: Texts = row.name if key == "name" else row.values.get(key, {})
            if new := {lang: text for lang, text in texts.items() if self._hear(row_plan, firm, f"{key}:{lang}", text)}:
                found[key] = {**getattr(firm, key), **new}
        return found

    def _belong(self, row: Parsed, row_plan: RowPlan, firm: Firm) -> list[str]:
        """Take the rows that belong to the firm. Returns the names under which it is kept who said what changed."""
        marked = ["identifiers"] if self._number(row, row_plan, firm) else []
        there = self.stored.belongings_of(firm)
        for key, (name, take) in TAKE.items():
            found = row.values.get(key)
            if found and self._hear(row_plan, firm, key, found) and take(self.draft, row, firm, there, found):
                marked.append(name)
        said = row.values.get("positions")
        if said and self._hear(row_plan, firm, "positions", said) and self._stand(row_plan, firm, said):
            marked.append("positions")
        return marked

    def _stand(self, row_plan: RowPlan, firm: Firm, said: Sequence[tuple[str, str]]) -> bool:
        """Take where the list says that the firm stands on the chains; what the firm itself said goes before it."""
        there = self.stored.belongings_of(firm).positions
        known = {one.node_id: one for one in there}
        changed = False
        for title, role in said:
            node = self.stored.nodes.get(fold(title))
            if node is None:
                self._note(row_plan, "positions", "unknown_node", unknown=title)
            elif (position := known.get(node.pk)) is None:
                made = ChainPosition(firm=firm, node=node, role=role, state=ChainPosition.State.LISTED, source=SOURCE)
                known[node.pk] = self.draft.make(made, row_plan.number)
                there.append(made)
                changed = True
            elif position.state == ChainPosition.State.LISTED and position.role != role:
                self.draft.change(position, row_plan.number, role=role)
                changed = True
        return changed

    def _parent(self, row_plan: RowPlan, firm: Firm, said: str) -> dict[str, Any]:
        """The firm that is named as the parent, of those that are known."""
        found = self._known_firms.get(said.upper()) or self._known_firms.get(name_key(said))
        if found is None or found is firm:
            self._note(row_plan, "parent", "itself_as_parent" if found else "unknown_parent")
            return {}
        return {"parent": found}

    @cached_property
    def _known_firms(self) -> Mapping[str, Firm]:
        """The firms that are stored, by identifier and by each name."""
        known: dict[str, Firm] = {}
        for one in self.stored.firms.values():
            for key in (one.identifier, *map(name_key, (one.legal_name, *one.name.values()))):
                known.setdefault(key, one)
        return known

    def _number(self, row: Parsed, row_plan: RowPlan, firm: Firm) -> bool:
        """Take the numbers that the row gives; of a register that gives a firm one number a new one replaces it."""
        there = self.stored.numbers.setdefault(id(firm), [])
        taken = False
        for scheme, value in row.identifiers.items():
            if scheme == SERAI or not self._hear(row_plan, firm, scheme, value):
                continue
            made = identifier(firm, scheme, value, source=SOURCE)
            if made.check_digit == FirmIdentifier.CheckDigit.WRONG:
                self._note(row_plan, scheme, "wrong_check_digit")
                continue
            known = [one for one in there if one.scheme == scheme]
            if any(one.value == made.value for one in known):
                continue
            if known and scheme not in SEVERAL:
                said = {
                    name: getattr(made, name) for name in ("value", "check_digit", "source", "status", "checked_on")
                }
                self.draft.change(known[0], row.number, **said)
            else:
                there.append(self.draft.make(made, row.number))
            taken = True
        return taken

    def _agrees(self, row: Parsed, firm: Firm) -> bool:
        """Whether no number of the row contradicts one of the firm."""
        numbers: dict[str, set[str]] = {SERAI: {firm.identifier}}
        for one in self.stored.numbers.get(id(firm), ()):
            numbers.setdefault(one.scheme, set()).add(one.value)
        return all(number in numbers.get(scheme, {number}) for scheme, number in row.identifiers.items())

    def _heard(self, row: Parsed, row_plan: RowPlan, owner: object, keys: Iterable[str]) -> dict[str, Any]:
        """The values of the row for these fields that are the first of the file for the owner."""
        values = {
            key: list(value) if isinstance(value, tuple) else value for key, value in row.values.items() if key in keys
        }
        return {key: value for key, value in values.items() if self._hear(row_plan, owner, key, value)}

    def _hear(self, row_plan: RowPlan, owner: object, name: str, value: Any) -> bool:
        """Whether this row is the first of the file to fill the owner's field; a later other word is noted."""
        first, heard = self.said.setdefault((id(owner), name), (row_plan.number, value))
        if first != row_plan.number and heard != value:
            self._note(row_plan, name, "said_before", first=first)
        return first == row_plan.number

    def _note(self, row_plan: RowPlan, name: str, reason: str, **details: Any) -> None:
        notes = row_plan.details.setdefault("notes", [])
        notes.append(self.annotate(row_plan.number, name, reason, details))

    # What the firm does at the fair

    def take_part(self, row: Parsed, row_plan: RowPlan) -> None:
        firm = row_plan.firm
        assert firm
        kind = self._kind(firm, row)
        participation = self.stored.taking_part.get((id(firm), kind))
        if participation is None:
            participation = Participation(edition=self.edition, firm=firm, kind=kind)
            self.stored.enter(self.draft.make(participation, row.number))
        row_plan.participation = participation
        heard = self._heard(row, row_plan, participation, ("pavilion", "area_m2", "support"))
        if said := row.values.get("section"):
            if (section := self.stored.sections.get(fold(said))) is None:
                known = {one.pk: str(in_language(one.title)) or one.slug for one in self.stored.sections.values()}
                self._note(row_plan, "section", "unknown_section", known=", ".join(known.values()) or "—")
            elif self._hear(row_plan, participation, "section", section):
                heard["section"] = section
        if (said := row.values.get("package")) and self._hear(row_plan, participation, "package", said):
            heard |= self._package(row_plan, participation, said)
        self.draft.change(participation, row.number, **heard)

    def _package(self, row_plan: RowPlan, participation: Participation, said: str) -> dict[str, Any]:
        """The package that is named, with what follows from it where it is another than before."""
        package = self.stored.packages.get(fold(said))
        if package is None:
            known = dict.fromkeys(str(in_language(one.title)) or one.code for one in self.stored.packages.values())
            self._note(row_plan, "package", "unknown_package", known=", ".join(known) or "—")
            return {}
        if participation.package_id == package.pk:
            return {}
        return {"package": package} | {name: getattr(package, name) for name in HANDED_ON}

    def _kind(self, firm: Firm, row: Parsed) -> str:
        """As what the firm takes part: as the row says, else as it exhibits already, else as an exhibitor."""
        if said := row.values.get("kind"):
            return str(said)
        already = [kind.value for kind in EXHIBITING if (id(firm), kind) in self.stored.taking_part]
        default = Participation.Kind.CO_EXHIBITOR if "lead" in row.values else Participation.Kind.EXHIBITOR
        return already[0] if already else default.value

    def join_lead(self, row: Parsed, row_plan: RowPlan) -> None:
        said, participation = row.values.get("lead"), row_plan.participation
        if not said or not self._hear(row_plan, participation, "lead", said):
            return
        assert participation
        lead = self._leads.get(said.upper()) or self._leads.get(name_key(said))
        if lead is None:
            self._note(row_plan, "lead", "unknown_lead")
        elif lead.firm is participation.firm:
            self._note(row_plan, "lead", "itself_as_lead")
        else:
            self.draft.change(participation, row.number, lead=lead)

    @cached_property
    def _leads(self) -> Mapping[str, Participation]:
        """Those at whose stand another firm may be, by identifier and by each name."""
        leads: dict[str, Participation] = {}
        for contents in self.stored.contents.values():
            one = contents.participation
            if one.kind in (Participation.Kind.EXHIBITOR, Participation.Kind.SERVICE):
                for key in (one.firm.identifier, *map(name_key, (one.firm.legal_name, *one.firm.name.values()))):
                    leads.setdefault(key, one)
        return leads

    def stand(self, row: Parsed, row_plan: RowPlan) -> None:
        """Give the firm its booths, and make the halls and booths that are new."""
        booths: Sequence[str] = row.values.get("booth", ())
        halls: Sequence[str] = row.values.get("hall", ())
        name: str = row.values.get("hall_name", "")
        if not (booths or halls or name):
            return
        if len(set(halls)) > 1:
            name = ""  # it is not said of which of them it is the name
            if len(halls) != len(booths):
                self._note(row_plan, "booth", "halls_and_booths_differ", halls=len(halls), booths=len(booths))
                return
        else:
            halls = [self._hall_code(halls[0] if halls else "", name)] * max(len(booths), 1)
        if not all(halls):
            self._note(row_plan, "booth", "booth_without_hall")
            return
        for index, code in enumerate(halls):
            hall = self._hall(row, code, name)
            if booths:
                self._take_booth(row_plan, hall, booths[index])

    def _hall_code(self, code: str, name: str) -> str:
        """The code under which the hall is kept; empty where it is not certain.

        Lists give one code to several halls, or several to one, when it is that of a plan or a building: then the name
        tells them apart. A fair whose list has neither has the one hall that is there, or hall 1.
        """
        if name:
            codes = self._codes_of_hall.get(fold(name), set())
            of_one = codes if not code else codes & {code} if len(self._names_of_hall.get(code, ())) == 1 else set()
            return next(iter(of_one)) if len(codes) == len(of_one) == 1 else name
        if code or not self.stored.halls:
            return code or "1"
        return next(iter(self.stored.halls)) if len(self.stored.halls) == 1 else ""

    @cached_property
    def _codes_of_hall(self) -> Mapping[str, set[str]]:
        return _grouped((name, code) for code, name in self.stored.hall_names)

    @cached_property
    def _names_of_hall(self) -> Mapping[str, set[str]]:
        return _grouped(self.stored.hall_names)

    def _hall(self, row: Parsed, code: str, name: str) -> Hall:
        hall = self.stored.halls.get(code)
        if hall is None:
            order = len(self.stored.halls) + 1
            hall = self.draft.make(Hall(edition=self.edition, code=code, order=order), row.number)
            self.stored.halls[code] = hall
        if name and not hall.title:
            language = language_of(name, row.values.get("language", ""), row.country)
            self.draft.change(hall, row.number, title={language: name})
        return hall

    def _take_booth(self, row_plan: RowPlan, hall: Hall, code: str) -> None:
        participation = row_plan.participation
        assert participation
        booth = self.stored.booths.get((hall.code, code))
        if booth is None:
            booth = self.draft.make(Booth(edition=self.edition, hall=hall, code=code), row_plan.number)
            self.stored.booths[hall.code, code] = booth
        contents = self.stored.contents[id(participation)]
        if booth not in contents.booths:
            stand = Stand(edition=self.edition, booth=booth, participation=participation)
            self.draft.make(stand, row_plan.number)
            contents.booths.append(booth)

    # What the firm offers and needs

    def offer_and_need(self, row: Parsed, row_plan: RowPlan) -> None:
        participation = row_plan.participation
        assert participation
        contents = self.stored.contents[id(participation)]
        codes: Sequence[str] = row.values.get("hs", ())
        offers, needs = row.offers, row.needs
        if codes and not (offers or needs):
            goods = tuple({"en": _title(code)} for code in codes)
            offers, needs = ((), goods) if participation.kind == Participation.Kind.BUYER else (goods, ())
        self._add_items(row_plan, Offer, contents.offers, offers, codes)
        self._add_items(row_plan, Need, contents.needs, needs, () if offers else codes)

    def _add_items[Item: MarketItem](
        self, row_plan: RowPlan, model: type[Item], there: list[Item], titles: Sequence[Texts], codes: Sequence[str]
    ) -> None:
        """Add the items that are not there yet. The codes are one an item where there are as many, else all of each."""
        known = {(language, fold(text)): item for item in there for language, text in item.title.items()}
        for index, title in enumerate(titles):
            keys = [(language, fold(text)) for language, text in title.items()]
            item = next((known[key] for key in keys if key in known), None)
            if item is None:
                number = max((one.number for one in there), default=0) + 1
                participation = row_plan.participation
                made = model(edition=self.edition, participation=participation, number=number)
                item = self.draft.make(made, row_plan.number)
                there.append(item)
            own = codes[index : index + 1] if len(codes) == len(titles) else codes
            hs = [*item.hs, *(code for code in own if code not in item.hs)]
            self.draft.change(item, row_plan.number, title={**title, **item.title}, hs=hs)
            known |= dict.fromkeys(keys, item)


def _sought(row: Parsed) -> Sought:
    address = said_address(row.values.get("address", {}))
    return Sought(row.country, row.names, row.identifiers, address, row.values.get("website", ""))


def _keys(row: Parsed) -> list[tuple[str, str]]:
    return [(row.country, name_key(name)[:300]) for name in row.names]


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        groups.setdefault(one, set()).add(other)
    return groups


def _notes(row: Parsed) -> dict[str, Any]:
    return {"notes": list(row.notes)} if row.notes else {}


def _shown(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [
        {"firm": one.firm, "identifier": one.identifier, "name": one.name, "similarity": round(one.similarity, 2)}
        for one in candidates
    ]


def _title(code: str) -> str:
    """The title of an HS code: that of its heading, or of its chapter."""
    known = harmonized_system.chapter(code) if len(code) == 2 else harmonized_system.heading(code[:4])
    return known.title
