"""Two writings of a firm's name have one key, and names of all scripts sort in one alphabet."""

import pytest

from serai.expo.base.collation import sort_name
from serai.expo.firms.record.domain.names import name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shanhe Materials Co., Ltd.", "SHANHE MATERIALS CO LTD"),
        ("Société Lumière S.A.S.", "Societe Lumiere"),
        ("Müller & Söhne GmbH", "Muller Sohne GMBH & Co. KG"),
        ("ООО «Ромашка»", "Ромашка"),
        ("深圳市山河材料有限公司", "深圳市山河材料股份有限公司"),
        ("ＡＢＣ　Ｌｔｄ", "abc"),
        ("PT Maju Jaya", "Maju Jaya"),
    ],
)
def test_two_writings_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Shanhe Materials", "Shanhe Metals"), ("山河材料", "山河科技")])
def test_two_firms_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["Limited", "Group Co Ltd", "有限公司"])
def test_a_name_of_legal_forms_only_keeps_a_key(name: str) -> None:
    assert name_key(name)


def test_chinese_and_latin_names_sort_in_one_alphabet() -> None:
    names = ["Zeta", "北京山河", "Alpha", "Élan", "上海长风"]
    assert sorted(names, key=sort_name) == ["Alpha", "北京山河", "Élan", "上海长风", "Zeta"]
