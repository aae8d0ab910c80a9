"""Programs that call the interface, and a fair with one of everything for them to call about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai.expo.base.files.domain import keep
from serai.expo.base.files.models import StoredFile
from serai.expo.base.home import home
from serai.expo.fairs.edition.domain.phases import slots
from serai.expo.fairs.edition.models import ApplicationDecision, Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.fairs.jobs.domain import write_file
from serai.expo.fairs.jobs.models import Job
from serai.expo.fairs.mailing.domain.outbox import draft
from serai.expo.fairs.mailing.models import MailTemplate, Segment
from serai.expo.firms.record.models import Certification, Firm, FirmAlias, FirmIdentifier, Flow, Plant
from serai.expo.insight.lab.models import LabRun
from serai.expo.meetings.day.domain.attendance import code_of
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting, MeetingRequest, Wish
from serai.expo.meetings.outcomes.models import FollowUp, Outcome, OutcomeEvidence, OutcomeParty
from serai.expo.meetings.requests.models import MeetingExchange
from serai.expo.meetings.timetable.models import TimetableRun
from serai.expo.offers.chains.domain.own_chains import copy_builtin, newest
from serai.expo.offers.chains.domain.placements import load_builtin_chains
from serai.expo.offers.interests.domain import quote
from serai.expo.offers.market.models import Interest, Offer
from serai.expo.offers.search.domain.index import index_edition
from serai.expo.participants.buyers.models import HostedTerms, Vetting
from serai.expo.participants.contact_persons.domain import add as add_contact
from serai.expo.participants.delegations.models import Delegation, DelegationMember
from serai.expo.participants.exhibitors.domain.tasks import tick
from serai.expo.participants.exhibitors.models import DeskTask
from serai.expo.participants.invitations.models import DeskInvitation
from serai.expo.participants.own_fields.models import OwnField
from serai.expo.participants.packages.models import Package
from serai.expo.participants.participation.domain.representation import acting
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.initiatives.models import Initiative, Signature
from serai.expo.programme.sessions.models import Appearance, Forum, Room, Session, Speaker
from serai.expo.results.assistance.models import AssistanceCase
from serai.expo.results.report.models import NamedReport, ReportIssue
from serai.expo.site.api.domain import add_webhook, ping
from serai.expo.site.imports.models import Import, ImportRow
from serai.expo.venue.contracts.domain.contracts import hand_in, publish_terms
from serai.expo.venue.contracts.domain.contracts import offer as offer_contract
from serai.expo.venue.halls.models import Booth, Hall, Stand


class Program:
    """Calls the interface with a key, or without."""

    def __init__(self, key: str = "") -> None:
        self.client = Client()
        self.headers = {"authorization": f"Bearer {key}"} if key else {}

    def __call__(self, path: str, method: str = "get", body: Any = None, **headers: str) -> Any:
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1{path}", headers=self.headers | named, **more)

    def send(self, path: str, fields: dict[str, Any], method: str = "post") -> Any:
        """Call with a form, of which fields may be files."""
        data = encode_multipart(BOUNDARY, fields)
        return self.client.generic(
            method.upper(), f"/api/v1{path}", data, content_type=MULTIPART_CONTENT, headers=self.headers
        )


@pytest.fixture
def program_of() -> Callable[..., Program]:
    """A program with a key of a person."""

    def make(user: User | None = None, *scopes: str, **options: Any) -> Program:
        return Program(make_key(user, "a program", scopes or ("read",), **options)[1]) if user else Program()

    return make


@pytest.fixture
def there(
    edition: Edition,
    owner: User,
    organiser: User,
    desk: Participation,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
    need: Callable[..., Any],
) -> dict[str, Any]:
    """One of everything in a fair, by the words of the addresses; of a number, by what is before it."""
    load_builtin_chains(["clean-energy"])  # one chain: what is put on the market is placed anew on each
    own_chain = copy_builtin(edition, "textiles-and-apparel", user=None)
    furnished = _furnished(desk, owner, organiser, take_part, a_firm, offer, need)
    return furnished | {"own_chain": own_chain.slug, "own chain": newest(own_chain).content}


@pytest.fixture
def there_abroad(
    there: dict[str, Any],
    other_edition: Edition,
    other_organiser: User,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
    need: Callable[..., Any],
) -> dict[str, Any]:
    """The same of another firm at the fair of another organisation."""
    owner, desk = User.objects.create_user("owner-abroad@example.org", name="Owner"), take_part(other_edition)
    Role.objects.create(user=owner, firm=desk.firm, kind=Role.Kind.OWNER)
    return _furnished(desk, owner, other_organiser, take_part, a_firm, offer, need, mark="-abroad")


def _lab_run(edition: Edition) -> str:
    """The code of a scenario that was run."""
    with scope(edition=edition):
        return LabRun.objects.create(edition=edition, scenario={}, fingerprint="0", ended=LabRun.State.DONE).code


def _published_report(edition: Edition) -> str:
    """The address of a report of which an issue is published."""
    with scope(edition=edition):
        report = NamedReport.objects.create(edition=edition, slug="results", title={"en": "Results"})
        content = {"title": {"en": "Results"}, "summary": {}, "languages": ["en"], "parts": []}
        content["as_of"] = timezone.now().isoformat()
        ReportIssue.objects.create(edition=edition, report=report, number=1, content=content)
        return report.slug


def _furnished(
    desk: Participation,
    owner: User,
    organiser: User,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
    need: Callable[..., Any],
    mark: str = "",
) -> dict[str, Any]:
    """``mark`` is in each code and address that another fair may have too."""
    edition, today, now = desk.edition, timezone.localdate(), timezone.now()
    Edition.objects.filter(pk=edition.pk).update(starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=3))
    edition.refresh_from_db()
    numbers = _of_market(desk, offer, need)
    owned = {name: a_firm(f"{name.title()} Materials Ltd") for name in ("applicant", "invited", "newcomer", "buyer")}
    for firm in owned.values():
        Role.objects.create(user=owner, firm=firm, kind=Role.Kind.OWNER)
    aided = take_part(edition, a_firm("Lusaka Textiles Ltd", "ZM"))
    Role.objects.create(user=owner, firm=aided.firm, kind=Role.Kind.MANAGER)
    partner, third = take_part(edition, a_firm("Partner Ltd")), take_part(edition, a_firm("Third Ltd"))
    buyer = take_part(edition, owned["buyer"], kind="buyer")
    numbers |= {
        "code of a country": "KE",
        "runs": _lab_run(edition),
        "report": _published_report(edition),
        "participations": take_part(edition, owned["applicant"], state="applied").pk,
        "own participation": desk.pk,
        "a buyer": buyer.pk,
        "cancelled participation": _cancelled(take_part(edition, state="cancelled")),
        "led participation": take_part(edition, kind="co_exhibitor", lead=desk).pk,
        "invitation": take_part(edition, owned["invited"], state="invited").pk,
        "buyer need": need(buyer).pk,
        "registrations": _vetting(take_part(edition, a_firm(), kind="buyer", state="applied"), owner, "waiting"),
        "asked registration": _vetting(take_part(edition, a_firm(), kind="buyer", state="applied"), owner, "asked"),
    }
    with scope(edition=edition):
        numbers |= _of_floor(edition, desk, owner, now + timedelta(days=1))
        numbers |= _of_meetings(edition, desk, partner, third, now)
        numbers |= _of_exchanges(edition, desk, [take_part(edition, a_firm()) for _number in range(4)], third)
        numbers |= _of_outcomes(edition, desk, partner, owner)
        numbers |= _of_desk(edition, desk, owner, organiser)
        numbers |= _of_record(desk.firm) | _of_team(edition, desk, mark) | _of_interests(desk, partner, need)
        numbers["assistance"] = AssistanceCase.objects.create(edition=edition, participation=aided, kind="stand").pk
        numbers |= _of_mailing(edition, organiser) | _of_imports(edition) | _of_jobs(edition, organiser)
        numbers |= _of_initiatives(edition)
        numbers |= _of_contracts(edition, desk, partner, organiser)
        numbers |= _of_quotations(desk, numbers, owner)
        HostedTerms.objects.create(edition=edition, version=1, text={"en": "Meet six."})
        met = Meeting.objects.get(pk=numbers["meetings"])
        code = code_of(met, partner)
    return numbers | {
        "slug": edition.slug,
        "identifier": desk.firm.identifier,
        "chain": "clean-energy",
        "aided": aided.firm.identifier,
        "newcomer": owned["newcomer"].identifier,
        "buyer": owned["buyer"].identifier,
        "partner": partner.firm.identifier,
        "third": third.firm.identifier,
        "fourth": take_part(edition, a_firm("Fourth Ltd")).firm.identifier,
        "code of partner": code,
        "today": today.isoformat(),
    }


def _of_market(desk: Participation, offer: Callable[..., Any], need: Callable[..., Any]) -> dict[str, Any]:
    return {
        "offers": offer(desk, review="published").pk,
        "submitted offer": offer(desk, review="submitted").pk,
        "draft offer": offer(desk, review="draft").pk,
        "needs": need(desk, review="published").pk,
        "submitted need": need(desk, review="submitted").pk,
        "draft need": need(desk, review="draft").pk,
    }


def _cancelled(participation: Participation) -> int:
    with scope(edition=participation.edition):
        ApplicationDecision.objects.create(
            edition=participation.edition, participation=participation, state=participation.state
        )
    return int(participation.pk)


def _vetting(participation: Participation, applicant: User, state: str) -> int:
    with scope(edition=participation.edition):
        made = Vetting.objects.create(
            edition=participation.edition,
            participation=participation,
            applicant=applicant,
            purpose="own_use",
            state=state,
        )
    return int(made.pk)


def _of_floor(edition: Edition, desk: Participation, owner: User, begins: datetime) -> dict[str, Any]:
    hall = Hall.objects.create(edition=edition, code="W1")
    booth = Booth.objects.create(edition=edition, hall=hall, code="A01")
    Stand.objects.create(edition=edition, booth=booth, participation=desk)
    forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony")
    room = Room.objects.create(edition=edition, title={"en": "Great hall"})
    session = Session.objects.create(
        edition=edition, forum=forum, room=room, starts_at=begins, ends_at=begins + timedelta(hours=1), capacity=9
    )
    speaker = Speaker.objects.create(edition=edition, name={"en": "Amina Okoye"}, sort_name="okoye")
    Appearance.objects.create(edition=edition, session=session, speaker=speaker)
    return {"booths": booth.pk, "programme": session.pk, "speakers": speaker.pk}


def _of_initiatives(edition: Edition) -> dict[str, Any]:
    given = {"edition": edition, "title": {"en": "Second sources"}, "text": {"en": "We share."}}
    published = Initiative.objects.create(**given, state="published")
    signature = Signature.objects.create(
        edition=edition,
        initiative=published,
        institution={"en": "Chamber"},
        state="signed",
        signed_on=timezone.localdate(),
    )
    draft = Initiative.objects.create(**given)
    return {"initiatives": published.pk, "draft initiative": draft.pk, "signatories": signature.pk}


def _of_meetings(
    edition: Edition, desk: Participation, partner: Participation, third: Participation, now: datetime
) -> dict[str, Any]:
    def request(asker: Participation, asked: Participation) -> int:
        made = MeetingRequest.objects.create(
            edition=edition, asker=asker, asked=asked, awaiting=asked, expires_at=now + timedelta(days=2)
        )
        return int(made.pk)

    def meeting(host: Participation, guest: Participation, starts: datetime, state: str) -> Meeting:
        return Meeting.objects.create(
            edition=edition,
            host=host,
            guest=guest,
            state=state,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
        )

    met = meeting(desk, partner, now - timedelta(minutes=15), "confirmed")
    later = meeting(third, desk, slots(edition)[0].starts_at, "confirmed")
    Wish.objects.create(edition=edition, wisher=desk, wished=third, strength="must")
    run = TimetableRun.objects.create(
        edition=edition, status="optimal", objective=1, bound=1, seconds=0.1, wished=1, placed=1
    )
    return {
        "requests": request(partner, desk),
        "sent request": request(desk, partner),
        "meetings": met.pk,
        "later meeting": later.pk,
        "timetables": run.pk,
    }


def _of_exchanges(
    edition: Edition, desk: Participation, others: list[Participation], third: Participation
) -> dict[str, Any]:
    """One asked of the desk and one asked by it, and a meeting with whose time that of the later one is exchanged."""
    first, second, third_other, fourth = others

    def meeting(host: Participation, guest: Participation, at: int) -> Meeting:
        slot = slots(edition)[at]
        return Meeting.objects.create(
            edition=edition, host=host, guest=guest, state="scheduled", starts_at=slot.starts_at, ends_at=slot.ends_at
        )

    def exchange(asker: Participation, *two: Meeting) -> int:
        times = {f"{which}_starts_at": one.starts_at for which, one in zip(("first", "second"), two, strict=True)}
        made = MeetingExchange.objects.create(
            edition=edition, asker=asker, first=two[0], second=two[1], expires_at=slots(edition)[0].starts_at, **times
        )
        return int(made.pk)

    return {
        "other meeting": meeting(desk, first, 1).pk,
        "exchanges": exchange(second, meeting(second, desk, 2), meeting(second, third, 3)),
        "sent exchange": exchange(desk, meeting(desk, third_other, 4), meeting(desk, fourth, 5)),
    }


def _of_outcomes(edition: Edition, desk: Participation, partner: Participation, owner: User) -> dict[str, Any]:
    def outcome(claimant: Participation, state: str = "claimed") -> Outcome:
        made = Outcome.objects.create(edition=edition, kind="sample", state=state)
        for party in (desk, partner):
            agreed = party == claimant or state == "confirmed"
            OutcomeParty.objects.create(
                outcome=made,
                participation=party,
                claimant=party == claimant,
                confirmed_at=timezone.now() if agreed else None,
            )
        return made

    agreed = outcome(desk, "confirmed")
    file = StoredFile.objects.create(
        name="order.pdf", media_type="application/pdf", size=4, sha256="0" * 64, firm=desk.firm, uploaded_by=owner
    )
    (home() / "files").mkdir(exist_ok=True)
    (home() / "files" / file.token).write_bytes(b"%PDF")
    evidence = OutcomeEvidence.objects.create(edition=edition, outcome=agreed, file=file)
    follow_up = FollowUp.objects.create(edition=edition, outcome=agreed, months=3, due_on=timezone.localdate())
    return {
        "outcomes": outcome(partner).pk,
        "own outcome": outcome(desk).pk,
        "evidence": evidence.pk,
        "follow-ups": follow_up.pk,
    }


def _of_team(edition: Edition, desk: Participation, mark: str) -> dict[str, Any]:
    """With the codes of a task and of a package."""
    firm = desk.firm
    colleague = User.objects.create_user(f"second{mark}@example.org", name="Second")
    invited = TeamInvitation.objects.create(
        firm=firm,
        email="third@example.org",
        kind="sales",
        token_hash=f"0{mark}",
        expires_at=timezone.now() + timedelta(1),
    )
    DeskTask.objects.create(edition=edition, code=f"manual{mark}", title={"en": "Read it"}, due_on=edition.starts_on)
    insurance = DeskTask.objects.create(
        edition=edition, code=f"insurance{mark}", title={"en": "Insure"}, due_on=edition.starts_on
    )
    said = {"name": "Ada", "email": f"ada{mark}@example.org", "consent_source": "Contract"}
    ada = add_contact(desk, said, user=colleague)
    tick(insurance, desk, user=colleague, file=SimpleUploadedFile("policy.pdf", b"%PDF-1.7 insured"))
    Package.objects.create(edition=edition, code=f"gold{mark}", title={"en": "Gold"}, seats=9)
    return {
        "team": Role.objects.create(user=colleague, firm=firm, kind=Role.Kind.SALES).pk,
        "invitations": invited.pk,
        "tasks": f"manual{mark}",
        "task with a file": f"insurance{mark}",
        "packages": f"gold{mark}",
        "figures": "exhibitors",
        "contact-persons": ada.pk,
        "desk-invitations": DeskInvitation.objects.create(
            edition=edition, contact=ada, token_hash=f"1{mark}", expires_at=timezone.now() + timedelta(1)
        ).pk,
    }


def _of_interests(desk: Participation, partner: Participation, need: Callable[..., Any]) -> dict[str, Any]:
    theirs, mine = need(partner, "Film"), need(desk, "Foil")
    said = {"cooperation": "Supply", "about": "We make film"}
    return {
        "interests": Interest.objects.create(edition=desk.edition, asker=partner, need=mine, **said).pk,
        "interest sent": Interest.objects.create(edition=desk.edition, asker=desk, need=theirs, **said).pk,
        "need of partner": need(partner, "Foil").pk,
        "offer of partner": Offer.objects.create(
            edition=desk.edition, participation=partner, title={"en": "Ore"}, review="published"
        ).pk,
    }


def _of_quotations(desk: Participation, numbers: dict[str, Any], owner: User) -> dict[str, Any]:
    """One of the desk for a need of the partner, with a document."""
    asked = Interest.objects.get(pk=numbers["interest sent"])
    file = SimpleUploadedFile("price.pdf", b"%PDF-1.7 our price")
    terms = {"price": Decimal(12), "currency": "CNY", "unit": "KGM", "valid_until": timezone.localdate()}
    return {"quotations": quote(acting(owner, desk), asked, terms, file=file).pk}


def _of_contracts(edition: Edition, desk: Participation, partner: Participation, organiser: User) -> dict[str, Any]:
    """One offered, one signed, and a booth without one."""
    publish_terms(edition, {"en": "Leave it clean."}, party="Fair Ltd", language="en", currency="EUR", by=organiser)
    hall = Hall.objects.create(edition=edition, code="W2")
    offered, signed, waiting = (
        Stand.objects.create(
            edition=edition, participation=one, booth=Booth.objects.create(edition=edition, hall=hall, code=code)
        )
        for one, code in ((desk, "B01"), (desk, "B02"), (partner, "B03"))
    )
    made = [offer_contract(stand, by=organiser) for stand in (offered, signed)]
    hand_in(
        made[1],
        SimpleUploadedFile("signed.pdf", b"%PDF-1.7 signed"),
        signed_by="Amina Okoye",
        signed_as="",
        signed_on=timezone.localdate(),
        user=organiser,
    )
    return {"contracts": made[0].pk, "signed contract": made[1].pk, "stand": waiting.pk}


def _of_mailing(edition: Edition, organiser: User) -> dict[str, Any]:
    segment = Segment.objects.create(edition=edition, name="Exhibitors", filters={"kind": ["exhibitor"]})
    letter = MailTemplate.objects.create(
        edition=edition, key="hello", purpose="service", subject={"en": "Hello"}, body={"en": "Dear {name}"}
    )
    mailing = draft(edition, letter, segment.name, segment.filters, "https://fair.example", user=organiser)
    return {"segments": segment.pk, "templates": letter.pk, "mailings": mailing.pk}


def _of_imports(edition: Edition) -> dict[str, Any]:
    """One previewed, and one applied that changed nothing."""
    previewed, applied = (
        Import.objects.create(
            edition=edition,
            file_name="firms.csv",
            sha256=str(number) * 64,
            header=["name", "country"],
            mapping={"0": "name", "1": "country"},
            state=state,
        )
        for number, state in enumerate((Import.State.PREVIEWED, Import.State.APPLIED))
    )
    ImportRow.objects.create(batch=previewed, number=2, raw=["Acme Ltd", "CN"], state="new")
    own = OwnField.objects.create(edition=edition, key="f1", column="notes", title={"en": "Notes"})
    return {"imports": previewed.pk, "applied import": applied.pk, "own field": own.pk, "own-fields": own.pk}


def _of_jobs(edition: Edition, organiser: User) -> dict[str, Any]:
    """One that made a file, and one that waits."""
    jobs = {
        name: Job.objects.create(edition=edition, kind="export", language="en", asked_by=organiser, **fields)
        for name, fields in {
            "jobs": {"ended": "done", "file_name": "everything.zip"},
            "waiting job": {"task": DBTaskResult.objects.get(pk=index_edition.enqueue(edition.pk).id)},
        }.items()
    }
    write_file(jobs["jobs"], [b"PK"])
    return {name: job.pk for name, job in jobs.items()}


def _of_record(firm: Firm) -> dict[str, Any]:
    file = keep(SimpleUploadedFile("iso.pdf", b"%PDF-1.7 certified"), firm=firm, audience="participants")
    certified = Certification.objects.create(firm=firm, scheme="ISO 14001", file=file)
    return {
        "identifiers": FirmIdentifier.objects.create(firm=firm, scheme="UNGM", value="12345").pk,
        "names": FirmAlias.objects.create(firm=firm, name="Omaco", key="omaco").pk,
        "plants": Plant.objects.create(firm=firm, country="CN", place={"en": "Wuxi"}).pk,
        "flows": Flow.objects.create(firm=firm, direction="output", code="392020").pk,
        "certificate with a file": certified.pk,
        "certificates": Certification.objects.create(firm=firm, scheme="ISO 9001:2015").pk,
    }


def _of_desk(edition: Edition, desk: Participation, owner: User, organiser: User) -> dict[str, Any]:
    lead = Lead.objects.create(edition=edition, participation=desk, person="Amina Okoye", met_by=owner)
    badge = Badge.objects.create(edition=edition, participation=desk, name="Owner")
    press = Badge.objects.create(edition=edition, kind="press", name="Amina Okoye", affiliation="Daily Trade")
    delegation = Delegation.objects.create(edition=edition, leader=owner, name="Delegation of Nairobi")
    member = DelegationMember.objects.create(
        edition=edition, delegation=delegation, participation=desk, name="Amina Okoye"
    )
    webhook, _secret = add_webhook(edition, "https://hooks.example/", ["nothing.*"], by=organiser)
    return {
        "leads": lead.pk,
        "badges": badge.pk,
        "code of a badge": token_of(press),
        "delegations": delegation.pk,
        "members": member.pk,
        "webhooks": webhook.pk,
        "deliveries": ping(webhook).pk,
    }
