"""A person's own data: all of it in one file, and nothing of it left when the person goes."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import CASCADE, SET_NULL
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.interface.models import ApiKey
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.agenda.domain import new_feed
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.domain.privacy import ErasureRefusedError, erase, export_of, mentions, references
from serai.expo.people.account.models import Organisation, Role, User
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.sessions.domain.sign_ups import sign_up
from serai.expo.programme.sessions.models import CalendarFeed, Forum, Session, SignUp

PASSWORD = "correct horse battery"


@pytest.fixture
def session(edition: Edition) -> Session:
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="forum", kind="side_event")
        begins = timezone.now() + timedelta(days=1)
        ends = begins + timedelta(hours=1)
        return Session.objects.create(edition=edition, forum=forum, capacity=1, starts_at=begins, ends_at=ends)


def test_every_model_that_refers_to_a_person_is_known() -> None:
    named = {f"{model.__name__}.{name}" for model, name in references()}
    assert named >= {"Role.user", "SignUp.user", "CalendarFeed.user", "AuditEntry.user", "TimetableRun.made_by"}


def test_every_model_of_the_site_that_refers_to_a_person_can_forget_it() -> None:
    """A new model is exported and erased by itself, as long as it goes with the person or can do without."""
    known = set(references())
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is not User:
                continue
            assert (model, field.name) in known
            forgetting = field.remote_field.on_delete
            assert forgetting is CASCADE or (forgetting is SET_NULL and field.null), (
                f"{model.__name__}.{field.name} would keep a person from being erased: CASCADE, or SET_NULL with null."
            )


def test_what_bears_the_mail_address_is_known_and_forgotten(
    member: User, organiser: User, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    assert {f"{model.__name__}.{name}" for model, name in mentions()} >= {"Badge.email", "TeamInvitation.email"}
    there = take_part(edition)
    sent = {"firm": there.firm, "email": "Member@example.org", "kind": "member", "sent_by": organiser}
    TeamInvitation.objects.create(**sent, token_hash="a", expires_at=timezone.now())
    with scope(edition=edition):
        Badge.objects.create(edition=edition, participation=there, name="Member", email="member@example.org")
    found = export_of(member)
    assert found["teaminvitation.email"][0]["token_hash"] == "***"
    assert found["badge.email"][0]["name"] == "Member"
    erase(member)
    with scopes_disabled():
        assert not Badge.objects.exists()
    assert TeamInvitation.objects.get().email.endswith("@erased.invalid")


def test_a_lead_is_not_taken_away_with_the_person_who_met_it(
    member: User, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    with scope(edition=edition):
        Lead.objects.create(edition=edition, participation=take_part(edition), person="Somebody Met", met_by=member)
    assert "Somebody Met" not in json.dumps(export_of(member), default=str)
    assert export_of(member)["lead.met_by"]


def test_secrets_are_in_no_file(member: User) -> None:
    make_key(member, "a program", ["read"])
    Authenticator.objects.create(user=member, type="totp", data={"secret": "a sealed secret"})
    told = json.dumps(export_of(member), default=str)
    assert "a sealed secret" not in told
    assert ApiKey.objects.get().key_hash not in told
    assert "a program" in told


def test_the_file_holds_all_that_refers_to_the_person(member: User, session: Session) -> None:
    with scope(edition=session.edition):
        sign_up(member, session)
    token = new_feed(member).token
    found = export_of(member)
    assert found["account"]["email"] == "member@example.org"
    assert found["account"]["password"] == "***"
    assert found["signup.user"][0]["session"] == session.pk
    assert found["calendarfeed.user"][0]["token"] == token
    assert {entry["action"] for entry in found["auditentry.user"]} == {"sign_up.made", "calendar_feed.made"}


def test_what_is_a_persons_own_goes_and_what_is_a_fact_of_a_fair_stays_without_the_name(
    member: User, stranger: User, session: Session, a_firm: Callable[..., Firm]
) -> None:
    firms = [a_firm("One Ltd"), a_firm("Other Ltd")]
    with scope(edition=session.edition):
        sign_up(member, session)
        sign_up(stranger, session)
    new_feed(member)
    record("user.renamed", member, before=state(member), after=state(member) | {"name": "Somebody Else"})
    with scope(edition=session.edition):
        one, other = (Participation.objects.create(edition=session.edition, firm=firm, kind="buyer") for firm in firms)
        meeting = Meeting.objects.create(edition=session.edition, host=one, guest=other)
        MeetingEvent.objects.create(edition=session.edition, meeting=meeting, kind="assigned", words=str(member))
    number = member.pk
    erase(member)
    with scopes_disabled():
        assert MeetingEvent.objects.get().words == ""
        assert not User.objects.filter(pk=number).exists()
        assert not CalendarFeed.objects.exists()
        assert SignUp.objects.get().state == "confirmed"  # the stranger's, who waited for the seat
    kept = json.dumps(list(AuditEntry.objects.values("before", "after", "user")), default=str)
    assert "member@example.org" not in kept
    assert "Somebody Else" not in kept
    assert AuditEntry.objects.filter(action="user.erased", user=None).count() == 1
    assert AuditEntry.objects.filter(action="sign_up.made").count() == 2


def test_the_only_owner_of_an_organisation_hands_it_over_first(organisation: Organisation, new_user: object) -> None:
    owner = User.objects.create_user("owner@example.org", PASSWORD)
    Role.objects.create(user=owner, organisation=organisation, kind=Role.Kind.OWNER)
    with pytest.raises(ErasureRefusedError, match="only owner"):
        erase(owner)
    assert User.objects.filter(pk=owner.pk).exists()
    Role.objects.create(
        user=User.objects.create_user("heir@example.org"), organisation=organisation, kind=Role.Kind.OWNER
    )
    erase(owner)
    assert not User.objects.filter(pk=owner.pk).exists()


def test_a_person_reads_and_erases_only_the_own_account(
    member: User, member_client: Client, stranger: User, anonymous_client: Client
) -> None:
    assert anonymous_client.get("/en/account/")["Location"].startswith("/en/sign-in/")
    assert anonymous_client.get("/en/account/my-data.json")["Location"].startswith("/en/sign-in/")
    assert "member@example.org" in member_client.get("/en/account/").text
    assert member_client.get("/en/account/my-data.json").json()["account"]["email"] == "member@example.org"
    refused = member_client.post("/en/account/", {"password": "a guess"})
    assert "Nothing was erased" in refused.text
    assert User.objects.filter(pk=member.pk).exists()
    member_client.post("/en/account/", {"password": PASSWORD})
    assert not User.objects.filter(pk=member.pk).exists()
    assert User.objects.filter(pk=stranger.pk).exists()
    assert member_client.get("/en/account/")["Location"].startswith("/en/sign-in/")


def test_the_trail_forgets_the_rows_of_a_person_and_wherever_its_mail_address_stands(
    member: User, organiser: User, edition: Edition, take_part: Callable[..., Participation]
) -> None:
    with scope(edition=edition):
        badge = Badge.objects.create(edition=edition, participation=take_part(edition), user=member, name="Ada M.")
    record("badge.made", badge, after=state(badge), edition=edition)
    record("team.asked", edition, after={"email": "Member@example.org", "kind": "sales"}, edition=edition)
    erase(member)
    kept = json.dumps(list(AuditEntry.objects.values_list("before", "after")))
    assert "Ada M." not in kept
    assert "member@example.org" not in kept.lower()
    assert AuditEntry.objects.get(action="team.asked").after == {"email": "***", "kind": "sales"}
