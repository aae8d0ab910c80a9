"""Leads: kept from a badge or by hand, followed up, and downloaded as a table; and contacts: leads that a participant
keeps from a page or a badge, also as vCards for address books.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, record_change, save_and_record, state
from serai.expo.base.audit.domain.erasure import ERASED
from serai.expo.base.exporters import as_csv_file
from serai.expo.base.files.models import Audience
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.domain.visibility import shown
from serai.expo.firms.record.models import Firm
from serai.expo.firms.record.rules import kinds_with
from serai.expo.meetings.leads.models import Asked, Lead
from serai.expo.meetings.meeting.domain.wishes import may_know
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.participants.team.domain import vcard_of, vcard_text
from serai.expo.people.account.domain.privacy import mask_words, whole_words
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.documents import badge_of
from serai.expo.programme.badges.domain.mentions import badges_of, names_of
from serai.expo.programme.badges.models import Badge

FIELDS = (
    *("person", "position", "firm_name", "contact", "need", "asked", "rating", "notes"),
    *("next_step", "next_on", "owner"),
)


class LeadRefusedError(ValueError):
    """Why a lead cannot be kept, in the reader's language."""


def from_badge(participation: Participation, badge: Badge, *, before: bool = False) -> Lead:
    """The lead of this badge, or a new one, not yet saved. Raises as unwritten()."""
    existing = Lead.objects.filter(participation=participation, badge=badge).first()
    return existing or unwritten(participation, badge, before=before)


def unwritten(participation: Participation, badge: Badge, *, before: bool = False) -> Lead:
    """A new lead, not yet saved, with the text printed on the badge. It has no contact details: the person gives them.

    ``before`` says that a phone without a connection read the badge earlier, so that the fair may be over. Raises
    LeadRefusedError for a badge of the own team, and while the fair is closed.
    """
    if badge.participation_id == participation.pk:
        raise LeadRefusedError(_("This is a badge of your own team."))
    fair = standing(participation.edition, Phase.Kind.FAIR)
    over = fair.closes_at is not None and fair.closes_at <= timezone.now()
    if not fair.open and not (before and over):
        raise LeadRefusedError(fair.sentence)
    firm = badge.participation.firm if badge.participation else None
    return Lead(
        edition=participation.edition,
        participation=participation,
        badge=badge,
        person=badge.name_latin or badge.name,
        position=badge.position,
        firm_name=shown_name(firm) if firm else badge.affiliation,
        other=badge.participation,
    )


@made_once
def keep_lead(lead: Lead, values: Mapping[str, Any], *, user: User, key: str = "") -> Lead:
    """Save a new or changed lead.

    A ``key`` from a phone's queue makes repeated sending harmless: the first lead is returned. A badge is one lead: a
    second new one changes and returns the first. Raises LeadRefusedError
    if the lead names nobody, or if its owner is not of the team.
    """
    if key:
        sent = Lead.objects.filter(participation=lead.participation, key=key).first()
        if sent is not None and sent.pk != lead.pk:
            return sent
        lead.key = lead.key or key
    if lead._state.adding and lead.badge_id:  # it may have been kept by another scan since it was looked for
        lead = Lead.objects.filter(participation=lead.participation, badge=lead.badge_id).first() or lead
    before = state(Lead.objects.get(pk=lead.pk)) if lead.pk else None
    for name in FIELDS:
        if name in values:
            setattr(lead, name, values[name])
    if not lead.person.strip():
        raise LeadRefusedError(_("Say whom you met."))
    if lead.owner is not None and not Role.objects.filter(firm=lead.participation.firm_id, user=lead.owner).exists():
        raise LeadRefusedError(_("Give it to somebody of your team."))
    if before is None:
        lead.met_by = user
    save_and_record(lead, before, added="lead.kept", changed="lead.changed", user=user)
    return lead


@transaction.atomic
def set_done(lead: Lead, done: bool, *, user: User) -> None:
    """Mark the next step as done, or as open."""
    record_change("lead.followed_up", lead, user=user, done_at=timezone.now() if done else None)


@transaction.atomic
def remove_lead(lead: Lead, *, user: User) -> None:
    """Delete a lead."""
    record("lead.removed", lead, before=state(lead), user=user, edition=lead.edition)
    lead.delete()


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Lead]:
    """Leads of the firms for which the user keeps leads. An organiser reads no others."""
    firms = Role.objects.filter(user_id=user.pk or 0, kind__in=kinds_with("leads"), firm__isnull=False).values("firm")
    return Lead.objects.filter(edition=edition, participation__firm__in=firms)


@dataclass(frozen=True)
class LeadFilter:
    """Filter of a list of leads. Empty fields match everything."""

    words: str = filters.words("In the person, the firm, the need and the notes", most=100)
    due: bool = filters.flag("With a next step to take")


EVERY_LEAD = LeadFilter()


def narrowed(rows: QuerySet[Lead], wanted: LeadFilter) -> QuerySet[Lead]:
    """Leads that match the filter."""
    for word in wanted.words.split():
        in_any = Q(person__icontains=word) | Q(firm_name__icontains=word) | Q(notes__icontains=word)
        rows = rows.filter(in_any | Q(need__icontains=word))
    return rows.filter(done_at__isnull=True).exclude(next_step="", next_on__isnull=True) if wanted.due else rows


def leads_of(participation: Participation, wanted: LeadFilter = EVERY_LEAD) -> QuerySet[Lead]:
    """Leads of an exhibitor, the newest first; if filtered by next step, in order of its day."""
    rows = Lead.objects.filter(participation=participation).select_related("owner", "met_by", "other__firm")
    leads = narrowed(rows, wanted)
    return leads.order_by(F("next_on").asc(nulls_last=True), "pk") if wanted.due else leads


def count_late(participation: Participation, today: date) -> int:
    """Number of open next steps whose day has passed."""
    late = Lead.objects.filter(participation=participation, done_at__isnull=True, next_on__lt=today)
    return late.count()


COLUMNS = (
    *("person", "position", "firm", "country", "contact", "need", "asked", "rating", "notes"),
    *("next_step", "next_on", "owner", "done", "met_at", "met_by"),
)


def leads_csv(leads: Iterable[Lead]) -> bytes:
    """Leads as a CSV file."""
    return as_csv_file([COLUMNS, *(_row(lead) for lead in leads)])


def _row(lead: Lead) -> tuple[object, ...]:
    asked = "; ".join(str(Asked(code).label) for code in lead.asked if code in Asked.values)
    country = lead.other.firm.country if lead.other else ""
    next_on = lead.next_on.isoformat() if lead.next_on else ""
    done = lead.done_at.date().isoformat() if lead.done_at else ""
    who = (lead.person, lead.position, lead.firm_name, country, lead.contact)
    what = (lead.need, asked, lead.rating or "", lead.notes)
    return (*who, *what, lead.next_step, next_on, lead.owner or "", done, lead.met_at.isoformat(), lead.met_by or "")


NOTED = ("need", "notes", "next_step")
"""What a firm writes of a lead in its own words."""


def leads_about(user: User) -> list[Lead]:
    """Leads whose contact is the person: by its badge, by its name and firm, or by its mail address."""
    badges = list(badges_of(user).values_list("pk", flat=True))
    firms = Role.objects.filter(user=user, firm__isnull=False).values("firm")
    by_badge_or_name = Q(badge__in=badges) | Q(other__firm__in=firms, person__in=names_of(user))
    for number in badges:
        by_badge_or_name |= Q(key__startswith=f"badge-{number}-")
    rows = Lead.objects.select_related("participation__firm")
    mail = whole_words([user.email])
    leads = [
        *rows.filter(by_badge_or_name),
        *(row for row in rows.filter(contact__icontains=user.email) if mail.search(row.contact)),
    ]
    return sorted({lead.pk: lead for lead in leads}.values(), key=lambda lead: lead.pk)


def rows_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """What leads hold of the person, and who keeps them. The other notes belong to the firm."""
    return {
        "lead.person": [
            {
                "id": lead.pk,
                "edition": lead.edition_id,
                "kept_by": lead.participation.firm.identifier,
                "person": lead.person,
                "position": lead.position,
                "contact": lead.contact,
            }
            for lead in leads_about(user)
        ]
    }


def forget_person(user: User) -> None:
    """Mask the person in all leads. Its badges have to be there still."""
    leads = leads_about(user)
    names = whole_words([user.email, *names_of(user)])
    for lead in leads:
        lead.person, lead.position, lead.contact = ERASED, "", ""
        for field in NOTED:
            setattr(lead, field, names.sub(ERASED, getattr(lead, field)))
        lead.save(update_fields=["person", "position", "contact", *NOTED])
        record("lead.person_erased", lead, edition=lead.edition)
    mask_words(Lead.objects.exclude(pk__in=[lead.pk for lead in leads]), NOTED, [user.email])


AGREED = (Meeting.State.CONFIRMED, Meeting.State.HELD)


@made_once
def keep_contact(by: Acting, other: Participation, note: str = "") -> Lead:
    """Keep a firm as a contact, once: a second call replaces the note.

    The contact's person is the one that the firm sends to an agreed meeting, if any. Raises LeadRefusedError.
    """
    if not may_know(by.participation, other):
        raise LeadRefusedError(_("You can keep exhibitors, and exhibitors can keep anyone."))
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


CONTACT_FIELDS = ("contact", "notes")
"""Fields of a contact that can be changed."""


def scanned(by: Acting, code: str) -> Lead:
    """The contact made from the badge of this code, or a new one, not yet saved.

    It is a contact of the team for those who keep its leads, else of the person alone. Raises LeadRefusedError for
    an unknown code, the person's own badge, and a badge of the own team.
    """
    badge = badge_of(by.edition, code)
    if badge is None:
        raise LeadRefusedError(_("This is not the code of a badge of this fair."))
    if badge.user_id == by.user.pk:
        raise LeadRefusedError(_("This is your own badge."))
    return from_badge(by.participation, badge) if reads_all(by) else _own(by, badge)


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
def change_contact(by: Acting, lead: Lead, values: Mapping[str, str]) -> None:
    """Change the note and the address of a contact."""
    before = state(Lead.objects.get(pk=lead.pk))
    for name in CONTACT_FIELDS:
        setattr(lead, name, values[name].strip())
    lead.save(update_fields=CONTACT_FIELDS)
    trace("lead.changed", lead, by, before=before)


@transaction.atomic
def remove_contact(by: Acting, lead: Lead) -> None:
    """Delete a contact."""
    trace("lead.removed", lead, by, before=state(lead))
    lead.delete()
