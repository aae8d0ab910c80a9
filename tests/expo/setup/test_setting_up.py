"""Setting a fair up: made by a form, changed, published and closed, and copied for the next time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.audit.models import AuditEntry
from serai.expo.chains.domain import load_builtin_chains
from serai.expo.editions.changing import (
    AddressTakenError,
    EditionStateError,
    change_state,
    propose_phases,
    set_sections,
)
from serai.expo.editions.cloning import clone_edition
from serai.expo.editions.models import Edition, Participation, Phase, Section
from serai.expo.editions.phases import set_phases, standings
from serai.expo.exhibitors.models import DeskTask
from serai.expo.firms.models import Firm
from serai.expo.halls.models import Booth, Hall, Stand
from serai.expo.market.models import Offer
from serai.expo.meetings.models import Meeting, MeetingRule, Wish
from serai.expo.people.models import Role, User
from serai.expo.programme.models import Forum, Room, Session

type Make[Thing] = Callable[..., Thing]

GIVEN = {
    "slug": "fair-2027",
    "name_en": "Fair of 2027",
    "name_ar": "معرض 2027",
    "starts_on": "2027-06-01",
    "ends_on": "2027-06-05",
    "country": "CN",
    "time_zone": "Asia/Shanghai",
    "city_en": "Beijing",
    "meetings_from": "09:30",
    "meetings_until": "17:30",
    "meeting_minutes": "30",
    "meeting_tables": "40",
}


@pytest.fixture
def given(organiser: User) -> dict[str, str]:
    return GIVEN | {"organisation": str(organiser.roles.get().organisation_id)}


def test_a_fair_is_made_by_a_form_as_a_draft_with_a_section_a_chain(
    given: dict[str, str], organiser: User, organiser_client: Client, anonymous_client: Client
) -> None:
    answer = organiser_client.post(reverse("new-edition"), given)
    assert answer["Location"] == reverse("setup", args=["fair-2027"])
    made = Edition.objects.get(slug="fair-2027")
    assert (made.state, made.name, made.organisation) == (
        "draft",
        {"en": "Fair of 2027", "ar": "معرض 2027"},
        organiser.roles.get().organisation,
    )
    with scope(edition=made):
        assert Section.objects.count() == len(load_builtin_chains()) > 3
    assert AuditEntry.objects.filter(action="edition.opened", edition=made, user=organiser).exists()
    assert anonymous_client.get(reverse("edition", args=["fair-2027"])).status_code == 404
    assert "1 of 7 steps" not in organiser_client.get(answer["Location"]).text
    assert "of 7 steps are done" in organiser_client.get(answer["Location"]).text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "sign-in", "is taken"),
        ("slug", "new-fair", "is taken"),
        ("slug", "fair-2026", "is taken"),
        ("slug", "no spaces", "valid"),
        ("name_en", "", "required"),
        ("ends_on", "2027-05-01", "before the first"),
        ("ends_on", "2028-06-01", "60 days at most"),
        ("country", "XX", "valid choice"),
        ("time_zone", "Mars/Olympus", "valid choice"),
        ("meetings_until", "09:00", "before they begin"),
        ("meeting_minutes", "0", "5 minutes at least"),
        ("organisation", "987654", "valid choice"),
        ("starts_on", "soon", "valid date"),
    ],
)
def test_a_wrong_field_comes_back_with_a_sentence_and_makes_nothing(
    field: str, value: str, sentence: str, given: dict[str, str], edition: Edition, organiser_client: Client
) -> None:
    wrong = given | {field: value} | ({"name_ar": ""} if field == "name_en" else {})
    answer = organiser_client.post(reverse("new-edition"), wrong)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert Edition.objects.count() == 1


def test_nobody_makes_a_fair_in_the_name_of_an_organisation_that_is_not_his(
    given: dict[str, str], other_organiser_client: Client, member_client: Client, anonymous_client: Client
) -> None:
    assert other_organiser_client.post(reverse("new-edition"), given).status_code == 400
    assert "you act for none" in member_client.post(reverse("new-edition"), given).text
    assert anonymous_client.post(reverse("new-edition"), given).status_code == 302
    assert not Edition.objects.filter(slug="fair-2027").exists()


def test_all_fields_are_changed_with_a_trace(edition: Edition, organiser_client: Client) -> None:
    address = reverse("edition-change", args=[edition.slug])
    assert 'value="Fair of chains"' in organiser_client.get(address).text
    assert organiser_client.post(address, GIVEN | {"venue_en": "Hall of the city"}).status_code == 302
    edition.refresh_from_db()
    assert (edition.name["en"], edition.venue, edition.slug) == (
        "Fair of 2027",
        {"en": "Hall of the city"},
        "fair-2026",
    )
    entry = AuditEntry.objects.get(action="edition.changed")
    assert (entry.before or {})["starts_on"] == "2026-11-28"
    wrong = organiser_client.post(address, GIVEN | {"ends_on": "2020-01-01"})
    assert wrong.status_code == 400
    assert "Fair of 2027" in wrong.text


def test_a_fair_is_published_closed_and_opened_again_and_nothing_else(
    edition: Edition, organiser: User, organiser_client: Client
) -> None:
    address = reverse("edition-state", args=[edition.slug])
    for to in ("closed", "published", "draft", "published"):
        organiser_client.post(address, {"to": to})
        edition.refresh_from_db()
        assert edition.state == to
    with pytest.raises(EditionStateError, match="Published"):
        change_state(edition, "published", user=organiser)
    assert "can&#x27;t become this" in organiser_client.post(address, {"to": "gone"}, follow=True).text
    actions = AuditEntry.objects.filter(edition=edition).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["edition.closed", "edition.published", "edition.draft", "edition.published"]


def test_a_section_with_firms_stays_and_others_come_and_go(edition: Edition, take_part: Make[Participation]) -> None:
    load_builtin_chains()
    set_sections(edition, ["clean-energy", "digital-technology"])
    with scope(edition=edition):
        energy = Section.objects.get(slug="clean-energy")
    take_part(edition, section=energy)
    set_sections(edition, ["smart-vehicle"])
    with scope(edition=edition):
        assert set(Section.objects.values_list("slug", flat=True)) == {"energy", "clean-energy", "smart-vehicle"}


def test_the_usual_phases_fill_what_has_no_dates_and_leave_what_has(edition: Edition, organiser_client: Client) -> None:
    own = (datetime(2026, 1, 1, tzinfo=UTC), None)
    set_phases(edition, {Phase.Kind.APPLY: own})
    assert organiser_client.post(reverse("usual-phases", args=[edition.slug])).status_code == 302
    known = standings(edition)
    assert (known["apply"].opens_at, known["apply"].closes_at) == own
    assert known["fair"].opens_at == datetime(2026, 11, 27, 16, tzinfo=UTC)  # midnight in Shanghai
    assert known["fair"].closes_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert all(standing.is_set for standing in known.values())
    assert propose_phases(edition) == 0


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
        Session.objects.create(edition=edition, forum=forum, starts_at=now, ends_at=now + timedelta(hours=1))
        DeskTask.objects.create(edition=edition, code="manual", due_on=date(2026, 11, 1))
        MeetingRule.objects.create(edition=edition, asker_kind="press", asked_section=section)
        Wish.objects.create(edition=edition, wisher=buyer, wished=lead, strength="must")
        Meeting.objects.create(edition=edition, host=lead, guest=buyer)
    return edition


def copy_of(edition: Edition, **options: bool) -> Edition:
    new = Edition(
        organisation=edition.organisation,
        slug="fair-2028",
        name={"en": "Fair of 2028"},
        country="CN",
        time_zone="Asia/Shanghai",
        starts_on=edition.starts_on + timedelta(days=364),
        ends_on=edition.ends_on + timedelta(days=364),
        state=Edition.State.PUBLISHED,
    )
    return clone_edition(edition, new, **options).edition


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
        for model in (Participation, Offer, Stand, Session, Wish, Meeting):
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


def test_a_copy_at_an_address_that_is_taken_makes_nothing(past: Edition) -> None:
    copy_of(past)
    count = AuditEntry.objects.count()
    with pytest.raises(AddressTakenError):
        copy_of(past)
    assert (Edition.objects.count(), AuditEntry.objects.count()) == (2, count)


def test_the_page_makes_the_copy(past: Edition, organiser_client: Client) -> None:
    address = reverse("clone", args=[past.slug])
    assert 'value="2027-11-27"' in organiser_client.get(address).text
    given = {"slug": "next", "name_en": "Next", "starts_on": "2027-11-27", "ends_on": "2027-11-29", "invite": "on"}
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


def test_only_the_organiser_changes_a_fair(
    edition: Edition, other_organiser_client: Client, member_client: Client, anonymous_client: Client
) -> None:
    for page in ("edition-change", "sections", "edition-state", "clone", "usual-phases"):
        address = reverse(page, args=[edition.slug])
        codes = [
            client.post(address, GIVEN).status_code
            for client in (other_organiser_client, member_client, anonymous_client)
        ]
        assert codes == [403, 403, 302]
    assert AuditEntry.objects.count() == 0
