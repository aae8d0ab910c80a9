"""Two writings of a firm's name have one key, and names of all scripts sort in one alphabet."""

import pytest

from serai.expo.base.collation import sort_name
from serai.expo.firms.record.domain.names import legal_form, name_key


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
        ("The Timken Company", "Timken"),
        ("Weir Group PLC, The", "The Weir Group"),
        ("Continental Aktiengesellschaft", "Continental AG"),
        ("Jung Gesellschaft mit beschränkter Haftung", "Jung GmbH"),
        ("Henkel AG & Co. KGaA", "Henkel"),
        ("Société Anonyme Vicat", "Vicat S.A."),
        ("Grupo Bimbo, S.A.B. de C.V.", "Grupo Bimbo"),
        ("Общество с ограниченной ответственностью «Техномаш»", "ООО Техномаш"),
        ("株式会社デンソー", "デンソーカブシキガイシャ"),
        ("(株)ミツトヨ", "ミツトヨ株式会社"),
        ("广东省佛山市山河集团有限公司", "广东佛山山河"),
        ("شركة النور ذ.م.م", "النور"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Schuler GmbH", "Schuler AG"),
        ("Müller GmbH", "Müller GmbH & Co. KG"),
        ("Marlow plc", "Marlow Limited"),
        ("Apex LLC", "Apex Inc."),
        ("山河材料有限公司", "山河材料股份有限公司"),
        ("ООО Уралмаш", "ПАО Уралмаш"),
        ("Harper Holdings Ltd", "Harper Ltd"),
    ],
)
def test_two_legal_forms_contradict(one: str, other: str) -> None:
    assert legal_form([one]).contradicts(legal_form([other]))
    assert not legal_form([one]).contradicts(legal_form([one]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shanhe Co., Ltd.", "山河有限公司"),
        ("ООО Вектор", "Vector LLC"),
        ("株式会社デンソー", "Denso Inc."),
        ("Apex LLC", "Apex"),
    ],
)
def test_a_form_and_its_translation_do_not_contradict_nor_does_one_that_is_unsaid(one: str, other: str) -> None:
    assert not legal_form([one]).contradicts(legal_form([other]))


def test_voiced_kana_are_letters_of_their_own() -> None:
    assert name_key("ガガ") != name_key("カカ")
