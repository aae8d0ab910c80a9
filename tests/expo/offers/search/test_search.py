"""Firms, offers and needs are found by words, by meaning and in spite of slips, and only by those who may see them."""

import sys
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope
from pytest_django.fixtures import DjangoAssertNumQueries

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import Need, Offer
from serai.expo.offers.search.domain import index
from serai.expo.offers.search.domain.index import refresh_tokens, reindex
from serai.expo.offers.search.domain.meanings import has_pgvector
from serai.expo.offers.search.domain.search import Answer, catch_up, search, search_firms, warm_up
from serai.expo.offers.search.domain.stores import install, matching
from serai.expo.offers.search.models import SearchEntry
from serai.expo.participants.participation.domain.exhibitors import exhibitors
from serai.match.codes import suggestion
from serai.match.search import Group

type Make[Thing] = Callable[..., Thing]

OFFERS = (
    ("Shanhe Film", "CN", {"en": "Separator film for lithium batteries", "zh-hans": "锂电池隔膜"}),
    ("Nordwind Rotor", "DE", {"en": "Wind turbine blades, 80 m", "de": "Rotorblätter für Windkraftanlagen"}),
    ("Kilima Coffee", "RW", {"en": "Green coffee beans, washed arabica", "fr": "Café vert arabica lavé"}),
    ("Neva Bearing", "RU", {"ru": "Подшипники качения для редукторов", "en": "Roller bearings for gearboxes"}),
    ("Atlas Dattes", "MA", {"ar": "تمور مجهول فاخرة", "fr": "Dattes Medjool"}),
)


@pytest.fixture
def fair(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], offer: Make[Offer], need: Make[Need]
) -> Edition:
    for name, country, title in OFFERS:
        one = take_part(edition, a_firm(name, country, name={"en": name}))
        offer(one, title, hs=["8482"] if "Bearing" in name else [])
    buyer = take_part(edition, a_firm("Quiet Buyer"), kind="buyer")
    need(buyer, "Noiseless gearboxes")
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
    return edition


def firms(edition: Edition, words: str) -> list[str]:
    with scope(edition=edition):
        return _names(search_firms(edition, words, exhibitors(edition)))


def _names(answer: Answer) -> list[str]:
    name = dict(Participation.objects.values_list("pk", "firm__legal_name"))
    return [name[pk] for pk in answer.participations]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Shanhe Film", "Shanhe Film"),
        ("隔膜", "Shanhe Film"),
        ("seperator", "Shanhe Film"),
        ("separators", "Shanhe Film"),
        ("nordwnid rotor", "Nordwind Rotor"),
        ("8482", "Neva Bearing"),
        ("подшипник", "Neva Bearing"),
        ("cafés verts", "Kilima Coffee"),
        ("تمر مجهول", "Atlas Dattes"),
        ("Kaffeebohnen", "Kilima Coffee"),
        ("éoliennes", "Nordwind Rotor"),
    ],
)
def test_names_codes_slips_stems_and_other_languages_find(fair: Edition, words: str, first: str) -> None:
    assert firms(fair, words)[:1] == [first]


def test_a_firm_that_says_all_words_hides_those_that_only_come_near(fair: Edition) -> None:
    assert firms(fair, "bearings") == ["Neva Bearing"]
    with scope(edition=fair):
        exact, near = (search_firms(fair, words, exhibitors(fair)) for words in ("bearings", "Kaffeebohnen"))
    assert not exact.by_meaning
    assert near.by_meaning


def test_a_phrase_finds_what_most_of_its_words_find(fair: Edition) -> None:
    assert firms(fair, "Separator film for electric lorries")[:1] == ["Shanhe Film"]
    assert firms(fair, "roller bearings for excavators")[:1] == ["Neva Bearing"]


def test_a_phrase_finds_all_that_its_product_finds(
    fair: Edition, a_firm: Make[Firm], take_part: Make[Participation], offer: Make[Offer]
) -> None:
    for name in ("Ladepunkt", "Voltwerk"):
        offer(take_part(fair, a_firm(name)), "Charging stations")
    offer(take_part(fair, a_firm("Hafenkran")), "Cranes that load trucks")
    with scope(edition=fair):
        refresh_tokens(Participation.objects.all())
    assert set(firms(fair, "Charging stations for electric trucks")[:2]) == {"Ladepunkt", "Voltwerk"}


@pytest.mark.parametrize("words", ["كاثود", "مادة المهبط", "正极材料", "cathode"])
def test_a_trade_word_of_the_chains_is_found_in_any_of_their_languages(
    fair: Edition, a_firm: Make[Firm], take_part: Make[Participation], offer: Make[Offer], words: str
) -> None:
    offer(take_part(fair, a_firm("Ningyuan Powder")), "NCM cathode active material for lithium cells")
    with scope(edition=fair):
        refresh_tokens(Participation.objects.all())
    assert firms(fair, words)[:1] == ["Ningyuan Powder"]


def test_what_was_taken_for_a_slip_is_told(fair: Edition) -> None:
    with scope(edition=fair):
        assert search_firms(fair, "seperator film").corrected == (("seperator", "separator"),)
        assert search_firms(fair, "separator film").corrected == ()


def test_who_may_not_be_seen_is_not_found(fair: Edition) -> None:
    assert "Quiet Buyer" not in firms(fair, "Quiet Buyer")
    with scope(edition=fair):
        assert "Quiet Buyer" in _names(search_firms(fair, "Quiet Buyer"))
        assert "Quiet Buyer" not in _names(search(fair, "noiseless gearboxes", among=exhibitors(fair)))
        assert _names(search(fair, "noiseless gearboxes", kinds=["need"])) == ["Quiet Buyer"]


def test_who_says_all_words_and_may_not_be_seen_hides_nobody_who_says_some(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], offer: Make[Offer], need: Make[Need]
) -> None:
    for number in range(12):
        need(take_part(edition, a_firm(f"Buyer {number}", "CN"), kind="buyer"), {"zh-hans": "电池隔膜"})
    offer(take_part(edition, a_firm("Shanhe Film", "CN")), {"zh-hans": "湿法隔膜"})
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
        answer = search_firms(edition, "电池隔膜", exhibitors(edition))
        names = dict(Participation.objects.values_list("pk", "firm__legal_name"))
    assert [names[pk] for pk in answer.participations] == ["Shanhe Film"]


def test_another_edition_finds_nothing_of_this_one(fair: Edition, other_edition: Edition) -> None:
    with scope(edition=other_edition):
        assert search_firms(other_edition, "Shanhe Film") == Answer()
        assert search(other_edition, "Shanhe Film") == Answer()


def test_an_offer_is_found_by_its_words_and_by_its_meaning(fair: Edition) -> None:
    with scope(edition=fair):
        offers = dict(Offer.objects.values_list("pk", "participation__firm__legal_name"))
        for words in ("separator", "roulements à rouleaux", "风力发电机叶片"):
            found = search(fair, words, kinds=["offer"]).found
            assert {one.kind for one in found} == {"offer"}
            assert offers[found[0].item] == {"s": "Shanhe Film", "r": "Neva Bearing", "风": "Nordwind Rotor"}[words[0]]


def test_a_spanish_text_that_an_import_kept_under_english_means_what_it_means_in_spanish(
    edition: Edition, a_firm: Make[Firm], take_part: Make[Participation], need: Make[Need]
) -> None:
    buyer = take_part(edition, a_firm("Farmacias Sol", "ES"))
    for language in ("en", "es"):
        need(buyer, {language: "Cepillos de dientes eléctricos para farmacias"})
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
        catch_up(edition)
        first, second = SearchEntry.objects.filter(kind="need").values_list("vector", flat=True)
    assert bytes(first) == bytes(second)


def test_a_change_is_found_at_once_and_what_is_gone_no_more(fair: Edition) -> None:
    assert firms(fair, "turbine") == ["Nordwind Rotor"]
    with scope(edition=fair):
        offer = Offer.objects.get(participation__firm__legal_name="Nordwind Rotor")
        offer.title = {"en": "Sails for cargo ships"}
        offer.save()
        refresh_tokens(Participation.objects.filter(pk=offer.participation_id))
    assert firms(fair, "sails") == ["Nordwind Rotor"]
    with scope(edition=fair):
        assert "turbine" not in SearchEntry.objects.get(item=0, participation=offer.participation_id).terms
        assert all(one.hit.words == 0 for one in search(fair, "turbine").found)
        Participation.objects.get(firm__legal_name="Nordwind Rotor").delete()
        assert not SearchEntry.objects.filter(item=offer.pk, kind="offer").exists()
    assert "Nordwind Rotor" not in firms(fair, "sails")


def test_what_a_bulk_writes_is_indexed_too(fair: Edition, a_firm: Make[Firm]) -> None:
    with scope(edition=fair):
        Participation.objects.bulk_create(
            [Participation(edition=fair, firm=a_firm("Bulk Ltd"), kind="exhibitor", tokens=" bulk ltd zirconium ")]
        )
    assert firms(fair, "zirconium") == ["Bulk Ltd"]


def test_the_meaning_of_all_is_worked_out_once(fair: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    told: list[float] = []
    assert reindex(fair, lambda _what, share: told.append(share)) == len(OFFERS) + 1
    with scope(edition=fair):
        assert catch_up(fair, 10) == 0
        assert not SearchEntry.objects.filter(vector=None).exists()
        assert SearchEntry.objects.count() == 2 * (len(OFFERS) + 1)
    assert told == sorted(told)
    assert told[-1] == 1


def test_the_store_finds_all_and_any_of_the_words(fair: Edition) -> None:
    coffee, film = (Group(word, (word, f"no{word}"), 1.0) for word in ("coffee", "film"))

    def found(groups: list[Group], every: bool) -> int:
        return len({row[1] for row in matching(fair.pk, groups, ["firm"], 10, every=every)})

    assert [found([coffee], True), found([coffee, film], True), found([coffee, film], False)] == [1, 0, 2]
    assert matching(fair.pk, [], ["firm"], 10) == matching(fair.pk, [coffee], [], 10) == []
    assert len(matching(fair.pk, [coffee, film], ["firm"], 1, every=False)) == 1


def test_installing_again_changes_nothing(fair: Edition) -> None:
    before = list(SearchEntry._base_manager.order_by("pk").values_list("pk", "terms"))
    connection.check_constraints()
    install(connection)
    assert list(SearchEntry._base_manager.order_by("pk").values_list("pk", "terms")) == before


@pytest.mark.parametrize(
    "words", ['"', "' OR 1=1 --", "NEAR(", "a AND", "* ^", "\\", "terms:film", "ʼ", "\x00", "x" * 5000]
)
def test_no_words_break_the_search(fair: Edition, words: str) -> None:
    with scope(edition=fair):
        search(fair, words)
        search_firms(fair, words)


def test_the_page_shows_the_best_first_and_the_facets_of_what_was_found(
    fair: Edition, anonymous_client: Client
) -> None:
    page = anonymous_client.get(f"/en/{fair.slug}/firms/?q=bearings+turbine+gearboxes").text
    assert "Neva Bearing" in page
    near = anonymous_client.get(f"/en/{fair.slug}/firms/?q=Kaffeebohnen")
    assert near.context["page"].object_list[0].firm.legal_name == "Kilima Coffee"
    assert near.context["answer"].by_meaning
    assert near.context["facets"][2].choices[0].value == "RW"
    nothing = anonymous_client.get(f"/en/{fair.slug}/firms/?q=separator&country=DE")
    assert nothing.context["page"].paginator.count == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_of_a_search_does_not_grow_with_what_is_found(
    count: int,
    edition: Edition,
    take_part: Make[Participation],
    offer: Make[Offer],
    anonymous_client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        offer(take_part(edition), "Wind turbine blade")
    with scope(edition=edition):
        refresh_tokens(Participation.objects.all())
        assert len(search_firms(edition, "turbine").participations) == count
    with django_assert_num_queries(27 + 4 * has_pgvector(connection)):
        anonymous_client.get(f"/en/{edition.slug}/firms/?q=turbine")


def test_after_the_warm_up_a_search_loads_nothing_more(fair: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    warm_up()
    modules = set(sys.modules)
    monkeypatch.setattr(suggestion, "phrase_index", lambda _chains: pytest.fail("the codes were not loaded"))
    assert firms(fair, "green coffee") == ["Kilima Coffee"]
    assert set(sys.modules) == modules


def test_the_warm_up_needs_no_fair(db: None) -> None:
    warm_up()
