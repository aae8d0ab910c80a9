"""Reviews of proposals: an organiser scores them, accepts them as sessions, or declines them with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.changes import record_change
from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.collisions import made_once
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.mailing.domain.letters import send_letters
from serai.expo.people.account.models import User
from serai.expo.programme.proposals.domain.proposals import values_of
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.domain.changes import keep, set_speakers
from serai.expo.programme.sessions.domain.visibility import may_be_spoken_for
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker

LOWEST, HIGHEST = 1, 5


class ReviewRefusedError(ValueError):
    """Why a proposal cannot be reviewed or decided on so, in the reader's language."""


@dataclass(frozen=True)
class ProposalFilter:
    """Filter of a list of proposals. Empty fields match everything."""

    state: str = filters.code("Where the proposal stands", choices=Proposal.State.choices)
    best: bool = filters.flag("The best score first, in place of the newest")


def listed(rows: QuerySet[Proposal], wanted: ProposalFilter) -> QuerySet[Any]:
    """Proposals that match the filter, in its order, with their scores."""
    scored = with_scores(rows.filter(state=wanted.state) if wanted.state else rows)
    best = (F("mean").desc(nulls_last=True), "-reviewed")
    return scored.order_by(*(best if wanted.best else ("-created_at",)), "-pk")


def with_scores(rows: QuerySet[Proposal]) -> QuerySet[Any]:
    """Add ``mean`` (mean score) and ``reviewed`` (number of reviews), and select the rows that a list shows."""
    scored = rows.annotate(mean=Avg("reviews__score"), reviewed=Count("reviews"))
    return scored.select_related("proposed_by", "forum", "participation__firm").prefetch_related("speakers")


def count_waiting(edition: Edition) -> int:
    """How many proposals wait for an answer."""
    return Proposal.objects.filter(edition=edition, state=Proposal.State.SUBMITTED).count()


@made_once
def review(proposal: Proposal, score: int, note: str, *, by: User) -> ProposalReview:
    """Write the organiser's review, which replaces an earlier one.

    Raises ReviewRefusedError if the proposal is decided or the score is off the scale.
    """
    held = _waiting(proposal)
    if not LOWEST <= score <= HIGHEST:
        raise ReviewRefusedError(_("Give a score from 1 to 5."))
    existing = ProposalReview.objects.filter(proposal=held, reviewer=by).first()
    before = state(existing) if existing else None
    made = existing or ProposalReview(edition=held.edition, proposal=held, reviewer=by)
    made.score, made.note, made.reviewed_at = score, note.strip(), timezone.now()
    made.save()
    record("proposal.reviewed", made, before=before, after=state(made), user=by, edition=held.edition)
    return made


@transaction.atomic
def accept(
    proposal: Proposal,
    *,
    forum: Forum,
    starts_at: datetime,
    room: Room | None = None,
    minutes: int | None = None,
    answer: str = "",
    by: User,
) -> Session:
    """Make the session that the proposal proposes, with its speakers, and notify the proposer.

    The public sees it with the next release. Raises ReviewRefusedError for a proposal that is decided.
    """
    held = _waiting(proposal)
    made = Session(
        edition=held.edition,
        forum=forum,
        title=held.title,
        summary=held.summary,
        languages=held.languages,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes or held.minutes),
        room=room,
    )
    keep(made, by=by)
    speakers = [_speaker(held, proposed, by=by) for proposed in ProposedSpeaker.objects.filter(proposal=held)]
    chosen = {speaker.pk: speaker for speaker in speakers}
    set_speakers(made, [(speaker, Appearance.Role.SPEAKER) for speaker in chosen.values()], by=by)
    _decide(held, Proposal.State.ACCEPTED, answer, made, by=by)
    return made


@transaction.atomic
def decline(proposal: Proposal, reason: str, *, by: User) -> None:
    """Decline a proposal and notify the proposer.

    Raises ReviewRefusedError without a reason, and for a proposal that is decided.
    """
    if not reason.strip():
        raise ReviewRefusedError(_("Give the reason; the proposer reads it."))
    _decide(_waiting(proposal), Proposal.State.DECLINED, reason, None, by=by)


def _waiting(proposal: Proposal) -> Proposal:
    row = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("edition", "proposed_by")
        .filter(pk=proposal.pk, state=Proposal.State.SUBMITTED)
        .first()
    )
    if row is None:
        raise ReviewRefusedError(_("This proposal is not waiting any more."))
    return row


def _decide(held: Proposal, to: Proposal.State, answer: str, session: Session | None, *, by: User) -> None:
    decision = {"state": to, "answer": answer.strip(), "session": session, "changed_at": timezone.now()}
    record_change(f"proposal.{to}", held, user=by, **decision)
    send_letters(held.edition, [held.proposed_by], f"proposal-{to}", lambda _reader: values_of(held))


def _speaker(proposal: Proposal, proposed: ProposedSpeaker, *, by: User) -> Speaker:
    """The speaker for a proposed one. The mail address of the proposer leads to the account of the proposer, and to the
    speaker of this account if there is one."""
    proposer = proposal.proposed_by
    user = proposer if proposed.mail and proposed.mail == proposer.email.lower() else None
    speaker = Speaker.objects.filter(edition=proposal.edition, user=user).first() if user else None
    if speaker is None:
        speaker = Speaker(
            edition=proposal.edition,
            name=proposed.name,
            position=proposed.position,
            affiliation=proposed.affiliation,
            country=proposed.country,
            biography=proposed.biography,
            user=user,
        )
        own = proposal.participation_id
        if own and may_be_spoken_for(speaker).filter(pk=own).exists():
            speaker.participation_id = own
        keep(speaker, by=by)
    record_change("proposed_speaker.accepted", proposed, user=by, speaker=speaker)
    return speaker
