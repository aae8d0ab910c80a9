"""A person in the programme: as a speaker, in proposals and on badges, and in the letters of those fairs."""

from typing import Any

from django.db.models import Q, QuerySet

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.domain.erasure import mask_rows, told_of_rows
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.domain.privacy import mask_words
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.models import Speaker


def badges_of(user: User) -> QuerySet[Badge]:
    """The person's badges at all fairs: by account, by mail address, or as a speaker."""
    speaks = Q(speaker__in=speakers_of(user).values("pk"))
    return Badge.objects.filter(Q(user=user) | Q(email__iexact=user.email) | speaks).order_by("pk")


def speakers_of(user: User) -> QuerySet[Speaker]:
    """The person as a speaker at all fairs: by account, or proposed under its mail address."""
    proposed = ProposedSpeaker.objects.filter(mail__iexact=user.email, speaker__isnull=False)
    return Speaker.objects.filter(Q(user=user) | Q(pk__in=proposed.values("speaker")))


def proposed_speakers_of(user: User) -> QuerySet[ProposedSpeaker]:
    """The speakers whom the person proposed, and the person itself in the proposals of others."""
    own = Q(proposal__proposed_by=user) | Q(mail__iexact=user.email) | Q(speaker__user=user)
    return ProposedSpeaker.objects.filter(own)


def names_of(user: User) -> list[str]:
    """The names of the person, in its account and on its badges."""
    names = {user.name, user.native_name, *(name for row in badges_of(user) for name in (row.name, row.name_latin))}
    return sorted(name for name in names if len(name) > 1)


def rows_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """What the programme keeps of a person in rows that do not refer to its account."""
    speakers = speakers_of(user)
    proposed = proposed_speakers_of(user).exclude(mail__iexact=user.email).order_by("pk")
    return {
        "speaker.proposed": [state(row) for row in speakers.exclude(user=user).order_by("pk")],
        "badge.speaker": [state(row) for row in Badge.objects.filter(speaker__in=speakers).order_by("pk")],
        "proposedspeaker.proposal": [state(row) for row in proposed],
    }


def forget_person(user: User) -> None:
    """Take a person out of the programme, and out of letters to others at the fairs of its badges."""
    badges, names = list(badges_of(user)), [user.email, *names_of(user)]
    fairs = {badge.edition_id for badge in badges}
    mask_words(Mail.objects.filter(edition__in=fairs), ("subject", "body"), names)
    mask_rows(Badge, [badge.pk for badge in badges])
    for badge in badges:
        badge.delete()
    speakers = list(speakers_of(user).select_related("edition"))
    _forget_proposals(user, names)
    for speaker in speakers:
        mask_rows(Speaker, [speaker.pk])
        record("speaker.removed", speaker, edition=speaker.edition)
        speaker.delete()


def _forget_proposals(user: User, names: list[str]) -> None:
    """Take the person out of the proposals of others, and mask its own proposals in the trail; they go with it."""
    named = list(proposed_speakers_of(user).select_related("edition", "proposal"))
    own = set(Proposal.objects.filter(proposed_by=user).values_list("pk", flat=True))
    # A person who was taken out of a proposal before is known from the trail alone.
    holding = Q(after__proposal__in=list(own)) | Q(after__mail__iexact=user.email) | Q(before__mail__iexact=user.email)
    told = told_of_rows(ProposedSpeaker, holding)
    mask_rows(ProposedSpeaker, {*(str(speaker.pk) for speaker in named), *told})
    once = {values["proposal"] for values in told.values() if isinstance(values.get("proposal"), int)}
    others = ({speaker.proposal_id for speaker in named} | once) - own
    reviews = ProposalReview.objects.filter(proposal__in=own | others)
    mask_rows(ProposalReview, reviews.values_list("pk", flat=True))
    for speaker in named:
        if speaker.proposal_id in others:
            record("proposed_speaker.removed", speaker, edition=speaker.edition)
            speaker.delete()
    mask_rows(Proposal, others)
    mask_words(Proposal.objects.filter(pk__in=others), ("notes", "answer"), names)
    mask_words(ProposalReview.objects.filter(proposal__in=others), ("note",), names)
