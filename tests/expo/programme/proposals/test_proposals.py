"""Who has an account proposes sessions for the programme, and changes or withdraws them until they are decided on."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import set_phases
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.models import User
from serai.expo.programme.proposals.domain import (
    MOST_WAITING,
    NotProposedError,
    ProposalContent,
    SpeakerContent,
    change,
    forums_to_choose,
    own_proposals,
    submit,
    visible_to,
    withdraw,
)
from serai.expo.programme.proposals.models import Proposal, ProposedSpeaker
from serai.expo.programme.sessions.domain.visibility import why_closed
from serai.expo.programme.sessions.models import Forum, Session

ADA = SpeakerContent(name={"en": "Ada Lindqvist"}, position={"en": "Chemist"}, country="SE", mail="ada@example.org")
LI = SpeakerContent(name={"en": "Li Wei", "zh-hans": "李伟"})


def said(**changes: Any) -> ProposalContent:
    given: dict[str, Any] = {"title": {"en": "Salt in place of lithium"}, "minutes": 45, "speakers": [ADA]}
    return ProposalContent(**given | changes)


@pytest.fixture(autouse=True)
def call(edition: Edition) -> None:
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROPOSALS, opens_at=timezone.now() - timedelta(days=1))


def proposed(edition: Edition, by: User, **changes: Any) -> Proposal:
    with scope(edition=edition):
        return submit(edition, said(**changes), by=by)


def test_somebody_who_takes_no_part_in_the_fair_proposes_a_session(edition: Edition, stranger: User) -> None:
    made = proposed(edition, stranger, speakers=[ADA, LI], languages=["en"], notes=" A projector. ")
    with scope(edition=edition):
        kept = Proposal.objects.get()
        assert (kept, kept.state, kept.notes, kept.proposed_by) == (made, "submitted", "A projector.", stranger)
        assert [one.name["en"] for one in kept.speakers.all()] == ["Ada Lindqvist", "Li Wei"]
        assert not Session.objects.exists()
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"proposal.submitted", "proposed_speaker.added"}


def test_the_proposer_has_a_letter_that_it_came(edition: Edition, stranger: User) -> None:
    proposed(edition, stranger)
    with scope(edition=edition):
        letter = Mail.objects.get()
    assert (letter.user, letter.subject) == (stranger, "Proposed: Salt in place of lithium")
    assert f"/{edition.slug}/programme/proposals/" in letter.body


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": {}}, "Give the session a title."),
        ({"minutes": 5}, "A session lasts from 10 to 480 minutes."),
        ({"minutes": 500}, "A session lasts from 10 to 480 minutes."),
        ({"speakers": []}, "Name who would speak."),
        ({"speakers": [ADA, SpeakerContent(name={}, country="SE")]}, "Name who would speak."),
    ],
)
def test_what_does_not_do_is_refused_in_a_sentence(
    edition: Edition, stranger: User, changes: Mapping[str, Any], sentence: str
) -> None:
    with pytest.raises(NotProposedError, match=sentence):
        proposed(edition, stranger, **changes)
    with scope(edition=edition):
        assert not Proposal.objects.exists()


def test_only_so_many_of_a_person_wait_at_a_time(edition: Edition, stranger: User, member: User) -> None:
    first, *_others = [proposed(edition, stranger) for _number in range(MOST_WAITING)]
    with pytest.raises(NotProposedError, match="wait for an answer as may: 5"):
        proposed(edition, stranger)
    proposed(edition, member)
    with scope(edition=edition):
        withdraw(first, by=stranger)
    proposed(edition, stranger)


def test_the_call_opens_and_closes_with_its_dates_and_without_any_there_is_none(
    edition: Edition, stranger: User
) -> None:
    now = timezone.now()
    with scope(edition=edition):
        assert why_closed(edition) == ""
        made = submit(edition, said(), by=stranger)
        Phase.objects.all().delete()
        with pytest.raises(NotProposedError, match="has not called for proposals"):
            submit(edition, said(), by=stranger)
        set_phases(edition, {Phase.Kind.PROPOSALS: (now + timedelta(days=1), None)})
        with pytest.raises(NotProposedError, match="can be proposed from"):
            submit(edition, said(), by=stranger)
        set_phases(edition, {Phase.Kind.PROPOSALS: (None, now - timedelta(days=1))})
        with pytest.raises(NotProposedError, match="could be proposed until"):
            change(made, said(minutes=30), by=stranger)
        withdraw(made, by=stranger)
        assert Proposal.objects.get().state == "withdrawn"


def test_nobody_proposes_a_session_to_a_fair_that_is_over(edition: Edition, stranger: User) -> None:
    edition.starts_on, edition.ends_on = (timezone.now().date() - timedelta(days=days) for days in (9, 7))
    edition.save()
    with pytest.raises(NotProposedError, match="The fair is over"):
        proposed(edition, stranger)


def test_the_proposer_says_it_anew_and_speakers_keep_their_rows(edition: Edition, stranger: User) -> None:
    made = proposed(edition, stranger, speakers=[ADA, LI])
    with scope(edition=edition):
        before = list(ProposedSpeaker.objects.values_list("pk", flat=True))
        change(made, said(title={"en": "Salt"}, speakers=[LI]), by=stranger)
        kept = ProposedSpeaker.objects.get()
        assert (Proposal.objects.get().title, kept.pk, kept.name, kept.mail) == ({"en": "Salt"}, before[0], LI.name, "")
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-3:]
    assert actions == ["proposal.changed", "proposed_speaker.changed", "proposed_speaker.removed"]


def test_nobody_else_changes_or_withdraws_it_and_nobody_once_it_is_decided(
    edition: Edition, stranger: User, member: User, organiser: User
) -> None:
    made = proposed(edition, stranger)
    with scope(edition=edition):
        for other in (member, organiser):
            with pytest.raises(NotProposedError):
                withdraw(made, by=other)
        Proposal.objects.update(state=Proposal.State.DECLINED)
        for act in (lambda: withdraw(made, by=stranger), lambda: change(made, said(), by=stranger)):
            with pytest.raises(NotProposedError, match="not waiting any more"):
                act()


def test_a_proposal_is_read_by_its_proposer_and_the_organisers_alone(
    edition: Edition, stranger: User, member: User, organiser: User, other_organiser: User
) -> None:
    made = proposed(edition, stranger)
    with scope(edition=edition):
        assert list(visible_to(stranger, edition)) == list(visible_to(organiser, edition)) == [made]
        for other in (member, other_organiser, AnonymousUser()):
            assert list(visible_to(other, edition)) == []
        assert list(own_proposals(stranger, edition)) == [made]
        assert list(own_proposals(organiser, edition)) == []


def test_all_forums_but_that_of_booths_are_offered(edition: Edition, sessions: list[Session]) -> None:
    with scope(edition=edition):
        planned = Forum.objects.create(edition=edition, slug="secret", kind="side_event", title={"en": "Secret"})
        Forum.objects.create(edition=edition, slug="booth-events", kind="booth_event", title={"en": "Booths"})
        assert set(forums_to_choose(edition)) == {sessions[0].forum, planned}


FORM = {"title_en": "Salt", "minutes": "45", "speaker-0-name_en": "Ada Lindqvist", "speaker-0-mail": "Ada@Example.org"}


def page_of(edition: Edition, rest: str = "") -> str:
    return f"/en/{edition.slug}/programme/proposals/{rest}"


def test_on_the_page_a_session_is_proposed_changed_and_withdrawn(
    edition: Edition, stranger: User, stranger_client: Client
) -> None:
    shown = stranger_client.get(page_of(edition, "new/")).text
    assert shown.count('<h2 id="speaker-') == 3
    assert 'value="stranger@example.org"' in shown
    answer = stranger_client.post(page_of(edition, "new/"), FORM | {"speaker-2-name_en": "Li Wei"}, follow=True)
    assert "Your session is proposed." in answer.text
    assert "Waiting for an answer" in answer.text
    with scope(edition=edition):
        made = Proposal.objects.get()
        assert [one.mail for one in made.speakers.all()] == ["ada@example.org", ""]
    edit = page_of(edition, f"{made.pk}/")
    assert "Li Wei" in stranger_client.get(edit).text
    stranger_client.post(edit, FORM | {"title_en": "Sodium"})
    assert "Sodium" in stranger_client.get(page_of(edition)).text
    assert "is withdrawn" in stranger_client.post(f"{edit}withdraw/", follow=True).text
    with scope(edition=edition):
        assert Proposal.objects.get().state == "withdrawn"


def test_on_the_page_every_error_is_shown_at_once(edition: Edition, stranger_client: Client) -> None:
    answer = stranger_client.post(page_of(edition, "new/"), {"minutes": "3", "speaker-1-country": "SE"})
    assert answer.status_code == 400
    assert answer.text.count("This field is required.") == 2  # the title, and the name of the first speaker
    assert "Name who would speak." in answer.text
    assert "greater than or equal to 10" in answer.text


def test_the_public_programme_leads_to_the_call_while_it_is_open(edition: Edition, anonymous_client: Client) -> None:
    programme, new = f"/en/{edition.slug}/programme/", page_of(edition, "new/")
    assert new in anonymous_client.get(programme).text
    assert anonymous_client.get(new).status_code == 302
    with scope(edition=edition):
        set_phases(edition, {Phase.Kind.PROPOSALS: (None, timezone.now() - timedelta(days=1))})
    assert new not in anonymous_client.get(programme).text


def test_a_closed_call_shows_its_sentence_and_no_form(edition: Edition, stranger_client: Client) -> None:
    with scope(edition=edition):
        set_phases(edition, {Phase.Kind.PROPOSALS: (None, timezone.now() - timedelta(days=1))})
    shown = stranger_client.get(page_of(edition, "new/")).text
    assert "Sessions could be proposed until" in shown
    assert 'name="title_en"' not in shown
    assert "Sessions could be proposed until" in stranger_client.post(page_of(edition, "new/"), FORM).text


def test_a_firm_is_named_by_those_who_act_for_it_alone(
    edition: Edition, member: User, member_client: Client, stranger_client: Client, take_part: Callable[..., Any]
) -> None:
    other: Participation = take_part(edition)
    with scope(edition=edition):
        own = Participation.objects.get(firm=member.roles.get().firm)
    assert member_client.post(page_of(edition, "new/"), FORM | {"participation": other.pk}).status_code == 400
    assert member_client.post(page_of(edition, "new/"), FORM | {"participation": own.pk}).status_code == 302
    assert stranger_client.post(page_of(edition, "new/"), FORM | {"participation": own.pk}).status_code == 302
    with scope(edition=edition):
        named = dict(Proposal.objects.values_list("proposed_by__email", "participation"))
    assert named == {member.email: own.pk, "stranger@example.org": None}
