"""Leads: kept from a badge or by hand, followed up, and downloaded as a table."""

from collections.abc import Iterable, Mapping
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
from serai.expo.base.rows import made_once
from serai.expo.fairs.edition.domain.phases import standing
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.firms.record.domain.names import shown_name
from serai.expo.firms.record.rules import kinds_with
from serai.expo.meetings.leads.models import Asked, Lead
from serai.expo.people.account.domain.privacy import mask_words, whole_words
from serai.expo.people.account.models import Role, User
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
