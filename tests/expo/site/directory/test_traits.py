"""The directory is narrowed by what is known of a firm itself, and by nothing that the firm does not show to all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation, SizeRule
from serai.expo.firms.record.models import Certification, Firm
from serai.expo.firms.verification.models import Verification
from serai.expo.offers.chains.domain.placements import chains_of_edition
from serai.expo.site.directory.domain.directory import Filter, facets

pytestmark = pytest.mark.any_database

ASKED = {
    "verification": "2",
    "certificate": "ISO 9001",
    "size": "sme",
    "language": "fr",
    "women_led": "1",
}
HIDDEN_BY = {"certificate": "certifications", "size": "size", "language": "languages", "women_led": "women_led"}


@pytest.fixture
def told(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]) -> Firm:
    """An exhibitor of whom all of it is known, beside one of whom nothing is."""
    firm = a_firm("Told Ltd", "RW", size="small", women_led=True, languages=["en", "fr"])
    take_part(edition, firm)
    take_part(edition, a_firm("Silent Ltd", "CN", languages=["frp"]))
    Certification.objects.create(firm=firm, scheme="iso9001:2015")
    Verification.objects.create(
        firm=firm, level=2, state=Verification.State.GRANTED, valid_until=timezone.localdate() + timedelta(days=1)
    )
    return firm


def found(client: Client, edition: Edition, **asked: str) -> set[str]:
    """Whom the page finds; a call finds the same."""
    page = client.get(f"/en/{edition.slug}/firms/", asked)
    call = client.get(f"/api/v1/editions/{edition.slug}/firms", asked)
    assert page.status_code == call.status_code == 200
    names = {one.firm.legal_name for one in page.context["page"]}
    assert {one["firm"]["legal_name"] for one in call.json()["items"]} == names
    return names


def counts(edition: Edition) -> dict[str, dict[str, int]]:
    with scope(edition=edition):
        known = facets(edition, Filter(), chains_of_edition(edition))
        return {facet.name: {one.value: one.count for one in facet.choices} for facet in known}


@pytest.mark.parametrize("name", ASKED)
def test_who_has_it_is_found_and_nobody_else(name: str, edition: Edition, told: Firm, client: Client) -> None:
    assert found(client, edition, **{name: ASKED[name]}) == {"Told Ltd"}


@pytest.mark.parametrize(
    "asked",
    [
        {"verification": "3"},
        {"certificate": "ISO 14001"},
        {"size": "large"},
        {"language": "ru"},
        {"group": "SCO", "women_led": "1"},
    ],
)
def test_who_has_it_not_is_not_found(asked: dict[str, str], edition: Edition, told: Firm, client: Client) -> None:
    assert "Told Ltd" not in found(client, edition, **asked)


def test_the_facets_count_them(edition: Edition, told: Firm) -> None:
    assert not counts(edition)["group"]
    edition.country_groups = ["LDC"]
    known = counts(edition)
    assert known["verification"] == {"1": 1, "2": 1}
    assert known["certificate"] == {"ISO 9001": 1}
    assert known["size"] == {"sme": 1}
    assert known["language"]["fr"] == 1
    assert known["group"]["LDC"] == 1


@pytest.mark.parametrize("readers", ["participants", "organiser", "firm"])
@pytest.mark.parametrize("name", HIDDEN_BY)
def test_what_the_firm_does_not_show_to_all_is_neither_found_nor_counted(
    name: str,
    readers: str,
    edition: Edition,
    told: Firm,
    client: Client,
    organiser_client: Client,
    new_user: Callable[..., Any],
) -> None:
    told.visibility = {HIDDEN_BY[name]: readers}
    told.save()
    own = Client()
    own.force_login(new_user("own", firm=told))
    for reader in (client, organiser_client, own):
        assert "Told Ltd" not in found(reader, edition, **{name: ASKED[name]})
    assert ASKED[name] not in counts(edition).get(name, {})


def test_what_has_run_out_or_waits_is_not_held(edition: Edition, told: Firm, client: Client) -> None:
    Certification.objects.update(valid_until=edition.starts_on - timedelta(days=1))
    Verification.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert found(client, edition, certificate="ISO 9001") == found(client, edition, verification="1") == set()
    Verification.objects.update(valid_until=None, state=Verification.State.ASKED)
    assert found(client, edition, verification="1") == set()


def test_the_size_is_that_of_the_rule_of_the_fair(edition: Edition, told: Firm, client: Client) -> None:
    told.employees = "300-999"
    told.save()
    with scope(edition=edition):
        SizeRule.objects.create(edition=edition, medium_employees=250)
    assert (found(client, edition, size="sme"), found(client, edition, size="large")) == (set(), {"Told Ltd"})


def test_the_language_in_which_a_firm_writes_counts_too(edition: Edition, told: Firm, client: Client) -> None:
    Firm.objects.filter(legal_name="Silent Ltd").update(language="fr")
    assert found(client, edition, language="fr") == {"Told Ltd", "Silent Ltd"}
    assert counts(edition)["language"]["fr"] == 2


@pytest.mark.parametrize("asked", [{}, ASKED])
def test_the_number_of_queries_does_not_grow_with_the_exhibitors(
    asked: dict[str, str],
    edition: Edition,
    told: Firm,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    client: Client,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as said:
            assert client.get(f"/en/{edition.slug}/firms/", asked).status_code == 200
        return len(said)

    few = queries()
    for number in range(2):
        more = a_firm(f"More {number}", "RW", size="small", women_led=True, languages=["fr"])
        take_part(edition, more)
        Certification.objects.create(firm=more, scheme="ISO 9001")
        Verification.objects.create(
            firm=more, level=2, state=Verification.State.GRANTED, valid_until=timezone.localdate()
        )
    assert queries() == few


def test_the_facets_ask_as_often_whatever_is_asked_for_and_the_spellings_of_a_certificate_once(
    edition: Edition, told: Firm
) -> None:
    counted = {}
    with scope(edition=edition):
        chains = chains_of_edition(edition)
        facets(edition, Filter(), chains)
        for asked in (
            Filter(),
            Filter(country="RW"),
            Filter(certificate="ISO 9001"),
            Filter(**ASKED | {"launches": True}),
        ):  # type: ignore[arg-type]
            with CaptureQueriesContext(connection) as queries:
                facets(edition, asked, chains)
            counted[asked] = len(queries)
    plain, country, certificate, several = counted.values()
    assert plain <= 10
    assert country == plain + 1  # the facet of what is chosen has others than the rest
    assert certificate == plain + 2  # and how the scheme is spelt
    assert several == plain + 4 + 2  # four such facets, the spellings, and the rule of sizes


def test_facets_of_what_is_chosen_count_who_meets_all_other_conditions(
    edition: Edition, told: Firm, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> None:
    other = a_firm("Other Ltd", "KE", size="large", languages=["fr", "en"])
    take_part(edition, other)
    take_part(edition, other, kind="service")
    Certification.objects.create(firm=other, scheme="ISO 9001:2008")
    with scope(edition=edition):
        asked = Filter(language="fr", size="sme", country="RW", certificate="ISO 9001")
        known = {
            facet.name: {one.value: one.count for one in facet.choices}
            for facet in facets(edition, asked, chains_of_edition(edition))
        }
        assert known["country"] == {"RW": 1}
        assert known["size"] == {"sme": 1}
        assert known["language"] == {"en": 1, "fr": 1}
        # Exhibitors are counted as they take part, languages and certificates by firm.
        known = {
            facet.name: {one.value: one.count for one in facet.choices}
            for facet in facets(edition, Filter(size="large"), chains_of_edition(edition))
        }
        assert known["size"] == {"sme": 1, "large": 2}
        assert known["country"] == {"KE": 2}
        assert (known["language"], known["certificate"]) == ({"en": 1, "fr": 1}, {"ISO 9001": 1})


@pytest.mark.django_db(transaction=True)
def test_traits_are_counted_again_only_when_they_change(
    edition: Edition, told: Firm, django_assert_num_queries: Any
) -> None:
    assert counts(edition)["country"] == {"RW": 1, "CN": 1}
    with scope(edition=edition):
        chains = chains_of_edition(edition)
        with django_assert_num_queries(1):  # for the revisions
            facets(edition, Filter(), chains)
    Firm.objects.filter(pk=told.pk).update(country="KE")
    assert counts(edition)["country"] == {"KE": 1, "CN": 1}
