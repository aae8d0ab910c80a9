"""Organisers review proposals, and accept them as sessions with their speakers or decline them with a reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.export_tables import rows_of, tables
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.models import Role, User
from serai.expo.programme.proposals.domain import (
    ProposalContent,
    ProposalFilter,
    ReviewRefusedError,
    SpeakerContent,
    accept,
    count_waiting,
    decline,
    listed,
    review,
    submit,
)
from serai.expo.programme.proposals.models import Proposal, ProposalReview
from serai.expo.programme.sessions.models import Forum, Room, Session, Speaker

NINE = datetime(2026, 11, 28, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def call(edition: Edition) -> None:
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROPOSALS, opens_at=timezone.now() - timedelta(days=1))


def propose(edition: Edition, by: User, title: str = "Salt", mail: str = "", **changes: Any) -> Proposal:
    who = SpeakerContent(name={"en": "Ada Lindqvist"}, position={"en": "Chemist"}, country="SE", mail=mail)
    with scope(edition=edition):
        return submit(edition, ProposalContent(title={"en": title}, minutes=45, speakers=[who], **changes), by=by)


def last_letter(edition: Edition) -> Mail:
    with scope(edition=edition):
        return Mail.objects.order_by("-pk")[0]


@pytest.fixture
def forum(edition: Edition) -> Forum:
    with scope(edition=edition):
        return Forum.objects.create(edition=edition, slug="energy", kind="themed_forum", title={"en": "Energy"})


@pytest.fixture
def second(edition: Edition, new_user: Any) -> User:
    """Another organiser of the fair."""
    made: User = new_user("second")
    Role.objects.create(user=made, organisation=edition.organisation, kind=Role.Kind.PROGRAMME)
    return made


def test_each_organiser_gives_one_score_and_may_change_it(
    edition: Edition, stranger: User, organiser: User, second: User
) -> None:
    made = propose(edition, stranger)
    with scope(edition=edition):
        review(made, 2, " Thin. ", by=organiser)
        review(made, 5, "", by=second)
        review(made, 4, "Better than I thought.", by=organiser)
        one = listed(Proposal.objects.all(), ProposalFilter()).get()
        assert (one.mean, one.reviewed) == (4.5, 2)
        assert ProposalReview.objects.get(reviewer=organiser).note == "Better than I thought."
    assert AuditEntry.objects.filter(action="proposal.reviewed").count() == 3


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_beyond_the_scale_is_refused(edition: Edition, stranger: User, organiser: User, score: int) -> None:
    made = propose(edition, stranger)
    with scope(edition=edition), pytest.raises(ReviewRefusedError, match="from 1 to 5"):
        review(made, score, "", by=organiser)


def test_the_list_is_narrowed_by_state_and_shows_the_best_first(
    edition: Edition, stranger: User, organiser: User
) -> None:
    good, bad, unread = (propose(edition, stranger, title) for title in ("Good", "Bad", "Unread"))
    with scope(edition=edition):
        review(bad, 1, "", by=organiser)
        review(good, 5, "", by=organiser)
        everything = Proposal.objects.all()
        assert list(listed(everything, ProposalFilter(best=True))) == [good, bad, unread]
        assert list(listed(everything, ProposalFilter())) == [unread, bad, good]
        decline(bad, "Too thin.", by=organiser)
        assert list(listed(everything, ProposalFilter(state="declined"))) == [bad]
        assert count_waiting(edition) == 2


def test_an_accepted_proposal_is_a_session_with_its_speakers(
    edition: Edition, stranger: User, organiser: User, forum: Forum
) -> None:
    made = propose(edition, stranger, languages=["en"], summary={"en": "Why."}, mail="ada@example.org")
    with scope(edition=edition):
        room = Room.objects.create(edition=edition, title={"en": "Hall"}, seats=100)
        accept(made, forum=forum, starts_at=NINE, room=room, answer="Come early.", by=organiser)
        held = Session.objects.get()
        assert (held.title, held.summary, held.languages) == ({"en": "Salt"}, {"en": "Why."}, ["en"])
        assert (held.forum, held.room, held.state) == (forum, room, "confirmed")
        assert (held.starts_at, held.ends_at) == (NINE, NINE + timedelta(minutes=45))
        speaker = held.appearances.get().speaker
        assert (speaker.name, speaker.sort_name, speaker.country) == ({"en": "Ada Lindqvist"}, "ada lindqvist", "SE")
        assert speaker.user is None  # nobody else's account is named by who proposes
        kept = Proposal.objects.get()
        assert (kept.state, kept.session, kept.answer) == ("accepted", held, "Come early.")
        assert kept.speakers.get().speaker == speaker
    letter = last_letter(edition)
    assert (letter.user, letter.subject) == (stranger, "Accepted: Salt")
    assert "Come early." in letter.body
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions >= {"proposal.accepted", "session.added", "speaker.added", "session.speakers"}


def test_it_may_be_held_without_a_room_and_for_another_time_than_asked(
    edition: Edition, stranger: User, organiser: User, forum: Forum
) -> None:
    made = propose(edition, stranger)
    with scope(edition=edition):
        held = accept(made, forum=forum, starts_at=NINE, minutes=20, by=organiser)
    assert (held.room, held.ends_at - held.starts_at) == (None, timedelta(minutes=20))


def test_the_proposer_who_speaks_is_one_speaker_with_its_account_in_all_its_sessions(
    edition: Edition, member: User, organiser: User, forum: Forum
) -> None:
    made = [propose(edition, member, title, member.email.upper()) for title in ("Salt", "Sodium")]
    with scope(edition=edition):
        held = [
            accept(one, forum=forum, starts_at=NINE + timedelta(hours=at), by=organiser) for at, one in enumerate(made)
        ]
        speaker = Speaker.objects.get()
        assert speaker.user == member
        assert [each.appearances.get().speaker for each in held] == [speaker, speaker]


def test_the_speakers_of_an_exhibitors_proposal_speak_for_it(
    edition: Edition, member: User, organiser: User, forum: Forum
) -> None:
    with scope(edition=edition):
        own = Participation.objects.get(firm=member.roles.get().firm)
    made = propose(edition, member, participation=own)
    with scope(edition=edition):
        accept(made, forum=forum, starts_at=NINE, by=organiser)
        assert Speaker.objects.get().participation == own


def test_a_declined_proposal_has_a_reason_that_its_proposer_reads(
    edition: Edition, stranger: User, organiser: User, stranger_client: Client
) -> None:
    made = propose(edition, stranger)
    with scope(edition=edition):
        with pytest.raises(ReviewRefusedError, match="Give the reason"):
            decline(made, " ", by=organiser)
        decline(made, "We have one like it.", by=organiser)
        assert not Session.objects.exists()
    letter = last_letter(edition)
    assert (letter.subject, "We have one like it." in letter.body) == ("Declined: Salt", True)
    assert "We have one like it." in stranger_client.get(f"/en/{edition.slug}/programme/proposals/").text


def test_what_is_decided_is_neither_reviewed_nor_decided_again(
    edition: Edition, stranger: User, organiser: User, forum: Forum
) -> None:
    made = propose(edition, stranger)
    with scope(edition=edition):
        decline(made, "No.", by=organiser)
        for act in (
            lambda: review(made, 5, "", by=organiser),
            lambda: accept(made, forum=forum, starts_at=NINE, by=organiser),
            lambda: decline(made, "No.", by=organiser),
        ):
            with pytest.raises(ReviewRefusedError, match="not waiting any more"):
                act()
        assert not Session.objects.exists()


def page_of(edition: Edition, rest: str = "") -> str:
    return f"/en/{edition.slug}/organiser/programme/proposals/{rest}"


def test_on_the_page_of_a_proposal_it_is_reviewed_and_accepted(
    edition: Edition, stranger: User, organiser_client: Client, forum: Forum
) -> None:
    made = propose(edition, stranger, notes="A projector.")
    page = page_of(edition, f"{made.pk}/")
    shown = organiser_client.get(page).text
    assert all(text in shown for text in ("A projector.", "Ada Lindqvist", "stranger@example.org"))
    assert "Your review is kept." in organiser_client.post(f"{page}review/", {"score": "4"}, follow=True).text
    assert organiser_client.post(f"{page}accept/", {"accept-minutes": "45"}).status_code == 400
    given = {"accept-forum": forum.pk, "accept-starts_at": "2026-11-28T09:00", "accept-minutes": "30"}
    assert "is a session now" in organiser_client.post(f"{page}accept/", given, follow=True).text
    with scope(edition=edition):
        assert Session.objects.get().starts_at == NINE  # the fair's clock is eight hours ahead
    again = organiser_client.post(f"{page}decline/", {"reason": "No."})
    assert again.status_code == 400
    assert "not waiting any more" in again.text


def test_on_the_page_of_a_proposal_it_is_declined(edition: Edition, stranger: User, organiser_client: Client) -> None:
    made = propose(edition, stranger)
    page = page_of(edition, f"{made.pk}/")
    assert "Make one first." in organiser_client.get(page).text  # no forum yet
    assert organiser_client.post(f"{page}decline/", {"reason": ""}).status_code == 400
    assert "is declined" in organiser_client.post(f"{page}decline/", {"reason": "No."}, follow=True).text


def test_the_list_asks_as_often_for_many_proposals_as_for_one(
    edition: Edition, stranger: User, member: User, organiser: User, organiser_client: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert organiser_client.get(page_of(edition)).status_code == 200
        return len(queries)

    organiser_client.get(page_of(edition))
    review_of = [propose(edition, stranger)]
    first = asked()
    review_of += [propose(edition, who, f"Salt {number}") for number in range(3) for who in (stranger, member)]
    with scope(edition=edition):
        for one in review_of:
            review(one, 3, "", by=organiser)
    assert asked() == first


def test_the_desk_leads_to_the_programme_and_counts_what_waits(
    edition: Edition, stranger: User, organiser_client: Client
) -> None:
    propose(edition, stranger)
    desk = organiser_client.get(f"/en/{edition.slug}/organiser/").text
    assert f"/en/{edition.slug}/organiser/programme/" in desk
    assert page_of(edition) in organiser_client.get(f"/en/{edition.slug}/organiser/queues/").text


def test_proposals_are_taken_away_as_a_table(edition: Edition, stranger: User, organiser: User) -> None:
    made = propose(edition, stranger, mail="ada@example.org")
    with scope(edition=edition):
        review(made, 4, "", by=organiser)
    table = tables()["proposals"]
    (row,) = [dict(zip(table.columns, one, strict=True)) for one in rows_of(table, edition, {"state": "submitted"})]
    assert (row["title_en"], row["speakers"], row["mails"]) == ("Salt", "Ada Lindqvist", "ada@example.org")
    assert (row["score"], row["reviews"], row["proposed_by"]) == (4.0, 1, stranger.email)
    assert list(rows_of(table, edition, {"state": "declined"})) == []
