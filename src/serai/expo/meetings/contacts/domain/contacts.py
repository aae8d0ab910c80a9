"""Contacts kept: whom a participant wants to find again, with what was wanted, and as vCards for any address book."""

import uuid
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.base.files.models import Audience
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.shown_name import shown_name
from serai.expo.firms.record.domain.visibility import shown
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.domain.wishes import may_know
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.participants.participation.domain.representation import Acting, trace

MEDIA_TYPE = "text/vcard; charset=utf-8"
AGREED = (Meeting.State.CONFIRMED, Meeting.State.HELD)


class ContactRefusedError(ValueError):
    """Why a contact cannot be kept, in the reader's language."""


@transaction.atomic
def keep(by: Acting, other: Participation, note: str = "") -> Lead:
    """Keep a firm among the leads of one's own, once; kept again the note is replaced.

    The person is whom the other side sends to an agreed meeting, where there is one. Raises ContactRefusedError.
    """
    if not may_know(by.participation, other):
        raise ContactRefusedError(_("You can keep exhibitors, and exhibitors can keep anyone."))
    key = f"participation-{other.pk}"
    if not reads_all(by):
        key += f"-{by.user.pk}"  # a contact of one's own, for the one of the team is not one's own to read or replace
    known = Lead.objects.filter(participation=by.participation, key=key).first()
    before = state(known) if known else None
    kept = known or Lead(edition=by.edition, participation=by.participation, key=key, other=other, met_by=by.user)
    name = shown_name(other.firm)
    kept.firm_name = name[:300]
    kept.person, kept.contact = _person(by.participation, other) or (name[:120], "")
    kept.notes = note.strip()
    kept.save()
    trace("lead.kept", kept, by, before=before)
    return kept


def kept_for(by: Acting) -> QuerySet[Lead]:
    """The contacts that the person may read: all of its firm where it keeps the firm's leads, else those it kept.

    So a plain member of a team, or the leader of a delegation by proxy, reads what they kept themselves. Call inside of
    the scope.
    """
    kept = Lead.objects.filter(participation=by.participation)
    return kept if reads_all(by) else kept.filter(met_by=by.user)


def said_of(lead: Lead) -> str:
    """Who a contact is, in a line."""
    return " · ".join(dict.fromkeys(part for part in (lead.person, lead.position, lead.firm_name) if part))


def reads_all(by: Acting) -> bool:
    """Whether the person keeps the leads of the participant, and so reads what the others of its team kept."""
    return bool(by.user.has_perm("expo.use_leads", by.participation))


def _person(own: Participation, other: Participation) -> tuple[str, str] | None:
    """Name and mail address of whom the other side sends to a meeting that both agreed to."""
    for host, guest, field in ((other, own, "host_person"), (own, other, "guest_person")):
        met = Meeting.objects.filter(host=host, guest=guest, state__in=AGREED).select_related(field).first()
        person = getattr(met, field) if met else None
        if person is not None:
            return str(person)[:120], person.email
    return None


def vcards(leads: Iterable[Lead]) -> str:
    """The contacts as vCards of version 4.0 (RFC 6350)."""
    return "".join(f"{_folded(line)}\r\n" for lead in leads for line in _vcard(lead))


def _vcard(lead: Lead) -> Iterator[str]:
    firm = lead.other.firm if lead.other else None
    is_firm = lead.person == lead.firm_name
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, f'serai:lead:{lead.edition_id}:{lead.pk}').urn}"
    yield f"KIND:{'org' if is_firm else 'individual'}"
    yield f"FN:{_escaped(lead.person or lead.firm_name)}"
    if lead.firm_name:
        yield f"ORG:{_escaped(lead.firm_name)}"
    if lead.position:
        yield f"TITLE:{_escaped(lead.position)}"
    if "@" in lead.contact and " " not in lead.contact:
        yield f"EMAIL:{_escaped(lead.contact)}"
    elif lead.contact:
        yield f"TEL;VALUE=text:{_escaped(lead.contact)}"
    if firm is not None:
        yield from _of_firm(firm)
    if said := " / ".join(text for text in (lead.need, lead.notes) if text):
        yield f"NOTE:{_escaped(said)}"
    yield f"REV:{lead.met_at:%Y%m%dT%H%M%SZ}"
    yield "END:VCARD"


def _of_firm(firm: Firm) -> Iterator[str]:
    city = in_language(shown(firm, "city", Audience.PARTICIPANTS) or {}).text
    yield f"ADR:;;;{_escaped(city)};;;{firm.country}"
    if website := shown(firm, "website", Audience.PARTICIPANTS):
        yield f"URL:{website}"


def _escaped(text: str) -> str:
    for sign, meant in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, meant)
    return text


def _folded(line: str) -> str:
    """No line of more than 75 bytes; a character is never broken."""
    lines, size = [""], 0
    for character in line:
        bytes_ = len(character.encode())
        if size + bytes_ > 75:
            lines.append(" ")
            size = 1
        lines[-1] += character
        size += bytes_
    return "\r\n".join(lines)
