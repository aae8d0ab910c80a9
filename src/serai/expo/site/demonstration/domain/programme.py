"""The programme: rooms, forums with their sessions, speakers, releases, proposed sessions, initiatives with their
signatures, and badges.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any

from serai.expo.base.collation import sort_name
from serai.expo.base.text import in_language
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.meetings.outcomes.domain.ledger import after
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import Badge, Kind
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.domain.releases import snapshot
from serai.expo.programme.sessions.models import Appearance, Forum, Release, Room, Session, Speaker
from serai.expo.site.demonstration.domain.content import Pair, moment, read

MOVED_FORUM = "buyers-briefing"
"""This forum is half an hour later in the first release, so that the second release shows a change."""

SPEAKER_FIELDS = ("name", "position", "affiliation", "country", "biography")


def programme(edition: Edition, chains: Mapping[str, Chain]) -> list[Room | Forum | Session | Speaker | Appearance]:
    """The programme of content/programme.toml with the speakers of content/speakers.toml. Unsaved."""
    content = read("programme.toml")
    rooms = {
        key: Room(edition=edition, title=_texts(english, chinese), seats=seats, order=number)
        for number, (key, (english, chinese, seats)) in enumerate(content["rooms"].items())
    }
    forums, sessions = [], []
    for number, row in enumerate(content["forum"], start=1):
        forum = Forum(
            edition=edition,
            slug=row["slug"],
            kind=row["kind"],
            title=_texts(*row["title"]),
            summary=_texts(*row["summary"]),
            chain=chains.get(row.get("chain", "")),
            order=number,
        )
        forums.append(forum)
        sessions += [_session(edition, forum, rooms, *columns) for columns in row["sessions"]]
    speaking = read("speakers.toml")
    speakers = {row["key"]: _speaker(edition, row) for row in speaking["speaker"]}
    appearances = list(_appearances(speaking["appearances"], sessions, speakers))
    _leave_early(edition, appearances)
    return [*rooms.values(), *forums, *sessions, *speakers.values(), *appearances]


def releases(edition: Edition, sessions: Sequence[Session]) -> list[Release]:
    """Two releases of the programme: the second moves a session of the first. The sessions are saved. Unsaved."""
    opens = moment(edition, 0, time(9))
    first = [_half_an_hour_later(session) if session.forum.slug == MOVED_FORUM else session for session in sessions]
    notes = (
        _texts("The programme.", "日程发布。"),
        _texts("The briefing for buyers comes earlier.", "采购商说明会提前举行。"),
    )
    return [
        Release(
            edition=edition,
            number=number,
            note=note,
            released_at=opens - timedelta(days=60 - 30 * number),
            sessions=snapshot(released),
        )
        for number, (note, released) in enumerate(zip(notes, (first, sessions), strict=True), start=1)
    ]


def _texts(english: str, chinese: str) -> dict[str, str]:
    """A text in the two languages of the content and in Arabic."""
    return {**Pair(english, chinese).texts, "ar": read("programme_ar.toml")[english]}


def _half_an_hour_later(session: Session) -> Session:
    later = copy(session)
    later.starts_at, later.ends_at = (at + timedelta(minutes=30) for at in (session.starts_at, session.ends_at))
    return later


def _session(
    edition: Edition,
    forum: Forum,
    rooms: Mapping[str, Room],
    day: int,
    begin: str,
    end: str,
    room: str,
    languages: list[str],
    *title: Any,
) -> Session:
    spoken = ["zh-hans" if language == "zh" else language for language in languages]
    return Session(
        edition=edition,
        forum=forum,
        title=_texts(*title),
        starts_at=moment(edition, day - 1, time.fromisoformat(begin)),
        ends_at=moment(edition, day - 1, time.fromisoformat(end)),
        room=rooms[room],
        capacity=rooms[room].seats,
        # The first two are spoken on the stage; interpreters speak the others.
        languages=spoken[:2],
        interpreted=spoken[2:],
    )


def _speaker(edition: Edition, row: Mapping[str, Any]) -> Speaker:
    name = _own_texts(row["name"])
    return Speaker(
        edition=edition,
        name=name,
        sort_name=sort_name(name["en"]),
        position=_own_texts(row["position"]),
        affiliation=_own_texts(row["affiliation"]),
        country=row["country"],
        biography=_own_texts(row["about"]),
    )


def _leave_early(edition: Edition, appearances: Sequence[Appearance]) -> None:
    """Speakers of the first day only are absent on the second afternoon and from the third day on."""
    staying = {row.speaker.sort_name for row in appearances if row.session.starts_at.date() > edition.starts_on}
    absent = [((1, 13), (1, 20)), ((2, 0), (4, 0))]
    for row in appearances:
        if row.speaker.sort_name not in staying:
            row.speaker.absences = [
                [moment(edition, day, time(hour)).isoformat() for day, hour in span] for span in absent
            ]


def _own_texts(texts: Sequence[str]) -> dict[str, str]:
    """English, Chinese and, where they are given, the own writing and its language."""
    english, chinese, *own = texts
    return Pair(english, chinese).texts | ({own[1]: own[0]} if own else {})


def _appearances(
    by_forum: Mapping[str, Sequence[str]], sessions: Sequence[Session], speakers: Mapping[str, Speaker]
) -> Iterator[Appearance]:
    for session in sessions:
        for order, entry in enumerate(by_forum.get(session.forum.slug, ())):
            key, _, role = entry.partition(":")
            yield Appearance(
                edition=session.edition,
                session=session,
                speaker=speakers[key],
                role=role or Appearance.Role.SPEAKER,
                order=order,
            )


def link_speakers(edition: Edition, exhibitor: Participation, person: User) -> None:
    """Two speakers speak for exhibitors: one for this one, as ``person``, and one for a firm of her own country."""
    swedish = Participation.objects.filter(edition=edition, kind=Participation.Kind.EXHIBITOR, firm__country="SE")
    for country, own, user in (("BR", exhibitor, person), ("SE", swedish.order_by("pk").first(), None)):
        speaker = Speaker.objects.filter(edition=edition, country=country).order_by("pk").first()
        if speaker is not None and own is not None:
            speaker.participation, speaker.user = own, user
            speaker.affiliation, speaker.country = own.firm.name, own.firm.country
            speaker.save(update_fields=["participation", "user", "affiliation", "country"])


def propose(
    edition: Edition, users: Mapping[str, User], firms: Mapping[str, Participation], reviewers: Sequence[User]
) -> None:
    """Sessions that these users propose for their firms: accepted, waiting and declined, with the reviews."""
    for number, row in enumerate(read("proposals.toml")["proposals"]):
        proposed_at = moment(edition, -30) + timedelta(days=number, hours=number)
        session = Session.objects.filter(edition=edition, forum__slug=row.get("session", "")).first()
        proposal = Proposal.objects.create(
            edition=edition,
            proposed_by=users[row["by"]],
            participation=firms[row["by"]],
            forum=session.forum if session else None,
            title=session.title if session else row["title"],
            summary=(session.summary or session.forum.summary) if session else row["summary"],
            **{name: row[name] for name in ("languages", "minutes", "notes", "state")},
            answer=row.get("answer", ""),
            session=session,
            created_at=proposed_at,
            changed_at=proposed_at + timedelta(days=3 if row["state"] != Proposal.State.SUBMITTED else 0),
        )
        ProposedSpeaker.objects.bulk_create(_proposed_speakers(proposal, row, firms[row["by"]]))
        reviewed_at = proposed_at + timedelta(days=2)
        ProposalReview.objects.bulk_create(
            ProposalReview(edition=edition, proposal=proposal, reviewer=reviewer, reviewed_at=reviewed_at, **review)
            for reviewer, review in zip(reviewers, row["scores"], strict=False)
        )


def _proposed_speakers(proposal: Proposal, row: Mapping[str, Any], firm: Participation) -> list[ProposedSpeaker]:
    """The speakers of the session that the proposal has become, else the speaker that the content names."""
    common = {"edition": proposal.edition, "proposal": proposal}
    if proposal.session is None:
        named = {name: row[name] for name in SPEAKER_FIELDS if name in row}
        return [ProposedSpeaker(**common, **named, affiliation=firm.firm.name)]
    speakers = Speaker.objects.filter(appearances__session=proposal.session).order_by("appearances__order")
    return [
        ProposedSpeaker(
            **common, **{name: getattr(speaker, name) for name in SPEAKER_FIELDS}, speaker=speaker, order=order
        )
        for order, speaker in enumerate(speakers)
    ]


PROOF = "Invented for the demonstration."


def launch(edition: Edition, today: date, *, organiser: User) -> None:
    """Write the published initiatives of content/initiatives.toml. Of what is to come nothing is told yet."""
    for row in read("initiatives.toml")["initiative"]:
        session = Session.objects.filter(edition=edition, forum__slug=row["forum"]).order_by("starts_at").first()
        initiative = Initiative.objects.create(
            edition=edition,
            kind=row["kind"],
            state=Initiative.State.PUBLISHED,
            title=_texts_by_language(row["title"]),
            summary=_texts_by_language(row["summary"]),
            text=_texts_by_language(row["text"]),
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
        **{name: _texts_by_language(row[name]) for name in ("name", "office", "institution")},
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
        text=_texts_by_language(row["text"]),
        due_on=after(edition.ends_on, row["months"]),
        state=state if is_told else Commitment.State.OPEN,
        order=order,
    )
    if is_told:
        CommitmentNote.objects.create(
            edition=edition,
            commitment=commitment,
            state=state,
            words=_texts_by_language(words),
            noted_on=edition.ends_on + timedelta(days=1),
            signature=signature,
            decision=CommitmentNote.Decision.SHOWN,
        )


def _at(edition: Edition, days: int) -> datetime:
    return moment(edition, days, time(11))


def _texts_by_language(texts: Sequence[str]) -> dict[str, str]:
    return {language: text.strip() for language, text in zip(("en", "zh-hans", "ar"), texts, strict=True)}


def badges(
    edition: Edition, exhibitors: Iterable[Participation], buyers: Sequence[Participation], speakers: Iterable[Speaker]
) -> list[Badge]:
    """Three people at each of these exhibitors, one of each buyer, the speakers, and people without a firm. Unsaved."""
    people = read("people.toml")
    staff = [
        Badge(edition=edition, participation=firm, kind=firm.kind, made_at=firm.entered_at, **person)
        for firm in exhibitors
        for person in people["staff"]
    ]
    of_buyers = [
        Badge(edition=edition, participation=firm, kind=firm.kind, **person)
        for firm, person in zip(buyers, people["buyers"], strict=False)
    ]
    of_speakers = [
        Badge(
            edition=edition,
            kind=Kind.SPEAKER,
            speaker=speaker,
            name=in_language(speaker.name, "en").text[:120],
            position=in_language(speaker.position, "en").text[:120],
            affiliation=in_language(speaker.affiliation, "en").text[:200],
            country=speaker.country,
        )
        for speaker in speakers
    ]
    return [*staff, *of_buyers, *of_speakers, *(Badge(edition=edition, **person) for person in people["others"])]
