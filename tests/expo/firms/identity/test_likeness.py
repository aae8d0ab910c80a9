"""Records of one firm are told from those of two, measured on pairs that people labelled."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from django_scopes import scope

from serai.expo.base.collation import fold
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.firms.identity.domain import duplicates
from serai.expo.firms.identity.domain.likeness import (
    AUTOMATIC,
    POSSIBLE,
    WEIGHTS,
    Record,
    core,
    features_of,
    fitted,
    likeness,
    probabilities,
)
from serai.expo.firms.identity.domain.lookup import Sought, alike_within, find_firms
from serai.expo.firms.identity.models import FirmPair
from serai.expo.firms.record.domain.names import romanised
from serai.expo.firms.record.models import Firm

FOLDS, REPETITIONS = 10, 10


@pytest.fixture(scope="module")
def labelled(real_data: Path) -> list[dict[str, str]]:
    with (real_data / "entity_resolution" / "facility_pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(pairs: list[dict[str, str]]) -> np.ndarray:
    sides = [
        [Record(pair[f"country_{side}"].upper(), (pair[f"name_{side}"],), pair[f"address_{side}"]) for side in "12"]
        for pair in pairs
    ]
    return np.array([features_of(one, other) for one, other in sides])


def groups(pairs: list[dict[str, str]]) -> np.ndarray:
    """Pairs that share a record, a name or an address are in one group, so that no fold is tested on what it learnt."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(key: tuple[str, str]) -> tuple[str, str]:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for number, pair in enumerate(pairs):
        for side in "12":
            shared = pair[f"id_{side}"], core(pair[f"name_{side}"]), fold(pair[f"address_{side}"])
            for kind, said in zip(("id", "name", "address"), shared, strict=True):
                parent[root((kind, said))] = root(("pair", str(number)))
    roots = [root(("pair", str(number))) for number in range(len(pairs))]
    names = sorted(set(roots))
    return np.array([names.index(each) for each in roots])


def test_the_bars_hold_under_cross_validation(labelled: list[dict[str, str]]) -> None:
    """F1 of at least 0.9 at the threshold of asking, precision of at least 0.98 at that of merging by itself."""
    x, same, group = features(labelled), np.array([pair["label"] == "match" for pair in labelled]), groups(labelled)
    one_country = np.array([pair["country_1"] == pair["country_2"] for pair in labelled])
    assert (len(same), int(same.sum())) == (112, 47)
    f1, right, automatic = [], 0, 0
    for repetition in range(REPETITIONS):
        fold_of = (np.random.default_rng(repetition).permutation(group.max() + 1) % FOLDS)[group]
        judged = np.zeros(len(same))
        for number in range(FOLDS):
            tested = fold_of == number
            judged[tested] = probabilities(fitted(x[~tested], same[~tested]), x[tested])
        asked = judged >= POSSIBLE
        f1.append(2 * (asked & same).sum() / (asked.sum() + same.sum()))
        sure = (judged >= AUTOMATIC) & one_country
        right, automatic = right + (sure & same).sum(), automatic + sure.sum()
    assert min(f1) >= 0.9
    assert right / automatic >= 0.98
    assert right / (REPETITIONS * same.sum()) > 0.3  # and it does merge some


def test_the_weights_are_those_that_the_labelled_pairs_give(labelled: list[dict[str, str]]) -> None:
    same = [pair["label"] == "match" for pair in labelled]
    assert fitted(features(labelled), same) == pytest.approx(WEIGHTS, abs=2e-3)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("无锡隔膜", "wu xi ge mo"),
        ("Прогресс", "progress"),
        ("한국무역", "hangukmuyeok"),
        ("شركة المثال", "shrka almthal"),
        ("Société Générale", "societe generale"),
    ],
)
def test_a_name_is_romanised_for_comparing(name: str, latin: str) -> None:
    assert romanised(name) == latin


def test_a_number_decides_and_two_numbers_of_one_register_decide_against() -> None:
    lei, other = ("LEI", "5493001KJTIIGC8Y1R12"), ("LEI", "7LTWFZYICNSX8D621K86")
    one = Record("CN", ("Wuxi Separator",), "Road 1", frozenset({lei}))
    assert likeness(one, Record("KE", ("Harbour Cranes",), "", frozenset({lei}))).probability == 1
    against = likeness(one, Record("CN", ("Wuxi Separator",), "Road 1", frozenset({other})))
    assert (against.probability, against.reasons[0].code) == (0, "other_number")


def test_nothing_is_automatic_across_countries_or_without_addresses() -> None:
    here = Record("CN", ("Wuxi Separator Film",), "18 Canal Road, Wuxi 214000")
    assert likeness(here, here).is_automatic
    for other in (Record("KE", here.names, here.address), Record("CN", here.names)):
        assert not likeness(here, other).is_automatic
        assert likeness(here, other).is_possible


@pytest.mark.django_db
def test_a_name_in_pinyin_finds_the_firm_written_in_han(a_firm: Callable[..., Firm]) -> None:
    firm = a_firm("无锡隔膜有限公司")
    found = find_firms([Sought("CN", ("Wuxi Gemo Co., Ltd.",))])[0]
    assert [one.firm for one in found.candidates] == [firm.pk]


@pytest.mark.django_db
def test_two_han_names_of_one_sound_are_two_names(a_firm: Callable[..., Firm]) -> None:
    a_firm("华为有限公司")
    assert find_firms([Sought("CN", ("花卫有限公司",))])[0].candidates == ()


@pytest.mark.django_db
def test_like_names_at_one_address_are_one_firm_and_one_name_at_two_addresses_is_asked(
    a_firm: Callable[..., Firm],
) -> None:
    address = "No. 18 Taihu Canal Road, Binhu, Wuxi 214000"
    firm = a_firm("Longwell Separator Ltd", address={"en": address})
    found = find_firms([Sought("CN", ("Longwel Separator",), address=address)])[0]
    assert (found.firm, found.by_likeness) == (firm.pk, True)
    elsewhere = find_firms([Sought("CN", ("Longwell Separator",), address="77 Harbour Street, Dalian")])[0]
    assert elsewhere.firm is None
    assert [one.firm for one in elsewhere.candidates] == [firm.pk]


def test_rows_of_one_file_are_compared_with_each_other() -> None:
    rows = [
        Sought("CN", ("Jiangsu Longwell Separator",)),
        Sought("CN", ("Harbour Cranes",)),
        Sought("CN", ("Jiangsu Longwel Separator",)),
        Sought("KE", ("Jiangsu Longwell Separator",)),
        Sought("CN", ("Jiangsu Longwell Separator Ltd",)),
    ]
    assert [(index, earlier) for index, earlier, _similarity in alike_within(rows)] == [(2, 0), (4, 2)]


@pytest.mark.django_db
def test_pairs_are_found_once_and_what_was_decided_stays(
    edition: Edition, other_edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]
) -> None:
    here, double, far = a_firm("Longwell Separator Ltd"), a_firm("Long Well Separators Co"), a_firm("Harbour Cranes")
    take_part(edition, here)
    take_part(other_edition, double)
    take_part(edition, far)
    with scope(edition=edition):
        assert duplicates.look(edition) == 1
        pair = FirmPair.objects.get()
        assert (pair.one, pair.other) == (here, double)
        assert [code for code, _said in pair.reasons] == ["names", "no_address"]
        FirmPair.objects.update(state=FirmPair.State.APART)
        assert duplicates.look(edition) == 0
        assert list(duplicates.pairs_of(edition)) == []
