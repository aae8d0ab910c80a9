"""What a firm says of itself is checked, marked with who said it, and read by those whom the firm chose."""

from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.base.files.models import Audience
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.domain.profile import ProfileError, change, put, remove, show_to
from serai.expo.firms.record.domain.visibility import audience_of, reads_as
from serai.expo.firms.record.models import Certification, Firm, FirmIdentifier, Flow, Plant
from serai.expo.people.account.models import User
from serai.expo.results.report.domain.exporters import exhibitors_csv

pytestmark = pytest.mark.django_db
SECRET = "Turnover, million US$ a year"


@pytest.fixture
def firm(member: User) -> Firm:
    found = member.roles.get().firm
    assert found is not None
    return found


def test_a_change_is_audited_and_marked_with_who_said_it(firm: Firm, member: User) -> None:
    assert change(firm, {"founded": 2009, "markets": ["KE"], "city": {"en": "Wuxi"}}, user=member) == [
        "founded",
        "markets",
        "city",
    ]
    assert firm.provenance["founded"]["source"] == "firm"
    assert firm.provenance["founded"]["by"] == member.pk
    entry = AuditEntry.objects.get(action="firm.changed")
    assert entry.user == member
    assert entry.after is not None
    assert entry.after["founded"] == 2009
    assert change(firm, {"founded": 2009}, user=member) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("markets", ["XX"]), ("isic", ["9999x"]), ("incoterms", ["FOX"]), ("languages", ["!"]), ("ownership", "nobody"),
     ("identifier", "CN1"), ("website", "no address"), ("founded", -1)],
)  # fmt: skip
def test_what_is_not_so_is_refused_and_changes_nothing(name: str, value: object, firm: Firm, member: User) -> None:
    before = Firm.objects.values().get(pk=firm.pk)
    with pytest.raises(ProfileError) as refused:
        change(firm, {"founded": 2001, name: value}, user=member)
    assert refused.value.field in {name, "__all__"}
    assert Firm.objects.values().get(pk=firm.pk) == before


def test_a_number_is_checked(firm: Firm, member: User) -> None:
    number = put(FirmIdentifier(firm=firm, scheme="LEI", value="5493 001KJTIIGC8Y1R12"), user=member)
    assert (number.value, number.check_digit) == ("5493001KJTIIGC8Y1R12", "right")
    with pytest.raises(ProfileError, match="check"):
        put(FirmIdentifier(firm=firm, scheme="LEI", value="5493001KJTIIGC8Y1R13"), user=member)


def test_what_an_organiser_saw_is_seen_no_more_when_the_firm_changes_it(
    firm: Firm, member: User, organiser: User
) -> None:
    one = put(Certification(firm=firm, scheme="ISO 9001", number="1"), user=member)
    one.verified_by = organiser
    put(one, user=organiser, source="organiser")
    assert Certification.objects.get().verified_by == organiser
    one.number = "2"
    put(one, user=member)
    assert Certification.objects.get().verified_by is None
    remove(one, user=member)
    assert AuditEntry.objects.filter(action="certification.removed", user=member).exists()


def test_an_unknown_code_is_no_input(firm: Firm, member: User) -> None:
    put(Flow(firm=firm, direction="input", code="3920"), user=member)
    with pytest.raises(ProfileError, match="Not known"):
        put(Flow(firm=firm, direction="input", code="7700"), user=member)


def test_the_usual_audience_may_be_changed_and_nothing_else(firm: Firm, member: User) -> None:
    assert audience_of(firm, "turnover") == Audience.ORGANISER
    show_to(firm, "turnover", Audience.PUBLIC, user=member)
    assert audience_of(firm, "turnover") == Audience.PUBLIC
    for name, audience in (("legal_name", "firm"), ("turnover", "nobody")):
        with pytest.raises(ProfileError):
            show_to(firm, name, audience, user=member)


def test_who_reads_a_firm_as_what(
    firm: Firm,
    edition: Edition,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    new_user: Callable[..., User],
    member: User,
    organiser: User,
    other_organiser: User,
    stranger: User,
) -> None:
    neighbour = a_firm()
    take_part(edition, neighbour, kind="buyer")
    expected = [
        (member, Audience.FIRM),
        (organiser, Audience.ORGANISER),
        (new_user("neighbour", firm=neighbour), Audience.PARTICIPANTS),
        (other_organiser, Audience.PUBLIC),
        (stranger, Audience.PUBLIC),
    ]
    assert [reads_as(user, firm) for user, _as in expected] == [reader for _user, reader in expected]


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience.PUBLIC, {"member", "organiser", "other organiser", "stranger", "anonymous"}),
        (Audience.PARTICIPANTS, {"member", "organiser"}),
        (Audience.ORGANISER, {"member", "organiser"}),
        (Audience.FIRM, {"member"}),
    ],
)
def test_the_page_of_a_firm_shows_each_field_to_its_readers_only(
    audience: Audience,
    readers: set[str],
    firm: Firm,
    edition: Edition,
    member: User,
    member_client: Client,
    organiser_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    change(firm, {"turnover": "10-50", "website": "https://secret.example"}, user=member)
    put(Plant(firm=firm, country="CN", place={"en": "Secret plant"}), user=member)
    for name in ("turnover", "website", "plants"):
        show_to(firm, name, audience, user=member)
    clients = {
        "member": member_client, "organiser": organiser_client, "other organiser": other_organiser_client,
        "stranger": stranger_client, "anonymous": anonymous_client,
    }  # fmt: skip
    for who, client in clients.items():
        page = client.get(f"/en/{edition.slug}/firms/{firm.identifier}/").text
        for text in (SECRET, "https://secret.example", "Secret plant"):
            assert (text in page) == (who in readers), (who, text)
    with scope(edition=edition):
        public = exhibitors_csv(edition).decode()
    assert ("secret.example" in public) == (audience == Audience.PUBLIC)


def test_the_sources_of_a_firm_are_for_itself_and_its_organisers(
    firm: Firm, edition: Edition, member: User, member_client: Client, anonymous_client: Client
) -> None:
    change(firm, {"founded": 2009}, user=member)
    address = f"/en/{edition.slug}/firms/{firm.identifier}/"
    assert "the firm itself" in member_client.get(address).text
    assert "the firm itself" not in anonymous_client.get(address).text
