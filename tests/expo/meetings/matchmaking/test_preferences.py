"""What a need or an offer only wishes counts, and is told alike on pages, in the interface and by the command."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.interface.domain.keys import make_key
from serai.expo.firms.record.models import Firm
from serai.expo.meetings.matchmaking.domain.matching import explain_pair, partners_of, partners_of_edition
from serai.expo.meetings.matchmaking.domain.sources import sources_of
from serai.expo.offers.chains.domain.placements import load_builtin_chains, place_edition
from serai.expo.offers.market.models import Need, Offer
from serai.expo.people.account.models import User
from serai.match.ranking import Signal

type Make[Thing] = Callable[..., Thing]

SEPARATORS = "Lithium battery separator film"
DEMANDS = ["certificates", "quantity", "languages"]


@pytest.fixture
def asked(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Offer], need: Make[Need]
) -> tuple[Participation, dict[str, Participation]]:
    """A buyer with four wishes, and makers of the same film: one meets all, one is silent, one misses three."""
    load_builtin_chains()
    buyer = take_part(edition, a_firm(country="KE"), kind="buyer")
    until = edition.starts_on + timedelta(days=60)
    need(
        buyer, SEPARATORS, certificates=["ISO 9001"], price_high=3, currency="USD", delivery_until=until,
        countries_wanted=["DE"], quantity=100, unit="TNE", frequency="year", musts=["quantity"],
    )  # fmt: skip
    good = {"certificates": ["ISO 9001"], "price_low": 2, "currency": "USD", "lead_time_days": 30, "unit": "TNE"}
    bad = {"price_low": 9, "currency": "USD", "lead_time_days": 90, "unit": "TNE"}
    makers = {
        name: take_part(edition, a_firm(country=code))
        for name, code in (("bad", "FR"), ("silent", "FR"), ("good", "DE"))
    }
    offer(makers["good"], SEPARATORS, **good, minimum_order=500, countries_wanted=["KE"])
    offer(makers["silent"], SEPARATORS, unit="TNE")
    offer(makers["bad"], SEPARATORS, **bad)
    place_edition(edition)
    return buyer, makers


def _key(user: User, *scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {make_key(user, 'a program', scopes)[1]}"}


def test_wishes_order_the_sources_and_cut_none(
    edition: Edition, asked: tuple[Participation, dict[str, Participation]]
) -> None:
    buyer, makers = asked
    ordered = [makers[name] for name in ("good", "silent", "bad")]
    with scope(edition=edition):
        assert [one.participation for one in partners_of(buyer, public=False)] == ordered
        assert [one.participation for one in sources_of(Need.objects.get()).best] == ordered
    assert [one.participation for one in partners_of_edition(edition)[buyer.pk]] == ordered
    found = {name: explain_pair(buyer, maker).match for name, maker in makers.items()}
    values = {name: match.signals_firm[Signal.WISHES] for name, match in found.items() if match}
    assert values == {"good": pytest.approx(1), "silent": pytest.approx(-1 / 4), "bad": pytest.approx(-3 / 4)}


def test_what_is_met_missed_and_not_known_is_told_to_each_side_in_its_language(
    edition: Edition, asked: tuple[Participation, dict[str, Participation]]
) -> None:
    buyer, makers = asked
    buying, making = (participation.firm.legal_name for participation in (buyer, makers["good"]))
    assert explain_pair(buyer, makers["good"]).sentences[1:3] == (
        (
            f"Of what {buying} wishes for {SEPARATORS}: met: certificates (ISO 9001), country (Germany), "
            "price (3 USD), time of delivery."
        ),
        f"Of what {making} wishes for {SEPARATORS}: met: country; not met: minimum order.",
    )
    assert explain_pair(makers["good"], buyer).sentences[1:3] == (
        f"Of what {making} wishes for {SEPARATORS}: met: country (Kenya); not met: minimum order (500 TNE).",
        f"Of what {buying} wishes for {SEPARATORS}: met: certificates, country, price, time of delivery.",
    )
    said = explain_pair(buyer, makers["bad"]).sentences[1]
    assert "not met: country (Germany), price (3 USD), time of delivery; not known: certificates (ISO 9001)" in said
    for language, words in (
        ("zh-hans", "的期望"), ("ar", "من رغبات"), ("fr", "souhaits de"), ("es", "los deseos de"), ("ru", "пожеланий")
    ):  # fmt: skip
        with scope(edition=edition), override(language):
            (first, *_others) = partners_of(buyer, public=False)
            assert words in first.wishes[0]


def test_pages_interface_and_command_tell_the_same_in_the_same_order(
    edition: Edition,
    asked: tuple[Participation, dict[str, Participation]],
    organiser: User,
    organiser_client: Client,
) -> None:
    buyer, makers = asked
    with scope(edition=edition):
        found = partners_of(buyer, public=False)
    told = [(one.participation.firm.identifier, [*one.sentences, *one.wishes, *one.supply]) for one in found]
    address = f"/api/v1/editions/{edition.slug}/firms/{buyer.firm.identifier}/matches"
    shown = organiser_client.get(address, headers=_key(organiser, "read", "organise")).json()["items"]
    assert [(one["firm"], one["reasons"]) for one in shown] == told
    page = organiser_client.get(f"/en/{edition.slug}/firms/{buyer.firm.identifier}/partners/").text
    places = [page.index(sentence) for _firm, sentences in told for sentence in sentences[1:2]]
    assert places == sorted(places)
    for one in found:
        explained = explain_pair(buyer, one.participation)  # what `serai match --explain` prints
        assert explained.match is not None
        assert (explained.match.score, explained.sentences) == (
            one.match.score,
            (*one.sentences, *one.wishes, *one.supply),
        )
    with scope(edition=edition):
        assert [(one.match.score, one.sentences) for one in sources_of(Need.objects.get()).best] == [
            (one.match.score, one.sentences) for one in found
        ]
    assert makers["good"].firm.identifier == told[0][0]


def test_a_wish_that_becomes_a_must_cuts_and_says_so(
    edition: Edition, asked: tuple[Participation, dict[str, Participation]]
) -> None:
    buyer, makers = asked
    with scope(edition=edition):
        Need.objects.update(musts=["price"])
        assert {one.participation for one in partners_of(buyer, public=False)} == {makers["good"], makers["silent"]}
    (cut,) = explain_pair(buyer, makers["bad"]).cut
    assert "price (3 USD) is a must and is not met" in cut
    with scope(edition=edition):
        Offer.objects.filter(participation=makers["good"]).update(musts=["minimum_order"])
    (cut,) = explain_pair(buyer, makers["good"]).cut
    assert "minimum order (500 TNE) is a must for the offer and is not met" in cut


def test_the_size_of_a_firm_counts_where_the_firm_tells_it_to_everyone(
    edition: Edition, take_part: Make[Participation], a_firm: Make[Firm], offer: Make[Offer], need: Make[Need]
) -> None:
    load_builtin_chains()
    buyer = take_part(edition, kind="buyer")
    need(buyer, SEPARATORS, partner_sizes=["small"])
    shown = {"open": {}, "said": {"size": "public"}, "hidden": {"size": "firm"}}
    makers = {name: take_part(edition, a_firm(size="small", visibility=own)) for name, own in shown.items()}
    for maker in makers.values():
        offer(maker, SEPARATORS)
    place_edition(edition)
    for name, maker in makers.items():
        said = " ".join(explain_pair(buyer, maker).sentences)
        assert ("met: size of the firm" in said) == (name != "hidden")
        assert ("not known: size of the firm" in said) == (name == "hidden")


def test_an_exhibitor_says_on_its_desk_in_a_table_and_by_program_what_is_a_must(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    given = {"title_en": "Film", "family": "goods", "certificates": ["CE"], "countries_wanted": "Kenya"}
    owner_client.post(f"{address}needs/new/", given | {"musts": ["countries"]})
    with scope(edition=edition):
        need = Need.objects.get()
    assert (need.musts, need.must_names) == (["countries"], ["Countries or regions wanted"])
    assert need.wish_names == ["Certificates"]
    blank = owner_client.get(f"{address}needs/new/").text
    assert all(f'value="{name}" ' in blank for name in DEMANDS)
    assert blank.count("checked") == len(DEMANDS)
    assert owner_client.post(f"{address}needs/new/", given | {"musts": ["minimum_order"]}).status_code == 400
    table = owner_client.get(f"{address}needs/needs.csv").content.decode("utf-8-sig")
    (cells,) = csv.DictReader(io.StringIO(table))
    assert cells["musts"] == "countries"
    for change, kept in (({"musts": "certificates;price"}, ["certificates", "price"]), ({}, ["certificates", "price"])):
        told = {name: cells[name] for name in ("number", "title_en", "family")} | change
        text = io.StringIO("\n".join((",".join(told), ",".join(told.values()))))
        file = SimpleUploadedFile("needs.csv", text.read().encode())
        assert "are kept" in owner_client.post(f"{address}needs/table/", {"file": file}, follow=True).text
        with scope(edition=edition):
            assert Need.objects.get().musts == kept


def test_what_a_side_cannot_ask_is_refused_by_the_interface(
    desk: Participation, edition: Edition, owner: User, client: Client
) -> None:
    address, headers = f"/api/v1/editions/{edition.slug}/firms/{desk.firm.identifier}", _key(owner, "write")

    def enter(kind: str, **given: Any) -> Any:
        body = {"title": {"en": "Film"}, **given}
        return client.post(f"{address}/{kind}", body, content_type="application/json", headers=headers).json()

    assert enter("needs")["musts"] == DEMANDS
    assert enter("offers")["musts"] == []
    assert enter("needs", musts=["price"])["musts"] == ["price"]
    assert enter("offers", musts=["minimum_order"], minimum_order="5")["musts"] == ["minimum_order"]
    (fault,) = enter("offers", musts=["certificates"])["errors"]
    assert (fault["at"], "Not known: certificates" in fault["fault"]) == ("body/given/musts", True)


def test_days_are_counted_from_the_opening_of_the_fair(
    edition: Edition, take_part: Make[Participation], offer: Make[Offer], need: Make[Need]
) -> None:
    load_builtin_chains()
    buyer, maker = take_part(edition, kind="buyer"), take_part(edition)
    need(buyer, SEPARATORS, delivery_until=edition.starts_on + timedelta(days=20))
    item = offer(maker, SEPARATORS, lead_time_days=20)
    place_edition(edition)
    assert "met: time of delivery" in explain_pair(buyer, maker).sentences[1]
    with scope(edition=edition):
        Offer.objects.filter(pk=item.pk).update(delivery_from=date(2030, 1, 1))
    assert "not met: time of delivery" in explain_pair(buyer, maker).sentences[1]
