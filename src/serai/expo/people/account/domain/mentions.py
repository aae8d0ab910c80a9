"""Where a person is named in what is not the person's own: the programme and proposals for it, badges, what firms noted
of whom they met, letters to others.

A firm keeps what it noted of the other firm and of its wishes; who the person was, and how to reach it, goes.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.audit.domain.erasure import ERASED, mask_rows, told_of_rows
from serai.expo.fairs.mailing.models import Mail
from serai.expo.meetings.leads.models import Lead
from serai.expo.people.account.domain.profile import HAN_OR_HANGUL
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.models import Speaker

NOTED = ("need", "notes", "next_step")
"""What a firm writes of a lead in its own words."""


def badges_of(user: User) -> QuerySet[Badge]:
    """The person's badges at all fairs, those with its mail address and those as a speaker among them."""
    speaks = Q(speaker__in=speakers_of(user).values("pk"))
    return Badge.objects.filter(Q(user=user) | Q(email__iexact=user.email) | speaks).order_by("pk")


def speakers_of(user: User) -> QuerySet[Speaker]:
    """The person as a speaker at all fairs: with its account, or proposed by somebody with its mail address."""
    proposed = ProposedSpeaker.objects.filter(mail__iexact=user.email, speaker__isnull=False)
    return Speaker.objects.filter(Q(user=user) | Q(pk__in=proposed.values("speaker")))


def proposed_speakers_of(user: User) -> QuerySet[ProposedSpeaker]:
    """Those who would speak in what the person proposed, and the person itself in what others did."""
    own = Q(proposal__proposed_by=user) | Q(mail__iexact=user.email) | Q(speaker__user=user)
    return ProposedSpeaker.objects.filter(own)


def leads_about(user: User) -> list[Lead]:
    """Whom firms met, where that is the person: kept of its badge, under its name with its firm, or with its mail
    address."""
    badges = list(badges_of(user).values_list("pk", flat=True))
    firms = Role.objects.filter(user=user, firm__isnull=False).values("firm")
    is_it = Q(badge__in=badges) | Q(other__firm__in=firms, person__in=_names_of(user))
    for number in badges:
        is_it |= Q(key__startswith=f"badge-{number}-")
    rows = Lead.objects.select_related("participation__firm")
    mail = _pattern([user.email])
    found = [
        *rows.filter(is_it),
        *(row for row in rows.filter(contact__icontains=user.email) if mail.search(row.contact)),
    ]
    return sorted({lead.pk: lead for lead in found}.values(), key=lambda lead: lead.pk)


def told_of(lead: Lead) -> dict[str, Any]:
    """What a lead holds of its person, and who keeps it; what else the firm noted is the firm's own."""
    kept = {name: getattr(lead, name) for name in ("person", "position", "contact")}
    return {"id": lead.pk, "edition": lead.edition_id, "kept_by": lead.participation.firm.identifier} | kept


def forget_mentions(user: User) -> None:
    """Take the person off the programme and out of what others noted and were written. Call before it is deleted."""
    badges, called = list(badges_of(user)), [user.email, *_names_of(user)]
    names = _pattern(called)
    for lead in (about := leads_about(user)):
        lead.person, lead.position, lead.contact = ERASED, "", ""
        for field in NOTED:
            setattr(lead, field, names.sub(ERASED, getattr(lead, field)))
        lead.save(update_fields=["person", "position", "contact", *NOTED])
        record("lead.person_erased", lead, edition=lead.edition)
    _forget_in_texts(Lead.objects.exclude(pk__in=[lead.pk for lead in about]), NOTED, [user.email])
    fairs = {badge.edition_id for badge in badges}
    _forget_in_texts(Mail.objects.filter(edition__in=fairs), ("subject", "body"), called)
    mask_rows(Badge, [badge.pk for badge in badges])
    for badge in badges:
        badge.delete()
    speakers = list(speakers_of(user).select_related("edition"))
    _forget_proposals(user, called)
    for speaker in speakers:
        mask_rows(Speaker, [speaker.pk])
        record("speaker.removed", speaker, edition=speaker.edition)
        speaker.delete()


def _forget_proposals(user: User, called: list[str]) -> None:
    """Take the person out of what others proposed, and all that it proposed out of the trail; that goes with it."""
    named = list(proposed_speakers_of(user).select_related("edition", "proposal"))
    own = set(Proposal.objects.filter(proposed_by=user).values_list("pk", flat=True))
    # Who was taken out of a proposal before is known from the trail alone.
    said = Q(after__proposal__in=list(own)) | Q(after__mail__iexact=user.email) | Q(before__mail__iexact=user.email)
    told = told_of_rows(ProposedSpeaker, said)
    mask_rows(ProposedSpeaker, {*(str(one.pk) for one in named), *told})
    once = {values["proposal"] for values in told.values() if isinstance(values.get("proposal"), int)}
    others = ({one.proposal_id for one in named} | once) - own
    reviews = ProposalReview.objects.filter(proposal__in=own | others)
    mask_rows(ProposalReview, reviews.values_list("pk", flat=True))
    for one in named:
        if one.proposal_id in others:
            record("proposed_speaker.removed", one, edition=one.edition)
            one.delete()
    mask_rows(Proposal, others)
    _forget_in_texts(Proposal.objects.filter(pk__in=others), ("notes", "answer"), called)
    _forget_in_texts(ProposalReview.objects.filter(proposal__in=others), ("note",), called)


def _names_of(user: User) -> list[str]:
    """What the person is called: by itself, and on its badges."""
    said = {user.name, user.native_name, *(name for row in badges_of(user) for name in (row.name, row.name_latin))}
    return sorted(name for name in said if len(name) > 1)


def _forget_in_texts(rows: QuerySet[Any], fields: Iterable[str], words: list[str]) -> None:
    """Mask these words wherever they stand in these fields."""
    found = _pattern(words)
    holding = Q()
    for field in fields:
        for word in words:
            holding |= Q(**{f"{field}__icontains": word})
    for row in rows.filter(holding):
        for field in fields:
            setattr(row, field, found.sub(ERASED, getattr(row, field)))
        row.save(update_fields=list(fields))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words as a whole, the longest first; in Chinese and Korean nothing parts a word from the next."""
    longest = sorted(filter(None, words), key=len, reverse=True)
    parts = (
        re.escape(one) if HAN_OR_HANGUL.search(one) else rf"(?<![\w.+-]){re.escape(one)}(?![\w-])" for one in longest
    )
    return re.compile("|".join(parts), re.IGNORECASE)
