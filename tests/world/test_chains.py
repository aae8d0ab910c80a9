"""The chains: those that come with Serai are sound, and each kind of fault in a chain is found and named."""

import pickle
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serai.world.chains import (
    BUILTIN,
    CHOSEN,
    Chain,
    ChainError,
    Node,
    Position,
    Requirement,
    Stage,
    builtin_chains,
    check_chain,
    missing_in,
    parse_chain,
    read_chain,
    unfinished_in,
    write_chain,
    wrong_in,
)
from serai.world.classifications import harmonized_system

LANGUAGES = {"en", "zh-hans", "ar", "es", "fr", "ru"}
each_chain = pytest.mark.parametrize("chain", builtin_chains(BUILTIN), ids=lambda chain: chain.slug)


def node(code: str, stage: str, hs: tuple[str, ...] = ("8507",), isic: tuple[str, ...] = ("2720",)) -> Node:
    return Node(code, stage, {"en": code.title()}, hs, isic, {"en": (code,)})


SOUND = Chain(
    slug="lamps",
    title={"en": "Lamps"},
    summary={"en": "From glass to light."},
    stages=(Stage("parts", Position.UPSTREAM, {"en": "Parts"}), Stage("goods", Position.DOWNSTREAM, {"en": "Goods"})),
    nodes=(node("glass", "parts"), node("wire", "parts"), node("lamp", "goods")),
    edges=(("glass", "lamp"), ("wire", "lamp")),
)


def with_node(**change: object) -> Chain:
    """The sound chain with its first node changed."""
    return replace(SOUND, nodes=(replace(SOUND.nodes[0], **change), *SOUND.nodes[1:]))  # type: ignore[arg-type]


def with_edges(*edges: tuple[str, str]) -> Chain:
    return replace(SOUND, edges=SOUND.edges + edges)


# The nine chains


def test_the_mission_has_six_chains_in_its_order() -> None:
    assert [(chain.slug, chain.title["en"], chain.title["zh-hans"]) for chain in builtin_chains()] == [
        ("smart-vehicle", "Smart vehicle", "智能汽车链"),
        ("green-agriculture", "Green agriculture", "绿色农业链"),
        ("clean-energy", "Clean energy", "清洁能源链"),
        ("digital-technology", "Digital technology", "数字科技链"),
        ("healthy-life", "Healthy life", "健康生活链"),
        ("supply-chain-services", "Supply chain services", "供应链服务"),
    ]


def test_three_more_chains_come_with_serai_for_fairs_that_choose_them() -> None:
    assert [(chain.slug, chain.title["en"]) for chain in builtin_chains(CHOSEN)] == [
        ("advanced-manufacturing", "Advanced manufacturing"),
        ("textiles-and-apparel", "Textiles and apparel"),
        ("minerals-and-metals", "Minerals and metals"),
    ]
    with pytest.raises(ChainError, match="no built-in chain 'toys'; there are smart-vehicle, green-agriculture"):
        builtin_chains(("toys",))


@each_chain
def test_a_chain_has_20_to_42_nodes_and_no_fault(chain: Chain) -> None:
    assert 20 <= len(chain.nodes) <= 42
    assert check_chain(chain) == ()


@each_chain
def test_a_chain_has_every_position(chain: Chain) -> None:
    assert {stage.position for stage in chain.stages} == set(Position)
    assert {chain.stage_of(node.code).position for node in chain.nodes} == set(Position)


@each_chain
def test_every_title_speaks_the_six_languages_in_their_scripts(chain: Chain) -> None:
    scripts = {"zh-hans": "\u4e00-\u9fff", "ar": "\u0600-\u06ff", "ru": "\u0430-\u044f"}
    scripts |= dict.fromkeys(("en", "es", "fr"), "a-z")
    texts = [chain.title, chain.summary, *(s.title for s in chain.stages), *(n.title for n in chain.nodes)]
    for title in texts:
        assert set(title) == LANGUAGES
        for language, span in scripts.items():
            first, last = span.split("-")
            assert any(first <= letter <= last for letter in title[language].lower()), title


@each_chain
def test_titles_of_nodes_are_distinct(chain: Chain) -> None:
    for language in LANGUAGES:
        assert len({node.title[language] for node in chain.nodes}) == len(chain.nodes)


@each_chain
def test_every_edge_goes_from_an_earlier_or_equal_stage_to_a_later_or_equal_one(chain: Chain) -> None:
    order = {stage.code: number for number, stage in enumerate(chain.stages)}
    for supplier, user in chain.edges:
        assert order[chain.node(supplier).stage] <= order[chain.node(user).stage]


@each_chain
def test_every_node_is_linked_to_every_other_if_direction_is_ignored(chain: Chain) -> None:
    reached = {chain.nodes[0].code}
    while new := {n for code in reached for n in chain.suppliers_of(code) + chain.users_of(code)} - reached:
        reached |= new
    assert reached == {node.code for node in chain.nodes}


@each_chain
def test_keywords_are_4_to_12_a_language_and_each_is_at_one_node(chain: Chain) -> None:
    for language in ("en", "zh-hans"):
        words = [word.casefold() for node in chain.nodes for word in node.keywords[language]]
        assert len(set(words)) == len(words)
        assert all(4 <= len(node.keywords[language]) <= 12 for node in chain.nodes)
    assert all(len(word) > 1 for node in chain.nodes for word in node.keywords["zh-hans"])


@pytest.mark.parametrize("chain", builtin_chains(CHOSEN), ids=lambda chain: chain.slug)
def test_the_chosen_chains_have_keywords_in_six_languages_each_at_one_node(chain: Chain) -> None:
    for language in LANGUAGES:
        words = [word.casefold() for node in chain.nodes for word in node.keywords[language]]
        assert len(set(words)) == len(words)
        assert all(3 <= len(node.keywords[language]) <= 12 for node in chain.nodes)


@each_chain
def test_goods_are_made_by_the_activities_of_their_node(chain: Chain) -> None:
    for goods in (node for node in chain.nodes if node.hs):
        makers = {maker for heading in goods.hs for maker in harmonized_system.isic_of_heading(heading)}
        assert makers & set(goods.isic), goods.code


@each_chain
def test_a_recovery_node_feeds_nothing(chain: Chain) -> None:
    sinks = [node for node in chain.nodes if not chain.users_of(node.code)]
    assert sinks
    assert any({"3830", "3821", "3812"} & set(node.isic) for node in sinks)


@each_chain
def test_a_chain_can_be_pickled_and_be_a_key(chain: Chain) -> None:
    assert pickle.loads(pickle.dumps(chain)) == chain
    assert {chain: 1}[chain] == 1


# The lookups


def test_suppliers_and_users_are_the_two_ends_of_the_edges() -> None:
    assert SOUND.suppliers_of("lamp") == ("glass", "wire")
    assert SOUND.users_of("glass") == ("lamp",)
    assert SOUND.users_of("lamp") == ()
    assert SOUND.node("wire") is SOUND.nodes[1]
    assert SOUND.stage_of("lamp").code == "goods"
    with pytest.raises(KeyError):
        SOUND.suppliers_of("moon")


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda edge: edge[0] < edge[1])))
def test_the_layer_of_a_node_is_the_length_of_its_longest_path(numbers: set[tuple[int, int]]) -> None:
    edges = {(f"n{supplier}", f"n{user}") for supplier, user in numbers}
    chain = replace(SOUND, nodes=tuple(node(f"n{number}", "parts") for number in range(8)), edges=tuple(edges))

    def longest(code: str) -> int:
        return max((1 + longest(supplier) for supplier, user in edges if user == code), default=0)

    assert chain.layers == {node.code: longest(node.code) for node in chain.nodes}


# The faults


def test_the_small_chain_is_sound() -> None:
    assert check_chain(SOUND) == ()


FAULTS: Mapping[str, tuple[Chain, str]] = {
    "slug with a capital": (
        replace(SOUND, slug="Lamps"),
        "The code of chain 'Lamps' must be lower-case words and hyphens, such as 'battery-cells'.",
    ),
    "node code used twice": (
        replace(SOUND, nodes=(*SOUND.nodes, node("wire", "goods"))),
        "The code of node 'wire' is used 2 times; give each node its own code.",
    ),
    "stage code used twice": (
        replace(SOUND, stages=(SOUND.stages[0], *SOUND.stages)),
        "The code of stage 'parts' is used 2 times; give each stage its own code.",
    ),
    "node without a title in the chain's language": (
        with_node(title={"fr": "Verre"}),
        "The title of node 'glass' has no text in 'en', a language of the chain's title; add title.en.",
    ),
    "stage without a title in the chain's language": (
        replace(SOUND, stages=(replace(SOUND.stages[0], title={}), SOUND.stages[1])),
        "The title of stage 'parts' has no text; add title.en.",
    ),
    "stage without a node": (
        replace(SOUND, stages=(*SOUND.stages, Stage("shops", Position.SERVICE, {"en": "Shops"}))),
        "Stage 'shops' has no node; add one or remove the stage.",
    ),
    "empty summary": (
        replace(SOUND, summary={"en": " "}),
        "The chain's summary has no text in 'en', a language of the chain's title; add title.en.",
    ),
    "no language at all": (
        replace(SOUND, title={}),
        "The chain's title has no language; add title.en.",
    ),
    "no node": (
        replace(SOUND, stages=(), nodes=(), edges=()),
        "The chain has no node; begin one with [[nodes]] on a line of its own.",
    ),
    "unknown stage": (
        with_node(stage="part"),
        "Node 'glass' is in the unknown stage 'part'; did you mean 'parts'?",
    ),
    "no keywords": (
        with_node(keywords={"en": ()}),
        "Node 'glass' has no keywords, so firms are placed on it by its title alone; add keywords.en.",
    ),
    "edge to an unknown node": (
        with_edges(("glass", "lamps")),
        "The edge from 'glass' to 'lamps' names the unknown node 'lamps'; did you mean 'lamp'?",
    ),
    "edge given twice": (
        with_edges(("glass", "lamp")),
        "The edge from 'glass' to 'lamp' is given 2 times; keep one.",
    ),
    "orphan": (
        replace(SOUND, edges=SOUND.edges[:1]),
        "Node 'wire' has no edge; let it feed a node or be fed by one, or remove it.",
    ),
    "node that feeds itself": (
        with_edges(("wire", "wire")),
        "There is a loop: wire feeds wire; remove one of these edges, a chain runs one way.",
    ),
    "edge that runs back": (
        replace(SOUND, edges=(("lamp", "glass"), ("wire", "lamp"))),
        "The edge from 'lamp' to 'glass' runs back from stage 'goods' to 'parts'; turn it round or move a node.",
    ),
    "heading that HS 2022 removed": (
        with_node(hs=("8803",)),
        "Node 'glass': HS 2022 has no heading '8803'; use four digits, such as 8507.",
    ),
    "group for a class": (
        with_node(isic=("272",)),
        "Node 'glass': ISIC Rev.4 has no class '272'; use four digits, such as 2720.",
    ),
    "no activity": (
        with_node(isic=()),
        "Node 'glass' has no ISIC class; add the class of who makes it, such as 2720.",
    ),
    "goods without a heading": (
        with_node(hs=()),
        "Node 'glass' makes goods but has no HS heading; add one, such as 8507.",
    ),
}


@pytest.mark.parametrize(("chain", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_has_its_sentence(chain: Chain, sentence: str) -> None:
    assert check_chain(chain) == (sentence,)


def test_a_loop_is_named_along_its_edges() -> None:
    edges = [*pairwise(["glass", "wire", "lamp"]), ("lamp", "glass")]
    loop = next(sentence for sentence in check_chain(replace(SOUND, edges=tuple(edges))) if "loop" in sentence)
    named = loop.removeprefix("There is a loop: ").split(";")[0].split(" feeds ")
    assert named[0] == named[-1]
    assert set(pairwise(named)) == set(edges)


def test_a_language_is_written_in_lower_case() -> None:
    faults = check_chain(replace(SOUND, title={"en": "Lamps", "zh-Hans": "灯"}))
    assert "The language 'zh-Hans' is not a code in lower case; write it like 'en' or 'zh-hans'." in faults


def test_a_service_needs_no_heading() -> None:
    assert check_chain(with_node(hs=(), isic=("7120", "3312", "0162"))) == ()


# The file

FILE = """
title.en = "Lamps"
summary.en = "From glass to light."
[[stages]]
code = "parts"
position = "upstream"
title.en = "Parts"
[[stages]]
code = "goods"
position = "downstream"
title.en = "Goods"
[[nodes]]
code = "glass"
stage = "parts"
title.en = "Glass"
hs = ["8507"]
isic = ["2720"]
feeds = ["lamp"]
keywords.en = ["glass"]
[[nodes]]
code = "wire"
stage = "parts"
title.en = "Wire"
hs = ["8507"]
isic = ["2720"]
feeds = ["lamp"]
keywords.en = ["wire"]
[[nodes]]
code = "lamp"
stage = "goods"
title.en = "Lamp"
hs = ["8507"]
isic = ["2720"]
keywords.en = ["lamp"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "lamps.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_the_chain_it_says(tmp_path: Path) -> None:
    assert read_chain(written(tmp_path, FILE)) == SOUND


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('position = "upstream"', 'position = "first"', "write one of upstream, midstream, downstream, service."),
        ('title.en = "Parts"', 'title = "Parts"', "title of stage 'parts' does not say its language"),
        ("keywords.en", "keyword.en", "node 1 ('glass') has the unknown key 'keyword'; did you mean 'keywords'?"),
        ('stage = "parts"\n', "", "node 1 ('glass') has no 'stage'; add it, as the other entries have it."),
        ('isic = ["2720"]\n', "", "Node 'glass' has no ISIC class"),
        ('hs = ["8507"]', 'hs = "8507"', "hs of node 'glass' is not a list"),
        ('hs = ["8507"]', "hs = [8507]", "hs of node 'glass' is 8507, not a text; put it in quotation marks."),
        ('feeds = ["lamp"]', 'feeds = ["lump"]', "names the unknown node 'lump'; did you mean 'lamp'?"),
        ('title.en = "Lamps"', "", "the file has no 'title'"),
        ('summary.en = "From glass to light."', "", "The chain's summary has no text in 'en'"),
        ('code = "glass"', "code = glass", "not valid TOML"),
        ("[[stages]]", "[stages]", "not valid TOML"),
        (FILE, "title.en = 'L'\nsummary.en = 'S'\nstages = 1\nnodes = []", "stages is not a list"),
        (FILE, "title.en = 'L'\nsummary.en = 'S'\nstages = [1]\nnodes = []", "stage 1 is not a table"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_name_and_the_place(
    old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ChainError) as refused:
        read_chain(written(tmp_path, FILE.replace(old, new, 1)))
    assert str(refused.value).startswith("lamps.toml: ")
    assert sentence in str(refused.value)


def described() -> Chain:
    glass = replace(
        SOUND.nodes[0],
        summary={"en": 'Said as "float" glass.\n\x7f', "ar": "زجاج"},
        examples={"en": ("window pane", "lens blank"), "zh-hans": ("玻璃板",)},
        spare_capacity=0.1,
        reason="assumed",
    )
    either = Requirement("lamp", "body", ("glass", "wire"), 0.5, (0.6, 0.4), critical=False, reason="assumed")
    return replace(SOUND, nodes=(glass, *SOUND.nodes[1:]), requirements=(either,))


@pytest.mark.parametrize("chain", [*builtin_chains(BUILTIN), SOUND, described()], ids=lambda chain: chain.slug)
def test_a_chain_that_is_written_is_read_as_the_same(chain: Chain) -> None:
    text = write_chain(chain)
    again = parse_chain(text.encode(), chain.slug, name="again.toml")
    assert replace(again, edges=()) == replace(chain, edges=())
    assert set(again.edges) == set(chain.edges)
    assert write_chain(again) == text


def test_what_is_wrong_is_parted_from_what_is_not_yet_done() -> None:
    begun = replace(SOUND, stages=SOUND.stages[:1], nodes=(node("glass", "parts", hs=(), isic=()),), edges=())
    assert wrong_in(begun) == ()
    assert [sentence.split(";")[0] for sentence in unfinished_in(begun)] == ["Node 'glass' has no edge"]
    assert [sentence.split(";")[0] for sentence in missing_in(begun)] == ["Node 'glass' has no ISIC class"]


def test_an_absent_or_unreadable_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ChainError, match="there is no such file"):
        read_chain(tmp_path / "absent.toml")
    path = tmp_path / "latin.toml"
    path.write_bytes("title.fr = 'Énergie'".encode("latin-1"))
    with pytest.raises(ChainError, match="not UTF-8 at byte 12"):
        read_chain(path)
