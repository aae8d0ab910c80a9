"""What offers and needs say, and that the two languages say the same."""

import re
from decimal import Decimal
from random import Random

import pytest

from serai.expo.fairs.edition.domain.phases import texts
from serai.expo.site.demonstration.domain.content import Pair, common_needs, trades
from serai.expo.site.demonstration.domain.texts import ALTERNATIVES, amount, fits, vary
from serai.match import placing
from serai.world.chains import builtin_chains

TEMPLATES = [template for trade in trades().values() for template in (*trade.offers, *trade.needs)] + [
    template for templates in common_needs().values() for template in templates
]


def test_the_two_languages_have_the_same_groups_of_alternatives():
    for template in TEMPLATES:
        for text in (template.title, template.text):
            groups = [[len(group.split("|")) for group in ALTERNATIVES.findall(said)] for said in (text.en, text.zh)]
            assert groups[0] == groups[1], text
            assert all("{" not in ALTERNATIVES.sub("", said) for said in (text.en, text.zh)), text


def test_no_text_of_the_fair_has_a_placeholder_left(fair):
    for entrant in fair.everyone:
        items = [*entrant.offers, *entrant.needs]
        said = [*entrant.firm.description.values(), *(text for item in items for text in texts(item.title, item.text))]
        assert not any(re.search(r"[{}|]", text) for text in said)


def test_english_has_no_chinese_and_chinese_some(fair):
    han = re.compile(r"[\u4e00-\u9fff]")
    for entrant in fair.everyone:
        for item in (*entrant.offers, *entrant.needs):
            assert not han.search(item.title["en"] + item.text["en"])
            assert han.search(item.text["zh-hans"])


def test_no_two_offers_of_an_exhibitor_read_the_same(fair):
    for entrant in fair.exhibitors:
        assert len({offer.text["en"] for offer in entrant.offers}) == len(entrant.offers)


def test_hardly_any_two_offers_of_the_fair_read_the_same(fair):
    said = [(offer.title["en"], offer.text["en"]) for entrant in fair.exhibitors for offer in entrant.offers]
    assert len(set(said)) > 0.98 * len(said)


@pytest.mark.parametrize("side", ["offers", "needs"])
def test_what_is_said_is_placed_first_on_the_link_it_was_written_for(fair, side):
    items, written_for = [], {}
    # One buyer in eight: there are 4,000, who say the same few hundred things in turns.
    for number, entrant in enumerate([*fair.exhibitors, *fair.buyers[::8]]):
        trades_of = entrant.stands_at if side == "offers" else entrant.looks_for
        for item, trade in zip(getattr(entrant, side), trades_of, strict=True):
            key = f"{number}-{item.number}"
            written_for[key] = trade.key
            text = "\n".join(texts(item.title, item.text))
            items.append(placing.Item(key, placing.Side(side[:-1]), text, tuple(item.hs), tuple(item.isic)))
    first: dict[str, str] = {}
    for place in placing.place(items, builtin_chains()):
        first.setdefault(place.item, f"{place.chain}/{place.node}")
    right = sum(first.get(key) == link for key, link in written_for.items())
    assert right >= 0.9 * len(written_for)


def test_codes_are_those_of_the_link_and_a_service_has_none(fair):
    for entrant in fair.everyone:
        for need, trade in zip(entrant.needs, entrant.looks_for, strict=True):
            assert set(need.hs) <= set(trade.hs)


def test_a_template_at_a_link_of_several_headings_says_which():
    for trade in trades().values():
        if len(trade.hs) > 1:
            for template in (*trade.offers, *trade.needs):
                assert set(template.hs) <= set(trade.hs)


def test_a_quantity_is_the_one_that_the_text_names():
    assert amount("Natural rubber, 1,500 tonnes a month, each lot mapped.") == (Decimal(1_500), "TNE")
    assert amount("SiC MOSFET of 1,200 V, 900 thousand pieces a year.") == (Decimal(900_000), "H87")
    assert amount("Seed in packs of 10 kg, first lot later.") is None
    assert amount("A footprint below 3 kg CO2e per kg.") is None


def test_a_text_varies_in_both_languages_alike():
    text = Pair("{one|two} years in {Peru|Kenya}", "在{秘鲁|肯尼亚}")
    said = {vary(Pair("{red|blue} {1|2} boxes", "{红|蓝}色{1|2}箱"), Random(seed)) for seed in range(40)}
    assert said == {
        Pair("red 1 box", "红色1箱"),
        Pair("red 2 boxes", "红色2箱"),
        Pair("blue 1 box", "蓝色1箱"),
        Pair("blue 2 boxes", "蓝色2箱"),
    }
    assert fits(text, "PE")
    assert fits(text, None)
    assert not fits(text, "DE")


def test_a_firm_abroad_looks_for_something_at_home():
    text = Pair("A service point in {Nairobi|Karachi|Santiago}", "服务点在{内罗毕|卡拉奇|圣地亚哥}")
    assert {vary(text, Random(seed), country="PK").en for seed in range(9)} == {"A service point in Karachi"}


def test_small_amounts_are_written_without_ten_thousands():
    assert vary(Pair("{8|25} thousand", "{0.8|0.8}万种"), Random(1)).zh == "8000种"
