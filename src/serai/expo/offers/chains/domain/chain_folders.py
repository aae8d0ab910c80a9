"""A chain as a zip of CSV files, beside its file in TOML: for who works in a spreadsheet.

The files are those of `serai chain new` (docs/method/supply.md): nodes.csv, edges.csv, groups.csv. They know no
summaries, examples and words in other languages; of a chain that is there already these stay as they are.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from serai.expo.offers.chains.domain.own_chains import ChainRefusedError, check_size
from serai.world import chains as world
from serai.world.supply import Declared, UnreadableSupply, read_chain_folder, write_chain_folder

SUFFIX = ".zip"
MOST_FILES = 50
MOST_UNPACKED_BYTES = 5_000_000


def zip_of(document: world.Chain) -> bytes:
    """The CSV files of a chain, in a folder of its name."""
    file = io.BytesIO()
    with TemporaryDirectory() as place, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(place) / document.slug
        write_chain_folder(Declared(document), folder)
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{document.slug}/{path.name}")
    return file.getvalue()


def document_of_zip(content: bytes, slug: str, present: world.Chain | None = None) -> world.Chain:
    """The chain of a zip of CSV files, under this address. Raises ChainRefusedError with file and line."""
    check_size(content)
    with TemporaryDirectory() as place:
        folder = Path(place) / slug
        folder.mkdir()
        _unpack(content, folder)
        try:
            document = read_chain_folder(folder).chain
        except UnreadableSupply as error:
            raise ChainRefusedError(str(error).replace(f"{folder}", slug)) from None
    usual = replace(document, requirements=()).groups  # what is said of an edge without any requirement
    told = tuple(requirement for requirement in document.requirements if requirement not in usual)
    return _completed(replace(document, slug=slug, requirements=told), present)


def _unpack(content: bytes, folder: Path) -> None:
    """Write the CSV files of an archive by their names alone. Raises ChainRefusedError for one that is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if part.filename.lower().endswith(".csv")]
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
                raise ChainRefusedError(_("The zip holds more than a chain has. Send the CSV files of one chain."))
            for part in parts:
                (folder / PurePosixPath(part.filename.replace("\\", "/")).name).write_bytes(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise ChainRefusedError(_("The file can't be unpacked. Send a zip of the CSV files of a chain.")) from None


def _completed(document: world.Chain, present: world.Chain | None) -> world.Chain:
    """The document with what CSV files do not carry, from the chain that is there."""
    if present is None:
        return document
    stages = {stage.code: stage for stage in present.stages}
    by_title: Mapping[str, str] = {
        title.casefold(): stage.code for stage in present.stages for title in stage.title.values()
    }
    code_of = {
        stage.code: stage.code if stage.code in stages else by_title.get(stage.title["en"].casefold(), stage.code)
        for stage in document.stages
    }
    nodes = {node.code: node for node in present.nodes}
    return replace(
        document,
        edges=_in_order(document.edges, present.edges),
        requirements=_in_order(document.requirements, present.requirements),
        summary=present.summary,
        stages=tuple(
            replace(stages.get(code_of[stage.code], stage), code=code_of[stage.code], position=stage.position)
            for stage in document.stages
        ),
        nodes=tuple(_node(replace(node, stage=code_of[node.stage]), nodes.get(node.code)) for node in document.nodes),
    )


def _in_order[Thing](given: Sequence[Thing], present: Sequence[Thing]) -> tuple[Thing, ...]:
    """Those that are there already in their order and as they are written, then the new ones."""
    return (*(thing for thing in present if thing in given), *(thing for thing in given if thing not in present))


def _node(node: world.Node, present: world.Node | None) -> world.Node:
    if present is None:
        return node
    keywords = {**present.keywords, **{language: words for language, words in node.keywords.items() if words}}
    completed = replace(node, keywords=keywords, summary=present.summary, examples=present.examples)
    return present if completed == present else completed  # as it is written: 4 rather than 4.0
