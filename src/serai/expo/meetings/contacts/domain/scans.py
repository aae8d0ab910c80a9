"""Contacts from badges: whoever acts for a participant keeps whom it met, with what the badge says and no more."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from serai.expo.base.audit.domain.entries import state
from serai.expo.fairs.edition.models import Participation
from serai.expo.meetings.contacts.domain.contacts import ContactRefusedError, reads_all
from serai.expo.meetings.leads.domain.leads import LeadRefusedError, from_badge, unwritten
from serai.expo.meetings.leads.models import Lead
from serai.expo.participants.participation.domain.representation import Acting, trace
from serai.expo.programme.badges.domain.tokens import badge_of
from serai.expo.programme.badges.models import Badge

NOTED = ("contact", "notes")
"""What one changes of a contact."""


def scanned(by: Acting, code: str) -> Lead:
    """The contact that the badge of this code stands for: the one kept of it, or one not yet written.

    The participant's for who keeps its leads, else the reader's own: a plain member of a team, or the leader of a
    delegation by proxy, neither reads nor changes what others kept. Call inside of the scope. Raises
    ContactRefusedError for what is no code of this fair, for one's own badge and for one of one's own team.
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
    known = Lead.objects.filter(participation=by.participation, key=key).first()
    if known is not None:
        return known
    lead = unwritten(by.participation, badge)
    lead.badge, lead.key = None, key  # the badge leads to the contact of the team
    return lead


@transaction.atomic
def keep_scanned(by: Acting, code: str, note: str = "") -> Lead:
    """Keep whom a badge names, once; kept again without a note, the one that was written stays. Raises as scanned()."""
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
    """Note something else of a contact."""
    before = state(Lead.objects.get(pk=lead.pk))
    for name in NOTED:
        setattr(lead, name, values[name].strip())
    lead.save(update_fields=NOTED)
    trace("lead.changed", lead, by, before=before)


@transaction.atomic
def remove(by: Acting, lead: Lead) -> None:
    """Keep somebody no longer."""
    trace("lead.removed", lead, by, before=state(lead))
    lead.delete()
