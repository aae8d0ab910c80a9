"""An organisation has chains of its own: copied, begun or sent, kept as versions, and firms follow every change."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.fairs.jobs.models import Job
from serai.expo.offers.chains.domain import own_chains
from serai.expo.offers.chains.domain.chain_edits import Effect, differences, effect, with_node, without_node
from serai.expo.offers.chains.domain.chain_folders import document_of_zip, zip_of
from serai.expo.offers.chains.domain.fair_chains import choosable_chains, set_sections
from serai.expo.offers.chains.domain.own_chains import ChainRefusedError, copy_builtin
from serai.expo.offers.chains.domain.placements import as_world_chain, chains_of_edition, place_edition
from serai.expo.offers.chains.models import Chain, ChainPosition, ChainVersion, Placement
from serai.expo.people.account.models import User
from serai.world.chains import BUILTIN, Node, Requirement, builtin_chains, read_chain, write_chain
from tests.expo.conftest import make_firm
from tests.world.test_chains import FILE, SOUND

TILES = Node(
    code="ceramic-tiles",
    stage="materials",
    title={"en": "Ceramic tiles"},
    hs=("6907",),
    isic=("2392",),
    keywords={"en": ("porcelain tile", "wall tiles", "floor tiles")},
    examples={"en": ("glazed bathroom tiles",)},
)
PAGES = "/en/fair-2026/organiser/chains/"


@pytest.fixture
def lamps(edition: Edition, organiser: User) -> Chain:
    """A chain of the organisation, of three links, that no fair has chosen."""
    return own_chains.begin(edition, SOUND, ChainVersion.Kind.FILE, user=organiser, source="lamps.toml")


def saved(chain: Chain, document: Any, edition: Edition, user: User, **more: Any) -> ChainVersion | None:
    return own_chains.save_version(chain, document, ChainVersion.Kind.EDIT, user=user, edition=edition, **more)


# What differs, without a database


def test_a_link_that_goes_leaves_its_words_and_neighbours_to_the_one_that_takes_its_firms() -> None:
    without = without_node(SOUND, "wire", merged_into="glass")
    assert [node.code for node in without.nodes] == ["glass", "lamp"]
    assert without.node("glass").keywords == {"en": ("glass", "wire", "Wire")}
    assert without.edges == (("glass", "lamp"),)
    chained = replace(SOUND, edges=(("wire", "glass"), ("glass", "lamp")))
    assert without_node(chained, "glass", merged_into="wire").edges == (("wire", "lamp"),)


def test_a_group_of_inputs_keeps_the_members_that_still_feed() -> None:
    either = Requirement("lamp", "body", ("glass", "wire"), member_shares=(0.6, 0.4), reason="assumed")
    without = without_node(replace(SOUND, requirements=(either,)), "wire")
    assert [(group.members, group.member_shares) for group in without.requirements] == [(("glass",), (1.0,))]
    assert without_node(replace(SOUND, requirements=(replace(either, members=("wire",)),)), "wire").requirements == ()


def test_differences_name_what_was_added_removed_and_changed() -> None:
    changed = without_node(SOUND, "wire")
    changed = replace(changed, nodes=(replace(changed.nodes[0], title={"en": "Glass tubes"}), changed.nodes[1]))
    said = [(change.of, change.how, change.code, change.fields) for change in differences(SOUND, changed)]
    assert said == [
        ("node", "removed", "wire", ()),
        ("node", "changed", "glass", (("title (en)", "Glass", "Glass tubes"),)),
        ("edge", "removed", "wire > lamp", ()),
    ]
    assert differences(SOUND, SOUND) == []


def test_only_what_describes_a_link_moves_firms() -> None:
    assert effect(SOUND, replace(SOUND, title={"en": "Lights"}, edges=SOUND.edges[:1])).is_none
    assert effect(SOUND, without_node(SOUND, "wire")) == Effect(frozenset({"wire"}), read_anew=False)
    assert effect(SOUND, replace(SOUND, nodes=(*SOUND.nodes[:2], replace(SOUND.nodes[2], hs=("9405",))))).read_anew


# Versions


def test_every_change_is_a_version_with_who_and_when(lamps: Chain, edition: Edition, organiser: User) -> None:
    saved(lamps, replace(SOUND, title={"en": "Lights"}), edition, organiser)
    versions = list(lamps.versions.values_list("number", "kind", "in_use", "made_by__email"))
    assert versions == [(2, "edit", True, organiser.email), (1, "file", True, organiser.email)]
    assert Chain.objects.get(pk=lamps.pk).title == {"en": "Lights"}
    assert AuditEntry.objects.filter(action="chainversion.made").count() == 2


def test_the_same_chain_again_changes_nothing(lamps: Chain, edition: Edition, organiser: User) -> None:
    assert saved(lamps, SOUND, edition, organiser) is None
    assert lamps.versions.count() == 1


def test_an_earlier_version_is_taken_into_use_again(lamps: Chain, edition: Edition, organiser: User) -> None:
    saved(lamps, without_node(SOUND, "wire"), edition, organiser)
    assert {node.code for node in as_world_chain(lamps).nodes} == {"glass", "lamp"}
    own_chains.take_back(lamps, 1, user=organiser, edition=edition)
    assert as_world_chain(lamps).nodes == SOUND.nodes
    assert set(as_world_chain(lamps).edges) == set(SOUND.edges)
    assert lamps.versions.count() == 3


def test_a_version_that_is_not_finished_waits_and_the_fair_keeps_the_last(
    lamps: Chain, edition: Edition, organiser: User
) -> None:
    alone = with_node(SOUND, replace(TILES, stage="parts"), made_from=(), goes_into=())
    version = saved(lamps, alone, edition, organiser)
    assert version is not None
    assert not version.in_use
    assert own_chains.standing(lamps).unfinished == (
        "Node 'ceramic-tiles' has no edge; let it feed a node or be fed by one, or remove it.",
    )
    assert lamps.nodes.count() == 3
    saved(lamps, with_node(SOUND, replace(TILES, stage="parts"), made_from=(), goes_into=["lamp"]), edition, organiser)
    assert lamps.nodes.count() == 4


def test_what_is_wrong_is_refused_and_leaves_no_version(lamps: Chain, edition: Edition, organiser: User) -> None:
    with pytest.raises(ChainRefusedError, match="There is a loop"):
        saved(lamps, replace(SOUND, edges=(*SOUND.edges, ("glass", "wire"), ("wire", "glass"))), edition, organiser)
    with pytest.raises(ChainRefusedError, match="HS 2022 has no heading '8803'"):
        saved(
            lamps,
            with_node(SOUND, replace(SOUND.nodes[0], hs=("8803",)), made_from=(), goes_into=["lamp"]),
            edition,
            organiser,
        )
    assert lamps.versions.count() == 1


def test_two_who_change_a_chain_at_once_do_not_lose_each_others_work(
    lamps: Chain, edition: Edition, organiser: User
) -> None:
    saved(lamps, replace(SOUND, title={"en": "Lights"}), edition, organiser, after=1)
    with pytest.raises(ChainRefusedError, match="has changed this chain meanwhile"):
        saved(lamps, replace(SOUND, title={"en": "Bulbs"}), edition, organiser, after=1)


def test_an_address_is_nobody_elses(lamps: Chain, edition: Edition, other_edition: Edition, organiser: User) -> None:
    with pytest.raises(ChainRefusedError, match="taken by another chain"):
        own_chains.begin(other_edition, SOUND, ChainVersion.Kind.FILE, user=organiser)
    with pytest.raises(ChainRefusedError, match="comes with Serai"):
        own_chains.begin(edition, replace(SOUND, slug="clean-energy"), ChainVersion.Kind.FILE, user=organiser)


def test_a_chain_that_a_fair_uses_is_not_removed(lamps: Chain, edition: Edition, organiser: User) -> None:
    own_chains.use(edition, lamps, user=organiser)
    with pytest.raises(ChainRefusedError, match="A fair uses this chain"):
        own_chains.remove(lamps, user=organiser, edition=edition)
    set_sections(edition, [], user=organiser)
    own_chains.remove(lamps, user=organiser, edition=edition)
    assert not Chain.objects.filter(slug="lamps").exists()


def test_only_chains_with_a_link_can_be_chosen(edition: Edition, organiser: User) -> None:
    empty = replace(SOUND, stages=(), nodes=(), edges=())
    chain = own_chains.begin(edition, empty, ChainVersion.Kind.NEW, user=organiser)
    assert "lamps" not in {choosable.slug for choosable in choosable_chains(edition)}
    with pytest.raises(ChainRefusedError, match="Finish it first"):
        own_chains.use(edition, chain, user=organiser)


# Firms follow


@pytest.fixture
def energy(edition: Edition, organiser: User) -> Chain:
    """The fair's copy of clean energy, the only chain that it uses."""
    set_sections(edition, ["clean-energy"])
    return copy_builtin(edition, "clean-energy", user=organiser)


def test_a_copy_takes_the_place_of_the_built_in_chain_and_everybody_stays(
    edition: Edition, organiser: User, take_part: Callable[..., Participation], offer: Callable[..., Any]
) -> None:
    set_sections(edition, ["clean-energy"])
    maker = take_part(edition, make_firm("Cell Works"))
    with scope(edition=edition):
        offer(maker, {"en": "Lithium-ion battery cells"})
        place_edition(edition)
        before = set(Placement.objects.values_list("node__code", "confidence"))
        copy = copy_builtin(edition, "clean-energy", user=organiser)
        assert chains_of_edition(edition) == [copy]
        assert set(Placement.objects.values_list("node__code", "confidence")) == before != set()
        assert set(Placement.objects.values_list("node__chain__slug", flat=True)) == {copy.slug}
        place_edition(edition)
        assert set(Placement.objects.values_list("node__code", "confidence")) == before
    # The supply numbers of a built-in chain stand in its file only.
    built_in = [replace(node, spare_capacity=None, reason="") for node in builtin_chains(("clean-energy",))[0].nodes]
    assert list(as_world_chain(Chain.objects.get(slug="clean-energy")).nodes) == built_in
    assert copy.copied_from == "clean-energy"


def test_a_new_link_gets_its_firms_without_training(
    energy: Chain,
    edition: Edition,
    organiser: User,
    take_part: Callable[..., Participation],
    offer: Callable[..., Any],
) -> None:
    with scope(edition=edition):
        maker, other = take_part(edition, make_firm("Azulejos")), take_part(edition, make_firm("Cell Works"))
        offer(maker, {"en": "Porcelain tiles for floors and bathrooms"})
        offer(other, {"en": "Lithium-ion battery cells"})
        place_edition(edition)
        document = own_chains.standing(energy).document
        saved(energy, with_node(document, TILES, made_from=(), goes_into=["recycling"]), edition, organiser)
        sure = Placement.objects.filter(confidence__gte=0.5).order_by("participation")
        assert [(row.participation, row.node.code) for row in sure] == [
            (maker, "ceramic-tiles"),
            (other, "battery-cells"),
        ]
        job = Job.objects.get(kind=own_chains.PLACING)
        assert job.ended == Job.State.DONE


def test_firms_of_a_removed_link_go_where_the_organiser_says_and_only_they_are_touched(
    energy: Chain,
    edition: Edition,
    organiser: User,
    take_part: Callable[..., Participation],
    offer: Callable[..., Any],
) -> None:
    with scope(edition=edition):
        maker, other = take_part(edition, make_firm("Meter Works")), take_part(edition, make_firm("Panel Works"))
        meters = offer(maker, {"en": "Smart electricity meters"}, node=energy.nodes.get(code="smart-meters"))
        offer(other, {"en": "Solar modules"})
        ChainPosition.objects.create(firm=maker.firm, node=meters.node)
        place_edition(edition)
        untouched = set(Placement.objects.filter(participation=other).values_list("pk", flat=True))
        without = without_node(own_chains.standing(energy).document, "smart-meters")
        version = saved(energy, without, edition, organiser, moves={"smart-meters": "energy-management"})
        assert version is not None
        assert version.touched == {str(edition.pk): [maker.pk]}
        meters.refresh_from_db()
        assert meters.node.code == maker.firm.positions.get().node.code == "energy-management"
        assert set(Placement.objects.filter(participation=other).values_list("pk", flat=True)) == untouched
        places = Placement.objects.filter(participation=maker, confidence__gte=0.5)
        assert set(places.values_list("node__code", flat=True)) == {"energy-management"}


def test_what_was_said_of_a_removed_link_waits_until_the_version_is_finished(
    lamps: Chain, edition: Edition, organiser: User
) -> None:
    firm = make_firm("Wire Works")
    ChainPosition.objects.create(firm=firm, node=lamps.nodes.get(code="wire"))
    alone = replace(without_node(SOUND, "wire"), edges=())
    saved(lamps, alone, edition, organiser, moves={"wire": "glass"})
    assert firm.positions.get().node.code == "wire"
    saved(lamps, replace(alone, edges=SOUND.edges[:1]), edition, organiser)
    assert firm.positions.get().node.code == "glass"


# Pages


def test_an_organiser_makes_a_chain_link_by_link_in_the_browser(edition: Edition, organiser_client: Client) -> None:
    begun = organiser_client.post(PAGES, {"begin": "1", "title_en": "Toys", "summary_en": "From wood to play."})
    page = PAGES + "toys/"
    assert begun.headers["Location"] == page
    assert organiser_client.post(f"{page}stage/", {"title_en": "Parts", "position": "upstream"}).status_code == 302
    assert organiser_client.post(f"{page}stage/", {"title_en": "Goods", "position": "downstream"}).status_code == 302
    organiser_client.post(f"{page}link/", {"title_en": "Wheels", "stage": "parts", "hs": "8714", "isic": "2211, 3240"})
    assert "Node &#x27;wheels&#x27; has no edge" in organiser_client.get(page).text
    toy = {"title_en": "Toy cars", "stage": "goods", "keywords_en": "toy car\nmodel car\n", "made_from": ["wheels"]}
    assert organiser_client.post(f"{page}link/", toy).status_code == 302
    chain = Chain.objects.get(slug="toys")
    assert [(edge.supplier.code, edge.user.code) for node in chain.nodes.all() for edge in node.feeds.all()] == [
        ("wheels", "toy-cars")
    ]
    assert chain.nodes.get(code="toy-cars").keywords == {"en": ["toy car", "model car"]}
    organiser_client.post(PAGES, {"use": "toys"})
    with scope(edition=edition):
        assert Section.objects.filter(chain=chain).exists()
    assert organiser_client.get("/en/fair-2026/chains/toys/").status_code == 200


def test_a_page_refuses_what_is_wrong_in_a_sentence(lamps: Chain, organiser_client: Client) -> None:
    page = f"{PAGES}lamps/link/glass/"
    answer = organiser_client.post(page, {"title_en": "Glass", "stage": "parts", "hs": "8803", "goes_into": ["lamp"]})
    assert answer.status_code == 400
    assert "HS 2022 has no heading &#x27;8803&#x27;" in answer.text
    looped = {"title_en": "Lamp", "stage": "goods", "goes_into": ["glass"]}
    assert "There is a loop" not in organiser_client.post(f"{PAGES}lamps/link/lamp/", looped).text
    assert lamps.versions.count() == 1


def test_versions_are_compared_and_taken_back_on_a_page(
    lamps: Chain, edition: Edition, organiser: User, organiser_client: Client
) -> None:
    saved(lamps, without_node(SOUND, "wire"), edition, organiser)
    page = f"{PAGES}lamps/versions/"
    text = organiser_client.get(page, {"old": "1", "new": "2"}).text
    assert "wire &gt; lamp" in text
    assert organiser_client.post(page, {"number": "1"}).status_code == 302
    assert lamps.nodes.count() == 3
    assert organiser_client.get(page, {"old": "9", "new": "2"}).status_code == 404


def sent(text: str, name: str = "lamps.toml") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, text.encode())}


def test_a_file_is_previewed_then_kept_and_again_changes_nothing(edition: Edition, organiser_client: Client) -> None:
    upload = "/en/fair-2026/organiser/chain-file/"
    preview = organiser_client.post(upload, sent(FILE))
    assert "This would be a new chain" in preview.text
    assert not Chain.objects.filter(slug="lamps").exists()
    kept = {"keep": "1", "name": "lamps.toml", "content": FILE}
    assert organiser_client.post(upload, kept).headers["Location"] == PAGES + "lamps/"
    chain = Chain.objects.get(slug="lamps")
    assert as_world_chain(chain).nodes == SOUND.nodes
    assert organiser_client.get(PAGES + "lamps/file/").text == write_chain(SOUND)
    again = organiser_client.post(upload, sent(write_chain(SOUND)), follow=True)
    assert "Nothing has changed." in again.text
    assert chain.versions.count() == 1
    without = write_chain(without_node(SOUND, "wire"))
    assert "Firms of “Wire” go to" in organiser_client.post(upload, sent(without)).text
    organiser_client.post(upload, kept | {"content": without, "to-wire": "glass"})
    assert chain.nodes.count() == 2


def test_a_chain_goes_out_as_a_zip_of_csv_files_and_comes_back_whole(lamps: Chain, organiser_client: Client) -> None:
    upload = "/en/fair-2026/organiser/chain-file/"
    answer = organiser_client.get(PAGES + "lamps/file/?as=csv")
    assert answer["Content-Type"] == "application/zip"
    again = {"file": SimpleUploadedFile("lamps.zip", answer.content)}
    assert "Nothing has changed." in organiser_client.post(upload, again, follow=True).text
    assert organiser_client.post(upload, {"file": SimpleUploadedFile("lights.zip", answer.content)}).status_code == 200
    assert lamps.versions.count() == 1


def test_a_zip_of_csv_files_is_previewed_then_kept_as_a_new_chain(lamps: Chain, organiser_client: Client) -> None:
    upload = "/en/fair-2026/organiser/chain-file/"
    content = zip_of(replace(SOUND, slug="lights"))
    preview = organiser_client.post(upload, {"file": SimpleUploadedFile("lights.zip", content)})
    assert "This would be a new chain" in preview.text
    (text,) = re.findall(r'<textarea name="content" hidden>(.*?)</textarea>', preview.text, re.DOTALL)
    organiser_client.post(upload, {"keep": "1", "name": "lights.toml", "content": unescape(text)})
    made = Chain.objects.get(slug="lights")
    assert {node.code for node in as_world_chain(made).nodes} == {node.code for node in SOUND.nodes}
    assert set(as_world_chain(made).edges) == set(SOUND.edges)


@pytest.mark.any_database
def test_every_chain_of_the_package_comes_back_whole_from_its_zip() -> None:
    for chain in builtin_chains(BUILTIN):
        assert write_chain(document_of_zip(zip_of(chain), chain.slug, chain)) == write_chain(chain)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"nodes.csv": "code,title\ncells,Cells\n"}, "has no edges.csv"),
        ({"nodes.csv": "code\na\n", "edges.csv": "supplier,user\na,b\n"}, "edges.csv, line 2"),
        ({"../../nodes.csv": "code\na\n", "x/edges.csv": "supplier,user\n"}, ""),
    ],
)
def test_a_zip_that_is_no_chain_is_refused_with_file_and_line(files: dict[str, str], sentence: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    if sentence:
        with pytest.raises(ChainRefusedError, match=sentence):
            document_of_zip(packed.getvalue(), "lamps")
    else:  # a path in a name leads nowhere: the file is taken by its name alone
        assert [node.code for node in document_of_zip(packed.getvalue(), "lamps").nodes] == ["a"]
    with pytest.raises(ChainRefusedError, match="can't be unpacked"):
        document_of_zip(b"no zip", "lamps")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('code = "wire"', 'code = "glass"', "lamps.toml: The code of node &#x27;glass&#x27; is used 2 times"),
        ('feeds = ["lamp"]', "", "has no edge"),
        ('stage = "goods"', 'stage = "good"', "is in the unknown stage &#x27;good&#x27;"),
        ('isic = ["2720"]', 'isic = ["27"]', "has no class &#x27;27&#x27;"),
        ("title.en", "title en", "not valid TOML"),
    ],
)
def test_a_file_with_a_fault_changes_nothing_and_says_where_it_is(
    old: str, new: str, sentence: str, edition: Edition, organiser_client: Client
) -> None:
    answer = organiser_client.post("/en/fair-2026/organiser/chain-file/", sent(FILE.replace(old, new, 1)), follow=True)
    assert sentence in answer.text
    assert not Chain.objects.filter(slug="lamps").exists()


def test_a_built_in_chain_is_given_out_as_a_file_that_reads_as_the_same(
    edition: Edition, organiser_client: Client, tmp_path: Any
) -> None:
    path = tmp_path / "clean-energy.toml"
    path.write_text(organiser_client.get(PAGES + "clean-energy/file/").text)
    assert read_chain(path).nodes == builtin_chains(("clean-energy",))[0].nodes


def test_the_chains_of_a_fair_are_chosen_where_they_are_listed(edition: Edition, organiser_client: Client) -> None:
    answer = organiser_client.post(
        "/en/fair-2026/organiser/setup/sections/", {"chains": ["textiles-and-apparel"], "back": "organiser-chains"}
    )
    assert answer.headers["Location"] == PAGES
    listed = organiser_client.get(PAGES).text
    boxes = dict(re.findall(r'name="chains" value="([\w-]+)"( checked)?', listed))
    assert [slug for slug, checked in boxes.items() if checked] == ["textiles-and-apparel"]
    assert {"clean-energy", "textiles-and-apparel"} <= boxes.keys()
