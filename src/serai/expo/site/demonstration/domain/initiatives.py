"""Initiatives and statements of the demonstration, with invented institutions that have signed them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from serai.expo.fairs.edition.models import Edition
from serai.expo.meetings.outcomes.domain.ledger import after
from serai.expo.people.account.models import User
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature
from serai.expo.programme.sessions.models import Session
from serai.expo.site.demonstration.domain.content import moment, read

PROOF = "Invented for the demonstration."


def launch(edition: Edition, today: date, *, organiser: User) -> None:
    """Write the published initiatives of content/initiatives.toml. Of what is to come nothing is told yet."""
    for row in read("initiatives.toml")["initiative"]:
        session = Session.objects.filter(edition=edition, forum__slug=row["forum"]).order_by("starts_at").first()
        initiative = Initiative.objects.create(
            edition=edition,
            kind=row["kind"],
            state=Initiative.State.PUBLISHED,
            title=_texts(row["title"]),
            summary=_texts(row["summary"]),
            text=_texts(row["text"]),
            session=session,
            launched_on=session.starts_at.date() if session else edition.starts_on,
            published_at=_at(edition, -min(signatory["days"] for signatory in row["signatories"])),
        )
        signatures = {
            signatory["key"]: _signature(initiative, signatory, order, organiser)
            for order, signatory in enumerate(row["signatories"])
        }
        for order, promised in enumerate(row["commitments"]):
            _commitment(initiative, promised, signatures.get(promised.get("by", "")), order, today)


def _signature(initiative: Initiative, row: Mapping[str, Any], order: int, organiser: User) -> Signature:
    edition = initiative.edition
    signed_at = _at(edition, -row["days"])
    withdrawn = edition.starts_on - timedelta(days=row["withdrawn"]) if "withdrawn" in row else None
    return Signature.objects.create(
        edition=edition,
        initiative=initiative,
        state=Signature.State.WITHDRAWN if withdrawn else Signature.State.CONFIRMED,
        **{name: _texts(row[name]) for name in ("name", "office", "institution")},
        country=row["country"],
        signed_on=signed_at.date(),
        proof=PROOF,
        confirmed_at=signed_at + timedelta(days=1),
        confirmed_by=organiser,
        withdrawn_on=withdrawn,
        order=order,
    )


def _commitment(
    initiative: Initiative, row: Mapping[str, Any], signature: Signature | None, order: int, today: date
) -> None:
    edition = initiative.edition
    state, *words = row.get("note", [Commitment.State.OPEN])
    is_told = bool(words) and edition.ends_on < today
    commitment = Commitment.objects.create(
        edition=edition,
        initiative=initiative,
        signature=signature,
        text=_texts(row["text"]),
        due_on=after(edition.ends_on, row["months"]),
        state=state if is_told else Commitment.State.OPEN,
        order=order,
    )
    if is_told:
        CommitmentNote.objects.create(
            edition=edition,
            commitment=commitment,
            state=state,
            words=_texts(words),
            noted_on=edition.ends_on + timedelta(days=1),
            signature=signature,
            decision=CommitmentNote.Decision.SHOWN,
        )


def _at(edition: Edition, days: int) -> datetime:
    return moment(edition, days, time(11))


def _texts(texts: Sequence[str]) -> dict[str, str]:
    return {language: text.strip() for language, text in zip(("en", "zh-hans", "ar"), texts, strict=True)}
