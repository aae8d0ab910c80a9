"""Contacts: firms and people that a participant keeps, from a page or a badge, and as vCards for address books."""

import uuid
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.base.collisions import made_once
from serai.expo.base.files.models import Audience
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Participation
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.visibility import shown
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.domain import LeadRefusedError, from_badge, unwritten
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.domain.wishes import may_know
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.participants.team.domain import vcard_of, vcard_text
from serai.expo.programme.badges.domain.documents import badge_of
from serai.expo.programme.badges.models import Badge

AGREED = (Meeting.State.CONFIRMED, Meeting.State.HELD)


class ContactRefusedError(ValueError):
    """Why a contact cannot be kept, in the reader's language."""


@made_once
def keep(by: Acting, other: Participation, note: str = "") -> Lead:
    """Keep a firm as a contact, once: a second call replaces the note.

    The contact's person is the one that the firm sends to an agreed meeting, if any. Raises ContactRefusedError.
    """
    if not may_know(by.participation, other):
        raise ContactRefusedError(_("You can keep exhibitors, and exhibitors can keep anyone."))
    key = f"participation-{other.pk}"
    if not reads_all(by):
        key += f"-{by.user.pk}"  # of the person alone, who may not read or replace that of the team
    existing = Lead.objects.filter(participation=by.participation, key=key).first()
    before = state(existing) if existing else None
    kept = existing or Lead(edition=by.edition, participation=by.participation, key=key, other=other, met_by=by.user)
    name = shown_name(other.firm)
    kept.firm_name = name[:300]
    kept.person, kept.contact = _person(by.participation, other) or (name[:120], "")
    kept.notes = note.strip()
    kept.save()
    trace("lead.kept", kept, by, before=before)
    return kept


def kept_for(by: Acting) -> QuerySet[Lead]:
    """Contacts that the person may read: all of the firm for those who keep its leads, else the person's own."""
    kept = Lead.objects.filter(participation=by.participation)
    return kept if reads_all(by) else kept.filter(met_by=by.user)


def line_of(lead: Lead) -> str:
    """Person, position and firm of a contact, in a line."""
    return " · ".join(dict.fromkeys(part for part in (lead.person, lead.position, lead.firm_name) if part))


def reads_all(by: Acting) -> bool:
    """Whether the person keeps the leads of the participant, and so reads the contacts of the whole team."""
    return bool(by.user.has_perm("expo.use_leads", by.participation))


def _person(own: Participation, other: Participation) -> tuple[str, str] | None:
    """Name and mail address of the person that the other side sends to an agreed meeting."""
    for host, guest, field in ((other, own, "host_person"), (own, other, "guest_person")):
        met = Meeting.objects.filter(host=host, guest=guest, state__in=AGREED).select_related(field).first()
        person = getattr(met, field) if met else None
        if person is not None:
            return str(person)[:120], person.email
    return None


def vcards(leads: Iterable[Lead]) -> str:
    """The contacts as vCards of version 4.0 (RFC 6350)."""
    return "".join(vcard_of(_vcard(lead)) for lead in leads)


def _vcard(lead: Lead) -> Iterator[str]:
    firm = lead.other.firm if lead.other else None
    is_firm = lead.person == lead.firm_name
    yield f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, f'serai:lead:{lead.edition_id}:{lead.pk}').urn}"
    yield f"KIND:{'org' if is_firm else 'individual'}"
    yield f"FN:{vcard_text(lead.person or lead.firm_name)}"
    if lead.firm_name:
        yield f"ORG:{vcard_text(lead.firm_name)}"
    if lead.position:
        yield f"TITLE:{vcard_text(lead.position)}"
    if "@" in lead.contact and " " not in lead.contact:
        yield f"EMAIL:{vcard_text(lead.contact)}"
    elif lead.contact:
        yield f"TEL;VALUE=text:{vcard_text(lead.contact)}"
    if firm is not None:
        yield from _of_firm(firm)
    if note := " / ".join(text for text in (lead.need, lead.notes) if text):
        yield f"NOTE:{vcard_text(note)}"
    yield f"REV:{lead.met_at:%Y%m%dT%H%M%SZ}"


def _of_firm(firm: Firm) -> Iterator[str]:
    city = in_language(shown(firm, "city", Audience.PARTICIPANTS) or {}).text
    yield f"ADR:;;;{vcard_text(city)};;;{firm.country}"
    if website := shown(firm, "website", Audience.PARTICIPANTS):
        yield f"URL:{website}"


NOTED = ("contact", "notes")
"""Fields of a contact that can be changed."""


def scanned(by: Acting, code: str) -> Lead:
    """The contact made from the badge of this code, or a new one, not yet saved.

    It is a contact of the team for those who keep its leads, else of the person alone. Raises ContactRefusedError for
    an unknown code, the person's own badge, and a badge of the own team.
    """
    badge = badge_of(by.edition, code)
    if badge is None:
        raise ContactRefusedError(_("This is not the code of a badge of this fair."))
    if badge.user_id == by.user.pk:
        raise ContactRefusedError(_("This is your own badge."))
    try:
        return from_badge(by.participation, badge) if reads_all(by) else _own(by, badge)
    except LeadRefusedError as refusal:
        raise ContactRefusedError(str(refusal)) from None


def _own(by: Acting, badge: Badge) -> Lead:
    key = f"badge-{badge.pk}-{by.user.pk}"
    existing = Lead.objects.filter(participation=by.participation, key=key).first()
    if existing is not None:
        return existing
    lead = unwritten(by.participation, badge)
    lead.badge, lead.key = None, key  # the badge leads to the contact of the team
    return lead


@made_once
def keep_scanned(by: Acting, code: str, note: str = "") -> Lead:
    """Keep the person of a badge as a contact, once. An empty note keeps the old one. Raises as scanned()."""
    list(Participation.objects.select_for_update(of=("self",)).filter(pk=by.participation.pk))  # two scans at once
    lead = scanned(by, code)
    before = state(Lead.objects.get(pk=lead.pk)) if lead.pk else None
    lead.notes = note.strip() or lead.notes
    lead.met_by = lead.met_by if before else by.user
    lead.save()
    trace("lead.changed" if before else "lead.kept", lead, by, before=before)
    return lead


@transaction.atomic
def change(by: Acting, lead: Lead, values: Mapping[str, str]) -> None:
    """Change the note and the address of a contact."""
    before = state(Lead.objects.get(pk=lead.pk))
    for name in NOTED:
        setattr(lead, name, values[name].strip())
    lead.save(update_fields=NOTED)
    trace("lead.changed", lead, by, before=before)


@transaction.atomic
def remove(by: Acting, lead: Lead) -> None:
    """Delete a contact."""
    trace("lead.removed", lead, by, before=state(lead))
    lead.delete()
