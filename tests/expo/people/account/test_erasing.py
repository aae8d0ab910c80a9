"""Nothing names an erased person, whoever kept it: every text of every model is looked through."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.fairs.edition.models import Edition, Participation, Phase
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.leads.domain import change_contact, from_badge, keep_contact, keep_lead, keep_scanned
from serai.expo.meetings.leads.models import Lead
from serai.expo.meetings.meeting.models import Meeting
from serai.expo.offers.market.models import Offer
from serai.expo.participants.contact_persons.models import ContactPerson
from serai.expo.participants.participation.domain.representation import acting
from serai.expo.participants.team.models import TeamInvitation
from serai.expo.people.account.domain.privacy import erase, export_of
from serai.expo.people.account.domain.profile import change_profile
from serai.expo.people.account.models import Role, User
from serai.expo.programme.badges.domain.badges import decide, for_speaker, keep_badge
from serai.expo.programme.badges.domain.documents import token_of
from serai.expo.programme.badges.models import Badge
from serai.expo.programme.proposals import domain as proposing
from serai.expo.programme.proposals.domain import ProposalContent, SpeakerContent, accept, review, submit
from serai.expo.programme.proposals.models import Proposal, ProposalReview
from serai.expo.programme.sessions.domain import changes as editing
from serai.expo.programme.sessions.models import Appearance, Forum, Session, Speaker
from serai.expo.site.imports.models import Import, ImportRow
from serai.expo.venue.contracts.models import BoothContract, BoothTerms

NAMES = ("Ada Quillfeather", "艾达奎尔", "ada.quill@example.org")
KEPT = {
    "Offer.text": "what a firm says of itself is the firm's to change",
    "BoothContract.signed_by": "a contract stays as it was signed",
}
"""Texts in which an erased person may still be named, with the reason. The page of the account says so."""

type Made[T] = Callable[..., T]


@pytest.fixture
def ada(edition: Edition, a_firm: Made[Firm], take_part: Made[Participation]) -> User:
    """Owner of an exhibitor, who speaks and has a badge, and whose name is in texts that stay."""
    firm = a_firm("Quill Bearings")
    there = take_part(edition, firm)
    user = User.objects.create_user(NAMES[2], "correct horse battery", name=NAMES[0])
    Role.objects.create(user=user, firm=firm, kind=Role.Kind.OWNER)
    said = {
        "given_name": "Ada",
        "family_name": "Quillfeather",
        "native_name": NAMES[1],
        "position": "Chief of bearings",
    }
    change_profile(user, said, by=user)
    with scope(edition=edition):
        Offer.objects.create(
            edition=edition, participation=there, title={"en": "Rings"}, text={"en": f"Ask {NAMES[2]}"}
        )
        terms = BoothTerms.objects.create(edition=edition, version=1, text={"en": "Pay."}, party={}, currency="EUR")
        BoothContract.objects.create(edition=edition, number=1, participation=there, terms=terms, signed_by=NAMES[0])
        batch = Import.objects.create(edition=edition, file_name="firms.csv", sha256="0" * 64)
        ImportRow.objects.create(batch=batch, number=2, raw=["Quill Bearings", NAMES[2]], state="new")
    return user


@pytest.fixture
def speaker(edition: Edition, ada: User, organiser: User) -> Speaker:
    """Ada in the programme, with the badge of who speaks."""
    now = timezone.now()
    with scope(edition=edition):
        forum = Forum.objects.create(edition=edition, slug="forum", kind="main_forum", title={"en": "Forum"})
        given = {"edition": edition, "forum": forum, "title": {"en": "Rolling"}}
        session = Session.objects.create(**given, starts_at=now, ends_at=now + timedelta(hours=1))
        names = {"en": NAMES[0], "zh-hans": NAMES[1]}
        one = Speaker(edition=edition, name=names, biography={"en": f"{NAMES[0]} rolls."}, user=ada)
        editing.keep(one, by=organiser)
        Appearance.objects.create(edition=edition, session=session, speaker=one)
        for_speaker(one, "zh-hans", user=ada)
    return one


@pytest.fixture
def badge(edition: Edition, ada: User, organiser: User) -> Badge:
    """Her badge of who stands at the booth; the letter that it is granted names her to a colleague."""
    with scope(edition=edition):
        there = Participation.objects.get(firm__roles__user=ada)
        Role.objects.create(user=organiser, firm=there.firm, kind=Role.Kind.MANAGER)
        made = Badge(edition=edition, participation=there, name=NAMES[1], name_latin="Quillfeather, Ada", user=ada)
        keep_badge(made, user=ada)
        Badge.objects.filter(pk=made.pk).update(state=Badge.State.ASKED)
        decide([Badge.objects.get(pk=made.pk)], Badge.State.GRANTED, user=organiser)
        assert NAMES[1] in Mail.objects.get(user=organiser).body
        Role.objects.filter(user=organiser, firm=there.firm).delete()
    return made


@pytest.fixture
def buyer(edition: Edition, take_part: Made[Participation], new_user: Made[User]) -> User:
    buying = take_part(edition, kind="buyer")
    made = new_user("buyer", firm=buying.firm)
    made.roles.update(kind=Role.Kind.OWNER)
    return made


@pytest.fixture
def leads(edition: Edition, ada: User, badge: Badge, speaker: Speaker, buyer: User, new_user: Made[User]) -> list[Lead]:
    """What a buyer kept of her: the badges read by its owner and by a plain member, a meeting, and her card."""
    now = timezone.now()
    with scope(edition=edition):
        Phase.objects.create(
            edition=edition, kind="fair", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1)
        )
        buying = Participation.objects.get(firm__roles__user=buyer)
        by = acting(buyer, buying)
        scanned = keep_scanned(by, token_of(badge), f"Wants 5 t of steel. {NAMES[0]} ({NAMES[2]}) calls back.")
        change_contact(by, scanned, {"contact": "+49 30 1", "notes": scanned.notes})
        stage = from_badge(buying, Badge.objects.get(speaker=speaker))
        keep_lead(stage, {"need": "A talk like hers"}, user=buyer)
        plain = new_user("plain", firm=buying.firm)
        keep_scanned(acting(plain, buying), token_of(badge), "Nice.")
        Meeting.objects.create(
            edition=edition, host=badge.participation, guest=buying, host_person=ada, state=Meeting.State.CONFIRMED
        )
        keep_contact(by, Participation.objects.get(pk=badge.participation_id), "Met at the booth")
        card = Lead(edition=edition, participation=buying, person="A. Quill", contact=f"{NAMES[2]}, WeChat aq")
        keep_lead(card, {}, user=buyer)
        other = Lead(
            edition=edition, participation=buying, person="Bo", contact=f"x{NAMES[2]}", notes=f"Knows {NAMES[2]}"
        )
        keep_lead(other, {}, user=buyer)
        return list(Lead.objects.order_by("pk"))


@pytest.fixture
def proposals(edition: Edition, ada: User, buyer: User, organiser: User) -> list[Proposal]:
    """What she proposed, accepted as a session; what the buyer proposed with her in it, which a review names her in;
    and one of the buyer's in which she was named before."""
    her = SpeakerContent(
        name={"en": NAMES[0], "zh-hans": NAMES[1]}, mail=NAMES[2], biography={"en": f"{NAMES[0]} rolls."}
    )
    bo = SpeakerContent(name={"en": "Bo"})
    with scope(edition=edition):
        Phase.objects.create(edition=edition, kind=Phase.Kind.PROPOSALS, opens_at=timezone.now())
        forum = Forum.objects.create(edition=edition, slug="call", kind="side_event", title={"en": "Call"})
        own = submit(edition, ProposalContent(title={"en": "Rings"}, minutes=30, speakers=[her]), by=ada)
        review(own, 5, f"{NAMES[0]} is good.", by=organiser)
        other, named, before = (
            submit(
                edition,
                ProposalContent(title={"en": "Rails"}, minutes=30, speakers=[bo, her], notes=f"Ask {NAMES[0]}"),
                by=buyer,
            )
            for _number in range(3)
        )
        review(named, 4, f"Not without {NAMES[0]}.", by=organiser)
        review(other, 4, f"With {NAMES[0]}.", by=organiser)
        for number, one in enumerate((own, other)):
            accept(one, forum=forum, starts_at=timezone.now() + timedelta(days=1 + number), by=organiser)
        proposing.change(before, ProposalContent(title={"en": "Rails"}, minutes=30, speakers=[bo]), by=buyer)
        return [own, other, named, before]


def texts() -> Iterator[tuple[str, str]]:
    """Every text of every row, as JSON where it is that, with the model and the field that hold it."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    with scopes_disabled():
        for model in apps.get_models():
            names = [field.name for field in model._meta.concrete_fields if isinstance(field, kinds)]
            for row in model._base_manager.values(*names) if names else ():
                for name, value in row.items():
                    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                    yield f"{model.__name__}.{name}", said.lower()


def naming() -> set[str]:
    """The fields that name her; an address that only ends like hers is another's."""
    own = (*NAMES, "Quillfeather")
    found = ((field, said.replace(f"x{NAMES[2]}", "")) for field, said in texts())
    return {field for field, said in found if any(name.lower() in said for name in own)}


def test_nothing_of_an_erased_person_is_left(
    edition: Edition,
    ada: User,
    badge: Badge,
    speaker: Speaker,
    leads: list[Lead],
    proposals: list[Proposal],
    organiser: User,
) -> None:
    sent = {"firm": leads[0].participation.firm, "email": NAMES[2], "kind": "member", "sent_by": organiser}
    TeamInvitation.objects.create(**sent, token_hash="a", expires_at=timezone.now())
    with scope(edition=edition):
        listed = Import.objects.create(edition=edition, file_name="list.csv", header=["Firm", "Person"])
        listed.rows.create(number=2, raw=["Unknown Ltd", f"{NAMES[0]} {NAMES[2]}"], state="rejected")
        written = {"name": NAMES[0], "email": NAMES[2]}
        ContactPerson.objects.create(edition=edition, participation=leads[0].participation, **written)
    known = naming()
    assert known > {"ContactPerson.name", "ContactPerson.email", "ImportRow.raw"}
    assert known > set(KEPT) | {"User.email", "Speaker.name", "Lead.person", "Lead.contact", "Lead.notes", "Mail.body"}
    assert "AuditEntry.after" in known
    assert known > {"ProposedSpeaker.name", "ProposedSpeaker.mail", "Proposal.notes", "ProposalReview.note"}
    erase(ada)
    assert naming() == set(KEPT)


def test_the_programme_names_an_erased_person_no_more(
    edition: Edition, ada: User, speaker: Speaker, anonymous_client: Client
) -> None:
    page = f"/en/{edition.slug}/programme/speakers/"
    assert NAMES[0] in anonymous_client.get(f"{page}{speaker.pk}/").text
    erase(ada)
    assert anonymous_client.get(f"{page}{speaker.pk}/").status_code == 404
    assert NAMES[0] not in anonymous_client.get(page).text
    with scope(edition=edition):
        assert Session.objects.get().title == {"en": "Rolling"}


def test_what_others_proposed_stays_without_the_person_and_what_it_proposed_goes(
    edition: Edition, ada: User, proposals: list[Proposal]
) -> None:
    erase(ada)
    with scope(edition=edition):
        left = list(Proposal.objects.order_by("pk"))
        assert [one.pk for one in left] == [one.pk for one in proposals[1:]]
        assert [[who.name["en"] for who in one.speakers.all()] for one in left] == [["Bo"]] * 3
        assert left[0].notes == "Ask ***"
        assert [one.note for one in ProposalReview.objects.order_by("pk")] == ["Not without ***.", "With ***."]
        assert [one.name["en"] for one in Speaker.objects.all()] == ["Bo"]
        assert Session.objects.count() == 2


def test_the_file_of_ones_own_data_has_what_one_proposed_and_where_one_was_named(
    ada: User, proposals: list[Proposal]
) -> None:
    found: dict[str, Any] = export_of(ada)
    assert [row["title"] for row in found["proposal.proposed_by"]] == [{"en": "Rings"}]
    assert len(found["proposedspeaker.mail"]) == 3
    assert [row["biography"] for row in found["speaker.proposed"]] == [{"en": f"{NAMES[0]} rolls."}]


def test_firms_keep_what_they_noted_of_the_other_firm_without_the_person(
    edition: Edition, ada: User, leads: list[Lead]
) -> None:
    erase(ada)
    with scope(edition=edition):
        scanned, stage, plain, met, card, other = Lead.objects.order_by("pk")
    assert [(one.person, one.position, one.contact) for one in (scanned, stage, plain, met, card)] == [
        ("***", "", "")
    ] * 5
    assert (scanned.firm_name, scanned.notes) == ("Quill Bearings", "Wants 5 t of steel. *** (***) calls back.")
    assert (stage.need, plain.notes, met.notes) == ("A talk like hers", "Nice.", "Met at the booth")
    assert (other.person, other.contact, other.notes) == ("Bo", f"x{NAMES[2]}", "Knows ***")


def test_the_file_of_ones_own_data_has_the_rows_that_erasing_reaches_and_no_notes_of_firms(
    ada: User, speaker: Speaker, leads: list[Lead]
) -> None:
    found: dict[str, Any] = export_of(ada)
    assert [row["id"] for row in found["lead.person"]] == [lead.pk for lead in leads[:5]]
    assert found["lead.person"][0]["contact"] == "+49 30 1"
    assert {row["kept_by"] for row in found["lead.person"]} == {leads[0].participation.firm.identifier}
    assert found["speaker.user"][0]["biography"] == {"en": "Ada Quillfeather rolls."}
    assert found["badge.speaker"][0]["name"] == NAMES[1]
    assert "5 t of steel" not in json.dumps(found, default=str)


def test_the_page_says_before_erasing_what_goes_and_what_stays(member_client: Client) -> None:
    page = member_client.get("/en/account/").text
    assert "your entry as a speaker" in page
    assert "contracts that you signed" in page
