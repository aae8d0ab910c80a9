"""Setting a fair up: made by a form, changed, published and closed, and copied for the next time."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.changes import EditionStateError, change_state, propose_phases
from serai.expo.fairs.edition.domain.phases import set_phases, standings
from serai.expo.fairs.edition.models import Edition, Participation, Phase, Section
from serai.expo.fairs.jobs.models import Job
from serai.expo.offers.chains.domain.fair_chains import set_sections
from serai.expo.offers.chains.domain.placements import chains_of_edition, load_builtin_chains
from serai.expo.offers.chains.models import Chain
from serai.expo.people.account.models import User
from serai.expo.site.setup.domain import steps
from serai.expo.venue.halls.models import Booth, Hall
from serai.world.chains import BUILTIN, CHOSEN

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
    assert answer["Location"] == reverse("import-upload", args=["fair-2027"])
    assert "Now bring your list of firms" in organiser_client.get(answer["Location"]).text
    setup = organiser_client.get(reverse("setup", args=["fair-2027"])).text
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
    assert "1 of 7 steps" not in setup
    assert "of 7 steps are done" in setup


def test_how_many_events_an_exhibitor_may_hold_is_said_in_the_form_and_stays_where_it_is_left_out(
    edition: Edition, given: dict[str, str], organiser_client: Client
) -> None:
    page = reverse("edition-change", args=[edition.slug])
    for said, kept in (({"booth_events_maximum": "5"}, 5), ({}, 5), ({"booth_events_maximum": "0"}, 0)):
        assert organiser_client.post(page, given | said).status_code == 302
        edition.refresh_from_db()
        assert edition.booth_events_maximum == kept


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


def test_an_organiser_chooses_among_the_nine_chains_and_everything_is_placed_on_them(
    edition: Edition, organiser: User, organiser_client: Client
) -> None:
    load_builtin_chains()
    page = reverse("sections", args=[edition.slug])
    shown = organiser_client.get(page).text
    assert all(f'value="{slug}"' in shown for slug in BUILTIN)
    assert "Textiles and apparel: From cotton, wool" in shown
    assert not Chain.objects.filter(slug__in=CHOSEN).exists()
    assert organiser_client.post(page, {"chains": "toys"}).status_code == 400
    assert organiser_client.post(page, {"chains": ["textiles-and-apparel", "clean-energy"]}).status_code == 302
    assert [chain.slug for chain in chains_of_edition(edition)] == ["textiles-and-apparel", "clean-energy"]
    made = AuditEntry.objects.filter(action="section.made", edition=edition, user=organiser)
    assert [entry.after["slug"] for entry in made.order_by("pk")] == ["textiles-and-apparel", "clean-energy"]
    with scope(edition=edition):
        assert [job.kind for job in Job.objects.all()] == ["placing"]
    chains = organiser_client.get(reverse("chain-list", args=[edition.slug])).text
    assert "Textiles and apparel" in chains
    assert "Minerals and metals" not in chains


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


def test_an_organiser_writes_the_fair_in_languages_of_its_own(edition: Edition, organiser_client: Client) -> None:
    page = reverse("edition-change", args=[edition.slug])
    assert ">català (Catalan)</option>" in organiser_client.get(page).text
    changed = GIVEN | {"languages": ["de"], "more_language": "ca", "name_de": "Messe"}
    assert organiser_client.post(page, changed).status_code == 302
    edition.refresh_from_db()
    assert edition.languages == ["de", "ca"]
    text = organiser_client.get(page).text
    assert 'name="name_ca"' in text
    assert text.index('name="name_de"') < text.index('name="name_en"')
    assert organiser_client.post(page, GIVEN | {"more_language": "xx"}).status_code == 400


def test_each_step_of_a_draft_says_what_comes_next(edition: Edition, organiser_client: Client) -> None:
    page = reverse("sections", args=[edition.slug])
    assert "Next: <a" not in organiser_client.get(page).text
    Edition.objects.filter(pk=edition.pk).update(state="draft")
    text = organiser_client.get(page).text
    assert f'Next: <a href="{reverse("phases", args=[edition.slug])}">Phases</a>' in text
    assert "publish the fair</a> at any time" in text


def test_a_step_is_done_when_what_it_asks_for_is_there(edition: Edition) -> None:
    def done() -> dict[str, tuple[bool, int | None]]:
        with scope(edition=edition):
            return {step.page: (step.done, step.count) for step in steps(edition)}

    edition.city, edition.venue, edition.name = {}, {}, {"en": edition.slug}
    assert done()["edition-change"] == (False, None), "a fair that a list opened"
    edition.name = {"en": "The fair"}
    assert done()["edition-change"] == (True, None), "somebody has named it"
    with scope(edition=edition):
        booth = Booth.objects.create(edition=edition, hall=Hall.objects.create(edition=edition, code="1"), code="A1")
    assert done()["floor"] == (False, 0), "it stands in a list and nowhere on a plan"
    booth.x_m = booth.y_m = booth.width_m = booth.depth_m = 3.0
    booth.save()
    assert done()["floor"] == (True, 1)
