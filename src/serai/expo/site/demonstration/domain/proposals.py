"""Sessions proposed for the demonstration: one accepted, one that waits, one declined, with their reviews."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.people.account.models import User
from serai.expo.programme.sessions.models import Proposal, ProposalReview, ProposedSpeaker, Session, Speaker
from serai.expo.site.demonstration.domain.content import read

OF_A_SPEAKER = ("name", "position", "affiliation", "country", "biography")


def propose(
    edition: Edition, users: Mapping[str, User], firms: Mapping[str, Participation], reviewers: Sequence[User]
) -> None:
    """Write them, proposed by these users for their firms and scored by these organisers. Call inside of the scope."""
    first = datetime.combine(edition.starts_on - timedelta(days=30), time(10, 30), ZoneInfo(edition.time_zone))
    for number, row in enumerate(read("proposals.toml")["proposals"]):
        said_at, by = first + timedelta(days=number, hours=number), users[row["by"]]
        session = Session.objects.filter(edition=edition, forum__slug=row.get("session", "")).first()
        made = Proposal.objects.create(
            edition=edition,
            proposed_by=by,
            participation=firms[row["by"]],
            forum=session.forum if session else None,
            title=session.title if session else row["title"],
            summary=(session.summary or session.forum.summary) if session else row["summary"],
            languages=row["languages"],
            minutes=row["minutes"],
            notes=row["notes"],
            state=row["state"],
            answer=row.get("answer", ""),
            session=session,
            created_at=said_at,
            changed_at=said_at + timedelta(days=3 if row["state"] != Proposal.State.SUBMITTED else 0),
        )
        ProposedSpeaker.objects.bulk_create(_speakers(made, row, firms[row["by"]]))
        ProposalReview.objects.bulk_create(
            ProposalReview(
                edition=edition,
                proposal=made,
                reviewer=reviewer,
                score=said["score"],
                note=said["note"],
                reviewed_at=said_at + timedelta(days=2),
            )
            for reviewer, said in zip(reviewers, row["scores"], strict=False)
        )


def _speakers(proposal: Proposal, row: Mapping[str, Any], firm: Participation) -> list[ProposedSpeaker]:
    """Who speaks in the session that it has become, else who is named, for the firm."""
    given = {"edition": proposal.edition, "proposal": proposal}
    if proposal.session is None:
        said = {name: row[name] for name in OF_A_SPEAKER if name in row}
        return [ProposedSpeaker(**given, **said, affiliation=firm.firm.name)]
    known = Speaker.objects.filter(appearances__session=proposal.session).order_by("appearances__order")
    return [
        ProposedSpeaker(**given, **{name: getattr(one, name) for name in OF_A_SPEAKER}, speaker=one, order=order)
        for order, one in enumerate(known)
    ]
