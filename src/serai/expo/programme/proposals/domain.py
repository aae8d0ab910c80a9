"""The call for proposals: anybody with an account proposes sessions, and changes or withdraws them.

An organiser scores proposals, accepts them as sessions, or declines them with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Avg, Count, F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from serai.expo.base import filters
from serai.expo.base.audit.domain.entries import record, record_change, state
from serai.expo.base.rows import made_once
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.domain.letters import send_letters, site_address
from serai.expo.people.account.models import User
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.domain.changes import keep, set_speakers
from serai.expo.programme.sessions.domain.visibility import may_be_spoken_for, why_closed
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker

MOST_WAITING = 5
"""Limit of proposals of one person that wait for an answer."""
MOST_SPEAKERS = 3
SHORTEST, LONGEST = 10, 480
"""Limits of the length of a proposed session, in minutes."""


class NotProposedError(ValueError):
    """Why a session cannot be proposed, changed or withdrawn, in the reader's language."""


@dataclass(frozen=True)
class SpeakerContent:
    """A speaker as the proposer describes them."""

    name: Mapping[str, str]
    position: Mapping[str, str] = field(default_factory=dict)
    affiliation: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    biography: Mapping[str, str] = field(default_factory=dict)
    mail: str = ""


@dataclass(frozen=True)
class ProposalContent:
    """The content of a proposal: the session and its speakers."""

    title: Mapping[str, str]
    minutes: int
    speakers: Sequence[SpeakerContent]
    summary: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    notes: str = ""
    forum: Forum | None = None
    participation: Participation | None = None


def visible_to(user: User | AnonymousUser, edition: Edition) -> QuerySet[Proposal]:
    """Proposals that the user may read: all for an organiser, their own for others."""
    rows = Proposal.objects.filter(edition=edition)
    if user.has_perm("expo.read_programme", edition):
        return rows
    return rows.filter(proposed_by=user) if user.is_authenticated else rows.none()


def own_proposals(user: User, edition: Edition) -> QuerySet[Proposal]:
    """All proposals of the user, the newest first."""
    rows = Proposal.objects.filter(edition=edition, proposed_by=user)
    return rows.select_related("forum", "session", "session__room").prefetch_related("speakers")


def forums_to_choose(edition: Edition) -> QuerySet[Forum]:
    """Forums for which a session may be proposed, including unreleased ones."""
    return Forum.objects.filter(edition=edition).exclude(kind=Forum.Kind.BOOTH_EVENT)


@transaction.atomic
def submit(edition: Edition, content: ProposalContent, *, by: User) -> Proposal:
    """Submit a proposal; the proposer gets a letter.

    Raises NotProposedError if the call is closed, too many proposals of the user wait, or the content is incomplete.
    """
    User.objects.select_for_update().get(pk=by.pk)  # one at a time, so that the limit holds
    waiting = Proposal.objects.filter(edition=edition, proposed_by=by, state=Proposal.State.SUBMITTED).count()
    if waiting >= MOST_WAITING:
        raise NotProposedError(
            _("As many proposals of yours wait for an answer as may: %d. Withdraw one to propose another.")
            % MOST_WAITING
        )
    _check(edition, content)
    made = Proposal.objects.create(edition=edition, proposed_by=by, **_fields(content))
    record("proposal.submitted", made, after=state(made), user=by, edition=edition)
    _set_speakers(made, content.speakers, by=by)
    send_letters(edition, [by], "proposal-received", lambda _reader: values_of(made))
    return made


@transaction.atomic
def change(proposal: Proposal, content: ProposalContent, *, by: User) -> None:
    """Change a proposal while the call is open and it waits. Raises NotProposedError."""
    held = _undecided(proposal, by)
    _check(held.edition, content)
    before = state(held)
    for name, value in _fields(content).items():
        setattr(held, name, value)
    held.changed_at = timezone.now()
    held.save()
    record("proposal.changed", held, before=before, after=state(held), user=by, edition=held.edition)
    _set_speakers(held, content.speakers, by=by)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> None:
    """Withdraw a proposal before it is decided on. Raises NotProposedError."""
    now = timezone.now()
    withdrawn = Proposal.State.WITHDRAWN
    record_change("proposal.withdrawn", _undecided(proposal, by), user=by, state=withdrawn, changed_at=now)


def values_of(proposal: Proposal) -> dict[str, str]:
    """Values of the places of a letter about a proposal, in the current language."""
    return {
        "title": in_language(proposal.title).text,
        "answer": proposal.answer,
        "proposals": site_address() + reverse("my-proposals", args=[proposal.edition.slug]),
    }


def _undecided(proposal: Proposal, by: User) -> Proposal:
    held = Proposal.objects.select_for_update(of=("self",)).select_related("edition").filter(pk=proposal.pk).first()
    if held is None or held.proposed_by_id != by.pk or held.state != Proposal.State.SUBMITTED:
        raise NotProposedError(_("This proposal is not waiting any more."))
    return held


def _check(edition: Edition, content: ProposalContent) -> None:
    if sentence := why_closed(edition):
        raise NotProposedError(sentence)
    if not any(content.title.values()):
        raise NotProposedError(_("Give the session a title."))
    if not SHORTEST <= content.minutes <= LONGEST:
        raise NotProposedError(
            _("A session lasts from %(shortest)d to %(longest)d minutes.") % {"shortest": SHORTEST, "longest": LONGEST}
        )
    if not content.speakers or not all(any(speaker.name.values()) for speaker in content.speakers):
        raise NotProposedError(_("Name who would speak."))


def _fields(content: ProposalContent) -> dict[str, Any]:
    return {
        "title": dict(content.title),
        "summary": dict(content.summary),
        "languages": list(content.languages),
        "minutes": content.minutes,
        "notes": content.notes.strip(),
        "forum": content.forum,
        "participation": content.participation,
    }


def _set_speakers(proposal: Proposal, speakers: Sequence[SpeakerContent], *, by: User) -> None:
    """Set the speakers in this order: existing rows are changed in place, and surplus rows are removed."""
    rows = list(ProposedSpeaker.objects.filter(proposal=proposal))
    for order, speaker in enumerate(speakers):
        row = rows[order] if order < len(rows) else ProposedSpeaker(edition=proposal.edition, proposal=proposal)
        before = state(row) if row.pk else None
        values = asdict(speaker) | {"order": order, "mail": speaker.mail.strip().lower()}
        for name, value in values.items():
            setattr(row, name, value)
        if before != state(row):
            row.save()
            action = f"proposed_speaker.{'changed' if before else 'added'}"
            record(action, row, before=before, after=state(row), user=by, edition=proposal.edition)
    for row in rows[len(speakers) :]:
        record("proposed_speaker.removed", row, before=state(row), user=by, edition=proposal.edition)
        row.delete()


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
