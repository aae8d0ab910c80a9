"""Those who try every page, and a thing of each kind for them to find."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base import revisions
from serai.expo.base.files.domain import keep
from serai.expo.base.tokens import hash_of
from serai.expo.fairs.branding.models import OwnPage
from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.groups.models import GroupMembership
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.jobs.domain import write_file
from serai.expo.fairs.jobs.models import Job
from serai.expo.fairs.mailing.models import Mailing, MailTemplate, Segment
from serai.expo.fairs.organisers.models import OrganiserInvitation
from serai.expo.firms.identity.models import FirmMerge, FirmPair, FirmParting
from serai.expo.firms.record.models import Firm, Plant
from serai.expo.insight.exposure.models import DeclaredInput, PresentSource
from serai.expo.meetings.agenda.domain import new_feed
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, MeetingRule
from serai.expo.meetings.outcomes.domain.ledger import add_evidence
from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.offers.chains.domain.own_chains import begin
from serai.expo.offers.chains.domain.placements import save_chain
from serai.expo.offers.chains.models import ChainVersion
from serai.expo.offers.interests.models import Quotation
from serai.expo.offers.market.domain.attachments import add_file
from serai.expo.offers.market.models import Interest, Need, Offer, Review
from serai.expo.participants.buyers.models import Vetting
from serai.expo.participants.contact_persons.domain import add as add_contact
from serai.expo.participants.contact_persons.domain import stop_address
from serai.expo.participants.delegations import domain as delegating
from serai.expo.participants.exhibitors.domain import co_exhibitors
from serai.expo.participants.exhibitors.models import DeskTask, DeskTaskDone
from serai.expo.participants.invitations.models import DeskInvitation
from serai.expo.participants.own_fields.models import OwnField
from serai.expo.participants.packages.models import Package
from serai.expo.participants.participation.domain.representation import Acting
from serai.expo.participants.questions.models import RegistrationQuestion
from serai.expo.participants.team import domain as joining
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.initiatives.models import Commitment, CommitmentNote, Initiative, Signature
from serai.expo.programme.proposals.models import Proposal, ProposedSpeaker
from serai.expo.programme.sessions.models import Appearance, Forum, Session, Speaker
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.domain.builder import publish
from serai.expo.results.report.models import NamedReport, ReportPart
from serai.expo.site.api.domain import add_webhook
from serai.expo.site.imports.models import Import
from serai.expo.site.stage.models import Screen
from serai.expo.venue.halls.models import Booth, BoothProposal, BoothWish, Entrance, Hall, TableArea
from serai.world.chains import builtin_chains

PDF = b"%PDF-1.7\n"


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is refused gets no page with words: working them out takes longer than refusing does.

    What the pages say is in test_rights.py.
    """
    for code in (403, 404):
        answer = partial(_in_a_word, code)
        monkeypatch.setattr(f"serai.expo.urls.handler{code}", answer, raising=False)


def _in_a_word(code: int, *_request: Any, **_given: Any) -> HttpResponse:
    return HttpResponse(status=code)


@pytest.fixture
def kept_as_on_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was worked out for a page is kept for the next: the transaction that the test itself is in counts as none.

    Only on SQLite: PostgreSQL counts the writes of a transaction once.
    """
    monkeypatch.setattr(revisions, "_values", revisions.Store(revisions.MOST))
    monkeypatch.setattr(revisions, "can_be_taken_back", lambda: len(connection.atomic_blocks) > 1)


@pytest.fixture
def visitors(
    organiser_client: Client,
    member_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> dict[str, Client]:
    return {
        "organiser": organiser_client,
        "member": member_client,
        "other organiser": other_organiser_client,
        "stranger": stranger_client,
        "anonymous": anonymous_client,
    }


@pytest.fixture
def things(
    edition: Edition, member: User, organiser: User, take_part: Callable[..., Participation]
) -> Mapping[str, Any]:
    """What the addresses in rights.toml may name with a dollar sign. Add here what a new page needs to be found."""
    # One chain: what is put on the market is placed anew on each.
    clean_energy = next(chain for chain in builtin_chains() if chain.slug == "clean-energy")
    save_chain(clean_energy, order=1)
    begin(edition, replace(clean_energy, slug="our-energy"), ChainVersion.Kind.FILE, user=None)
    firm = member.roles.get().firm
    assert firm is not None
    GroupMembership.objects.create(group="WTO", country="CN", status="member", source="A letter")
    with scope(edition=edition):
        own = Participation.objects.get(firm=firm)
    return _furnished(own, organiser, take_part)


@pytest.fixture
def things_of_a_rival(
    things: Mapping[str, Any], edition: Edition, take_part: Callable[..., Participation]
) -> Mapping[str, Any]:
    """The same of another exhibitor and another buyer at the same fair, where nothing is between them and the first."""
    return _furnished(take_part(edition), None, take_part, mark="2")


@pytest.fixture
def things_abroad(
    things: Mapping[str, Any],
    other_edition: Edition,
    other_organiser: User,
    take_part: Callable[..., Participation],
) -> Mapping[str, Any]:
    """The same at the fair of another organisation."""
    clean_energy = next(chain for chain in builtin_chains() if chain.slug == "clean-energy")
    begin(other_edition, replace(clean_energy, slug="their-energy"), ChainVersion.Kind.FILE, user=None)
    return _furnished(take_part(other_edition), other_organiser, take_part, mark="3")


def _furnished(
    own: Participation, organiser: User | None, take_part: Callable[..., Participation], mark: str = ""
) -> Mapping[str, Any]:
    """One of each kind for an exhibitor and a buyer, and for the organiser where one is named; ``mark`` is in each name
    that a fair has once."""
    edition, firm = own.edition, own.firm
    owner = _with_role("owner", firm, mark)
    if mark:  # of the first firm somebody is a member already
        _with_role("member", firm, mark, Role.Kind.MEMBER)
    buying = take_part(edition, kind="buyer")
    buyer = _with_role("buyer", buying.firm, mark)
    now = timezone.now() + timedelta(days=1)
    with scope(edition=edition):
        other = take_part(edition)
        found = (
            _of_floor(edition, own, mark)
            | _of_programme(edition, own, owner, now, mark)
            | _of_meetings(edition, own, other, take_part(edition), owner, now)
            | _of_market(own, buying, owner, buyer)
            | _of_desk(own, owner, mark)
        )
        if organiser is not None:
            _of_organiser(edition, own, other, organiser, mark)
    clients = {"client of owner": _signed_in(owner), "client of buyer": _signed_in(buyer)}
    return (
        found
        | clients
        | {
            "organiser_invitation": f"invited{mark}",
            "own_page": f"journey{mark}",
            "buying": buying.pk,
            "owner": owner,
            "buyer": buyer,
            "firm": firm.identifier,
            "exhibitor": other.firm.identifier,
        }
    )


def _with_role(name: str, firm: Firm, mark: str, kind: Role.Kind = Role.Kind.OWNER) -> User:
    """Somebody with a role in a firm and a key."""
    user = User.objects.create_user(f"{name}{mark}@example.org", "correct horse battery", name=name.title())
    Role.objects.create(user=user, firm=firm, kind=kind)
    make_key(user, "Portal", ["read"])
    return user


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _of_floor(edition: Edition, own: Participation, mark: str) -> dict[str, Any]:
    hall = Hall.objects.create(
        edition=edition, code=f"W1{mark}", title={"en": f"Hall W1{mark}"}, width_m=60, depth_m=40
    )
    Booth.objects.create(edition=edition, hall=hall, code=f"A01{mark}", x_m=1, y_m=1, width_m=3, depth_m=3)
    tables = 10 * int(mark or 0)
    Entrance.objects.create(edition=edition, hall=hall, code="1", x_m=0, y_m=20)
    TableArea.objects.create(
        edition=edition, hall=hall, first=tables + 1, last=tables + 8, x_m=20, y_m=20, width_m=9, depth_m=9
    )
    BoothWish.objects.create(edition=edition, participation=own)
    BoothProposal.objects.create(edition=edition, walking_before=0, walking_after=0, seconds=0)
    return {"hall": hall.code}


def _of_programme(edition: Edition, own: Participation, owner: User, now: datetime, mark: str) -> dict[str, Any]:
    forum = Forum.objects.create(edition=edition, slug=f"opening{mark}", kind="ceremony", title={"en": "Opening"})
    given = {"edition": edition, "forum": forum, "starts_at": now, "ends_at": now + timedelta(hours=1)}
    session = Session.objects.create(**given, capacity=9)
    Session.objects.create(**given, host=own, state=Session.State.PROPOSED)
    speaker = Speaker.objects.create(edition=edition, name={"en": "Amina Okoye"}, sort_name="okoye")
    Appearance.objects.create(edition=edition, session=session, speaker=speaker)
    Phase.objects.get_or_create(edition=edition, kind=Phase.Kind.PROPOSALS, defaults={"opens_at": timezone.now()})
    proposal = Proposal.objects.create(edition=edition, proposed_by=owner, title={"en": "Sodium"}, minutes=45)
    ProposedSpeaker.objects.create(edition=edition, proposal=proposal, name={"en": "Ada Lindqvist"}, mail=owner.email)
    screen = Screen.objects.create(edition=edition, slug=f"opening{mark}", title={"en": "Opening"}, slides=["welcome"])
    things = {"session": session.pk, "feed": new_feed(owner).token, "screen": screen.pk, "screen_slug": screen.slug}
    return things | _of_initiatives(edition, session, owner, mark)


def _of_initiatives(edition: Edition, session: Session, owner: User, mark: str) -> dict[str, Any]:
    initiative = Initiative.objects.create(
        edition=edition, title={"en": "Second sources"}, text={"en": "We share."}, session=session, state="published"
    )
    given = {"edition": edition, "initiative": initiative, "institution": {"en": "Chamber"}}
    document = keep(SimpleUploadedFile("paper.pdf", PDF), organisation=edition.organisation)
    today = timezone.localdate()
    signature = Signature.objects.create(
        **given,
        state="invited",
        mail=owner.email,
        token_hash=hash_of(f"signs{mark}"),
        expires_at=timezone.now() + timedelta(days=9),
        signed_on=today,
        paper=document,
    )
    commitment = Commitment.objects.create(edition=edition, initiative=initiative, text={"en": "A second port"})
    note = CommitmentNote.objects.create(edition=edition, commitment=commitment, state="done", document=document)
    return {
        "initiative": initiative.pk,
        "signature": signature.pk,
        "commitment": commitment.pk,
        "note": note.pk,
        "signing": f"signs{mark}",
    }


def _of_meetings(
    edition: Edition, own: Participation, other: Participation, guest: Participation, owner: User, now: datetime
) -> dict[str, Any]:
    MeetingRule.objects.get_or_create(
        edition=edition, asker_kind="buyer", asked_kind="exhibitor", defaults={"allowed": True}
    )
    meeting = Meeting.objects.create(
        edition=edition,
        host=own,
        guest=guest,
        state=Meeting.State.SCHEDULED,
        starts_at=now,
        ends_at=now + timedelta(minutes=30),
    )
    request = MeetingRequest.objects.create(
        edition=edition, asker=other, asked=own, awaiting=own, expires_at=now + timedelta(days=1)
    )
    later = now + timedelta(hours=1)
    second = Meeting.objects.create(
        edition=edition,
        host=own,
        guest=other,
        state=Meeting.State.SCHEDULED,
        starts_at=later,
        ends_at=later + timedelta(minutes=30),
    )
    MeetingExchange.objects.create(
        edition=edition,
        asker=own,
        first=meeting,
        second=second,
        first_starts_at=now,
        second_starts_at=later,
        expires_at=now,
    )
    outcome = Outcome.objects.create(edition=edition, kind=Outcome.Kind.SAMPLE, meeting=meeting)
    OutcomeParty.objects.create(outcome=outcome, participation=own)
    add_evidence(outcome, Acting(owner, own), "order.pdf", PDF)
    return {"meeting": meeting.pk, "request": request.pk, "outcome": outcome.pk}


def _of_market(own: Participation, buying: Participation, owner: User, buyer: User) -> dict[str, Any]:
    edition = own.edition
    for model in (Offer, Need):
        for review in (Review.PUBLISHED, Review.SUBMITTED):
            model.objects.create(edition=edition, participation=own, title={"en": "Film"}, review=review)
    Need.objects.create(edition=edition, participation=buying, title={"en": "Foil"})
    offer = Offer.objects.filter(participation=own).order_by("pk")[0]
    sheet = SimpleUploadedFile("sheet.pdf", PDF, "application/pdf")
    add_file(offer, sheet, kind="document", description={"en": "Data sheet"}, user=owner)
    interest = Interest.objects.create(
        edition=edition, offer=offer, asker=buying, cooperation="Samples", about="We make cells"
    )
    Quotation.objects.create(
        edition=edition,
        interest=interest,
        version=1,
        price=9,
        currency="USD",
        unit="KGM",
        valid_until=edition.ends_on,
        file=keep(SimpleUploadedFile("quotation.pdf", PDF, "application/pdf"), firm=own.firm, user=owner),
    )
    Vetting.objects.create(edition=edition, participation=buying, applicant=buyer, purpose="own_use")
    return {}


def _of_desk(own: Participation, owner: User, mark: str) -> dict[str, Any]:
    edition = own.edition
    task = DeskTask.objects.create(
        edition=edition, code=f"insurance{mark}", title={"en": "Insurance"}, due_on=edition.starts_on, wants_file=True
    )
    DeskTaskDone.objects.create(
        edition=edition,
        task=task,
        participation=own,
        file=SimpleUploadedFile("policy.pdf", PDF, "application/pdf"),
    )
    Plant.objects.create(firm=own.firm, country="CN", place={"en": "Ningde"})
    lead = Lead.objects.create(edition=edition, participation=own, person="Amina Okoye")
    need = Need.objects.create(edition=edition, participation=own, title={"en": "Foil"})
    bought = DeclaredInput.objects.create(edition=edition, participation=own, need=need)
    PresentSource.objects.create(edition=edition, input=bought, country="JP", firm="Fuji Films", share=60)
    badge = Badge.objects.create(edition=edition, participation=own, name="Li Wei")
    led = delegating.found(edition, owner, "Delegation of Ningde", "CN")
    delegating.add_member(led, by=owner, name="Li Wei")
    question = RegistrationQuestion.objects.create(edition=edition, kinds=["exhibitor"], title={"en": "Machines?"})
    AssistanceCase.objects.create(edition=edition, participation=own, kind=AssistanceCase.Kind.values[0])
    _team, joins = joining.invite(own, email="new@example.org", kind="member", user=owner)
    _with, stands = co_exhibitors.invite(
        own, firm_name="Delta Foils", country="CN", email="foils@example.org", user=owner
    )
    licence = keep(SimpleUploadedFile("licence.pdf", PDF, "application/pdf"), firm=own.firm, user=owner)
    browser = _signed_in(owner).session.session_key
    UserSession.objects.create(user=owner, ip="127.0.0.1", user_agent="A browser", session_key=browser)
    person = add_contact(own, {"name": "Li Wei", "email": f"li{mark}@example.org"}, user=owner)
    opens = f"a key{mark}"
    invited = DeskInvitation.objects.create(
        edition=edition,
        contact=person,
        token_hash=hash_of(opens),
        expires_at=timezone.now() + timedelta(days=9),
    )
    return {"joins": joins, "stands": stands, "licence": licence.token, "badge": badge.pk} | {
        "contact": person.pk,
        "delegation": led.pk,
        "desk invitation": invited.pk,
        "opens": opens,
        "stops": stop_address(person.email).rstrip("/").rpartition("/")[2],
        "question": question.pk,
        "own_field": _own_field(edition, mark).pk,
        "participation": own.pk,
        "lead": lead.pk,
    }


def _own_field(edition: Edition, mark: str) -> OwnField:
    return OwnField.objects.create(
        edition=edition, key=f"f1{mark}", column=f"notes{mark}", title={"en": f"Notes {mark}".strip()}
    )


def _of_organiser(edition: Edition, own: Participation, other: Participation, organiser: User, mark: str) -> None:
    """What the organiser keeps: mail, tables read, firms that may be one, packages and a report."""
    add_webhook(edition, "https://hooks.example/", ["nothing.*"], by=organiser)
    Segment.objects.create(edition=edition, name="Everyone")
    template = MailTemplate.objects.create(edition=edition, key="news", subject={"en": "News"}, body={"en": "News"})
    Mailing.objects.create(edition=edition, template=template, segment="Everyone", purpose=template.purpose)
    Import.objects.create(edition=edition, file_name="firms.csv", sha256="0" * 64, header=["Name", "Country"])
    job = Job.objects.create(edition=edition, kind="export-of-all", language="en", asked_by=organiser, ended="done")
    Job.objects.filter(pk=job.pk).update(file_name="everything.zip", sentence="The file is ready.")
    write_file(job, [b"PK"])
    OwnPage.objects.create(
        edition=edition, slug=f"journey{mark}", title={"en": "Journey"}, text={"en": "By train."}, published=True
    )
    OrganiserInvitation.objects.create(
        organisation=edition.organisation,
        email=f"floor{mark}@example.org",
        kind=Role.Kind.FLOOR,
        token_hash=hash_of(f"invited{mark}"),
        expires_at=timezone.now() + timedelta(days=2),
    )
    FirmPair.objects.create(one=own.firm, other=other.firm)
    FirmMerge.objects.create(survivor=own.firm, merged=other.firm)
    FirmParting.objects.create(origin=own.firm, parted=other.firm)
    Package.objects.create(edition=edition, code=f"gold{mark}", title={"en": "Gold"})
    report = NamedReport.objects.create(
        edition=edition, slug=f"yearbook{mark}", title={"en": "Yearbook"}, languages=["en"]
    )
    ReportPart.objects.create(edition=edition, report=report, kind="words", text={"en": "A good fair."})
    ReportPart.objects.create(edition=edition, report=report, kind="findings", chosen=["attendance"])
    publish(report, user=organiser)
