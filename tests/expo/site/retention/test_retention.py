"""Data of persons end by themselves after a fair; another time needs a reason; everyone is told."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.domain.entries import record, state
from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.retention import kinds
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingEvent, MeetingNote
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.people.account.models import User
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.proposals.models import Proposal, ProposalReview, ProposedSpeaker
from serai.expo.programme.sessions.models import Forum, Session, SignUp
from serai.expo.site.retention import hooks as _declares_the_job  # noqa: F401
from serai.expo.site.retention.domain import RetentionError, choose, forget_all, take_back, terms
from serai.expo.site.retention.models import RetentionChoice

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def past(edition: Edition, member: User, take_part: Make[Participation]) -> Edition:
    """A fair, over on 30 November 2026, with a row of each kind that ends."""
    with scope(edition=edition):
        one = Participation.objects.get()
        other = take_part(edition, kind="buyer")
        now = timezone.now()
        badge = Badge.objects.create(edition=edition, participation=one, user=member, name="Ada Member")
        record("badge.made", badge, after=state(badge), edition=edition)
        Lead.objects.create(edition=edition, participation=one, person="A visitor", key="1", badge=badge)
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony")
        session = Session.objects.create(edition=edition, forum=forum, starts_at=now, ends_at=now + timedelta(hours=1))
        SignUp.objects.create(edition=edition, session=session, user=member, state="confirmed")
        meeting = Meeting.objects.create(edition=edition, host=one, guest=other, host_person=member)
        MeetingNote.objects.create(edition=edition, meeting=meeting, side=one, note="shy", rating=4)
        MeetingEvent.objects.create(edition=edition, meeting=meeting, kind="cancelled", words="Our driver is ill.")
        proposal = Proposal.objects.create(edition=edition, proposed_by=member, minutes=30, session=session)
        who = ProposedSpeaker.objects.create(edition=edition, proposal=proposal, name={"en": "Ada Member"})
        record("proposed_speaker.added", who, after=state(who), edition=edition)
        ProposalReview.objects.create(edition=edition, proposal=proposal, score=4, note="shy")
        Mail.objects.create(edition=edition, user=member, purpose="service", language="en", subject="-", body="x")
        group = Delegation.objects.create(edition=edition, name="Of Kenya", country="KE", leader=member)
        DelegationMember.objects.create(edition=edition, delegation=group, participation=other, name="Guest")
    return edition


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def test_nothing_is_forgotten_before_its_day_and_everything_after(past: Edition) -> None:
    assert forget_all(on(2026, 12, 1)) == {}
    assert forget_all(on(2027, 2, 28)) == {}, "the 90th day itself still counts"
    assert forget_all(on(2027, 3, 1)) == {"sign-ups": 1, "people-of-meetings": 1}
    assert forget_all(on(2027, 6, 1)) == {"badges": 1, "delegations": 1, "mail": 1, "proposals": 1}
    assert forget_all(on(2027, 12, 2)) == {"leads": 1, "words": 2}
    with scope(edition=past):
        for model in (Lead, SignUp, Badge, DelegationMember, Proposal, ProposedSpeaker, ProposalReview):
            assert not model.objects.exists(), model
        assert Session.objects.exists()
        assert Mail.objects.get().body == ""
        assert (MeetingNote.objects.get().note, MeetingNote.objects.get().rating) == ("", 4)
        assert Meeting.objects.get().host_person is None
        assert MeetingEvent.objects.get().words == ""
    told = AuditEntry.objects.filter(action="retention.forgotten").order_by("pk")
    assert [(entry.after or {})["kind"] for entry in told][:2] == ["sign-ups", "people-of-meetings"]
    kept = json.dumps(list(AuditEntry.objects.values_list("before", "after")))
    assert "Ada Member" not in kept


def test_an_organiser_shortens_and_lengthens_with_a_reason_and_takes_it_back(past: Edition, organiser: User) -> None:
    with scope(edition=past):
        choose(past, "sign-ups", 1, "The hall's rules.", user=organiser)
        choose(past, "leads", 400, "Follow-ups take a year.", user=organiser)
    assert forget_all(on(2026, 12, 3)) == {"sign-ups": 1}
    assert "leads" not in forget_all(on(2027, 12, 20))
    with scope(edition=past):
        take_back(past, "leads", user=organiser)
        assert {term.kept.key: term.days for term in terms(past)}["leads"] == kinds()["leads"].days
    assert forget_all(on(2027, 12, 20)) == {"leads": 1}
    actions = AuditEntry.objects.filter(action__startswith="retention.").values_list("action", flat=True)
    assert {"retention.chosen", "retention.taken_back", "retention.forgotten"} == set(actions)


@pytest.mark.parametrize(
    ("kind", "days", "reason", "sentence"),
    [
        ("leads", 10, " ", "Say why"),
        ("leads", -1, "x", "from 0 to 3650"),
        ("leads", 3651, "x", "from 0 to 3650"),
        ("stars", 1, "x", "no such kind"),
    ],
)
def test_a_time_without_reason_or_sense_is_refused(
    kind: str, days: int, reason: str, sentence: str, edition: Edition, organiser: User
) -> None:
    with scope(edition=edition):
        with pytest.raises(RetentionError, match=sentence):
            choose(edition, kind, days, reason, user=organiser)
        assert not RetentionChoice.objects.exists()


def test_everyone_reads_what_is_kept_and_why_it_differs(
    edition: Edition, organiser_client: Client, anonymous_client: Client
) -> None:
    address = reverse("retention-term", args=[edition.slug, "leads"])
    assert organiser_client.post(address, {"days": "500", "reason": ""}).status_code == 400
    assert organiser_client.post(address, {"days": "500", "reason": "Long follow-ups."}).status_code == 302
    text = anonymous_client.get(reverse("privacy", args=[edition.slug])).text
    assert "Long follow-ups." in text
    assert "500" in text
    assert all(str(kept.title) in text for kept in kinds().values())
    assert organiser_client.post(address, {"usual": "1"}).status_code == 302
    assert "Long follow-ups." not in anonymous_client.get(reverse("privacy", args=[edition.slug])).text


KEPT_WITHOUT_END = {
    "ApiKey": "the person's own, until it is revoked or the account erased",
    "ApplicationDecision": "a fact of the fair: who decided",
    "AssistanceCase": "a fact of the fair: who was responsible",
    "AuditEntry": "the trail; it stays without the name when the account is erased",
    "BoothContract": "the proof of what was agreed to",
    "BoothProposal": "a fact of the fair: who made it",
    "CalendarFeed": "the person's own",
    "Certification": "of the firm: who verified it",
    "ChainPosition": "of the firm: who said and who checked it",
    "ChainVersion": "of the organisation: who changed its chain",
    "Claim": "of the firm: who speaks for it",
    "ClaimCode": "of the firm",
    "CommitmentNote": "a fact of the fair: who told what became of a commitment",
    "CoExhibitorInvitation": "a fact of the fair: who asked whom",
    "Consent": "the proof of what was agreed to",
    "Delegation": "a fact of the fair: its leader",
    "DeskTaskDone": "a fact of the fair",
    "FirmMerge": "of the firm",
    "FirmParting": "of the firm",
    "FirmPair": "of the firm",
    "GroupMembership": "of the instance: who said it",
    "Import": "a fact of the fair: who made it",
    "Interest": "a fact of the market; its words end",
    "Job": "kept for thirty days (fairs/jobs/hooks.py)",
    "LabRun": "a result that is shared by its address: who asked for it first",
    "Mailing": "a fact of the fair: who made it",
    "MeetingEvent": "a fact of the fair: who answered; its words end",
    "NamedReport": "a fact of the fair: who made it",
    "Need": "of the firm: who reviewed it",
    "Offer": "of the firm: who reviewed it",
    "OrganiserInvitation": "runs out by itself",
    "OutcomeEvidence": "a fact of the ledger",
    "PlacementDecision": "a fact of the fair: who decided",
    "Presence": "when a person is away during the fair itself",
    "Release": "a fact of the fair: who released it",
    "ReportIssue": "a fact of the fair: who published it",
    "RetentionChoice": "a fact of the fair: who chose",
    "Role": "the account's own",
    "Speaker": "published with the programme",
    "StaffRequest": "kept for a year (site/retention/domain.py)",
    "StaffSession": "kept with its requests",
    "StoredFile": "of the firm: who handed it in",
    "TeamInvitation": "runs out by itself",
    "TermsAccepted": "the proof of what was agreed to",
    "TimetableRun": "a fact of the fair: who made it",
    "Verification": "of the firm: who decided",
    "Vetting": "a fact of the fair: who applied and who decided",
    "Webhook": "of the fair: who made it",
}
"""Models that name a person and that no daily job ends, and why."""
ENDED = {
    *("Badge", "DelegationMember", "Impersonation", "Lead", "Mail", "Meeting", "MeetingNote", "Quotation"),
    *("ContactPerson", "DeskInvitation", "DeclaredInput"),
    *("Proposal", "ProposalReview", "ProposedSpeaker", "RegistrationAnswer", "SignUp", "Signature"),
}


def test_every_model_that_names_a_person_ends_or_says_why_not() -> None:
    naming = {
        model.__name__
        for model in apps.get_app_config("expo").get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User or (isinstance(field, models.EmailField) and model is not User)
    }
    missing = naming - ENDED - set(KEPT_WITHOUT_END)
    assert not missing, "Declare it in the hooks.py of its room and in ENDED here, or say why it stays."
    assert not (ENDED | set(KEPT_WITHOUT_END)) - naming - {"DelegationMember", "StaffRequest"}
