"""A person in the leads of others: what its own data tell of it, and how it is erased.

A firm keeps its notes on the other firm and its wishes. The name of the person and its contact details go.
"""

from typing import Any

from django.db.models import Q

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.erasure import ERASED
from serai.expo.meetings.leads.models import Lead
from serai.expo.people.account.domain import privacy
from serai.expo.people.account.domain.mentions import mask_words, whole_words
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.mentions import badges_of, names_of

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


@privacy.rows_about.register
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


@privacy.erasing.register
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
