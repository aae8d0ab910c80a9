"""What a row of an import says of the firm itself. What it leaves blank stays as it is."""

from collections.abc import Sequence
from typing import Any

from serai.expo.chains.models import ChainPosition
from serai.expo.firms.fields import FIRM
from serai.expo.firms.finding import SERAI
from serai.expo.firms.models import Firm, FirmIdentifier
from serai.expo.firms.names import fold, name_key, sort_name
from serai.expo.firms.numbers import identifier
from serai.expo.firms.provenance import mark
from serai.expo.imports.belonging import SOURCE, TAKE
from serai.expo.imports.rows import FIRM_TEXTS, FIRM_VALUES, Parsed, Texts
from serai.expo.imports.work import RowPlan, Work, first_heard, hear, note, remember
from serai.expo.text import in_language

SEVERAL = frozenset({"VAT", "GLN"})
"""Schemes in which a firm may have several numbers."""


def describe(work: Work, row: Parsed, row_plan: RowPlan, firm: Firm) -> RowPlan:
    """Take what the row says of the firm itwork. What it leaves blank stays as it is."""
    remember(work, row, firm)
    work.entered[row.number] = firm
    work.first_row.setdefault(id(firm), row.number)
    heard = first_heard(work, row, row_plan, firm, FIRM_VALUES) | _texts(work, row, row_plan, firm)
    if "legal_name" in heard:
        heard["name_key"] = name_key(heard["legal_name"])[:300]
    if {"name", "legal_name"} & heard.keys():
        shown = in_language(heard.get("name", firm.name), "en").text
        heard["sort_name"] = sort_name(shown or heard.get("legal_name", firm.legal_name))
    if (said := row.values.get("parent")) and hear(work, row_plan, firm, "parent", said):
        heard |= _parent(work, row_plan, firm, said)
    marked = [name for name, value in heard.items() if name in FIRM and getattr(firm, name) != value]
    if firm._state.adding and not firm.provenance:
        marked += ["legal_name", "name", "country", "language"]
    work.draft.change(firm, row.number, **heard)
    marked += _belong(work, row, row_plan, firm)
    if marked:
        work.draft.change(firm, row.number, provenance=mark(firm, dict.fromkeys(marked), SOURCE))
    return row_plan


def _texts(work: Work, row: Parsed, row_plan: RowPlan, firm: Firm) -> dict[str, Texts]:
    """The texts of the firm with those of the row."""
    found: dict[str, Texts] = {}
    for key in (*FIRM_TEXTS, *(["name"] if row.named else [])):
        texts: Texts = row.name if key == "name" else row.values.get(key, {})
        if new := {lang: text for lang, text in texts.items() if hear(work, row_plan, firm, f"{key}:{lang}", text)}:
            found[key] = {**getattr(firm, key), **new}
    return found


def _belong(work: Work, row: Parsed, row_plan: RowPlan, firm: Firm) -> list[str]:
    """Take the rows that belong to the firm. Returns the names under which it is kept who said what changed."""
    marked = ["identifiers"] if _number(work, row, row_plan, firm) else []
    there = work.stored.belongings_of(firm)
    for key, (name, take) in TAKE.items():
        found = row.values.get(key)
        if found and hear(work, row_plan, firm, key, found) and take(work.draft, row, firm, there, found):
            marked.append(name)
    said = row.values.get("positions")
    if said and hear(work, row_plan, firm, "positions", said) and _stand_on_chains(work, row_plan, firm, said):
        marked.append("positions")
    return marked


def _stand_on_chains(work: Work, row_plan: RowPlan, firm: Firm, said: Sequence[tuple[str, str]]) -> bool:
    """Take where the list says that the firm stands on the chains; what the firm itself said goes before it."""
    there = work.stored.belongings_of(firm).positions
    known = {one.node_id: one for one in there}
    changed = False
    for title, role in said:
        node = work.stored.nodes.get(fold(title))
        if node is None:
            note(work, row_plan, "positions", "unknown_node", unknown=title)
        elif (position := known.get(node.pk)) is None:
            made = ChainPosition(firm=firm, node=node, role=role, state=ChainPosition.State.LISTED, source=SOURCE)
            known[node.pk] = work.draft.make(made, row_plan.number)
            there.append(made)
            changed = True
        elif position.state == ChainPosition.State.LISTED and position.role != role:
            work.draft.change(position, row_plan.number, role=role)
            changed = True
    return changed


def _parent(work: Work, row_plan: RowPlan, firm: Firm, said: str) -> dict[str, Any]:
    """The firm that is named as the parent, of those that are known."""
    found = work.known_firms.get(said.upper()) or work.known_firms.get(name_key(said))
    if found is None or found is firm:
        note(work, row_plan, "parent", "itself_as_parent" if found else "unknown_parent")
        return {}
    return {"parent": found}


def _number(work: Work, row: Parsed, row_plan: RowPlan, firm: Firm) -> bool:
    """Take the numbers that the row gives; of a register that gives a firm one number a new one replaces it."""
    there = work.stored.numbers.setdefault(id(firm), [])
    taken = False
    for scheme, value in row.identifiers.items():
        if scheme == SERAI or not hear(work, row_plan, firm, scheme, value):
            continue
        made = identifier(firm, scheme, value, source=SOURCE)
        if made.check_digit == FirmIdentifier.CheckDigit.WRONG:
            note(work, row_plan, scheme, "wrong_check_digit")
            continue
        known = [one for one in there if one.scheme == scheme]
        if any(one.value == made.value for one in known):
            continue
        if known and scheme not in SEVERAL:
            said = {name: getattr(made, name) for name in ("value", "check_digit", "source", "status", "checked_on")}
            work.draft.change(known[0], row.number, **said)
        else:
            there.append(work.draft.make(made, row.number))
        taken = True
    return taken
