"""A folder of CSV files is read as the chain that it says, and a wrong row is refused with file and line."""

from pathlib import Path

import pytest

from serai.world.supply import UnreadableSupply, read_chain_folder, supply_network, write_chain_folder

FILES = {
    "nodes": "code,title,stage,position,spare_capacity\n"
    "euv,EUV scanners,Tools,upstream,\n"
    "immersion,Immersion scanners,Tools,upstream,0.2\n"
    "scanners,Scanners,Tools,upstream,\n"
    "resists,Resists,Materials,upstream,10 %\n"
    "chips,Chips,Goods,downstream,\n",
    "edges": "supplier,user,relation,group,share,stock_weeks\n"
    "euv,scanners,is a kind of,,,\n"
    "immersion,scanners,is a kind of,,,\n"
    "scanners,chips,,tools,0.3,\n"
    "resists,chips,,,0.1,6\n",
    "groups": "user,group,share,critical,stock_weeks,reason\nchips,tools,0.4,yes,2,read in a report\n",
    "providers": "node,provider,country,share,year,source\n"
    "euv,ASML,Netherlands,100 %,2024,annual report\n"
    "immersion,ASML,NLD,0.8,2024,\nimmersion,Nikon,Japan,20 %,2024,\n"
    "resists,Japan,,0.7,2023,\nresists,JSR,Japan,0.3,2023,\nresists,various,,0.1,2023,\n",
    "shares": "node,country,amount,grade,year,source,unit\n"
    "chips,TWN,60,A,2024,count,wafers\nchips,KOR,W,A,2024,count,wafers\nchips,various,40,A,2024,count,wafers\n",
}


def written(folder: Path, **changed: str) -> Path:
    folder = folder / "Litho 1"
    folder.mkdir()
    for name, text in (FILES | changed).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_read_as_the_chain_that_it_says(tmp_path: Path) -> None:
    declared = read_chain_folder(written(tmp_path))
    chain = declared.chain
    assert (chain.slug, chain.title) == ("litho-1", {"en": "Litho 1"})
    assert [(group.user, group.members, group.share, group.stock_weeks) for group in chain.groups] == [
        ("scanners", ("euv", "immersion"), 1.0, 0.0),
        ("chips", ("scanners",), 0.4, 2.0),
        ("chips", ("resists",), 0.1, 6.0),
    ]
    assert [node.spare_capacity for node in chain.nodes] == [None, 0.2, None, 0.1, None]
    assert [(p.name, p.country, p.is_firm) for p in declared.providers[-3:]] == [
        ("Japan", "JPN", False),
        ("JSR", "JPN", True),
        ("various", "unattributed", False),
    ]
    network = supply_network(declared, shares=())
    assert [row["node"] for row in network.node_records() if row["single_source"]] == [
        "euv", "immersion", "scanners", "resists",
    ]  # fmt: skip
    assert network.makers[network.node("chips")].withheld == ("KOR",)
    assert network.makers[network.node("scanners")].named == pytest.approx({"NLD": 0.9, "JPN": 0.1})


def test_a_folder_that_is_written_is_read_as_the_same(tmp_path: Path) -> None:
    declared = read_chain_folder(written(tmp_path))
    copy = tmp_path / "copy"
    write_chain_folder(declared, copy)
    assert read_chain_folder(copy) == declared


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        ("nodes", "resists,Resists", "euv,Resists", "nodes.csv, line 5: The node 'euv' is given twice; keep one."),
        ("nodes", ",0.2", ",much", "nodes.csv, line 3: 'spare_capacity' is 'much', not a number"),
        (
            "nodes",
            "Tools,upstream,\nimm",
            "Tools,first,\nimm",
            "nodes.csv, line 2: 'position' is 'first'; write one of",
        ),
        ("nodes", "title", "titel", "nodes.csv, line 1: There is no column 'titel'; did you mean 'title'?"),
        (
            "edges",
            "resists,chips",
            "resist,chips",
            "edges.csv, line 5: There is no node 'resist'; did you mean 'resists'?",
        ),
        ("edges", "is a kind of", "eats", "edges.csv, line 2: 'relation' is 'eats'; write feeds or is a kind of."),
        ("edges", "resists,chips", "scanners,chips", "edges.csv, line 5: The edge from 'scanners' to 'chips' is given"),
        ("edges", "immersion,scanners", "chips,scanners", "There is a loop: "),
        ("groups", "chips,tools", "chips,tool", "groups.csv, line 2: No edge to 'chips' names the group 'tool'"),
        ("groups", "0.4", "40", "groups.csv, line 2: 'share' is 40; it must be from 0 to 1; write 25 % or 0.25"),
        ("providers", "Netherlands", "Holand", "providers.csv, line 2: There is no country 'Holand'"),
        ("providers", "JSR,Japan", "JSR,", "providers.csv, line 6: 'JSR' is no country; name the country of the firm"),
        ("providers", "20 %", "40 %", "providers.csv, line 4: The shares of 'immersion' sum to 1.20 here"),
        (
            "shares",
            "A,2024,count,wafers\nchips,K",
            "E,2024,count,wafers\nchips,K",
            "shares.csv, line 2: 'grade' is 'E'",
        ),
        ("shares", "chips,KOR", "chips,TWN", "shares.csv, line 3: TWN stands twice for 'chips'"),
        ("shares", "2024", "24", "shares.csv, line 2: 'year' is '24'; write four digits"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, sentence: str
) -> None:
    assert old in FILES[name]
    with pytest.raises(UnreadableSupply) as refused:
        read_chain_folder(written(tmp_path, **{name: FILES[name].replace(old, new, 1)}))
    assert sentence in str(refused.value)


def test_a_folder_without_its_files_says_which_are_missing(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSupply, match=r"has no nodes\.csv"):
        read_chain_folder(tmp_path)
    (tmp_path / "nodes.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "edges.csv").touch()
    with pytest.raises(UnreadableSupply, match=r"nodes\.csv: not UTF-8"):
        read_chain_folder(tmp_path)
