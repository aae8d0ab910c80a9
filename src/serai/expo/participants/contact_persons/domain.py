"""Contact persons of a participant: read, added, changed and forgotten; the persons and the telephone numbers of a
cell as people write them; and the address in a letter that stops the organisers' letters.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled
from phonenumbers import NumberParseException, PhoneNumberFormat

from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.audit.domain.erasure import mask_rows
from serai.expo.base.rooms import Hook
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.people.account.models import User

_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_TRUNK_ZERO = re.compile(r"\(0\)")
_END = re.compile(
    r"[;；؛\n|]+|\s+(?:or|oder|ou|o|или)\s+|,(?=\s*[+0(])|/(?=\s*(?:\+|00))|\s/\s(?=\(?\d)", re.IGNORECASE
)
LONGEST = 60
FEWEST_DIGITS = 5


@dataclass(frozen=True)
class SaidPhone:
    """A number; ``fault`` is a code of ``base.workbooks.domain.reasons`` where it could not be read for certain."""

    number: str
    fault: str = ""
    is_mobile: bool = False


def phone_parts(cell: str) -> list[str]:
    """The numbers of a cell, as they are written."""
    if _SCIENTIFIC.fullmatch(cell.strip()):
        return [cell.strip()]
    return [number for part in _END.split(cell) if (number := " ".join(part.split()).strip(" ,:"))]


def read_phone(written: str, country: str) -> SaidPhone:
    """A number in international form where that is certain, else as it is written with the reason.

    A spreadsheet that takes a number for a number drops the zero or the plus before it. ``country`` is where its owner
    is at home: the number is completed if it has one valid reading there. One that was rounded is lost.
    """
    text = _TRUNK_ZERO.sub("", written).strip()
    if match := _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        first, rest, exponent = match[1], match[2] or "", int(match[3])
        if len(rest) < exponent and len(rest) < 9:
            return SaidPhone("", "phone_rounded")
        text = (first + rest).ljust(exponent + 1, "0")[: exponent + 1]
    readings = _readings(text, country)
    if len(readings) == 1:
        number = readings[0]
        kind = phonenumbers.number_type(number)
        is_mobile = kind == phonenumbers.PhoneNumberType.MOBILE
        return SaidPhone(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL), "", is_mobile)
    if len(re.findall(r"\d", text)) < FEWEST_DIGITS:
        return SaidPhone("", "no_phone")
    return SaidPhone(written[:LONGEST], "phone_not_in_use" if _has_prefix(text) else "phone_unsure")


def _readings(text: str, country: str) -> list[phonenumbers.PhoneNumber]:
    """The valid readings of a number; one that begins with the calling code of the country is taken for whole."""
    digits = re.sub(r"\D", "", text)
    if _has_prefix(text):
        return _valid("+" + digits.removeprefix("00") if not text.startswith("+") else text, "")
    at_home = _valid(text, country)
    if not digits or not country or text.startswith(("0", "(0")):
        return at_home
    whole = _valid(f"+{digits}", "")
    if whole and country in phonenumbers.region_codes_for_country_code(whole[0].country_code or 0):
        return whole
    return at_home + [number for number in whole if number not in at_home]


def _has_prefix(text: str) -> bool:
    """Whether a number begins with the prefix of a country, so that it has one reading or none."""
    return text.startswith(("+", "00"))


def _valid(text: str, country: str) -> list[phonenumbers.PhoneNumber]:
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return []
    return [number] if phonenumbers.is_valid_number(number) else []


FIELDS = (
    *("salutation", "name", "position", "email", "phone", "mobile", "language", "address", "postcode"),
    *("consent_source", "consent_on"),
)
"""What is said of a person, in the order of pages."""

forgetting_contacts = Hook[[Edition | None, list[ContactPerson]], None]("contact persons are forgotten")
"""Rooms take these people out of what they keep of them; called with all scopes disabled, before they are deleted."""


letters_refused = Hook[[str], None]("letters of organisers are refused")
"""The owner of this mail address wants no letters of organisers any more; called with all scopes disabled."""


class ContactRefusedError(ValueError):
    """Why a contact person can't be kept so, in the reader's language."""


def contact_persons(participation: Participation) -> QuerySet[ContactPerson]:
    """The contact persons of a participant."""
    return ContactPerson.objects.filter(participation=participation)


def visible_to(user: Any, edition: Edition) -> QuerySet[ContactPerson]:
    """The contact persons whom a user may see: an organiser all, others those of their own firms."""
    rows = ContactPerson.objects.filter(edition=edition)
    if user.has_perm("expo.read_people", edition):
        return rows
    return rows.filter(participation__firm__roles__user_id=user.pk) if user.is_authenticated else rows.none()


def may_be_written_to() -> Q:
    """The contact persons with a mail address and a source of consent who did not refuse letters."""
    return ~Q(email="") & ~Q(consent_source="") & Q(refused_at__isnull=True)


@made_once
def add(participation: Participation, values: Mapping[str, Any], *, user: User) -> ContactPerson:
    """A new contact person. Raises ContactRefusedError without a name, a mail address and a phone, and for a second
    one of the same mail address."""
    contact = ContactPerson(edition=participation.edition, participation=participation)
    with scope(edition=participation.edition):
        _set(contact, values)
        contact.save()
    after = state(contact, whole=True)
    record("contactperson.added", contact, after=after, user=user, edition=participation.edition)
    return contact


@transaction.atomic
def change(contact: ContactPerson, values: Mapping[str, Any], *, user: User) -> ContactPerson:
    """Change what is said of a contact person. Raises ContactRefusedError, and then nothing has changed."""
    before = state(contact, whole=True)
    with scope(edition=contact.edition):
        _set(contact, values)
        contact.save()
    after = state(contact, whole=True)
    if after != before:
        record("contactperson.changed", contact, before=before, after=after, user=user, edition=contact.edition)
    return contact


def _set(contact: ContactPerson, values: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(contact, name, " ".join(value.split()) if isinstance(value, str) else value)
    contact.email = contact.email.lower()
    for name in ("phone", "mobile"):
        if written := getattr(contact, name):
            setattr(contact, name, read_phone(written, contact.participation.firm.country).number or written)
    if not (contact.name or contact.email or contact.phone):
        raise ContactRefusedError(_("Give a name, a mail address or a phone."))
    same = contact_persons(contact.participation).filter(email=contact.email).exclude(pk=contact.pk)
    if contact.email and same.exists():
        raise ContactRefusedError(_("There is a contact person with this mail address already."))
    if contact.consent_on and not contact.consent_source:
        raise ContactRefusedError(_("Say where the consent of that day comes from."))


@transaction.atomic
def refuse(email: str) -> int:
    """The owner of a mail address wants no letters of organisers any more. Returns how many contacts it is about."""
    with scopes_disabled():
        contacts = list(ContactPerson.objects.filter(email__iexact=email, refused_at__isnull=True))
        for contact in contacts:
            record_change("contactperson.refused", contact, user=None, refused_at=timezone.now())
        letters_refused.call(email)
    return len(contacts)


@transaction.atomic
def remove(contact: ContactPerson, *, user: User) -> None:
    """Forget a contact person: the row, and what other rooms keep of it."""
    edition = contact.edition
    record("contactperson.removed", contact, before=state(contact, whole=True), user=user, edition=edition)
    forget([contact], edition)


def forget(contacts: Iterable[ContactPerson], edition: Edition | None = None) -> int:
    """Delete contact persons and mask what other rooms and the trail say of them. Returns how many."""
    rows = list(contacts)
    if not rows:
        return 0
    with scopes_disabled():
        forgetting_contacts.call(edition, rows)
        mask_rows(ContactPerson, [contact.pk for contact in rows])
        ContactPerson.objects.filter(pk__in=[contact.pk for contact in rows]).delete()
    return len(rows)


def _who_are(user: User) -> QuerySet[ContactPerson]:
    return ContactPerson.objects.filter(Q(email__iexact=user.email) | Q(user=user)).order_by("pk")


def forget_person(user: User) -> None:
    """Delete the contact persons that are this user."""
    with scopes_disabled():
        forget(_who_are(user))


def rows_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """The contact persons that are this user, whole: they are the user's own data."""
    with scopes_disabled():
        return {
            "contactperson.email": [state(row, whole=True) for row in _who_are(user)],
            "contactperson.user": [],
        }


_HARD = re.compile(r"[;；؛\n|、]+")
_WORD = re.compile(r"\s+(?:und|u\.|and|et|y|e|и|和)\s+|\s*[&＆+]\s*|\s+و\s*", re.IGNORECASE)
_SLASH = re.compile(r"\s*/\s*")
_MAIL = re.compile(r"[^\s<>,;；؛|()\[\]\"']+@[^\s<>,;；؛|()\[\]\"']+")
_HAN = re.compile(r"[\u3400-\u9fff]")

_BEFORE = frozenset(
    re.split(
        r"\s+",
        "herr herrn hr. frau fr. mr mr. mrs mrs. ms ms. miss mx mx. monsieur m. madame mme mme. mlle mlle. mademoiselle"
        " señor senor sr. sr señora senora sra. sra srta. srta don doña dr dr. prof prof. professor ing. dipl.-ing."
        " dipl.-kfm. dr.-ing. mag. eng. ir. г-н г-жа господин госпожа السيد السيدة الدكتور الدكتورة الأستاذ م. د.",
    )
)
"""What stands before a name and is no part of it, in lower case."""
_AFTER = ("先生", "女士", "小姐", "博士", "教授")
_PARTICLES = frozenset(
    re.split(" ", "van von der den de del della di da dos das la le el al bin ibn ben zu zur zum ter ten te")
)


@dataclass(frozen=True)
class SaidPerson:
    """A person as a cell names it."""

    name: str
    salutation: str = ""
    email: str = ""


def persons(cell: str) -> list[SaidPerson]:
    """The persons of a cell, each with the titles before its name and the mail address beside it."""
    return [person for person in map(_person, _names(cell)) if person.name or person.email]


def mails(cell: str) -> tuple[list[str], list[str]]:
    """The mail addresses of a cell in lower case, each once, and those parts that are none."""
    good, bad = [], []
    for part in re.split(r"[\s;；؛,，、|]+|(?<=\w)/(?=\w)", cell):
        address = part.strip("<>()[]\"'.").removeprefix("mailto:").lower()
        if not address or "@" not in address:
            if address and not re.fullmatch(r"und|and|et|y|и|&|/|-|–|—|oder|or|\w+", address):
                bad.append(part)
            continue
        try:
            validate_email(address)
        except ValidationError:
            bad.append(part)
        else:
            good.append(address)
    if cell.strip() and not good and not bad:
        bad.append(cell.strip())
    return list(dict.fromkeys(good)), bad


def lines(cell: str) -> list[str]:
    """The parts of a cell of titles or positions, which belong to its persons in their order."""
    return [part for piece in _HARD.split(cell) if (part := " ".join(piece.split()))]


def _names(cell: str) -> list[str]:
    parts: list[str] = []
    for line in _HARD.split(cell):
        for slash in _parted(line, _SLASH, everywhere=True):
            for pair in _parted(slash, _WORD, everywhere=False):
                parts += _between_commas(pair)
    return [part for part in parts if part.strip()]


def _parted(text: str, separator: re.Pattern[str], *, everywhere: bool) -> list[str]:
    """The text divided where what stands on both sides can be a person, else whole.

    'Ramón y Cajal' and 'Müller & Söhne' stay whole; of 'Anna und Peter Schmidt' both are called Schmidt.
    """
    pieces = [piece for piece in (part.strip(" ,") for part in separator.split(text)) if piece]
    if len(pieces) < 2:
        return [text]
    if not all(_can_be_a_person(piece) for piece in (pieces if everywhere else pieces[1:])):
        return [text]
    family = pieces[-1].split()[-1]
    return [
        f"{piece} {family}" if len(piece.split()) == 1 and "@" not in piece and not _HAN.search(piece) else piece
        for piece in pieces
    ]


def _can_be_a_person(text: str) -> bool:
    return len(text.split()) >= 2 or "@" in text or bool(_HAN.search(text))


def _between_commas(text: str) -> list[str]:
    """Several persons where each part has two words; else 'Schmidt, Anna' is turned round."""
    pieces = [piece for piece in (part.strip() for part in re.split(r"[,，]", text)) if piece]
    if len(pieces) < 2:
        return [text]
    if all(_can_be_a_person(_bare(piece)) for piece in pieces):
        return pieces
    family, given = _bare(pieces[0]), pieces[1]
    *before, _last = family.split() or [""]
    if len(pieces) == 2 and all(word.lower() in _PARTICLES for word in before):
        titles = pieces[0][: len(pieces[0]) - len(family)]
        return [f"{titles}{given} {family}"]
    return [pieces[0]]  # what follows is a position


def _bare(text: str) -> str:
    words = text.split()
    while words and words[0].lower() in _BEFORE:
        words = words[1:]
    return " ".join(words)


def _person(text: str) -> SaidPerson:
    address = _MAIL.search(text)
    words = _MAIL.sub(" ", text).replace("mailto:", " ").split()
    words = [word for word in (word.strip("<>()[]\"'") for word in words) if word]
    titles: list[str] = []
    while words and words[0].lower() in _BEFORE:
        titles.append(words.pop(0))
    name = " ".join(words).strip(" -–,")
    for title in _AFTER:
        if name.endswith(title):
            name, titles = name.removesuffix(title).strip(), [title]
    good, _bad = mails(address.group()) if address else ([], [])
    return SaidPerson(name, " ".join(titles), good[0] if good else "")


STOP_SALT = "serai.contacts.stop"


def stop_address(email: str) -> str:
    """The path of the page that stops letters to a mail address."""
    return reverse("contact-unsubscribe", args=[signing.dumps(email, salt=STOP_SALT)])


def mail_of_stop(secret: str) -> str:
    """The mail address of such a path. Raises signing.BadSignature."""
    return str(signing.loads(secret, salt=STOP_SALT))
