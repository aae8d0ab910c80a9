import string
import tomllib
from importlib.resources import files

import pytest

from serai.match.evidence import Evidence, EvidenceKind
from serai.match.placing import Placement
from serai.match.reasons import LONGEST_NAME, Reason, ReasonKind, explain, explain_cut, explain_link
from serai.match.requirements import Cut, CutKind, Requirement, State
from serai.world.chains import Chain, Node, Position, Stage
from serai.world.measures import PROPERTIES

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
NEED = Reason(ReasonKind.OFFERS_WHAT_YOU_NEED, Placement("own", "cars", "film", 0.9, ()), FILM, 0.5, 0.6)
NEIGHBOUR = Reason(ReasonKind.FEEDS_YOUR_NODE, Placement("own", "cars", "cells", 0.9, ()), FILM, None, 0.6)


def test_a_reason_is_said_in_english() -> None:
    assert explain(NEED, "en", NAMES, [CHAIN]) == (
        "You need battery separators; they offer wet-process PE separator film "
        "(placed on Separator by HS 8507 and the words 'separator', 'film', 85% sure)."
    )


def test_a_reason_is_said_in_chinese() -> None:
    names = {"own": "电池隔膜", "theirs": "湿法隔膜"}
    assert explain(NEED, "zh-hans", names, [CHAIN]) == (
        "贵方需要电池隔膜；对方提供湿法隔膜（依据HS 8507和词语“separator”、“film”归入“隔膜”，把握85%）。"
    )


def test_neighbours_are_named_with_both_nodes() -> None:
    assert explain(NEIGHBOUR, "en", NAMES, [CHAIN]) == (
        "They offer wet-process PE separator film (placed on Separator by HS 8507 and the words 'separator', 'film', "
        "85% sure); Separator supplies Cells, where you offer battery separators."
    )


def test_names_keep_their_own_direction_within_an_arabic_sentence_and_arabic_ones_within_others() -> None:
    assert "\u2068wet-process PE separator film\u2069" in explain(NEED, "ar", NAMES, [CHAIN])
    assert "\u2068فواصل\u2069" in explain(NEED, "ar", NAMES, [CHAIN])
    assert "\u2068فواصل\u2069" in explain(NEED, "en", NAMES | {"own": "فواصل"}, [CHAIN])
    assert "\u2068" not in explain(NEED, "en", NAMES, [CHAIN])


@pytest.mark.parametrize(
    ("asked", "given"), [("zh-hant", "zh-hans"), ("fr-ca", "fr"), ("de", "en"), ("", "en"), ("zh", "zh-hans")]
)
def test_a_language_without_sentences_reads_the_nearest(asked: str, given: str) -> None:
    assert explain(NEED, asked, NAMES, [CHAIN]) == explain(NEED, given, NAMES, [CHAIN])


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
        assert (
            set(ReasonKind)
            | {f"cut_{kind}" for kind in CutKind}
            | {f"property_{name}" for name in PROPERTIES}
            | {f"requirement_{requirement}" for requirement in Requirement}
            | {f"state_{state}" for state in State}
            <= wording.keys()
        )


def test_one_word_is_not_called_words_and_codes_stand_alone() -> None:
    def why(*evidence: Evidence) -> str:
        placed = Placement("theirs", "cars", "film", 0.999, evidence)
        return explain(Reason(NEED.kind, NEED.own, placed, None, 0.5), "en", NAMES, [CHAIN])

    assert "by the word 'film', 99% sure" in why(Evidence(EvidenceKind.WORDS, "film"))
    assert "by HS 8507, ISIC 2720, 99% sure" in why(
        Evidence(EvidenceKind.HS, "8507"), Evidence(EvidenceKind.ISIC, "2720")
    )


def test_a_long_name_is_cut_and_braces_in_a_name_are_only_braces() -> None:
    said = explain(NEED, "en", NAMES | {"own": "x" * 500, "theirs": "{own} {0}\nfilm"}, [CHAIN])
    assert "x" * (LONGEST_NAME - 1) + "…;" in said
    assert "they offer {own} {0} film (" in said


def test_a_reason_mirrored_twice_is_itself() -> None:
    for kind in ReasonKind:
        reason = Reason(kind, NEED.own, FILM, 0.5, 0.6)
        assert reason.mirrored != reason
        assert reason.mirrored.mirrored == reason
        assert reason.mirrored.confidence == reason.confidence == FILM.confidence * NEED.own.confidence


def test_what_was_cut_and_what_a_link_does_are_said_in_each_language() -> None:
    lacking = Cut(CutKind.CERTIFICATE, "ISO 9001")
    assert explain_cut(lacking, "separators", "PE film", "en") == (
        "PE film cannot meet the need separators: the certificate ISO 9001 is demanded and not shown."
    )
    assert explain_cut(lacking, "隔膜", "PE膜", "zh-hans") == "PE膜不能满足需求隔膜：要求证书ISO 9001，但未出示。"
    assert explain_link({"secure": 0.031, "green": -0.25, "open": 0.0, "digital": 2.0}, "en") == (
        "For the supply, the link would be for the better in security, digital strength.",
        "For the supply, the link would be for the worse in greenness.",
    )
    assert explain_link({"secure": 0.0}, "en") == ()
    assert explain_link({"secure": 0.5}, "zh-hant") == ("就供应而言，这一联系将改善：安全。",)


def test_an_item_without_a_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        explain(NEED, "en", {}, [CHAIN])
