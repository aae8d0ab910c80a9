"""The contact persons of a row, what its participant comes for, and the delegation that its people belong to."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Participation
from serai.expo.participants.buyers.domain.registration import COMING, MOST_INTERESTS
from serai.expo.participants.buyers.models import Visit
from serai.expo.participants.contact_persons import domain as phone
from serai.expo.participants.contact_persons.domain import SaidPerson
from serai.expo.participants.contact_persons.models import ContactPerson, longest
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.site.imports.domain.contact_cells import CELLS
from serai.expo.site.imports.domain.draft import Change, Draft, Drafting, Make, Remark
from serai.expo.site.imports.domain.rows import Parsed

CONSENT = frozenset({"consent_source", "consent_on"})
"""Columns that lists fill in every row, of firms without a contact person too."""

type Said = dict[str, Any]
"""What a row says of one person, by the fields of the model."""


def contact_record(row: Parsed, participation: Participation, draft: Draft) -> Drafting[None]:
    """The contact persons that the row names, new or completed. What a blank cell says nothing of stays."""
    persons = yield from _persons(row, participation.firm.country)
    if not persons and (lost := [key for key in CELLS if row.values.get(key) and key not in CONSENT]):
        yield Remark(lost[0], "contact_without_person")
    for person in persons:
        contact = _same(person, draft.owned(participation, ContactPerson))
        if contact is None:
            contact = ContactPerson(edition=participation.edition, participation=participation)
            yield Make(contact)
        is_first = draft.first_of(row.number, contact)
        yield Change(contact, {name: value for name, value in person.items() if is_first(name, value)})


def _same(person: Said, contacts: Iterable[ContactPerson]) -> ContactPerson | None:
    """The contact person that this is: the one of this mail address, else of this name, else of this phone."""
    for contact in contacts:
        if person.get("email") and contact.email == person["email"]:
            return contact
    name = fold(person.get("name", ""))
    for contact in contacts:
        if contact.email and person.get("email"):
            continue
        if name and fold(contact.name) == name:
            return contact
        nameless = not name and not person.get("email") and not contact.name and not contact.email
        if nameless and contact.phone == person.get("phone"):
            return contact
    return None


def names_of(row: Parsed) -> list[str]:
    """The names of the persons of a row."""
    return [person.name for person in _named(row) if person.name]


def _named(row: Parsed) -> list[SaidPerson]:
    values = row.values
    return list(values.get("contact_name", ())) or [
        SaidPerson(" ".join(filter(None, parts)))
        for parts in zip_longest(values.get("contact_given_name", ()), values.get("contact_family_name", ()))
    ]


def _persons(row: Parsed, country: str) -> Drafting[list[Said]]:
    """The persons of a row with what belongs to each, without what is blank."""
    values = row.values
    persons: list[Said] = [
        {"name": person.name, "salutation": person.salutation, "email": person.email} for person in _named(row)
    ]
    _give_mails(
        persons, [mail for mail in values.get("contact_email", ()) if mail not in {p["email"] for p in persons}]
    )
    phones = yield from _phones(values.get("contact_phone", ()), "contact_phone", country)
    mobiles = yield from _phones(values.get("contact_mobile", ()), "contact_mobile", country)
    if not persons and (phones or mobiles):
        persons.append({})
    if len(persons) == 1 and len(phones) == 2 and not mobiles:
        phones.sort(key=lambda read: read.is_mobile)
        phones, mobiles = phones[:1], phones[1:]
    if (more := len(phones) - len(persons)) > 0 and persons:
        yield Remark("contact_phone", "more_phones", {"more": more})
    _give(persons, "phone", [read.number for read in phones], one_for_all=True)
    _give(persons, "mobile", [read.number for read in mobiles])
    _give(persons, "salutation", values.get("contact_salutation", ()))
    _give(persons, "position", values.get("contact_position", ()), one_for_all=True)
    language = values.get("contact_language") or values.get("language", "")
    shared = {"language": language, "address": values.get("contact_address", "")} | {
        name: values.get(key)
        for name, key in (
            ("postcode", "contact_postcode"),
            ("consent_source", "consent_source"),
            ("consent_on", "consent_on"),
        )
    }
    return [_filled({**shared, **person}) for person in persons]


def _filled(person: Said) -> Said:
    kept = {name: value for name, value in person.items() if value not in (None, "")}
    if "consent_source" not in kept:
        kept.pop("consent_on", None)
    return {name: value[: longest(name)] if isinstance(value, str) else value for name, value in kept.items()}


def _phones(written: Sequence[str], column: str, country: str) -> Drafting[list[phone.SaidPhone]]:
    numbers: list[phone.SaidPhone] = []
    for text in written:
        read = phone.read_phone(text, country)
        if read.fault:
            yield Remark(column, read.fault, {"written": text[:60]})
        if read.number:
            numbers.append(read)
    return numbers


def _give_mails(persons: list[Said], mails: Sequence[str]) -> None:
    """Each mail address to the person whose name it holds, else in their order; those left are persons of their own."""
    left = list(mails)
    without = [person for person in persons if not person["email"]]
    for person in without:
        alike = max(left, key=lambda mail: _likeness(person["name"], mail), default=None)
        if alike is not None and _likeness(person["name"], alike):
            person["email"] = alike
            left.remove(alike)
    for person in (person for person in without if not person["email"]):
        if left:
            person["email"] = left.pop(0)
    persons += [{"name": "", "salutation": "", "email": mail} for mail in left]


def _likeness(name: str, mail: str) -> int:
    """How much of a name stands in a mail address: two for a word, one more for the first letter of it all."""
    words, letters = _letters(name).split(), _letters(mail.partition("@")[0]).replace(" ", "")
    held = 2 * sum(len(word) > 2 and word in letters for word in words)
    return held + int(bool(held and words and letters.startswith(words[0][0])))


def _letters(text: str) -> str:
    """A text as it is compared: a mail address writes ue for the letter that a name has."""
    plain = fold(text)
    for written, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = plain.replace(written, letter)
    return plain


def _give(persons: Sequence[Said], name: str, values: Sequence[str], *, one_for_all: bool = False) -> None:
    """The values to the persons in their order; one alone is that of all where all may share it."""
    if one_for_all and len(values) == 1:
        values = [values[0]] * len(persons)
    for person, value in zip(persons, values, strict=False):
        if value and not person.get(name):
            person[name] = value


DAYS = ("arrives_on", "leaves_on")


def visit_record(row: Parsed, participation: Participation, draft: Draft) -> Drafting[None]:
    """The visit of a buyer, and the members of a delegation with their days."""
    days = {name: row.values[name] for name in DAYS if row.values.get(name)}
    if len(days) == 2 and days["leaves_on"] < days["arrives_on"]:
        yield Remark("leaves_on", "leaves_before_arriving")
        days = {}
    values: dict[str, Any] = dict(days)
    if money := row.values.get("budget"):
        values |= {"budget": money[0], "currency": money[1]}
    if interests := row.values.get("interests"):
        values["interests"] = list(interests)[:MOST_INTERESTS]
    if values and participation.kind in COMING:
        yield from _visit(row, participation, values, draft)
    elif lost := [name for name in values if name not in DAYS or "delegation" not in row.values]:
        yield Remark("budget" if lost[0] == "currency" else lost[0], "visit_of_no_buyer")
    if name := row.values.get("delegation"):
        yield from _members(row, participation, name, days, draft)


def _visit(row: Parsed, participation: Participation, values: Mapping[str, Any], draft: Draft) -> Drafting[None]:
    visit = next(iter(draft.owned(participation, Visit)), None)
    if visit is None:
        visit = Visit(edition=participation.edition, participation=participation)
        yield Make(visit)
    is_first = draft.first_of(row.number, visit)
    entered = {name: value for name, value in values.items() if is_first(name, value)}
    arrives, leaves = (entered.get(name, getattr(visit, name)) for name in DAYS)
    if arrives and leaves and leaves < arrives:
        yield Remark("leaves_on", "leaves_before_arriving")
        entered = {name: value for name, value in entered.items() if name not in DAYS}
    yield Change(visit, entered)


def _members(
    row: Parsed, participation: Participation, name: str, days: Mapping[str, Any], draft: Draft
) -> Drafting[None]:
    """The persons of the row as members of the delegation, which is new where there is none of this name."""
    persons = names_of(row)
    if not persons:
        yield Remark("delegation", "delegation_without_person")
        return
    if fold(name) not in draft.delegations:
        yield Make(Delegation(edition=participation.edition, name=name, country=participation.firm.country))
    delegation = draft.delegations[fold(name)]
    for person in persons:
        same = (member for member in draft.owned(delegation, DelegationMember) if fold(member.name) == fold(person))
        member = next(same, None)
        if member is None:
            part = row.values.get("delegation_part") or DelegationMember.Part.DELEGATE.value
            member = DelegationMember(
                edition=participation.edition,
                delegation=delegation,
                participation=participation,
                name=person[:200],
                part=part,
                **days,
            )
            yield Make(member)
        else:
            fields = {"part": row.values.get("delegation_part"), **days}
            yield Change(member, {field: value for field, value in fields.items() if value})
