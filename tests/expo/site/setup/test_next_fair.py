"""The next fair: the parts chosen are copied with their dates moved, shown before it is done; nothing personal ever."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.changes import AddressTakenError, change_state
from serai.expo.fairs.edition.domain.clone import PARTS, clone_edition, copied, declared, plan_clone
from serai.expo.fairs.edition.domain.phases import set_phases
from serai.expo.fairs.edition.models import Edition, Participation, Phase, Section
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.models import MatchingChoice
from serai.expo.meetings.meeting.models import Meeting, MeetingRule, RequestLimit, Wish
from serai.expo.meetings.timetable.models import InterpreterPool, MeetingBlock, TimetableSettings
from serai.expo.offers.market.models import Offer
from serai.expo.participants.buyers.models import HostedTerms
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.people.account.models import Role, User
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker
from serai.expo.venue.halls.models import Booth, Hall, Stand

type Make[Thing] = Callable[..., Thing]


@pytest.fixture
def past(edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Offer]) -> Edition:
    """A fair with something of everything."""
    lead = take_part(edition, a_firm("Leader"))
    supplier = take_part(edition, a_firm("Supplier"), "co_exhibitor", lead=lead)
    take_part(edition, a_firm("Gone"), state="cancelled")
    buyer = take_part(edition, kind="buyer")
    offer(lead)
    set_phases(
        edition, {Phase.Kind.REQUESTS: (datetime(2026, 10, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC))}
    )
    with scope(edition=edition):
        section = Section.objects.get()
        Participation.objects.filter(pk=supplier.pk).update(section=section)
        hall = Hall.objects.create(edition=edition, code="W1", section=section, width_m=60, depth_m=40)
        booth = Booth.objects.create(edition=edition, hall=hall, code="A01", state="contracted", held_for=lead, x_m=1)
        Stand.objects.create(edition=edition, booth=booth, participation=lead)
        Room.objects.create(edition=edition, title={"en": "Stage"}, booth=booth)
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony", title={"en": "Opening"})
        Forum.objects.create(edition=edition, slug="at-the-booth", kind="booth_event")
        now = datetime(2026, 11, 28, 3, tzinfo=UTC)
        hour = timedelta(hours=1)
        session = Session.objects.create(
            edition=edition, forum=forum, title={"en": "Speech of Ms Li"}, starts_at=now, ends_at=now + hour
        )
        Session.objects.create(edition=edition, forum=forum, host=lead, starts_at=now, ends_at=now + hour)
        speaker = Speaker.objects.create(edition=edition, name={"en": "Ms Li"}, sort_name="Li")
        Appearance.objects.create(edition=edition, session=session, speaker=speaker)
        DeskTask.objects.create(edition=edition, code="manual", due_on=date(2026, 11, 1))
        MeetingRule.objects.create(edition=edition, asker_kind="press", asked_section=section)
        RequestLimit.objects.create(edition=edition, kind="buyer", most_open=7)
        TimetableSettings.objects.create(edition=edition, protected_floor=3, tables_hall=hall)
        MeetingBlock.objects.create(edition=edition, from_time=time(9), until_time=time(12))
        MatchingChoice.objects.create(edition=edition, floor=4, learned={"country": 0.5}, learned_at=now)
        InterpreterPool.objects.create(edition=edition, one="en", other="zh-hans", number=6)
        for version in (1, 2):
            HostedTerms.objects.create(edition=edition, version=version, text={"en": f"Terms {version}"})
        MailTemplate.objects.create(edition=edition, key="welcome", purpose="organiser", subject={"en": "Welcome"})
        Segment.objects.create(edition=edition, name="Buyers", filters={"kind": ["buyer"]})
        Wish.objects.create(edition=edition, wisher=buyer, wished=lead, strength="must")
        Meeting.objects.create(edition=edition, host=lead, guest=buyer)
    return edition


def not_yet(edition: Edition) -> Edition:
    return Edition(
        organisation=edition.organisation,
        slug="fair-2028",
        name={"en": "Fair of 2028"},
        country="CN",
        time_zone="Asia/Shanghai",
        starts_on=edition.starts_on + timedelta(days=364),
        ends_on=edition.ends_on + timedelta(days=364),
        state=Edition.State.PUBLISHED,
    )


def copy_of(edition: Edition, **options: Any) -> Edition:
    return clone_edition(edition, not_yet(edition), **options).edition


def test_a_copy_has_what_was_set_up_with_its_dates_moved(past: Edition) -> None:
    new = copy_of(past)
    assert new.state == Edition.State.DRAFT
    with scope(edition=new):
        section, hall, booth = Section.objects.get(), Hall.objects.get(), Booth.objects.get()
        assert (hall.section, booth.hall, booth.x_m, Room.objects.get().booth) == (section, hall, 1, booth)
        assert (booth.state, booth.held_for) == ("available", None)
        assert list(Forum.objects.values_list("slug", flat=True)) == ["opening"]
        phase = Phase.objects.get()
        assert (phase.opens_at, phase.closes_at) == (
            datetime(2027, 9, 30, 1, tzinfo=UTC),
            datetime(2027, 10, 31, 1, tzinfo=UTC),
        )
        assert DeskTask.objects.get().due_on == date(2027, 10, 31)
        assert MeetingRule.objects.get().asked_section == section
    with scope(edition=past):
        assert Booth.objects.get().state == "contracted"
        assert Phase.objects.get().opens_at == datetime(2026, 10, 1, 1, tzinfo=UTC)


def test_a_copy_has_nothing_that_people_or_firms_wrote(past: Edition) -> None:
    new = copy_of(past)
    with scope(edition=new):
        for model in (Participation, Offer, Stand, Speaker, Appearance, Wish, Meeting):
            assert not model.objects.exists(), model


def test_exhibitors_are_invited_again_only_if_asked_and_nobody_else(past: Edition) -> None:
    new = copy_of(past, invite=True)
    with scope(edition=new):
        invited = {one.firm.legal_name: one for one in Participation.objects.select_related("firm", "lead")}
        assert set(invited) == {"Leader", "Supplier"}
        assert {one.state for one in invited.values()} == {"invited"}
        assert invited["Supplier"].lead == invited["Leader"]
        assert invited["Supplier"].section == Section.objects.get()
        assert not Offer.objects.exists()


def test_settings_terms_interpreters_mail_and_session_blocks_are_copied(past: Edition) -> None:
    new = copy_of(past)
    with scope(edition=new):
        settings = TimetableSettings.objects.get()
        assert (settings.protected_floor, settings.tables_hall) == (3, Hall.objects.get())
        assert MeetingBlock.objects.get().until_time == time(12)
        choice = MatchingChoice.objects.get()
        assert (choice.floor, choice.learned, choice.learned_at) == (4, {}, None)
        assert InterpreterPool.objects.get().number == 6
        assert RequestLimit.objects.get().most_open == 7
        terms = HostedTerms.objects.get()
        assert (terms.version, terms.text) == (1, {"en": "Terms 2"})
        assert terms.published_at.date() > date(2026, 1, 1)
        assert MailTemplate.objects.get().subject == {"en": "Welcome"}
        assert Segment.objects.get().filters == {"kind": ["buyer"]}
        session = Session.objects.get()
        assert (session.title, session.state, session.forum) == ({}, "proposed", Forum.objects.get())
        assert session.starts_at == datetime(2027, 11, 27, 3, tzinfo=UTC)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_alone_brings_its_own_records_and_no_others(part: str, past: Edition) -> None:
    made = clone_edition(past, not_yet(past), [part])
    expected = {one.model.__name__ for one in declared() if one.part == part}
    assert set(made.copied) == expected
    with scope(edition=made.edition):
        for one in declared():
            count = one.model._default_manager.filter(edition=made.edition).count()
            assert count == made.copied.get(one.model.__name__, 0), one.model


def test_what_would_mean_something_else_without_a_part_is_left_out(past: Edition) -> None:
    """A rule on a section would, without its section, be a rule on everybody."""
    plan = {one.model: one for one in plan_clone(past, not_yet(past), ["rules", "sessions"]).planned}
    assert (len(plan[MeetingRule].rows), plan[MeetingRule].left_out) == (0, 1)
    assert (len(plan[Session].rows), plan[Session].left_out) == (0, 1), "a session is of a forum"


def test_a_plan_writes_nothing(past: Edition) -> None:
    count = AuditEntry.objects.count()
    plan = plan_clone(past, not_yet(past), invite=True)
    assert (plan.days, plan.invited) == (364, 2)
    assert {(one.model, one.field) for one in plan.moments} == {
        ("Phase", "opens_at"),
        ("Phase", "closes_at"),
        ("DeskTask", "due_on"),
        ("Session", "starts_at"),
        ("Session", "ends_at"),
    }
    assert (Edition.objects.count(), AuditEntry.objects.count()) == (1, count)


def test_no_row_of_a_copy_names_a_person_or_a_firm(past: Edition) -> None:
    plan = plan_clone(past, not_yet(past))
    people = (User, Firm, Participation)
    named = [
        (row, field.name)
        for one in plan.planned
        for row in one.rows.values()
        for field in one.model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model in people and getattr(row, field.attname)
    ]
    assert plan.planned
    assert named == []


NEVER_COPIED = [
    "Appearance",
    "ApplicationDecision",
    "AssistanceCase",
    "AuditEntry",
    "Badge",
    "BoothContract",
    "BoothProposal",
    "BoothWish",
    "CoExhibitorInvitation",
    "Commitment",
    "CommitmentNote",
    "ContactPerson",
    "DeclaredInput",
    "Delegation",
    "DelegationMember",
    "Delivery",
    "DeskInvitation",
    "DeskTaskDone",
    "Exposure",
    "FollowUp",
    "Impersonation",
    "Import",
    "Initiative",
    "Interest",
    "Job",
    "Lead",
    "Mail",
    "Mailing",
    "MarketFile",
    "Meeting",
    "MeetingEvent",
    "MeetingExchange",
    "MeetingNote",
    "MeetingRequest",
    "MeetingTerms",
    "Need",
    "Offer",
    "Outcome",
    "OutcomeEvidence",
    "OwnRecord",
    "Participation",
    "Placement",
    "PlacementDecision",
    "Presence",
    "PresentSource",
    "Proposal",
    "ProposalReview",
    "ProposedSpeaker",
    "Quotation",
    "RegistrationAnswer",
    "Release",
    "ReportIssue",
    "SearchEntry",
    "LabRun",
    "LabSettings",
    "Signature",
    "SignUp",
    "SourceValue",
    "Speaker",
    "Stand",
    "StoredResult",
    "Suggestion",
    "TermsAccepted",
    "TimetableRun",
    "Vetting",
    "Visit",
    "Webhook",
    "Wish",
]
"""What firms and people did, was made of it, or holds a secret (Webhook)."""


def test_every_model_of_an_edition_is_copied_or_never() -> None:
    of_an_edition = {
        model.__name__
        for model in apps.get_app_config("expo").get_models()
        if any(field.name == "edition" for field in model._meta.concrete_fields)
    }
    can_be = {one.model.__name__ for one in declared()}
    assert can_be | set(NEVER_COPIED) >= of_an_edition, "Declare it in hooks.py of its room, or in NEVER_COPIED."
    assert not can_be & set(NEVER_COPIED)


def test_a_part_that_no_fair_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no fair has the part 'garden'"):
        copied(Phase, "garden")


def test_the_page_shows_the_copy_first_and_makes_nothing(past: Edition, organiser_client: Client) -> None:
    address = reverse("clone", args=[past.slug])
    page = organiser_client.get(address).text
    assert page.count('name="parts"') == page.count("checked") == len(PARTS)
    given = {"slug": "next", "name_en": "Next", "starts_on": "2027-11-27", "ends_on": "2027-11-29", "preview": "1"}
    text = organiser_client.post(address, given | {"parts": ["tasks", "phases", "rules"], "invite": "on"}).text
    assert "Every date moves by 364 days." in text
    assert "2 firms are invited again." in text
    assert "Nov. 1, 2026" in text
    assert "Oct. 31, 2027" in text
    assert "such as a rule on a section" in text
    assert "only" in organiser_client.post(address, given).text
    assert "valid choice" in organiser_client.post(address, given | {"parts": "garden"}).text
    with scopes_disabled():
        assert Edition.objects.count() == 1


def test_a_copy_at_an_address_that_is_taken_makes_nothing(past: Edition) -> None:
    copy_of(past)
    count = AuditEntry.objects.count()
    with pytest.raises(AddressTakenError):
        copy_of(past)
    assert (Edition.objects.count(), AuditEntry.objects.count()) == (2, count)


def test_the_page_makes_the_copy(past: Edition, organiser_client: Client) -> None:
    address = reverse("clone", args=[past.slug])
    assert 'value="2027-11-27"' in organiser_client.get(address).text
    given: dict[str, Any] = {
        "slug": "next",
        "name_en": "Next",
        "starts_on": "2027-11-27",
        "ends_on": "2027-11-29",
        "invite": "on",
    }
    given["parts"] = list(PARTS)
    assert organiser_client.post(address, given | {"ends_on": "2027-11-01"}).status_code == 400
    answer = organiser_client.post(address, given, follow=True)
    assert "2 firms are invited again." in answer.text
    made = Edition.objects.get(slug="next")
    assert (made.city, made.fictional, made.organisation) == (past.city, False, past.organisation)
    entry = AuditEntry.objects.get(action="edition.cloned")
    assert entry.after
    assert (entry.after["from"], entry.after["invited"]) == (past.slug, 2)


def test_a_firm_that_is_invited_answers_and_nobody_answers_for_it(
    past: Edition, member: User, member_client: Client, stranger_client: Client
) -> None:
    new = copy_of(past, invite=True)
    change_state(new, "published")
    with scope(edition=new):
        leader, supplier = Participation.objects.exclude(firm__roles__user=member).order_by("pk")
    Role.objects.create(user=member, firm=leader.firm, kind=Role.Kind.OWNER)
    address = reverse("invitations", args=[new.slug])
    assert "Leader" in member_client.get(address).text
    assert "Leader" not in stranger_client.get(address).text
    assert stranger_client.post(address, {"invitation": leader.pk, "accept": "1"}).status_code == 403
    assert member_client.post(address, {"invitation": supplier.pk, "accept": "1"}).status_code == 403
    assert member_client.post(address, {"invitation": "x"}).status_code == 403
    assert member_client.post(address, {"invitation": leader.pk, "accept": "1"}).status_code == 302
    assert member_client.post(address, {"invitation": leader.pk, "accept": "1"}).status_code == 403
    with scope(edition=new):
        states = dict(Participation.objects.values_list("firm__legal_name", "state"))
    assert (states["Leader"], states["Supplier"]) == ("applied", "invited")


def test_while_applications_are_closed_an_invitation_is_declined_and_not_accepted(
    past: Edition, member: User, member_client: Client
) -> None:
    new = copy_of(past, invite=True)
    change_state(new, "published")
    set_phases(new, {Phase.Kind.APPLY: (None, timezone.now() - timedelta(days=1))})
    with scope(edition=new):
        invited = Participation.objects.exclude(firm__roles__user=member).first()
        assert invited is not None
    Role.objects.create(user=member, firm=invited.firm, kind=Role.Kind.OWNER)
    address = reverse("invitations", args=[new.slug])
    shown = member_client.get(address).text
    assert ("Applications closed on" in shown, "We take part" in shown, "Not this time" in shown) == (True, False, True)
    refused = member_client.post(address, {"invitation": invited.pk, "accept": "1"}, follow=True)
    assert "Applications closed on" in refused.text
    with scope(edition=new):
        assert Participation.objects.get(pk=invited.pk).state == "invited"
        member_client.post(address, {"invitation": invited.pk, "decline": "1"})
        assert Participation.objects.get(pk=invited.pk).state == "cancelled"
