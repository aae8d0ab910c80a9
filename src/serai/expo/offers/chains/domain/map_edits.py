"""Changes of a chain that are made beside its map: each is one small edit of one node."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.text import slugify
from django.utils.translation import gettext as _

from serai.expo.base.text import in_language
from serai.expo.firms.record.domain.names import romanised
from serai.expo.offers.chains.domain.chain_edits import with_node, without_node
from serai.expo.offers.chains.domain.own_chains import ChainRefusedError, document_of, newest
from serai.expo.offers.chains.models import Chain
from serai.world import chains as world

type Way = Literal["made_from", "goes_into"]
"""Whether another node is a supplier of a node, or a user."""

LONGEST = 120
"""Characters of a title."""


@dataclass(frozen=True)
class MapEditor:
    """What the forms beside the map offer for a node: titles are in the reader's language."""

    version: int
    code: str
    title: str
    stage: str
    stages: tuple[tuple[str, str], ...]
    suppliers: tuple[tuple[str, str], ...]
    users: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    """Code and title of the nodes that are no neighbours."""


def map_editor(chain: Chain, code: str) -> MapEditor | None:
    """The editor of a node of an organisation's chain; None where the newest version has no such node."""
    version = newest(chain)
    document = document_of(version)
    node = next((node for node in document.nodes if node.code == code), None)
    if node is None:
        return None
    titles = {other.code: str(in_language(other.title)) for other in document.nodes}
    suppliers, users = document.suppliers_of(code), document.users_of(code)
    beside = {code, *suppliers, *users}
    return MapEditor(
        version=version.number,
        code=code,
        title=titles[code],
        stage=node.stage,
        stages=tuple((stage.code, str(in_language(stage.title))) for stage in document.stages),
        suppliers=tuple((other, titles[other]) for other in suppliers),
        users=tuple((other, titles[other]) for other in users),
        others=tuple((other, title) for other, title in titles.items() if other not in beside),
    )


def renamed(document: world.Chain, code: str, title: str, stage: str, *, language: str) -> world.Chain:
    """The chain with another title of a node in one language, and the node in another stage."""
    node = document.node(code)
    titles = {**node.title, language: _title(title)}
    return _with(document, replace(node, title=titles, stage=_stage(document, stage)))


def joined(document: world.Chain, code: str, other: str, way: Way) -> world.Chain:
    """The chain with an edge between a node and another."""
    _node(document, other)
    return _with(document, document.node(code), add={way: (other,)})


def parted(document: world.Chain, code: str, other: str) -> world.Chain:
    """The chain without the edge between two nodes."""
    return _with(document, document.node(code), without=other)


def with_neighbour(
    document: world.Chain, code: str, title: str, stage: str, way: Way, *, language: str
) -> tuple[world.Chain, str]:
    """The chain with a new node beside one, and the code of the new node."""
    titles = {language: _title(title)}
    new = code_for(titles, "node", [node.code for node in document.nodes])
    node = world.Node(
        code=new, title=titles, stage=_stage(document, stage), summary={}, hs=(), isic=(), keywords={}, examples={}
    )
    own = (code,)
    made_from, goes_into = ((), own) if way == "made_from" else (own, ())
    return with_node(document, node, made_from=made_from, goes_into=goes_into), new


def removed(document: world.Chain, code: str) -> world.Chain:
    """The chain without a node. Its firms are placed anew by their texts."""
    return without_node(document, code)


def code_for(title: Mapping[str, str], otherwise: str, taken: Collection[str]) -> str:
    """A code of lower-case words and hyphens for a new part, by its English title or else its first."""
    words = slugify(romanised(in_language(title, "en").text))[:40].strip("-") or otherwise
    candidates = (words, *(f"{words}-{number}" for number in range(2, len(taken) + 3)))
    return next(code for code in candidates if code not in taken)


def _with(
    document: world.Chain, node: world.Node, *, add: Mapping[Way, Collection[str]] | None = None, without: str = ""
) -> world.Chain:
    """The chain with a node as it is given, its edges, those added, and not those with ``without``."""
    added = add or {}
    made_from = [*document.suppliers_of(node.code), *added.get("made_from", ())]
    goes_into = [*document.users_of(node.code), *added.get("goes_into", ())]
    return with_node(
        document,
        node,
        made_from=[other for other in made_from if other != without],
        goes_into=[other for other in goes_into if other != without],
    )


def _title(title: str) -> str:
    if not title.strip():
        raise ChainRefusedError(_("Give the node a name."))
    return title.strip()[:LONGEST]


def _stage(document: world.Chain, code: str) -> str:
    if all(stage.code != code for stage in document.stages):
        raise ChainRefusedError(_("This chain has no such stage. Choose one of the list."))
    return code


def _node(document: world.Chain, code: str) -> None:
    if all(node.code != code for node in document.nodes):
        raise ChainRefusedError(_("This chain has no such node. Choose one of the list."))
