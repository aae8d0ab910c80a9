"""A contact as a vCard 4.0 (RFC 6350)."""

from collections.abc import Iterable

from serai.expo.base.text import without_controls
from serai.expo.participants.team.domain.contacts import Contact

LINE = 75  # octets, after which a line is folded


def vcard(contact: Contact, *, firm: str, country: str, url: str) -> str:
    """One contact, ready for a telephone."""
    person = contact.person
    parts = ";".join(_escape(part) for part in (person.family_name, person.given_name, "", "", ""))
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        f"FN:{_escape(str(person.name or firm))}",
        f"N:{parts}",
        f"ORG:{_escape(firm)}",
        f"ADR:;;;;;;{_escape(country)}",
        f"URL:{url}",
    ]
    if person.native_name and person.native_name != person.name:
        lines.append(f"FN:{_escape(person.native_name)}")
    if person.position:
        lines.append(f"TITLE:{_escape(person.position)}")
    if contact.mail:
        lines.append(f"EMAIL:{_escape(contact.mail)}")
    lines += [f"LANG;PREF={number}:{code}" for number, code in enumerate(person.languages, 1)]
    lines.append("END:VCARD")
    return "\r\n".join(_folded(lines)) + "\r\n"


def _escape(text: str) -> str:
    plain: str = without_controls(text)
    plain = plain.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(lines: Iterable[str]) -> Iterable[str]:
    """Lines of at most LINE octets, cut between characters and never within one."""
    for line in lines:
        room, part = LINE, ""
        for character in line:
            size = len(character.encode())
            if size > room:
                yield part
                room, part = LINE - 1, " "
            part += character
            room -= size
        yield part
