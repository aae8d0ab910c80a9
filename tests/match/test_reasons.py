import string
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from serai.match.evidence import Evidence, EvidenceKind
from serai.match.placing import Placement
from serai.match.reasons import LONGEST_NAME, Reason, ReasonKind, Told, explain, explain_cut
from serai.match.requirements import Cut, CutKind, Requirement, State
from serai.world.chains import Chain, Node, Position, Stage

CHAIN = Chain(
    slug="cars",
    title={"en": "Cars"},
    summary={"en": "Cars"},
    stages=(Stage("all", Position.MIDSTREAM, {"en": "All"}),),
    nodes=(
        Node("film", "all", {"en": "Separator", "zh-hans": "隔膜", "ar": "فواصل"}, (), (), {}),
        Node("cells", "all", {"en": "Cells"}, (), (), {}),
    ),
    edges=(("film", "cells"),),
)
FILM = Placement(
    "theirs",
    "cars",
    "film",
    0.85,
    (
        Evidence(EvidenceKind.HS, "8507"),
        Evidence(EvidenceKind.WORDS, "separator"),
        Evidence(EvidenceKind.WORDS, "film"),
        Evidence(EvidenceKind.WORDS, "polyethylene"),
    ),
)
NAMES = {"own": "battery separators", "theirs": "wet-process PE separator film"}
FIRMS = ("Voltara", "Filmwerk")
OWN = Placement("own", "cars", "film", 0.9, ())
NEED = Reason(ReasonKind.OFFERS_WHAT_YOU_NEED, "own", "theirs", OWN, FILM, 0.5, 0.6)
NEIGHBOUR = Reason(ReasonKind.FEEDS_YOUR_NODE, "own", "theirs", replace(OWN, node="cells"), FILM, None, 0.6)


def said(reason: Reason, language: str = "en", names: dict[str, str] = NAMES) -> str:
    return explain(reason, language, names, FIRMS, [CHAIN])


def test_a_reason_names_both_firms_so_that_anybody_may_read_it() -> None:
    sentence = (
        "Voltara needs battery separators; Filmwerk offers wet-process PE separator film "
        "(both on Separator, by HS 8507 and the words 'separator', 'film')."
    )
    assert said(NEED) == sentence
    assert explain(NEED.mirrored, "en", NAMES, FIRMS[::-1], [CHAIN]) == sentence


def test_a_reason_is_said_in_chinese() -> None:
    assert said(NEED, "zh-hans", {"own": "电池隔膜", "theirs": "湿法隔膜"}) == (
        "Voltara需要电池隔膜；Filmwerk提供湿法隔膜（双方都属于“隔膜”，依据HS 8507和词语“separator”、“film”）。"
    )


def test_a_node_that_is_unlikely_is_not_told_beside_a_fit_but_the_words_in_common_are() -> None:
    unsure = replace(NEED, own_place=replace(OWN, confidence=0.3), common=("separator",))
    assert said(unsure) == (
        "Voltara needs battery separators; Filmwerk offers wet-process PE separator film (both say 'separator')."
    )
    off_the_chain = replace(NEED, own_place=None, their_place=None)
    assert said(off_the_chain) == "Voltara needs battery separators; Filmwerk offers wet-process PE separator film."


def test_a_word_that_all_texts_use_is_no_reason() -> None:
    by_chance = replace(NEED, own_place=None, their_place=None, common=("design",), likeness=0.04)
    assert "design" not in said(by_chance)


def test_what_no_offer_names_is_told_as_the_firm_says_it_of_itself_or_as_what_it_is_known_to_make() -> None:
    off_the_chain = replace(NEED, own_place=None, their_place=None)
    names = NAMES | {"theirs": "We stretch polyethylene into films for cells"}
    assert said(replace(off_the_chain, their_told=Told.SAYS), names=names) == (
        "Voltara needs battery separators; Filmwerk says of itself: 'We stretch polyethylene into films for cells'."
    )
    makes = replace(off_the_chain, their_told=Told.MAKES)
    assert said(makes) == "Voltara needs battery separators; Filmwerk makes wet-process PE separator film."
    assert said(makes.mirrored.mirrored) == said(makes)


def test_neighbours_are_named_with_both_nodes() -> None:
    assert said(NEIGHBOUR) == (
        "Filmwerk offers wet-process PE separator film (placed on Separator, by HS 8507 and the words 'separator', "
        "'film', 85% sure). The chain leads from Separator to Cells: Voltara offers battery separators."
    )


def test_names_keep_their_own_direction_within_an_arabic_sentence_and_arabic_ones_within_others() -> None:
    assert "\u2068wet-process PE separator film\u2069" in said(NEED, "ar", NAMES)
    assert "\u2068فواصل\u2069" in said(NEED, "ar", NAMES)
    assert "\u2068فواصل\u2069" in said(NEED, "en", NAMES | {"own": "فواصل"})
    assert "\u2068" not in said(NEED, "en", NAMES)


@pytest.mark.parametrize(
    ("asked", "given"), [("zh-hant", "zh-hans"), ("fr-ca", "fr"), ("de", "en"), ("", "en"), ("zh", "zh-hans")]
)
def test_a_language_without_sentences_reads_the_nearest(asked: str, given: str) -> None:
    assert said(NEED, asked, NAMES) == said(NEED, given, NAMES)


def test_every_language_says_every_reason_with_the_same_facts() -> None:
    wordings = tomllib.loads((files("serai.match") / "data" / "reasons.toml").read_text(encoding="utf-8"))
    assert list(wordings) == ["en", "zh-hans", "ar", "fr", "es", "ru"]
    for wording in wordings.values():
        assert wording.keys() == wordings["en"].keys()
        for sentence in wording:
            fields = [
                {name for _, name, _, _ in string.Formatter().parse(text[sentence]) if name}
                for text in (wording, wordings["en"])
            ]
            assert fields[0] == fields[1]
        assert {"stated", "fed", "industry", *Told} | {f"cut_{kind}" for kind in CutKind} | {
            f"requirement_{requirement}" for requirement in Requirement
        } | {f"state_{state}" for state in State} <= wording.keys()


def test_one_word_is_not_called_words_and_codes_stand_alone() -> None:
    def why(*evidence: Evidence) -> str:
        return said(replace(NEIGHBOUR, their_place=Placement("theirs", "cars", "film", 0.999, evidence)))

    assert "by the word 'film', 99% sure" in why(Evidence(EvidenceKind.WORDS, "film"))
    assert "by HS 8507, ISIC 2720, 99% sure" in why(
        Evidence(EvidenceKind.HS, "8507"), Evidence(EvidenceKind.ISIC, "2720")
    )


def test_a_long_name_is_cut_and_braces_in_a_name_are_only_braces() -> None:
    sentence = said(NEED, "en", NAMES | {"own": "x" * 500, "theirs": "{own} {0}\nfilm"})
    assert "x" * (LONGEST_NAME - 1) + "…;" in sentence
    assert "Filmwerk offers {own} {0} film (" in sentence
    cut = said(replace(NEED, own_place=None, their_place=None), "en", NAMES | {"theirs": "film " * 50})
    assert cut.endswith("film…")


def test_a_reason_mirrored_twice_is_itself() -> None:
    for kind in ReasonKind:
        reason = replace(NEED, kind=kind)
        assert reason.mirrored != reason
        assert reason.mirrored.mirrored == reason
        assert reason.mirrored.confidence == reason.confidence == FILM.confidence * OWN.confidence


def test_an_item_without_a_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        said(NEED, "en", {})


def test_what_was_cut_is_said_in_each_language() -> None:
    lacking = Cut(CutKind.CERTIFICATE, "ISO 9001")
    assert explain_cut(lacking, "separators", "PE film", "en") == (
        "PE film cannot meet the need separators: the certificate ISO 9001 is demanded and not shown."
    )
    assert explain_cut(lacking, "隔膜", "PE膜", "zh-hans") == "PE膜不能满足需求隔膜：要求证书ISO 9001，但未出示。"
